"""From a listener to their habit page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache as cache_once
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from sqlalchemy.orm import Session

from platform_api.crud import habits as crud
from platform_api.crud.earlier import Stretch, earlier_sessions
from platform_api.crud.habits import Candidate
from platform_api.crud.recommendations import PlayFact, last_day, recent_song_plays
from platform_api.models import User
from platform_api.schemas.habits import (
    BackWithin,
    ForecastHour,
    HabitPage,
    LikelySkip,
    NextArtist,
    NextPlay,
    NextSession,
)
from platform_api.schemas.model_info import ModelInfo
from platform_api.schemas.tracks import NamedRef
from platform_api.services.habits import fallback, whys, wire
from platform_api.services.habits.asking import ask_with_earlier
from platform_api.services.habits.days import HourShare, hours_of_week
from platform_api.services.habits.hours import LocalHour, coming_hours
from platform_api.services.habits.past_days import surprising_days
from platform_api.services.inference.client import InferenceClient
from platform_api.services.inference.errors import ModelUnavailable
from platform_api.services.sound.references import track_refs
from platform_api.utils.cache import Cache

CANDIDATES = 60
SHOWN_SKIPS = 5
SHOWN_ARTISTS = 6
SHOWN_WAITS = (3, 12, 24)
LIKELY = 0.4
SHOWN_DAYS = 5
FRESH_DAYS = 7
"""An export is days old when it arrives. Past this, the page looks ahead from where the history ends instead of today:
seen from years later every hour is merely improbable."""


@dataclass(frozen=True)
class Past:
    """What the listener's own history says, asked once for whoever looks ahead."""

    until: date
    candidates: Sequence[Candidate]
    week: Sequence[HourShare]


@dataclass(frozen=True)
class Told:
    """What a model or its stand-in says, before it is put in words."""

    model: ModelInfo
    chances: Sequence[float]
    next_session: wire.ForecastSession | None
    next_play: wire.NextPlay | None
    """None where nobody but a model could say."""
    next_artists: Sequence[wire.NextArtist]
    skips: Sequence[float]
    days: Sequence[wire.PastDay]


class Kept(BaseModel):
    """A page and the moment from which its hours count."""

    told_at: datetime
    page: HabitPage


def habit_page(session: Session, cache: Cache, inference: InferenceClient, user: User, *, now: datetime) -> HabitPage:
    """The page for the hour that `now` lies in. A model's answer is kept for that hour, a fallback never."""
    until = last_day(session, user.id)
    if until is None:
        return _page_without_music(inference)
    zone = ZoneInfo(user.time_zone)
    ended = until if (now.astimezone(zone).date() - until).days > FRESH_DAYS else None
    if ended is not None:
        now = datetime.combine(ended + timedelta(days=1), time(), zone).astimezone(UTC)
    hours = coming_hours(now, zone, wire.HOURS)
    asked = {"version": inference.current_version(wire.MODEL), "hour": hours[0].start.isoformat()}

    @cache_once
    def past() -> Past:
        candidates = crud.played_lately(session, user.id, until, CANDIDATES)
        return Past(until, candidates, hours_of_week(session, user, until))

    def ask() -> Kept:
        told = _ask_the_model(session, inference, user, past().candidates, now)
        return Kept(told_at=now, page=_page(session, user, hours, past(), told, ended))

    try:
        kept = Kept.model_validate(cache.cached(user, "habits", asked, ask))
        return _seen_from(kept.page, (now - kept.told_at) / timedelta(hours=1))
    except ModelUnavailable as error:
        told = _from_past_weeks(session, user, hours, past(), now, error.detail)
        return _page(session, user, hours, past(), told, ended)


def _seen_from(page: HabitPage, hours_later: float) -> HabitPage:
    """What was said of the next session, some minutes later: had it begun, the data would be others."""
    if (session := page.next_session) is not None:
        for name in ("expected_hours", "p10", "p90"):
            setattr(session, name, max(0.0, getattr(session, name) - hours_later))
    return page


