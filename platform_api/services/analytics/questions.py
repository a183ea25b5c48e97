"""The plain answers of the analysis pages: how much, what most, when; beside the span before or any other."""

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from platform_api.crud import listening
from platform_api.crud.analytics import DayRange, Measure, TopKind
from platform_api.crud.listening import EVER, During
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
    Uncertain,
)
from platform_api.schemas.analysis import Span as SpanShown
from platform_api.services.analytics.facts import facts_of
from platform_api.services.analytics.history import History, day_number, day_of, different_days, history_of
from platform_api.services.analytics.naming import names
from platform_api.services.analytics.ranking import NOBODY, guests_of, kind_of, ranking
from platform_api.services.analytics.spans import Span, parse_span, previous_span, so_far, today_in
from platform_api.utils.clock import utc_now

LONGEST_BY_DAY = 92
MS_PER_MINUTE = 60_000
KNOWN_ENOUGH = 0.9
"""Of the days of the span before, for a comparison that nobody asked for."""


def resolve(session: Session, user: User, text: str) -> Span:
    """The span that `text` means to this listener now. Raises SpanNotUnderstood."""
    known = history_of(session, user).days if text == "all" else None
    return parse_span(text, today_of(user), known)


def today_of(user: User) -> date:
    return today_in(ZoneInfo(user.time_zone), utc_now())


def days_of(span: Span) -> DayRange:
    return DayRange(span.first_day, span.last_day)


def during(user: User, span: Span | None) -> During:
    """When the plays of a span began; None: ever."""
    if span is None:
        return EVER
    since, until = span.moments(ZoneInfo(user.time_zone))
    return During(since, until, by_day=span.days <= LONGEST_BY_DAY)


def shown(span: Span) -> SpanShown:
    return SpanShown(text=span.text, first_day=span.first_day, last_day=span.last_day)


def spans(session: Session, user: User) -> Spans:
    history = history_of(session, user)
    known = history.days
    months = sorted({f"{day_of(day):%Y-%m}" for day in different_days(history.day)})
    return Spans(
        first_day=known[0] if known else None,
        last_day=known[1] if known else None,
        years=sorted({month[:4] for month in months}),
        months=months,
    )


def totals(session: Session, user: User, span: Span, against: Span | None = None) -> Totals:
    """Beside `against`, or the span before."""
    compared = compared_span(session, user, span, against)
    now = numbers(session, user, span)
    return Totals(
        **now.model_dump(),
        uncertain=_uncertain(session, user, span),
        span=shown(span),
        previous=numbers(session, user, compared) if compared else None,
        previous_span=shown(compared) if compared else None,
    )


def compared_span(session: Session, user: User, span: Span, against: Span | None) -> Span | None:
    """What is told beside `span`: the one asked for, else the span before, as much of it as has passed of `span`. None
    where the history begins within the span before: a year of which five weeks are known would always look quiet."""
    if against is not None:
        return against
    previous = previous_span(span)
    known = history_of(session, user).days
    if previous is None or known is None:
        return None
    compared = so_far(span, previous, today_of(user))
    known_days = (compared.last_day - max(known[0], compared.first_day)).days + 1
    return compared if known_days >= KNOWN_ENOUGH * compared.days else None


def _uncertain(session: Session, user: User, span: Span) -> Uncertain:
    if not history_of(session, user).between(span.first_day, span.last_day).songs.is_coarse.any():
        return Uncertain()  # exports alone: nothing to ask the plays for
    begin, end = span.moments(ZoneInfo(user.time_zone))
    return Uncertain(**listening.lengths_nobody_told(session, user.id, begin, end)._asdict())


