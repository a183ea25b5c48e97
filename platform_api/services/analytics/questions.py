"""The answers of the analysis pages: a span in words, the sums behind it, a comparison with the span before."""

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from platform_api.crud import analytics
from platform_api.crud.analytics import DayRange, Measure, TopKind
from platform_api.models import User
from platform_api.schemas.analysis import (
    Calendar,
    Cell,
    Clock,
    Day,
    Numbers,
    Peak,
    Point,
    Spans,
    Spoken,
    Timeline,
    Top,
    TopItem,
    Totals,
)
from platform_api.schemas.analysis import Span as SpanShown
from platform_api.schemas.tracks import NamedRef
from platform_api.services.analytics.spans import Span, parse_span, previous_span, today_in
from platform_api.utils.clock import utc_now

LONGEST_BY_DAY = 92
MS_PER_MINUTE = 60_000


def resolve(session: Session, user: User, text: str) -> Span:
    """The span that `text` means to this listener now. Raises SpanNotUnderstood."""
    known = analytics.known_days(session, user.id) if text == "all" else None
    return parse_span(text, today_of(user), known)


def today_of(user: User) -> date:
    return today_in(ZoneInfo(user.time_zone), utc_now())


def days_of(span: Span) -> DayRange:
    return DayRange(span.first_day, span.last_day)


def shown(span: Span) -> SpanShown:
    return SpanShown(text=span.text, first_day=span.first_day, last_day=span.last_day)


def spans(session: Session, user: User) -> Spans:
    known = analytics.known_days(session, user.id)
    months = [f"{month:%Y-%m}" for month in analytics.known_months(session, user.id)]
    return Spans(
        first_day=known.first if known else None,
        last_day=known.last if known else None,
        years=sorted({month[:4] for month in months}),
        months=months,
    )


def totals(session: Session, user: User, span: Span) -> Totals:
    previous = previous_span(span)
    before = _numbers(analytics.numbers(session, user.id, days_of(previous))) if previous else None
    now = _numbers(analytics.numbers(session, user.id, days_of(span)))
    return Totals(**now.model_dump(), span=shown(span), previous=before)


def _numbers(row: analytics.Numbers) -> Numbers:
    counted = row._asdict()
    spoken = Spoken(
        plays=counted.pop("spoken_plays"),
        ms_played=row.spoken_ms_played,
        minutes=counted.pop("spoken_ms_played") // MS_PER_MINUTE,
    )
    return Numbers(**counted, minutes=row.ms_played // MS_PER_MINUTE, spoken=spoken)


def top(
    session: Session, user: User, span: Span, kind: TopKind, by: Measure = "listens", limit: int = 10, offset: int = 0
) -> Top:
    previous = previous_span(span)
    rows, total = analytics.top(
        session,
        user.id,
        kind,
        by,
        days_of(span),
        days_of(previous) if previous else None,
        limit,
        offset,
        whole_months=span.is_whole_months and (previous is None or previous.is_whole_months),
    )
    return Top(items=[_top_item(row) for row in rows], total=total)


def _top_item(row: analytics.TopRow) -> TopItem:
    artist = None
    if row.artist_id is not None and row.artist_name is not None:
        artist = NamedRef(id=row.artist_id, name=row.artist_name)
    return TopItem(
        rank=row.rank,
        id=row.id,
        name=row.name,
        artist=artist,
        album=row.album_name,
        listens=row.listens,
        plays=row.plays,
        ms_played=row.ms_played,
        previous_rank=row.previous_rank,
    )


def clock(session: Session, user: User, span: Span) -> Clock:
    filled = {(row.weekday, row.hour): row for row in analytics.clock(session, user.id, days_of(span))}
    cells = [
        Cell(
            weekday=weekday,
            hour=hour,
            listens=filled[weekday, hour].listens if (weekday, hour) in filled else 0,
            ms_played=filled[weekday, hour].ms_played if (weekday, hour) in filled else 0,
        )
        for weekday in range(7)
        for hour in range(24)
    ]
    loudest = max(cells, key=lambda cell: (cell.ms_played, cell.listens))
    peak = Peak(weekday=loudest.weekday, hour=loudest.hour) if loudest.ms_played else None
    return Clock(cells=cells, peak=peak)


def calendar(session: Session, user: User, span: Span) -> Calendar:
    rows = analytics.by_day(session, user.id, days_of(span))
    return Calendar(days=[Day(day=row.start, listens=row.listens, ms_played=row.ms_played) for row in rows])


def timeline(session: Session, user: User, span: Span) -> Timeline:
    by_day = span.days <= LONGEST_BY_DAY
    read = analytics.by_day if by_day else analytics.by_month
    there = {row.start: row for row in read(session, user.id, days_of(span))}
    today = today_of(user)
    starts = [start for start in (_days(span) if by_day else _months(span)) if start <= today]
    points = [
        Point(
            start=start,
            listens=there[start].listens if start in there else 0,
            ms_played=there[start].ms_played if start in there else 0,
        )
        for start in starts
    ]
    return Timeline(unit="day" if by_day else "month", points=points)


def _days(span: Span) -> Iterator[date]:
    return (span.first_day + timedelta(days=number) for number in range(span.days))


def _months(span: Span) -> Iterator[date]:
    month = span.first_day.replace(day=1)
    while month <= span.last_day:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)
