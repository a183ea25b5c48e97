"""A small history, and what is seen of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from platform_api.db.session import Sessions
from tests.support.people import Listener
from tests.support.stored_history import Heard

BEGAN = datetime(2023, 3, 1, 18, 0, tzinfo=UTC)


def heard(artist: str, title: str, *days: float, album: str | None = None) -> list[Heard]:
    return [Heard(artist, title, BEGAN + timedelta(days=day), album=album) for day in days]


def told(listener: Listener) -> dict[str, Any]:
    """What the listener sees of everything that counts."""
    paths = ["/analysis/totals", "/analysis/top/tracks", "/analysis/top/artists", "/analysis/clock", "/plays?limit=200"]
    answers = {path: listener.get(path) for path in paths}
    assert all(answer.status_code == 200 for answer in answers.values()), answers
    return {path: answer.json() for path, answer in answers.items()}


def stored(sessions: Sessions) -> list[Any]:
    """What counts, and as what."""
    with sessions() as session:
        counted = text("SELECT * FROM counted_plays ORDER BY user_id, played_track_id, ended_at")
        return list(map(tuple, session.execute(counted)))
