"""One's own listens in ListenBrainz's shape, for clients that look before they send, and taking one of them back."""

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from platform_api.crud import incoming, listens
from platform_api.crud.listens import ListenRow
from platform_api.models import User
from platform_api.models.listening import LENGTH_UNKNOWN_S, START_TO_THE_MINUTE_S
from platform_api.schemas.care import PlayRef
from platform_api.schemas.tokens import PlayingNow
from platform_api.services.analytics.history import history_of
from platform_api.services.care import corrections
from platform_api.services.scrobbling.wire import BadListen, timestamp

RECORDINGS = UUID("6f2d4a3e-6d0c-5f55-9d0b-5c5f3a1d7b11")
"""Namespace of the `recording_msid` that names a track in these answers: made from its key, so the same everywhere."""
SPOTIFY_ADDRESS = "https://open.spotify.com/track/"
LATEST_MOMENT = datetime(9999, 1, 1, tzinfo=UTC)


def recording_msid(track_key: str) -> str:
    return str(uuid5(RECORDINGS, track_key))


class Told(Protocol):
    """A listen with its names."""

    @property
    def started_at(self) -> datetime: ...
    @property
    def ms_played(self) -> int: ...
    @property
    def precision_s(self) -> int: ...
    @property
    def platform(self) -> str | None: ...
    @property
    def track_key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def artist(self) -> str: ...
    @property
    def album(self) -> str | None: ...
    @property
    def track_ms(self) -> int | None: ...


def as_scrobble(row: Told) -> dict[str, Any]:
    """A listen in the shape in which one submits it. The length is told only where it is known: of the track, and how
    much of it was heard where that is less.
    """
    more: dict[str, Any] = {}
    if row.precision_s not in (LENGTH_UNKNOWN_S, START_TO_THE_MINUTE_S):
        more["duration_ms"] = max(row.ms_played, row.track_ms or 0)
        if row.ms_played < more["duration_ms"]:
            more["duration_played"] = row.ms_played // 1000
    if row.track_key.startswith("spotify:track:"):
        more["spotify_id"] = SPOTIFY_ADDRESS + row.track_key.removeprefix("spotify:track:")
    if row.platform:
        more["media_player"] = row.platform
    told = {"track_name": row.title, "artist_name": row.artist, "release_name": row.album, "additional_info": more}
    return {
        "listened_at": timestamp(row.started_at),
        "track_metadata": {name: value for name, value in told.items() if value is not None},
    }


def as_listen(row: ListenRow, user_name: str) -> dict[str, Any]:
    """A listen as ListenBrainz tells it."""
    listen, msid = as_scrobble(row), recording_msid(row.track_key)
    listen["track_metadata"]["additional_info"]["recording_msid"] = msid
    return {**listen, "recording_msid": msid, "user_name": user_name}


def listens_of(session: Session, user: User, min_ts: int | None, max_ts: int | None, count: int) -> dict[str, Any]:
    found = listens.listens(session, user.id, _moment(min_ts), _moment(max_ts), count)
    ends = listens.ends(session, user.id)
    return {
        "user_id": user.handle,
        "count": len(found),
        "listens": [as_listen(row, user.handle) for row in found],
        "latest_listen_ts": timestamp(ends[1]) if ends else 0,
        "oldest_listen_ts": timestamp(ends[0]) if ends else 0,
    }


def listen_count(session: Session, user: User) -> int:
    return len(history_of(session, user).songs.listens)


def playing_now_of(user: User, playing: PlayingNow | None) -> dict[str, Any]:
    told: list[dict[str, Any]] = []
    if playing is not None:
        more = {"media_player": playing.player} if playing.player else {}
        track = {"track_name": playing.title, "artist_name": playing.artist, "additional_info": more}
        told = [
            {"playing_now": True, "track_metadata": track | ({"release_name": playing.album} if playing.album else {})}
        ]
    return {"count": len(told), "user_id": user.handle, "playing_now": True, "listens": told}


def delete_listen(session: Session, user: User, moment: datetime, msid: str) -> None:
    """As one deletes a play by hand: it can be taken back, and nothing that tells it again brings it back. Raises
    BadListen where the listener has no such listen.
    """
    incoming.hold_history(session, user.id)
    moment = min(moment, LATEST_MOMENT)
    found = listens.at_second(session, user.id, moment, moment + timedelta(seconds=1))
    gone = [row for row in found if recording_msid(row.track_key) == msid.lower()]
    if not gone:
        raise BadListen("There is no such listen.")
    corrections.delete_plays(session, user, [PlayRef(track_id=row.track_id, ended_at=row.ended_at) for row in gone])


def _moment(seconds: int | None) -> datetime | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(min(max(seconds, 0), timestamp(LATEST_MOMENT)), UTC)
