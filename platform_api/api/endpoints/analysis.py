"""Questions about one's own listening. Answers are kept in the cache until the listener's data change."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from platform_api.api.deps import CacheDep, CurrentUser, SessionDep
from platform_api.core.errors import InvalidRequest, NotSignedIn, problems
from platform_api.crud import catalogue
from platform_api.crud.analytics import Measure, TopKind
from platform_api.crud.listening import During
from platform_api.models import User
from platform_api.schemas.analysis import Calendar, Clock, Plays, Spans, Timeline, Top, Totals
from platform_api.services.analytics import plays, questions
from platform_api.services.analytics.history import of_one_moment
from platform_api.services.analytics.spans import Span, SpanNotUnderstood, parse_span
from platform_api.utils.cache import Cache

router = APIRouter(tags=["analysis"], responses=problems(NotSignedIn, SpanNotUnderstood))

SpanText = Annotated[
    str,
    Query(
        max_length=40,
        description="all, 2024, 2024-05, 2024-W07, 2024-05-17, 2024-01-01..2024-03-31, last-7-days, last-28-days,"
        " last-365-days",
    ),
]
AgainstText = Annotated[
    str | None, Query(max_length=40, description="the span to compare with; without it the span before")
]
SomeId = Annotated[int | None, Query(ge=1, le=2**63 - 1)]
Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]


class Asked:
    """A question over a span, answered from the cache where this listener asked it before on the same data."""

    def __init__(self, user: User, session: Session, cache: Cache) -> None:
        self.user = user
        self._session = session
        self._cache = cache

    def answer(
        self, name: str, span: str, compute: Callable[[Session, User, Span], BaseModel], **params: object
    ) -> Response:
        # what is not a span is refused before the cache is asked; rolling spans move with the day
        today = questions.today_of(self.user)
        parse_span(span, today, None)
        key = {"span": span, "today": today, "zone": self.user.time_zone, **params}

        def computed() -> BaseModel:
            with of_one_moment(self._session):
                return compute(self._session, self.user, questions.resolve(self._session, self.user, span))

        return Response(self._cache.cached_json(self.user, name, key, computed), media_type="application/json")

    def compared(self, text: str | None) -> Callable[[], Span | None]:
        """What `against` means, told when needed: a cached answer reads no plays. Raises SpanNotUnderstood at once."""
        if text is None:
            return lambda: None
        parse_span(text, questions.today_of(self.user), None)
        return lambda: questions.resolve(self._session, self.user, text)


async def asking(user: CurrentUser, session: SessionDep, cache: CacheDep) -> Asked:
    return Asked(user, session, cache)


AskedDep = Annotated[Asked, Depends(asking)]


def asked_during(user: CurrentUser, session: SessionDep, span: SpanText = "all") -> During:
    """All time needs no history to be read."""
    return questions.during(user, None if span == "all" else questions.resolve(session, user, span))


DuringDep = Annotated[During, Depends(asked_during)]


@router.get("/analysis/spans", response_model=Spans)
def get_spans(user: CurrentUser, session: SessionDep, cache: CacheDep) -> Response:
    """Which days, months and years there is something to say about."""
    told = cache.cached_json(user, "spans", {"zone": user.time_zone}, lambda: questions.spans(session, user))
    return Response(told, media_type="application/json")


@router.get("/analysis/totals", response_model=Totals)
def get_totals(asked: AskedDep, span: SpanText = "all", against: AgainstText = None) -> Response:
    """How much, how varied, how new, beside the span before or `against`."""
    compared = asked.compared(against)

    def counted(session: Session, user: User, resolved: Span) -> Totals:
        return questions.totals(session, user, resolved, compared())

    return asked.answer("totals", span, counted, against=against)


@router.get("/analysis/top/{kind}", response_model=Top)
def get_top(
    asked: AskedDep,
    session: SessionDep,
    kind: Annotated[TopKind, Path()],
    span: SpanText = "all",
    against: AgainstText = None,
    by: Measure = "listens",
    limit: Limit = 20,
    offset: Offset = 0,
) -> Response:
    """The most listened to, with the rank each had in the span before or `against`."""
    compared = asked.compared(against)

    def ranked(session: Session, user: User, resolved: Span) -> Top:
        return questions.top(session, user, resolved, kind, by, limit, offset, compared())

    credits = catalogue.version(session) if kind == "guests" else None
    page = {"kind": kind, "by": by, "limit": limit, "offset": offset, "against": against}
    return asked.answer("top", span, ranked, catalogue=credits, **page)


@router.get("/analysis/clock", response_model=Clock)
def get_clock(asked: AskedDep, span: SpanText = "all") -> Response:
    """Listening by hour and weekday, in the listener's zone."""
    return asked.answer("clock", span, questions.clock)


@router.get("/analysis/calendar", response_model=Calendar)
def get_calendar(asked: AskedDep, span: SpanText = "all") -> Response:
    """Listening by day."""
    return asked.answer("calendar", span, questions.calendar)


@router.get("/analysis/timeline", response_model=Timeline)
def get_timeline(asked: AskedDep, span: SpanText = "all") -> Response:
    """Listening by day for up to three months, by month beyond."""
    return asked.answer("timeline", span, questions.timeline)


@router.get("/plays", responses=problems(InvalidRequest))
def list_plays(
    user: CurrentUser,
    session: SessionDep,
    before: Annotated[str | None, Query(max_length=80, description="a moment, or `next_before` of a page")] = None,
    limit: Limit = 50,
    span: SpanText = "all",
    track_id: SomeId = None,
    artist_id: SomeId = None,
    album_id: SomeId = None,
) -> Plays:
    """Plays of every kind, newest first; of a span, a track, an artist or an album, where one is named."""
    resolved = None if span == "all" else questions.resolve(session, user, span)
    return plays.recent_plays(session, user, before, limit, resolved, track_id, artist_id, album_id)
