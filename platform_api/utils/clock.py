"""The one place that asks what time it is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, reset_tzpath


def utc_now() -> datetime:
    return datetime.now(UTC)


def use_locked_time_zones() -> None:
    """Clocks change by the locked tzdata: the machine's rules may be years older. Call it once, before anybody asks for
    a zone."""
    reset_tzpath([])
    ZoneInfo.clear_cache()
