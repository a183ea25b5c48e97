"""A request that is repeated because its answer was lost makes nothing more: the first answer is told again.

After draft-ietf-httpapi-idempotency-key-header. The answer is written in the transaction that makes the thing, so there
are both or neither; see docs/decisions/an-answer-is-kept-for-a-day.md.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from platform_api.core.encryption import AnswerCipher, Undecipherable
from platform_api.core.errors import Conflict, InvalidRequest
from platform_api.core.settings import Settings
from platform_api.crud import jobs, kept_answers
from platform_api.services.inference.client import InferenceClient

KEPT_FOR = timedelta(days=1)
Answer = TypeVar("Answer", bound=BaseModel)


class StillUnderWay(Conflict):
    title = "The first request is still at work"
    detail = "The same request came a moment ago and is not done yet. Please ask again in a moment."


class CannotBeToldAgain(Conflict):
    title = "This was done already"
    detail = "The first request did it, and its answer cannot be read any more. Nothing was done a second time."


class KeyOfAnotherRequest(InvalidRequest):
    detail = "This Idempotency-Key came with another request before. Please use a new one for each new thing."


class Once:
    """One request under its key; without a key every request makes something. `told` is the request: whatever makes two
    of them different.
    """

    def __init__(self, settings: Settings, key: str | None, told: bytes) -> None:
        self._key_sha256 = _sha256_of(key) if key else None
        self._request_sha256 = hashlib.sha256(told).digest()
        self._cipher = AnswerCipher(settings, key or "")

    def answer(self, session: Session, user_id: int, shape: type[Answer], make: Callable[[], Answer]) -> Answer:
        """What `make` answers now, or answered when this request came first.

        Raises StillUnderWay, KeyOfAnotherRequest, CannotBeToldAgain.
        """
        if self._key_sha256 is None:
            return make()
        if not jobs.only_one_here(session, f"once {user_id} {self._key_sha256.hex()}"):
            raise StillUnderWay
        kept = kept_answers.answer_to(session, user_id, self._key_sha256)
        if kept is None:
            made = make()
            sealed = self._cipher.encrypt(made.model_dump_json(by_alias=True))
            kept_answers.keep(session, user_id, self._key_sha256, self._request_sha256, sealed)
            return made
        if kept.request_sha256 != self._request_sha256:
            raise KeyOfAnotherRequest
        try:
            return shape.model_validate_json(self._cipher.decrypt(kept.answer_encrypted))
        except Undecipherable as error:
            raise CannotBeToldAgain from error


def is_kept(session: Session, user_id: int, key: str | None) -> bool:
    """Whether a request came under this key before and was answered."""
    return key is not None and kept_answers.answer_to(session, user_id, _sha256_of(key)) is not None


def _sha256_of(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def forget_old_answers(session: Session, _: Settings, __: InferenceClient) -> None:
    """Workers may all ask at once."""
    if jobs.only_one_here(session, "forget old answers"):
        kept_answers.forget_older(session, KEPT_FOR)
