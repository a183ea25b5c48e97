"""The link to a Spotify account, the way to it, and what of the daily budget of calls is spent."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from platform_api.models.base import Base, CreatedAt


class SpotifyLink(Base):
    """Consent of one listener to read their Spotify account, and how reading goes. Tokens are encrypted at rest.

    `disconnected` keeps no tokens; the row goes when what came from Spotify is deleted, at `forget_after`.
    """

    __tablename__ = "spotify_links"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[str] = mapped_column(Text)
    account_name: Mapped[str | None] = mapped_column(Text)
    refresh_token_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    access_token_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    access_expires_at: Mapped[datetime | None]
    consented_at: Mapped[datetime] = mapped_column(comment="Spotify's consent ends six months later, whatever happens")
    state: Mapped[str] = mapped_column(
        Text, server_default=text("'active'"), comment="active, reconnect or disconnected"
    )
    looked_at: Mapped[datetime | None] = mapped_column(comment="last look that succeeded")
    next_look_at: Mapped[datetime | None]
    captured_until: Mapped[datetime | None] = mapped_column(comment="newest played_at seen")
    gap_at: Mapped[datetime | None] = mapped_column(comment="a look found only new plays: some before may be missing")
    trouble: Mapped[str | None] = mapped_column(Text, comment="why the last look did not succeed, if it did not")
    trouble_since: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(server_default=text("0"), comment="looks that failed in a row")
    enrich: Mapped[bool] = mapped_column(server_default=text("true"), comment="the listener allows look-ups of tracks")
    next_enrich_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None] = mapped_column(comment="told that this consent will end")
    forget_after: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_spotify_links_account_id", "account_id", unique=True, postgresql_where=text("state <> 'disconnected'")
        ),
    )


class SpotifyAuthorisation(Base):
    """Somebody went to Spotify and has not come back yet. Used once, by the same person, within minutes."""

    __tablename__ = "spotify_authorisations"

    state_sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    verifier_encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]


class SpotifyCalls(Base):
    """Calls to the Web API per minute and purpose: the quota belongs to the app, so all listeners share it."""

    __tablename__ = "spotify_calls"

    minute: Mapped[datetime] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(Text, primary_key=True, comment="look, link or enrich")
    calls: Mapped[int]


class SpotifyGate(Base):
    """One row: until when Spotify told all of us to be quiet."""

    __tablename__ = "spotify_gate"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, server_default=text("1"))
    closed_until: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text, comment="rate_limited or quota")
    told_at: Mapped[datetime | None]
    refusals: Mapped[int] = mapped_column(server_default=text("0"), comment="in a row")
