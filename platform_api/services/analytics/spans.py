"""A span of local days, as it is written in addresses: the one parser.

`all` · `2024` · `2024-05` · `2024-05-17` · `2024-01-01..2024-03-31` (both included) · `last-7-days`, `last-28-days`,
`last-365-days` (today included). Days, months and years begin at midnight in the listener's zone.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from platform_api.core.errors import AppError

ROLLING = {"last-7-days": 7, "last-28-days": 28, "last-365-days": 365}
FIRST_YEAR, LAST_YEAR = 1970, 2199
_YEAR = re.compile(r"(\d{4})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

Kind = Literal["all", "year", "month", "day", "days"]


class SpanNotUnderstood(AppError):
    status = 422
    title = "This span of time is not understood"
    detail = "Write 2024, 2024-05, 2024-05-17, 2024-01-01..2024-03-31, last-28-days or all."


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

    @property
    def is_whole_months(self) -> bool:
        """Whether sums by month can answer it. `all` holds every play, so its edges do not matter."""
        return self.kind == "all" or (self.first_day.day == 1 and (self.last_day + timedelta(days=1)).day == 1)

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """UTC instants [from, to): local midnights, wherever the clock changes in between."""
        return _midnight(self.first_day, zone), _midnight(self.last_day + timedelta(days=1), zone)


def parse_span(text: str, today: date, known_days: tuple[date, date] | None) -> Span:
    """`known_days` are the listener's first and last day with plays (None: no plays); `all` means those.

    Raises SpanNotUnderstood.
    """
    if text == "all":
        first, last = known_days or (today, today)
        return Span(text, "all", first, last)
    if text in ROLLING:
        return Span(text, "days", today - timedelta(days=ROLLING[text] - 1), today)
    if match := _YEAR.fullmatch(text):
        year = _checked_year(int(match[1]))
        return Span(text, "year", date(year, 1, 1), date(year, 12, 31))
    if match := _MONTH.fullmatch(text):
        year, month = _checked_year(int(match[1])), int(match[2])
        if not 1 <= month <= 12:
            raise SpanNotUnderstood
        return Span(text, "month", date(year, month, 1), _next_month(date(year, month, 1)) - timedelta(days=1))
    if _DAY.fullmatch(text):
        return Span(text, "day", _day(text), _day(text))
    first_text, dots, last_text = text.partition("..")
    if dots and _DAY.fullmatch(first_text) and _DAY.fullmatch(last_text):
        first, last = _day(first_text), _day(last_text)
        if first > last:
            raise SpanNotUnderstood("A span ends on the day it begins or later.")
        return Span(text, "days", first, last)
    raise SpanNotUnderstood


def previous_span(span: Span) -> Span | None:
    """The span before: the year before a year, the month before a month, as many days before days."""
    if span.kind == "all":
        return None
    last = span.first_day - timedelta(days=1)
    if span.kind == "year":
        return Span(str(last.year), "year", date(last.year, 1, 1), last)
    if span.kind == "month":
        return Span(f"{last:%Y-%m}", "month", last.replace(day=1), last)
    first = last - timedelta(days=span.days - 1)
    if span.kind == "day":
        return Span(first.isoformat(), "day", first, last)
    return Span(f"{first}..{last}", "days", first, last)


def today_in(zone: ZoneInfo, now: datetime) -> date:
    return now.astimezone(zone).date()


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


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
