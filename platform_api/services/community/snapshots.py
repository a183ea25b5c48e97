"""A wrap as it is at this moment, to be kept beside words or behind a link."""

from sqlalchemy.orm import Session

from platform_api.models import User
from platform_api.schemas.community import WrapSnapshot
from platform_api.services.wraps import build_wrap


def wrap_snapshot(session: Session, user: User, span: str) -> WrapSnapshot:
    """Raises InvalidRequest for a span that cannot be understood."""
    return build_wrap(session, user, span).model_dump(mode="json")
