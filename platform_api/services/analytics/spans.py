"""A span of local days, as it is written in addresses: the one parser.

`all` · `2024` · `2024-05` · `2024-W07` (ISO week, from Monday) · `2024-05-17` · `2024-01-01..2024-03-31` (both
included) · `last-7-days`, `last-28-days`, `last-365-days` (today included). All begin at midnight in the listener's
zone.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from platform_api.core.errors import AppError
from platform_api.utils.local_time import midnight

ROLLING = {"last-7-days": 7, "last-28-days": 28, "last-365-days": 365}
FIRST_YEAR, LAST_YEAR = 1970, 2199
Kind = Literal["all", "year", "month", "week", "day", "days"]


class SpanNotUnderstood(AppError):
    status = 422
    title = "This span of time is not understood"
    detail = "Write 2024, 2024-05, 2024-W07, 2024-05-17, 2024-01-01..2024-03-31, last-28-days or all."


@dataclass(frozen=True)
class Span:
    """From `first_day` to `last_day`, both included."""

    text: str
    kind: Kind
    first_day: date
    last_day: date

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """UTC instants [from, to): local midnights, wherever the clock changes in between."""
        return midnight(self.first_day, zone), midnight(self.last_day + timedelta(days=1), zone)


def lasting(text: str, first_day: date, last_day: date) -> str:
    """The name of a span that means the same days for ever: "last-28-days" is another span every day."""
    return f"{first_day}..{last_day}" if text in ROLLING else text


def parse_span(text: str, today: date, known_days: tuple[date, date] | None) -> Span:
    """`known_days` are the listener's first and last day with plays (None: no plays); `all` means those.

    Raises SpanNotUnderstood.
    """
    if text == "all":
        first, last = known_days or (today, today)
        return Span(text, "all", first, last)
    if text in ROLLING:
        return Span(text, "days", today - timedelta(days=ROLLING[text] - 1), today)
    for form, meaning in _FORMS:
        if match := form.fullmatch(text):
            return meaning(text, *match.groups())
    raise SpanNotUnderstood


def previous_span(span: Span) -> Span | None:
    """The span before: the year before a year, the month before a month, the week before a week, as many days before
    days. None before all time."""
    if span.kind == "all":
        return None
    last = span.first_day - timedelta(days=1)
    if span.kind == "year":
        return Span(str(last.year), "year", date(last.year, 1, 1), last)
    if span.kind == "month":
        return Span(f"{last:%Y-%m}", "month", last.replace(day=1), last)
    first = last - timedelta(days=span.days - 1)
    if span.kind == "week":
        year, week, _ = first.isocalendar()
        return Span(f"{year}-W{week:02}", "week", first, last)
    if span.kind == "day":
        return Span(first.isoformat(), "day", first, last)
    return Span(f"{first}..{last}", "days", first, last)


def so_far(span: Span, compared: Span, today: date) -> Span:
    """What of `compared` is told beside a span that still runs: equally many days from its beginning. A year of five
    months beside twelve would always look quiet."""
    lived = (today - span.first_day).days + 1
    if span.kind == "all" or today >= span.last_day or lived < 1 or lived >= compared.days:
        return compared
    last = compared.first_day + timedelta(days=lived - 1)
    return Span(f"{compared.first_day}..{last}", "days", compared.first_day, last)


def lived(span: Span, today: date) -> Span:
    """The days of a span that have begun; its first day where none has."""
    return replace(span, last_day=max(span.first_day, min(span.last_day, today)))


def today_in(zone: ZoneInfo, now: datetime) -> date:
    return now.astimezone(zone).date()


def _year(text: str, year: str) -> Span:
    number = _checked_year(int(year))
    return Span(text, "year", date(number, 1, 1), date(number, 12, 31))


def _month(text: str, year: str, month: str) -> Span:
    if not 1 <= int(month) <= 12:
        raise SpanNotUnderstood
    first = date(_checked_year(int(year)), int(month), 1)
    return Span(text, "month", first, _next_month(first) - timedelta(days=1))


def _week(text: str, year: str, week: str) -> Span:
    try:
        monday = date.fromisocalendar(_checked_year(int(year)), int(week), 1)
    except ValueError as error:
        raise SpanNotUnderstood(f"The year {year} has no week {week}.") from error
    return Span(text, "week", monday, monday + timedelta(days=6))


def _one_day(text: str, day: str) -> Span:
    return Span(text, "day", _day(day), _day(day))


def _days(text: str, first: str, last: str) -> Span:
    if _day(first) > _day(last):
        raise SpanNotUnderstood("A span ends on the day it begins or later.")
    return Span(text, "days", _day(first), _day(last))


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise SpanNotUnderstood(f"There is no day {text}.") from error
    _checked_year(day.year)
    return day


def _checked_year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise SpanNotUnderstood(f"Years from {FIRST_YEAR} to {LAST_YEAR} can be asked for.")
    return year


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


_FORMS: tuple[tuple[re.Pattern[str], Callable[..., Span]], ...] = (
    (re.compile(r"(\d{4})", re.ASCII), _year),
    (re.compile(r"(\d{4})-(\d{2})", re.ASCII), _month),
    (re.compile(r"(\d{4})-W(\d{2})", re.ASCII), _week),
    (re.compile(r"(\d{4}-\d{2}-\d{2})", re.ASCII), _one_day),
    (re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", re.ASCII), _days),
)
