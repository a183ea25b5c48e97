"""The listener's clock in SQL, by the same rules as in Python.

PostgreSQL has rules of its own, of another year than Python's, and takes `CET` for an offset that never changes. A day
of a listener would begin at two hours, so no statement names a time zone: it is told when which offset begins.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from platform_api.models import User
from platform_api.models.listening import EARLIEST_PLAY
from platform_api.utils.clock import utc_now
from platform_api.utils.local_time import changes


def local(moment: str) -> str:
    """SQL: what the listener's clock shows at this moment. Such a statement takes the parameters of `clock`."""
    offset = f"(CAST(:offsets AS interval[]))[width_bucket({moment}, CAST(:offsets_begin AS timestamptz[]))]"
    return f"({moment} AT TIME ZONE 'UTC' + {offset})"


def clock(zone: str) -> Mapping[str, list[datetime] | list[timedelta]]:
    return _clock(zone, utc_now().year + 1)


def clock_of(session: Session, user_id: int) -> Mapping[str, list[datetime] | list[timedelta]]:
    return clock(session.get_one(User, user_id).time_zone)


@lru_cache(maxsize=1024)
def _clock(zone: str, last_year: int) -> Mapping[str, list[datetime] | list[timedelta]]:
    offsets = changes(ZoneInfo(zone), EARLIEST_PLAY.year, last_year)
    return {"offsets_begin": [at for at, _ in offsets], "offsets": [offset for _, offset in offsets]}
