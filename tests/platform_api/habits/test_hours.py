from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from platform_api.services.habits.hours import coming_hours


def test_they_begin_at_the_next_full_hour_by_the_listeners_clock() -> None:
    now = datetime(2024, 6, 1, 18, 20, tzinfo=UTC)
    assert coming_hours(now, ZoneInfo("Europe/Prague"), 2)[0].start == datetime(2024, 6, 1, 19, tzinfo=UTC)
    kolkata = coming_hours(now, ZoneInfo("Asia/Kolkata"), 2)
    assert kolkata[0].start == datetime(2024, 6, 1, 18, 30, tzinfo=UTC)
    assert (kolkata[0].local_hour, kolkata[0].weekday, kolkata[1].weekday) == (0, 6, 6)
    full = datetime(2024, 6, 1, 18, tzinfo=UTC)
    assert coming_hours(full, ZoneInfo("Europe/Prague"), 1)[0].start == full


def test_a_clock_put_forward_or_back_loses_or_repeats_an_hour() -> None:
    prague = ZoneInfo("Europe/Prague")
    spring = coming_hours(datetime(2024, 3, 30, 23, tzinfo=UTC), prague, 5)
    assert [hour.local_hour for hour in spring] == [0, 1, 3, 4, 5]
    autumn = coming_hours(datetime(2024, 10, 26, 22, tzinfo=UTC), prague, 5)
    assert [hour.local_hour for hour in autumn] == [0, 1, 2, 2, 3]
    for hours in (spring, autumn):
        assert all(later.start - sooner.start == timedelta(hours=1) for sooner, later in pairwise(hours))
