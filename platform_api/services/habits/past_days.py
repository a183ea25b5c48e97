"""The past days that were least like the listener: of the last weeks for the page, of any span when asked."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from functools import cache as cache_once
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from platform_api.crud.earlier import Stretch, earlier_sessions
from platform_api.crud.recommendations import PlayFact, last_day, recent_song_plays
from platform_api.models import User
from platform_api.schemas.habits import PastDays, SurprisingDay
from platform_api.schemas.model_info import ModelInfo
from platform_api.services.analytics import questions
from platform_api.services.analytics.spans import Span
from platform_api.services.habits import fallback, whys, wire
from platform_api.services.habits.asking import ask_with_earlier
from platform_api.services.habits.days import facts_of_days
from platform_api.services.inference.client import InferenceClient
from platform_api.services.inference.errors import ModelUnavailable
from platform_api.utils.cache import Cache

SURPRISING = 1.5
SHOWN_DAYS = 12
PATTERN_DAYS = 180
"""What came before the span tells what was usual when it began; older weeks hardly count in the model's histogram."""


def past_days(
    session: Session, cache: Cache, inference: InferenceClient, user: User, text: str, *, now: datetime
) -> PastDays:
    """A model's answer is kept until the data change, a fallback never. The silence after the last play is not told of.

    Raises SpanNotUnderstood.
    """
    span = questions.resolve(session, user, text)
    zone = ZoneInfo(user.time_zone)
    begin, end = span.moments(zone)
    last = min(span.last_day, last_day(session, user.id) or span.first_day)
    until = min(end, now, datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC))
    asked = {
        "version": inference.current_version(wire.MODEL),
        "first": span.first_day,
        "last": last,
        "today": questions.today_of(user) if until == now else None,
    }

    def ask() -> PastDays:
        since = begin - timedelta(days=PATTERN_DAYS)

        @cache_once
        def plays() -> Sequence[PlayFact]:
            return recent_song_plays(session, user.id, wire.MOST_PLAYS, since=since, before=until)

        @cache_once
        def earlier() -> Sequence[Stretch]:
            """Days are judged by their hours with music, and these the sessions tell as well as the plays."""
            if len(plays()) < wire.MOST_PLAYS:
                return ()
            return earlier_sessions(session, user.id, since, before=plays()[0].started_at)[-wire.MOST_SESSIONS :]

        def body(earlier: Sequence[Stretch]) -> bytes:
            days = min(span.days + 1, wire.MOST_DAYS)
            return wire.request_body(plays(), [], now=until, time_zone=user.time_zone, days=days, earlier=earlier)

        answered = ask_with_earlier(inference, body, earlier, wire.plausible([], last))
        return _told(session, user, span, answered.model, answered.answer.days)

    try:
        return PastDays.model_validate(cache.cached(user, "past days", asked, ask))
    except ModelUnavailable as error:
        model = ModelInfo(name=fallback.NAME, version="", is_fallback=True, detail=error.detail)
        days = fallback.unusual_days(session, user, last, SHOWN_DAYS, since=span.first_day)
        return _told(session, user, span, model, days)


def _told(session: Session, user: User, span: Span, model: ModelInfo, days: Sequence[wire.PastDay]) -> PastDays:
    inside = [each for each in days if span.first_day <= each.day <= span.last_day]
    shown = surprising_days(session, user, inside, SHOWN_DAYS)
    return PastDays(model=model, first_day=span.first_day, last_day=span.last_day, days=shown)


def surprising_days(session: Session, user: User, days: Sequence[wire.PastDay], limit: int) -> list[SurprisingDay]:
    """The most surprising of them, with what their own plays say of why."""
    most = sorted(days, key=lambda each: (-each.surprise, each.day))[:limit]
    shown = [each for each in most if each.surprise >= SURPRISING]
    facts = facts_of_days(session, user, [each.day for each in shown])
    return [
        SurprisingDay(
            day=each.day,
            surprise=each.surprise,
            why=whys.why_surprising(facts[each.day], each.unusual_hours, each.missing_hours),
        )
        for each in shown
    ]