def numbers(session: Session, user: User, span: Span) -> Numbers:
    history = history_of(session, user)
    facts = facts_of(session, history)
    plays = history.between(span.first_day, span.last_day)
    songs, spoken = plays.songs, plays.spoken
    tracks = np.flatnonzero(songs.per_track(songs.is_listen))
    ms_played, spoken_ms = int(songs.ms_played.sum()), int(spoken.ms_played.sum())
    return Numbers(
        plays=len(songs),
        listens=int(songs.is_listen.sum()),
        skips=int(songs.is_skip.sum()),
        skips_known=int(songs.tells_skips.sum()),
        ms_played=ms_played,
        minutes=ms_played // MS_PER_MINUTE,
        tracks=len(tracks),
        artists=count_known(facts.artist[tracks]),
        albums=count_known(facts.album[tracks]),
        days_active=len(different_days(songs.day[songs.is_listen])),
        first_listens=int((history.first_listen_days[tracks] >= day_number(span.first_day)).sum()),
        spoken=Spoken(plays=len(spoken), ms_played=spoken_ms, minutes=spoken_ms // MS_PER_MINUTE),
    )


def count_known(items: npt.NDArray[np.int64]) -> int:
    return int(np.count_nonzero(np.bincount(items[items >= 0])))


def top(
    session: Session,
    user: User,
    span: Span,
    kind: TopKind,
    by: Measure = "listens",
    limit: int = 10,
    offset: int = 0,
    against: Span | None = None,
) -> Top:
    history = history_of(session, user)
    facts = facts_of(session, history)
    guests = guests_of(session, user.id, history) if kind == "guests" else NOBODY
    now = ranking(kind_of(history.between(span.first_day, span.last_day), kind), facts, kind, by, guests)
    compared = compared_span(session, user, span, against)
    page = now.page(limit, offset)
    before: dict[int, int] = {}
    if compared is not None:
        earlier = kind_of(history.between(compared.first_day, compared.last_day), kind)
        before = ranking(earlier, facts, kind, by, guests).ranks({item.id for item in page})
    named = names(session, kind, [item.id for item in page])
    return Top(
        items=[
            TopItem(
                **named[item.id]._asdict(),
                rank=item.rank,
                listens=item.listens,
                plays=item.plays,
                ms_played=item.ms_played,
                previous_rank=before.get(item.id),
            )
            for item in page
        ],
        total=len(now),
        span=shown(span),
        previous_span=shown(compared) if compared else None,
    )


def clock(session: Session, user: User, span: Span) -> Clock:
    """An hour that a clock change repeats counts both times."""
    songs = history_of(session, user).between(span.first_day, span.last_day).songs
    place = songs.weekday * 24 + songs.hour
    listens = np.bincount(place, weights=songs.is_listen, minlength=168)
    ms_played = np.bincount(place, weights=songs.ms_played, minlength=168)
    cells = [
        Cell(weekday=at // 24, hour=at % 24, listens=int(listens[at]), ms_played=int(ms_played[at]))
        for at in range(168)
    ]
    loudest = max(cells, key=lambda cell: (cell.ms_played, cell.listens))
    peak = Peak(weekday=loudest.weekday, hour=loudest.hour) if loudest.ms_played else None
    return Clock(cells=cells, peak=peak)


def calendar(session: Session, user: User, span: Span) -> Calendar:
    songs = history_of(session, user).between(span.first_day, span.last_day).songs
    days, listens, ms_played = _by_day(songs)
    return Calendar(
        days=[
            Day(day=day_of(day), listens=int(heard), ms_played=int(ms))
            for day, heard, ms in zip(days, listens, ms_played, strict=True)
        ]
    )


def _by_day(songs: History) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Days with plays, ascending; listens and milliseconds of each."""
    if not len(songs):
        nothing = np.zeros(0, np.int64)
        return nothing, nothing, nothing
    first = int(songs.day.min())
    place = songs.day - first
    listens, ms_played = (
        np.bincount(place, weights=weights).astype(np.int64) for weights in (songs.is_listen, songs.ms_played)
    )
    there = np.flatnonzero(np.bincount(place))
    return there + first, listens[there], ms_played[there]


def timeline(session: Session, user: User, span: Span) -> Timeline:
    by_day = span.days <= LONGEST_BY_DAY
    songs = history_of(session, user).between(span.first_day, span.last_day).songs
    there: dict[date, tuple[int, int]] = {}
    for number, listens, ms_played in zip(*_by_day(songs), strict=True):
        day = day_of(number)
        start = day if by_day else day.replace(day=1)
        before = there.get(start, (0, 0))
        there[start] = before[0] + int(listens), before[1] + int(ms_played)
    today = today_of(user)
    starts = [start for start in (_days(span) if by_day else _months(span)) if start <= today]
    points = [
        Point(start=start, listens=there.get(start, (0, 0))[0], ms_played=there.get(start, (0, 0))[1])
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
