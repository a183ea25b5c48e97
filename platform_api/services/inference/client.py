"""The one door to the models: asks TorchServe for one version by name, and believes nothing unchecked."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import httpcore
import structlog
from pydantic import BaseModel, ValidationError

from platform_api.core.settings import InferenceSettings
from platform_api.schemas.model_info import ModelInfo
from platform_api.services.inference.errors import ModelFailed, ModelUnavailable, RequestRefused
from platform_api.services.inference.keys import InferenceKeys
from platform_api.services.inference.manifest import Manifest, PublishedVersion
from platform_api.services.inference.transport import AnswerTooLarge, DeadlineConnections, Reply
from platform_api.utils.breaker import Breaker, BreakerOpen

log = structlog.get_logger(__name__)

FAILURES_BEFORE_PAUSE = 3
PAUSE_S = 5.0
BUSY_PAUSE_S = 0.02

AnswerT = TypeVar("AnswerT", bound=BaseModel)


@dataclass(frozen=True)
class Answered(Generic[AnswerT]):
    """A checked answer and the model that gave it."""

    answer: AnswerT
    model: ModelInfo


class InferenceClient:
    """Asks models over HTTP; safe to share between threads. One per process, closed at its end."""

    def __init__(self, settings: InferenceSettings) -> None:
        self._url = settings.url.rstrip("/")
        self._deadline_s = settings.deadline_ms / 1000
        self._connections = DeadlineConnections()
        self._keys = InferenceKeys(settings.key_file, settings.management_url, self._connections)
        self._manifest = Manifest(settings.manifest)
        self._breakers: dict[tuple[str, str], Breaker] = {}
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()

    def current_version(self, model: str) -> str | None:
        """The version that would be asked now; None when the model was never published."""
        published = self._manifest.current(model)
        return published.version if published else None

    def ask(
        self,
        model: str,
        request: bytes | Callable[[], bytes],
        answer_type: type[AnswerT],
        *,
        check: Callable[[AnswerT], None] | None = None,
        deadline_s: float | None = None,
    ) -> Answered[AnswerT]:
        """Asks the current version of `model`, within one deadline that includes at most one retry.

        `request` may be a function that makes the body: it is not called while the model is known to be away.
        `check` raises ValueError when an answer of the right shape still cannot be true for this request (wrong length,
        unknown names). `deadline_s` replaces the ordinary deadline where nobody waits for the answer (jobs).
        Raises `ModelUnavailable`; every outcome is counted.
        """
        published = self._manifest.current(model)
        if published is None:
            self._count(model, "unpublished")
            raise ModelUnavailable("unpublished", f"{model} is not in the manifest")

        def exchange() -> AnswerT:
            body = request if isinstance(request, bytes) else request()
            deadline = time.monotonic() + (deadline_s or self._deadline_s)
            return _checked(self._predict(model, published, body, deadline), answer_type, check)

        try:
            answer = self._breaker(model, published).call(exchange)
        except BreakerOpen as error:
            self._count(model, "away")
            raise ModelUnavailable("away", f"{model} is paused after repeated failures") from error
        except ModelUnavailable as error:
            self._count(model, error.outcome)
            log.warning("no answer", model=model, version=published.version, outcome=error.outcome, error=str(error))
            raise
        self._count(model, "answered")
        return Answered(answer, ModelInfo(name=model, version=published.version, is_fallback=False, detail=None))

    def is_up(self) -> bool:
        """Whether the model server itself answers its health question."""
        deadline = time.monotonic() + min(self._deadline_s, 0.5)
        url = f"{self._url}/ping"
        try:
            key = self._keys.current(deadline)
            reply = self._connections.exchange("GET", url, key=key, deadline=deadline)
            if _is_key_refused(reply) and self._keys.replace(key, deadline):
                reply = self._connections.exchange("GET", url, key=self._keys.current(deadline), deadline=deadline)
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, AnswerTooLarge):
            return False
        return reply.status == 200

    def counts(self) -> dict[str, dict[str, int]]:
        """How often each model answered, or why not, since this process started: {model: {outcome: times}}."""
        with self._lock:
            counted: dict[str, dict[str, int]] = {}
            for (model, outcome), times in self._counts.items():
                counted.setdefault(model, {})[outcome] = times
            return counted

    def close(self) -> None:
        self._connections.close()

    def _predict(self, model: str, published: PublishedVersion, body: bytes, deadline: float) -> bytes:
        url = f"{self._url}/predictions/{model}/{published.version}"
        for last_try in (False, True):
            key = self._keys.current(deadline)
            try:
                reply = self._connections.exchange("POST", url, key=key, body=body, deadline=deadline)
            except httpcore.TimeoutException as error:
                raise ModelFailed("late", f"no answer in time: {error!r}") from error
            except httpcore.ConnectError as error:
                raise ModelFailed("away", f"no connection: {error}") from error
            except AnswerTooLarge as error:
                raise ModelFailed("rejected", str(error)) from error
            except (httpcore.NetworkError, httpcore.ProtocolError) as error:
                if last_try:
                    raise ModelFailed("away", f"connection lost: {error!r}") from error
                continue
            if reply.status == 200:
                return reply.body
            if last_try or not self._may_help_to_ask_again(reply, key, deadline):
                raise _failure(reply)
        raise AssertionError("the last try returns or raises")

    def _may_help_to_ask_again(self, reply: Reply, key: str | None, deadline: float) -> bool:
        if _is_key_refused(reply):
            return self._keys.replace(key, deadline)
        if reply.status == 503:  # a full queue, or a worker that just died and is being replaced
            time.sleep(max(0.0, min(BUSY_PAUSE_S, deadline - time.monotonic())))
            return True
        return False

    def _breaker(self, model: str, published: PublishedVersion) -> Breaker:
        with self._lock:
            name = (model, published.version)
            if name not in self._breakers:
                self._breakers[name] = Breaker((ModelFailed,), fail_max=FAILURES_BEFORE_PAUSE, reset_s=PAUSE_S)
            return self._breakers[name]

    def _count(self, model: str, outcome: str) -> None:
        with self._lock:
            self._counts[model, outcome] += 1


def _checked(body: bytes, answer_type: type[AnswerT], check: Callable[[AnswerT], None] | None) -> AnswerT:
    try:
        answer = answer_type.model_validate_json(body)
        if check is not None:
            check(answer)
    except (ValidationError, ValueError) as error:
        raise ModelFailed("rejected", f"{body[:80]!r}: {error}") from error
    return answer


def _is_key_refused(reply: Reply) -> bool:
    return reply.status in (401, 403) or (reply.status == 400 and b"InvalidKeyException" in reply.body)


def _sentence(body: bytes) -> str | None:
    """What the model itself says about a request that it refuses."""
    try:
        content = json.loads(body)
    except ValueError:
        return None
    detail = content.get("detail") if isinstance(content, dict) else None
    return detail[:300] if isinstance(detail, str) else None


def _failure(reply: Reply) -> ModelUnavailable:
    message = f"status {reply.status}: {reply.body[:120]!r}"
    if _is_key_refused(reply) or reply.status == 404:
        return ModelFailed("away", message)
    if reply.status in (400, 413, 422):
        return RequestRefused(message, _sentence(reply.body))
    return ModelFailed("away", message)
