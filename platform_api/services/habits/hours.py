"""The coming hours by the listener's clock."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class LocalHour:
    """`start` is in UTC; weekday (0 = Monday) and hour are the listener's."""

    start: datetime
    weekday: int
    local_hour: int


def coming_hours(now: datetime, zone: ZoneInfo, count: int) -> list[LocalHour]:
    """`count` hours from the first full hour by the listener's clock at or after `now`.

    They follow each other in real time: where the clock is put forward an hour is missing, where it is put back one
    comes twice. In zones such as Asia/Kolkata a full hour is not a full hour of UTC.
    """
    offset = now.astimezone(zone).utcoffset() or timedelta()
    whole = math.ceil((now.timestamp() + offset.total_seconds()) / 3600) * 3600
    first = datetime.fromtimestamp(whole - offset.total_seconds(), UTC)
    starts = [first + timedelta(hours=place) for place in range(count)]
    local = [start.astimezone(zone) for start in starts]
    return [LocalHour(start, told.weekday(), told.hour) for start, told in zip(starts, local, strict=True)]
