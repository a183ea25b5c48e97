"""The one parser of spans, and what a span means in a zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from platform_api.services.analytics.spans import Span, SpanNotUnderstood, parse_span, previous_span, so_far, today_in

TODAY = date(2024, 3, 10)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-12", "2023-12-01", "2023-12-31"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("2024-01-30..2024-02-02", "2024-01-30", "2024-02-02"),
        ("last-7-days", "2024-03-04", "2024-03-10"),
        ("last-365-days", "2023-03-12", "2024-03-10"),
        ("all", "2019-05-01", "2024-03-09"),
    ],
)
def test_what_spans_mean(text: str, first: str, last: str) -> None:
    span = parse_span(text, TODAY, (date(2019, 5, 1), date(2024, 3, 9)))
    assert (span.first_day, span.last_day) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    ["", "24", "2024-13", "2024-00", "2023-02-29", "2024-02-02..2024-02-01", "0000", "9999", "last-8-days", "2024-1",
     "²024", "2024-01..2024-02", "2024-01-01..", "all "],
)  # fmt: skip
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(SpanNotUnderstood):
        parse_span(text, TODAY, None)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("2024", "2023"),
        ("2024-01", "2023-12"),
        ("2024-03-01", "2024-02-29"),
        ("2024-03-04..2024-03-10", "2024-02-26..2024-03-03"),
    ],
)
def test_the_span_before(text: str, before: str) -> None:
    previous = previous_span(parse_span(text, TODAY, None))
    assert previous == parse_span(before, TODAY, None)


def test_nothing_comes_before_all_time() -> None:
    assert previous_span(parse_span("all", TODAY, None)) is None


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Prague", date(2024, 3, 31), 23),
        ("Europe/Prague", date(2024, 10, 27), 25),
        ("America/New_York", date(2024, 3, 10), 23),
        ("Australia/Lord_Howe", date(2024, 4, 7), 24.5),
        ("Africa/Cairo", date(2024, 4, 26), 23),
        ("Pacific/Kiritimati", date(2024, 2, 29), 24),
    ],
)
def test_a_local_day_is_as_long_as_its_clock_says(zone: str, day: date, hours: float) -> None:
    since, until = Span(str(day), "day", day, day).moments(ZoneInfo(zone))
    assert (until - since).total_seconds() == hours * 3600
    assert today_in(ZoneInfo(zone), since) == day


def test_today_is_the_listeners() -> None:
    now = datetime(2024, 1, 1, 11, tzinfo=UTC)
    assert today_in(ZoneInfo("Pacific/Kiritimati"), now) == date(2024, 1, 2)
    assert today_in(ZoneInfo("Pacific/Pago_Pago"), now) == date(2024, 1, 1)


@pytest.mark.parametrize(
    ("text", "first", "last", "before"),
    [
        ("2024-W07", "2024-02-12", "2024-02-18", "2024-W06"),
        ("2021-W01", "2021-01-04", "2021-01-10", "2020-W53"),
        ("2020-W53", "2020-12-28", "2021-01-03", "2020-W52"),
    ],
)
def test_weeks_are_those_of_iso_8601(text: str, first: str, last: str, before: str) -> None:
    span = parse_span(text, TODAY, None)
    assert (span.first_day, span.last_day) == (date.fromisoformat(first), date.fromisoformat(last))
    assert previous_span(span) == parse_span(before, TODAY, None)


@pytest.mark.parametrize("text", ["2024-W53", "2024-W00", "2024-w07", "2024-W7", "2024W07"])
def test_what_is_no_week(text: str) -> None:
    with pytest.raises(SpanNotUnderstood):
        parse_span(text, TODAY, None)


@pytest.mark.parametrize(
    ("text", "today", "last"),
    [
        ("2024", "2024-03-10", "2023-03-11"),  # 70 days of a leap year beside 70 days
        ("2024-03", "2024-03-01", "2024-02-01"),
        ("2024-03", "2024-03-31", "2024-02-29"),
        ("2023", "2024-03-10", "2022-12-31"),
        ("2024", "2023-03-10", "2023-12-31"),
    ],
)
def test_a_span_that_still_runs_is_compared_with_as_many_days(text: str, today: str, last: str) -> None:
    span = parse_span(text, TODAY, None)
    before = previous_span(span)
    assert before is not None
    compared = so_far(span, before, date.fromisoformat(today))
    assert (compared.first_day, compared.last_day) == (before.first_day, date.fromisoformat(last))
