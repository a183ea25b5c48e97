"""The one place that asks what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo, reset_tzpath

Clock: TypeAlias = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def use_locked_time_zones() -> None:
    """Clocks change by the locked tzdata: the machine's rules may be years older. Call it once, before anybody asks for
    a zone."""
    reset_tzpath([])
    ZoneInfo.clear_cache()
