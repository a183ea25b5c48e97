"""What a listener did in the latest weeks, for reasons that speak of now."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.orm import Session

from platform_api.models import User
from platform_api.services.analytics.history import DAY_MS, HOUR_MS, History, history_since

LATELY_DAYS = 90
AROUND_MS = 2 * HOUR_MS
SAME_SITTING_MS = HOUR_MS // 2
"""As sessions go: a longer pause ends one."""


class Lately:
    """Songs of the 90 days before `now`; read when first asked of."""

    def __init__(self, session: Session, user: User, now: datetime) -> None:
        self._now = now.astimezone(ZoneInfo(user.time_zone))
        self._read: Callable[[], History] = lambda: _latest_songs(session, user, self._now)

    @cached_property
    def songs(self) -> History:
        return self._read()

    def listens_after(self, first: int, then: int) -> int:
        """How often a listen of the track `then` came right after a play of `first`."""
        ids, songs = self.songs.track_ids, self.songs
        follows = (ids[songs.track[:-1]] == first) & (ids[songs.track[1:]] == then) & songs.is_listen[1:]
        at_once = songs.started_ms[1:] - songs.ended_ms[:-1] <= SAME_SITTING_MS
        return int(np.count_nonzero(follows & at_once))

    def listens_around_now(self, track_id: int) -> int:
        """Listens that began within two hours of this time of day, by the listener's clock."""
        clock = self._now.hour * HOUR_MS + self._now.minute * HOUR_MS // 60
        apart = np.abs(self.songs.local_ms % DAY_MS - clock)
        near = np.minimum(apart, DAY_MS - apart) <= AROUND_MS
        return int(np.count_nonzero(near & (self.songs.track_ids[self.songs.track] == track_id) & self.songs.is_listen))


def _latest_songs(session: Session, user: User, now: datetime) -> History:
    first = now.date() - timedelta(days=LATELY_DAYS)
    return history_since(session, user, first).between(first, now.date()).songs
