"""What was unusual in a span: phases, an obsession, the day unlike the others, what fell silent, an hour that moved."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal, get_args

from sqlalchemy.orm import Session

from platform_api.crud import wrap_moments
from platform_api.crud.wrap_moments import Leader, PhaseUnit
from platform_api.models import User
from platform_api.schemas.tracks import NamedRef
from platform_api.schemas.wraps import DayParts, Phase, Quiet, Shift, StrangeDay
from platform_api.services.analytics import questions
from platform_api.services.analytics.spans import Span, previous_span

FEWEST_DAYS = 21
"""In less time a week is not a part of the span but most of it."""
BY_MONTH_FROM_DAYS = 120
BURST_LISTENS = 6
BURST_SHARE = 0.35
STRANGE_LISTENS = 5
STRANGE_SHARE = 0.3
QUIET_LISTENS = 10
QUIET_LEFT = 0.25
SHIFT_LEAST = 0.03
FAITHFUL_PLAYS = 5

Part = Literal["night", "morning", "afternoon", "evening"]


def phases(session: Session, user: User, span: Span) -> list[Phase]:
    """Who was ahead, one after another; empty where nobody ever took over."""
    if span.days < FEWEST_DAYS:
        return []
    unit: PhaseUnit = "month" if span.days >= BY_MONTH_FROM_DAYS else "week"
    return reigns(wrap_moments.leaders(session, user.id, questions.days_of(span), unit), unit, span)


def reigns(leaders: Iterable[Leader], unit: PhaseUnit, span: Span) -> list[Phase]:
    """Neighbouring months or weeks of the same artist become one phase; a silent one between them ends it."""
    grouped: list[list[Leader]] = []
    for leader in leaders:
        last = grouped[-1][-1] if grouped else None
        if last and last.artist_id == leader.artist_id and _next(last.start, unit) == leader.start:
            grouped[-1].append(leader)
        else:
            grouped.append([leader])
    return [
        Phase(
            artist=NamedRef(id=group[0].artist_id, name=group[0].name),
            first_day=max(group[0].start, span.first_day),
            last_day=min(_next(group[-1].start, unit) - timedelta(days=1), span.last_day),
            listens=sum(one.listens for one in group),
            ms_played=sum(one.ms_played for one in group),
            share=round(sum(one.ms_played for one in group) / max(1, sum(one.ms_total for one in group)), 4),
        )
        for group in grouped
    ]


def burst(session: Session, user: User, span: Span) -> wrap_moments.Burst | None:
    if span.days < FEWEST_DAYS:
        return None
    return wrap_moments.week_obsession(
        session, user.id, questions.days_of(span), min_listens=BURST_LISTENS, min_share=BURST_SHARE
    )


def strange_day(session: Session, user: User, span: Span) -> StrangeDay | None:
    if span.days < FEWEST_DAYS:
        return None
    found = wrap_moments.day_unlike_the_others(
        session, user.id, questions.days_of(span), min_listens=STRANGE_LISTENS, min_share=STRANGE_SHARE
    )
    return found and StrangeDay(
        day=found.day,
        listens=found.listens,
        in_all=found.in_all,
        artists=found.artists,
        artist=NamedRef(id=found.artist_id, name=found.name),
    )


def fell_silent(session: Session, user: User, span: Span) -> Quiet | None:
    """Only of a span that is over: in one that goes on, nobody has fallen silent yet."""
    before = previous_span(span)
    if before is None or span.last_day >= questions.today_of(user):
        return None
    found = wrap_moments.fell_silent(
        session,
        user.id,
        questions.days_of(span),
        questions.days_of(before),
        min_listens=QUIET_LISTENS,
        max_left=QUIET_LEFT,
    )
    return found and Quiet(
        artist=NamedRef(id=found.artist_id, name=found.name),
        rank_before=found.rank_before,
        listens_before=found.listens_before,
        listens=found.listens,
    )


def shift(now: DayParts | None, before: DayParts | None) -> Shift | None:
    """The largest change of a share, where one is worth telling."""
    if now is None or before is None:
        return None
    part: Part = max(get_args(Part), key=lambda name: abs(getattr(now, name) - getattr(before, name)))
    told = Shift(part=part, share=getattr(now, part), before=getattr(before, part))
    return told if abs(told.share - told.before) >= SHIFT_LEAST else None


def hue_number(name: str | None) -> int:
    """One of the eight hues of the page's tokens, always the same for the same name."""
    hashed = 0
    for letter in (name or "").strip().lower():
        hashed = (hashed * 31 + ord(letter)) & 0xFFFFFFFF
    return hashed % 8 + 1


def _next(start: date, unit: PhaseUnit) -> date:
    return start + timedelta(days=7) if unit == "week" else (start + timedelta(days=31)).replace(day=1)
