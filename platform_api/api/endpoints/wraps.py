"""Months and years told as stories."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy.orm import Session

from platform_api.api.endpoints.analysis import AskedDep
from platform_api.core.errors import NotSignedIn, problems
from platform_api.models import User
from platform_api.schemas.shown_wraps import EVERYTHING, Choice, ShownWrap
from platform_api.schemas.wraps import Wrap
from platform_api.services.analytics.spans import Span, SpanNotUnderstood
from platform_api.services.community.snapshots import wrap_snapshot
from platform_api.services.wraps import build_wrap, shown

router = APIRouter(tags=["wraps"], responses=problems(NotSignedIn, SpanNotUnderstood))


SpanName = Annotated[str, Path(max_length=40, description="a month, a year or any other span")]


@router.get("/wraps/{span}", response_model=Wrap)
def get_wrap(asked: AskedDep, span: SpanName) -> Response:
    """Everything that is known of a span, with the ids of what it names."""

    def told(session: Session, user: User, resolved: Span) -> Wrap:
        return build_wrap(session, user, resolved.text)

    return asked.answer("wrap", span, told, **_named(asked.user))


@router.get("/wraps/{span}/shown", response_model=ShownWrap)
def get_shown_wrap(
    asked: AskedDep,
    span: SpanName,
    shows: Annotated[list[Choice] | None, Query(max_length=20, description="everything, where none is named")] = None,
) -> Response:
    """The wrap as its screens tell it to its owner, or as a link with this choice would show it to a stranger: then
    without the plays of private sessions."""

    def told(session: Session, user: User, resolved: Span) -> ShownWrap:
        if shows:
            return wrap_snapshot(session, user, resolved.text, shows)
        return shown(build_wrap(session, user, resolved.text), EVERYTHING, user.time_zone)

    return asked.answer("shown wrap", span, told, shows=sorted(set(shows or ())), **_named(asked.user))


def _named(user: User) -> dict[str, str]:
    return {"handle": user.handle, "display_name": user.display_name}
