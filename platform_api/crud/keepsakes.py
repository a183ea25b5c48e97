"""What a listener made and said, as an export tells it: with names and keys in the place of ids."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from platform_api.crud.export import FETCHED_AT_ONCE, PlayRow
from platform_api.models.listening import LISTEN_MS

LOOKED_UP_AT_ONCE = 500


class NamedTrack(NamedTuple):
    kind: str
    key: str
    title: str
    title_key: str
    artist: str
    album: str | None


class Merge(NamedTuple):
    track_id: int
    merged_into: int
    why: str
    merged_at: datetime


class Refusal(NamedTuple):
    track_id: int
    other_id: int
    refused_at: datetime


class Hidden(NamedTuple):
    key: str
    name: str
    hidden_at: datetime


class Feedback(NamedTuple):
    track_id: int
    verdict: str
    given_at: datetime


class Genre(NamedTuple):
    track_id: int
    genre: str


class Playlist(NamedTuple):
    name: str
    description: str
    created_at: datetime
    track_ids: list[int]


class Change(NamedTuple):
    id: int
    kind: str
    plays: int
    made_at: datetime
    track_id: int | None
    ended_at: datetime | None


class DeletedPlay(NamedTuple):
    """`stands`: there is a play of this track with this end all the same, told again after it was deleted."""

    play: PlayRow
    stands: bool


# the moments are the listener's own, so what is told does not depend on ids, nor does its order
_MERGES = text("""
    SELECT m.track_id, m.merged_into, m.why, m.merged_at FROM track_merges m JOIN tracks t ON t.id = m.track_id
    WHERE m.user_id = :user_id ORDER BY m.merged_at, t.key
""")
_REFUSALS = text("""
    SELECT CASE WHEN t.key < o.key THEN t.id ELSE o.id END, CASE WHEN t.key < o.key THEN o.id ELSE t.id END, refused_at
    FROM merge_refusals JOIN tracks t ON t.id = track_id JOIN tracks o ON o.id = other_id
    WHERE user_id = :user_id ORDER BY refused_at, least(t.key, o.key), greatest(t.key, o.key)
""")
_HIDDEN = text("""
    SELECT artists.key, artists.name, hidden_at FROM hidden_artists JOIN artists ON artists.id = artist_id
    WHERE user_id = :user_id ORDER BY hidden_at, artists.key
""")
_FEEDBACK = text("""
    SELECT track_id, verdict, given_at FROM recommendation_feedback JOIN tracks ON tracks.id = track_id
    WHERE user_id = :user_id ORDER BY given_at, tracks.key
""")
_GENRES = text("""
    SELECT track_id, genre FROM track_genres JOIN tracks ON tracks.id = track_id
    WHERE user_id = :user_id ORDER BY tracks.key, genre_key
""")
_PLAYLISTS = text("""
    SELECT p.name, p.description, p.created_at,
           ARRAY(SELECT track_id FROM playlist_tracks WHERE playlist_id = p.id ORDER BY position)
    FROM playlists p WHERE p.user_id = :user_id ORDER BY p.created_at, p.id
""")
# what was taken back holds nothing any more
_CHANGES = text("""
    SELECT id, kind, plays, made_at, track_id, ended_at FROM play_changes
    WHERE user_id = :user_id AND undone_at IS NULL ORDER BY made_at, id
""")
_TRACKS = text("""
    SELECT tracks.id, tracks.kind, tracks.key, tracks.name, tracks.name_key, artists.name, albums.name
    FROM tracks JOIN artists ON artists.id = tracks.artist_id LEFT JOIN albums ON albums.id = tracks.album_id
    WHERE tracks.id = ANY(CAST(:ids AS bigint[]))
""")
_DELETED = text(f"""
    SELECT p.source, p.kind, p.started_at, p.ended_at, p.ms_played, p.ms_played >= {LISTEN_MS}, p.precision_s,
           p.reason_start, p.reason_end, p.shuffle, p.skipped, p.offline, p.offline_timestamp, p.incognito,
           p.platform, p.country,
           tracks.key, tracks.name, tracks.name_key, artists.key, artists.name, albums.name, albums.name_key,
           tracks.duration_ms,
           EXISTS (SELECT FROM plays s
                   WHERE s.user_id = d.user_id AND s.track_id = d.track_id AND s.ended_at = d.ended_at)
    FROM deleted_plays d
    CROSS JOIN LATERAL jsonb_populate_record(NULL::plays, d.play) p
    JOIN tracks ON tracks.id = d.track_id
    JOIN artists ON artists.id = tracks.artist_id
    LEFT JOIN albums ON albums.id = tracks.album_id
    WHERE d.user_id = :user_id AND d.change_id = :change_id
    ORDER BY d.ended_at, tracks.key
""")


def _rows(session: Session, question: TextClause, user_id: int, **more: object) -> Iterator[Any]:
    options = {"yield_per": FETCHED_AT_ONCE}
    yield from session.execute(question, {"user_id": user_id, **more}, execution_options=options)


def merges(session: Session, user_id: int) -> Iterator[Merge]:
    return map(Merge._make, _rows(session, _MERGES, user_id))


def refusals(session: Session, user_id: int) -> Iterator[Refusal]:
    return map(Refusal._make, _rows(session, _REFUSALS, user_id))


def hidden_artists(session: Session, user_id: int) -> Iterator[Hidden]:
    return map(Hidden._make, _rows(session, _HIDDEN, user_id))


def feedback(session: Session, user_id: int) -> Iterator[Feedback]:
    return map(Feedback._make, _rows(session, _FEEDBACK, user_id))


def genres(session: Session, user_id: int) -> Iterator[Genre]:
    """What the listener's own uploads said."""
    return map(Genre._make, _rows(session, _GENRES, user_id))


def playlists(session: Session, user_id: int) -> Iterator[Playlist]:
    return map(Playlist._make, _rows(session, _PLAYLISTS, user_id))


def changes(session: Session, user_id: int) -> Iterator[Change]:
    """What was done to plays by hand and stands."""
    return map(Change._make, _rows(session, _CHANGES, user_id))


def deleted_plays(session: Session, user_id: int, change_id: int) -> Iterator[DeletedPlay]:
    for *play, stands in _rows(session, _DELETED, user_id, change_id=change_id):
        yield DeletedPlay(PlayRow._make(play), stands)


def named_tracks(session: Session, ids: Collection[int]) -> dict[int, NamedTrack]:
    found: dict[int, NamedTrack] = {}
    wanted = sorted(ids)
    for at in range(0, len(wanted), LOOKED_UP_AT_ONCE):
        some = {"ids": wanted[at : at + LOOKED_UP_AT_ONCE]}
        found.update((id_, NamedTrack(*names)) for id_, *names in session.execute(_TRACKS, some))
    return found
