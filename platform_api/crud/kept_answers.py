"""Questions about answers that are kept for whoever repeats a request."""

from datetime import timedelta

from sqlalchemy import delete, func
from sqlalchemy.orm import Session

from platform_api.models import KeptAnswer


def answer_to(session: Session, user_id: int, key_sha256: bytes) -> KeptAnswer | None:
    return session.get(KeptAnswer, (user_id, key_sha256))


def keep(session: Session, user_id: int, key_sha256: bytes, request_sha256: bytes, answer: bytes) -> None:
    session.add(
        KeptAnswer(user_id=user_id, key_sha256=key_sha256, request_sha256=request_sha256, answer_encrypted=answer)
    )
    session.flush()


def forget_older(session: Session, than: timedelta) -> None:
    session.execute(delete(KeptAnswer).where(KeptAnswer.made_at < func.now() - than))
