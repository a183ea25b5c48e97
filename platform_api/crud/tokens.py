"""Questions about personal tokens."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from platform_api.models import ApiToken, Import, ImportFile, User

USE_NOTED_EVERY = timedelta(minutes=1)


class TokenRow(NamedTuple):
    token: ApiToken
    plays: int


def tokens_of(session: Session, user_id: int) -> list[TokenRow]:
    """Newest first, with the plays that each brought; none where they were undone."""
    plays = (
        select(func.coalesce(func.sum(ImportFile.accepted), 0))
        .join(Import, Import.id == ImportFile.import_id)
        .where(ImportFile.import_id == ApiToken.import_id, Import.state != "undone")
        .correlate(ApiToken)
        .scalar_subquery()
    )
    mine = select(ApiToken, plays).where(ApiToken.user_id == user_id).order_by(ApiToken.id.desc())
    return [TokenRow(token, int(brought)) for token, brought in session.execute(mine)]


def count(session: Session, user_id: int) -> int:
    return session.scalar(select(func.count()).where(ApiToken.user_id == user_id)) or 0


def add(session: Session, user_id: int, name: str, sha256: bytes) -> ApiToken:
    token = ApiToken(user_id=user_id, name=name, token_sha256=sha256)
    session.add(token)
    session.flush()
    session.refresh(token)
    return token


def revoke(session: Session, user_id: int, token_id: int) -> bool:
    """Whether there was one."""
    gone = delete(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == user_id).returning(ApiToken.id)
    return session.scalar(gone) is not None


def owner_of(session: Session, sha256: bytes) -> tuple[ApiToken, User] | None:
    """The token and whose it is."""
    found = session.execute(
        select(ApiToken, User).join(User, User.id == ApiToken.user_id).where(ApiToken.token_sha256 == sha256)
    ).one_or_none()
    return (found[0], found[1]) if found else None


def note_use(session: Session, token_id: int) -> None:
    """At most once a minute: a busy scrobbler should not write the same row with every song."""
    seen_long_ago = or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at < func.now() - USE_NOTED_EVERY)
    session.execute(
        update(ApiToken).where(ApiToken.id == token_id, seen_long_ago).values(last_used_at=func.now()),
        execution_options={"synchronize_session": False},
    )


def hold(session: Session, token_id: int) -> ApiToken | None:
    """The token, kept from being revoked until the transaction ends; None where it was."""
    return session.scalar(select(ApiToken).where(ApiToken.id == token_id).with_for_update())


def latest_import(session: Session, user_id: int) -> int:
    """The newest moment that a client noted, seconds since 1970; 0 where none did."""
    return session.scalar(select(func.max(ApiToken.latest_import)).where(ApiToken.user_id == user_id)) or 0


def note_latest_import(session: Session, token_id: int, moment: int) -> None:
    """Moments only move forwards."""
    session.execute(
        update(ApiToken).where(ApiToken.id == token_id, ApiToken.latest_import < moment).values(latest_import=moment),
        execution_options={"synchronize_session": False},
    )
