"""What can be played: artists, albums, tracks, and how a track sounds. Shared by all listeners, owned by none."""

from datetime import date, datetime

from pgvector.sqlalchemy import Vector
from sqlalchemy import BigInteger, Computed, ForeignKey, Index, SmallInteger, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from platform_api.models.base import Base, BigKey, CreatedAt, ToldBy

EMBEDDING_SIZE = 128


FOLDED = "the name without case and accents"


class Artist(Base):
    """A performer, or the show of an episode, or the author of an audiobook (`kind`)."""

    __tablename__ = "artists"

    id: Mapped[BigKey]
    key: Mapped[str] = mapped_column(
        Text, unique=True, comment="the same in every database: 'artist:' + the normalised name"
    )
    kind: Mapped[str] = mapped_column(Text, server_default=text("'artist'"), comment="artist, show or author")
    name: Mapped[str] = mapped_column(Text)
    spotify_id: Mapped[str | None] = mapped_column(Text)
    image_url: Mapped[str | None] = mapped_column(Text)
    search_key: Mapped[str] = mapped_column(
        Text, Computed("search_folded(substr(key, strpos(key, ':') + 1))", persisted=True), comment=FOLDED
    )


class Album(Base):
    __tablename__ = "albums"

    id: Mapped[BigKey]
    artist_id: Mapped[int] = mapped_column(ForeignKey("artists.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(Text)
    spotify_id: Mapped[str | None] = mapped_column(Text)
    release_date: Mapped[date | None]
    release_precision: Mapped[str | None] = mapped_column(Text, comment="year, month or day: how much is known of it")
    cover_url: Mapped[str | None] = mapped_column(Text)
    search_key: Mapped[str] = mapped_column(Text, Computed("search_folded(name_key)", persisted=True), comment=FOLDED)
    from_spotify: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default=text("'{}'"), comment="columns filled by Spotify's Web API: shown, never trained on"
    )

    __table_args__ = (UniqueConstraint("artist_id", "name_key"),)


class Track(Base):
    """A recording, an episode or a chapter. `key` names it on every wire, in exports and in model vocabularies."""

    __tablename__ = "tracks"

    id: Mapped[BigKey]
    key: Mapped[str] = mapped_column(
        Text, unique=True, comment="the Spotify URI, or 'name:' + sha1 of artist and title where there is none"
    )
    kind: Mapped[str] = mapped_column(Text, server_default=text("'song'"), comment="song, episode or chapter")
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(Text)
    artist_id: Mapped[int] = mapped_column(ForeignKey("artists.id"))
    album_id: Mapped[int | None] = mapped_column(ForeignKey("albums.id"), index=True)
    duration_ms: Mapped[int | None]
    isrc: Mapped[str | None] = mapped_column(Text)
    search_key: Mapped[str] = mapped_column(Text, Computed("search_folded(name_key)", persisted=True), comment=FOLDED)
    from_spotify: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default=text("'{}'"), comment="columns filled by Spotify's Web API: shown, never trained on"
    )
    spotify_checked_at: Mapped[datetime | None] = mapped_column(comment="looked up there, found or not")

    __table_args__ = (Index(None, "artist_id", "name_key"),)


class TrackArtist(Base):
    """Every credited artist; position 0 is the track's own `artist_id`."""

    __tablename__ = "track_artists"

    track_id: Mapped[int] = mapped_column(ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True)
    artist_id: Mapped[int] = mapped_column(ForeignKey("artists.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    from_spotify: Mapped[bool] = mapped_column(server_default=text("false"), comment="credited by Spotify's Web API")


class TrackGenre(Base):
    """A genre that the tags of an audio file give a track. What an upload says holds for its listener only."""

    __tablename__ = "track_genres"

    id: Mapped[BigKey]
    track_id: Mapped[int] = mapped_column(ForeignKey("tracks.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"),
        index=True,
        comment="whose upload says so; null: a file of the library",
    )
    genre: Mapped[str] = mapped_column(Text, comment="as the file writes it")
    genre_key: Mapped[str] = mapped_column(Text, comment="the normalised name")
    told_by: Mapped[ToldBy]

    __table_args__ = (UniqueConstraint("track_id", "user_id", "genre_key", postgresql_nulls_not_distinct=True),)


class CatalogueVersion(Base):
    """One row: grows in every transaction that changes what is known about tracks which were played already."""

    __tablename__ = "catalogue_version"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, server_default=text("1"))
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class TrackEmbedding(Base):
    """How a track sounds to one version of the audio embedder (128 numbers, unit length)."""

    __tablename__ = "track_embeddings"

    track_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True)
    model_version: Mapped[str] = mapped_column(Text, primary_key=True, comment="audio_embedder version that heard it")
    embedding: Mapped[list[float]] = mapped_column(Vector(EMBEDDING_SIZE))
    audio_sha256: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text, server_default=text("'library'"), comment="library, upload or deezer")
    created_at: Mapped[CreatedAt]

    __table_args__ = (
        Index(
            "ix_track_embeddings_embedding",
            "embedding",
            postgresql_using="hnsw",
            postgresql_ops={"embedding": "vector_cosine_ops"},
        ),
    )