def _ask_the_model(
    session: Session, inference: InferenceClient, user: User, candidates: Sequence[Candidate], now: datetime
) -> Told:
    @cache_once
    def plays() -> Sequence[PlayFact]:
        return recent_song_plays(session, user.id, wire.MAX_PLAYS)

    @cache_once
    def earlier() -> Sequence[Stretch]:
        if len(plays()) < wire.MAX_PLAYS:
            return ()
        since = now - timedelta(days=wire.EARLIER_DAYS)
        return earlier_sessions(session, user.id, since, before=plays()[0].started_at)

    def body(earlier: Sequence[Stretch]) -> bytes:
        return wire.request_body(plays(), candidates, now=now, time_zone=user.time_zone, earlier=earlier)

    today = now.astimezone(ZoneInfo(user.time_zone)).date()
    answered = ask_with_earlier(inference, body, earlier, wire.plausible(candidates, today))
    habits = answered.answer
    return Told(
        model=answered.model,
        chances=habits.forecast,
        next_session=habits.next_session,
        next_play=habits.next_play,
        next_artists=habits.next_artists,
        skips=habits.skips,
        days=habits.days,
    )


def _from_past_weeks(
    session: Session, user: User, hours: Sequence[LocalHour], past: Past, now: datetime, detail: str
) -> Told:
    chances = fallback.forecast(past.week, hours)
    to_first = (hours[0].start - now).total_seconds() / 3600
    return Told(
        model=ModelInfo(name=fallback.NAME, version="", is_fallback=True, detail=detail),
        chances=chances,
        next_session=fallback.next_session(chances, to_first),
        next_play=None,
        next_artists=[],
        skips=fallback.skips(past.candidates),
        days=fallback.unusual_days(session, user, past.until, SHOWN_DAYS),
    )


def _page(
    session: Session, user: User, hours: Sequence[LocalHour], past: Past, told: Told, ended: date | None
) -> HabitPage:
    return HabitPage(
        model=told.model,
        history_ended=ended,
        routine=whys.routine(past.week),
        forecast=[
            ForecastHour(start=hour.start, weekday=hour.weekday, local_hour=hour.local_hour, probability=chance)
            for hour, chance in zip(hours, told.chances, strict=True)
        ],
        next_session=None if told.next_session is None or ended else _next_session(told.next_session),
        next_play=None if told.next_play is None else NextPlay(**told.next_play.model_dump()),
        next_artists=_next_artists(session, user, told.next_artists, past.until, hours[0].local_hour),
        likely_skips=_likely_skips(session, past.candidates, told.skips),
        surprising_days=surprising_days(session, user, told.days, SHOWN_DAYS),
    )


def _next_session(told: wire.ForecastSession) -> NextSession:
    within = [
        BackWithin(hours=hours, probability=told.within_hours[hours])
        for hours in SHOWN_WAITS
        if hours in told.within_hours
    ]
    return NextSession(expected_hours=told.expected_hours, p10=told.p10, p90=told.p90, within=within)


def _likely_skips(session: Session, candidates: Sequence[Candidate], chances: Sequence[float]) -> list[LikelySkip]:
    likely = sorted(zip(candidates, chances, strict=True), key=lambda pair: (-pair[1], pair[0].track_id))
    shown = [(each, chance) for each, chance in likely if chance >= LIKELY][:SHOWN_SKIPS]
    refs = track_refs(session, [each.track_id for each, _ in shown])
    return [
        LikelySkip(track=refs[each.track_id], probability=chance, why=whys.why_skipped(each)) for each, chance in shown
    ]


def _next_artists(
    session: Session, user: User, told: Sequence[wire.NextArtist], until: date, hour: int
) -> list[NextArtist]:
    """The likeliest, with what their own latest weeks say; who is not in the listener's history is not told of."""
    shown = told[:SHOWN_ARTISTS]
    keys = [each.artist for each in shown]
    facts = crud.facts_of_artists(session, user.id, keys, user.time_zone, until, hour)
    return [
        NextArtist(
            artist=NamedRef(id=known.artist_id, name=known.name),
            probability=each.chance,
            why=whys.why_next(known, hour),
        )
        for each in shown
        if (known := facts.get(each.artist)) is not None
    ]


def _page_without_music(inference: InferenceClient) -> HabitPage:
    version = inference.current_version(wire.MODEL)
    detail = "There is nothing to learn from yet: bring your listening history first."
    model = ModelInfo(name=wire.MODEL, version=version or "", is_fallback=True, detail=detail)
    return HabitPage(
        model=model,
        history_ended=None,
        routine=whys.routine([]),
        forecast=[],
        next_session=None,
        next_play=None,
        next_artists=[],
        likely_skips=[],
        surprising_days=[],
    )
