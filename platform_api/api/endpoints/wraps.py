"""Months and years told as stories."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from sqlalchemy.orm import Session

from platform_api.api.endpoints.analysis import AskedDep
from platform_api.core.errors import NotSignedIn, problems
from platform_api.models import User
from platform_api.schemas.wraps import Wrap
from platform_api.services.analytics.spans import Span, SpanNotUnderstood
from platform_api.services.wraps import build_wrap

router = APIRouter(tags=["wraps"], responses=problems(NotSignedIn, SpanNotUnderstood))


@router.get("/wraps/{span}", response_model=Wrap)
def get_wrap(
    asked: AskedDep, span: Annotated[str, Path(max_length=40, description="a month, a year or any other span")]
) -> Response:
    """Everything a wrap's screens need."""

    def told(session: Session, user: User, resolved: Span) -> Wrap:
        return build_wrap(session, user, resolved.text)

    named = {"handle": asked.user.handle, "display_name": asked.user.display_name}
    return asked.answer("wrap", span, told, **named)
