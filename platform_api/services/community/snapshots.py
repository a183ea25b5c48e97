"""A wrap as it is at this moment, to be kept beside words or behind a link."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from platform_api.models import User
from platform_api.schemas.shown_wraps import Choice, ShownWrap
from platform_api.services.analytics import questions
from platform_api.services.analytics.history import outside_private_sessions
from platform_api.services.analytics.spans import lasting
from platform_api.services.wraps import build_wrap, shown

IN_A_POST: tuple[Choice, ...] = ("name", "amounts", "artists", "tracks", "days")


def wrap_snapshot(session: Session, user: User, span: str, shows: Collection[Choice] = IN_A_POST) -> ShownWrap:
    """Only what is chosen: the rest is not kept and so cannot be shown later. What was played in private sessions is in
    none of it, and its span keeps meaning the days of today. Raises SpanNotUnderstood."""
    with outside_private_sessions(session, user):
        asked = questions.resolve(session, user, span)
        text = lasting(asked.text, asked.first_day, asked.last_day)
        return shown(build_wrap(session, user, text), shows, user.time_zone)
