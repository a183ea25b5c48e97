"""Streaks and sessions of one's own listening."""

from fastapi import APIRouter, Response

from platform_api.api.endpoints.analysis import AskedDep, SpanText
from platform_api.core.errors import NotSignedIn, problems
from platform_api.schemas.rhythm import Sessions, Streaks
from platform_api.services.analytics import rhythm
from platform_api.services.analytics.spans import SpanNotUnderstood

router = APIRouter(tags=["analysis"], responses=problems(NotSignedIn, SpanNotUnderstood))


@router.get("/analysis/streaks", response_model=Streaks)
def get_streaks(asked: AskedDep, span: SpanText = "all") -> Response:
    """Days in a row with a listen: now and at the longest, and each artist's and track's longest."""
    return asked.answer("streaks", span, rhythm.streaks)


@router.get("/analysis/sessions", response_model=Sessions)
def get_sessions(asked: AskedDep, span: SpanText = "all") -> Response:
    """Sessions: how many, how long, when they begin, what they begin and end with."""
    return asked.answer("sessions", span, rhythm.sessions)
