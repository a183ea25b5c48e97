"""TorchServe's management door, for whoever publishes: register, look, ask, unregister. Loopback, with tokens."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import httpx

from serving.config.render import BATCHING

KeyKind = Literal["management", "inference"]
LOADING_TIMEOUT_S = 150.0
TIMEOUT_S = 30.0


class ModelServerError(Exception):
    """TorchServe is away or refused. The message says what to do."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    seconds: float


class ModelServer:
    """One TorchServe. `key_file` is its `key_file.json`; None when it is meant to run without tokens."""

    def __init__(self, inference_url: str, management_url: str, key_file: Path | None) -> None:
        self._inference_url = inference_url.rstrip("/")
        self._management_url = management_url.rstrip("/")
        self._key_file = key_file

    def register(self, model: str, archive: str) -> None:
        """Load an archive of the model store as its own version, beside those that serve, and wait for its worker.

        Raises ModelServerError when it does not load; TorchServe then keeps no trace of it.
        """
        batching = BATCHING[model]
        parameters: dict[str, str | int] = {
            "url": archive,
            "batch_size": batching.batch_size,
            "max_batch_delay": batching.max_batch_delay_ms,
            "response_timeout": batching.response_timeout_s,
            "initial_workers": batching.workers,
            "synchronous": "true",
        }
        self._manage("POST", "/models", parameters, timeout_s=LOADING_TIMEOUT_S)

    def describe(self, model: str, version: str) -> dict[str, Any] | None:
        """What the server says about one version: workers, queue, batch; None when it is not loaded."""
        reply = self._exchange("GET", f"{self._management_url}/models/{model}/{version}", "management")
        if reply.status == 404:
            return None
        described = json.loads(_accepted(reply, f"describing {model} {version}").body)
        content: dict[str, Any] = described[0]
        return content

    def unregister(self, model: str, version: str) -> None:
        """Forget a version; one that is not loaded is no error."""
        reply = self._exchange("DELETE", f"{self._management_url}/models/{model}/{version}", "management")
        if reply.status != 404:
            _accepted(reply, f"unregistering {model} {version}")

    def make_default(self, model: str, version: str) -> None:
        """What a call without a version gets; TorchServe refuses to unregister the default one."""
        self._manage("PUT", f"/models/{model}/{version}/set-default", {})

    def drain(self, model: str, version: str, patience_s: float = 10.0) -> None:
        """Wait until no request of this version waits any more; TorchServe would drop them at unregistering."""
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            described = self.describe(model, version)
            if described is None or described["jobQueueStatus"]["pendingRequests"] == 0:
                return
            time.sleep(0.05)

    def predict(self, model: str, version: str, body: bytes) -> Reply:
        """Ask one version by name."""
        return self._exchange("POST", f"{self._inference_url}/predictions/{model}/{version}", "inference", body=body)

    def _manage(self, method: str, path: str, parameters: dict[str, str | int], timeout_s: float = TIMEOUT_S) -> None:
        reply = self._exchange(
            method, self._management_url + path, "management", parameters=parameters, timeout_s=timeout_s
        )
        _accepted(reply, f"{method} {path} {parameters.get('url', '')}".strip())

    def _exchange(
        self,
        method: str,
        url: str,
        kind: KeyKind,
        *,
        parameters: dict[str, str | int] | None = None,
        body: bytes | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> Reply:
        for last_try in (False, True):
            headers = {"Authorization": f"Bearer {self._key(kind)}"} if self._key_file else {}
            headers |= {"Content-Type": "application/octet-stream"} if body is not None else {}
            started = time.perf_counter()
            try:
                answer = httpx.request(
                    method, url, params=parameters, content=body, headers=headers, timeout=timeout_s, trust_env=False
                )
            except httpx.HTTPError as error:
                raise ModelServerError(
                    f"TorchServe does not answer at {url} ({error!r}). Start the stack with `make up`, then try again."
                ) from error
            reply = Reply(answer.status_code, answer.content, time.perf_counter() - started)
            if last_try or b"InvalidKeyException" not in reply.body:
                break
            self._renew(kind)
        return reply

    def _key(self, kind: str) -> str:
        assert self._key_file is not None
        try:
            return str(json.loads(self._key_file.read_bytes())[kind]["key"])
        except (OSError, ValueError, KeyError) as error:
            raise ModelServerError(
                f"TorchServe's keys cannot be read from {self._key_file}: it does not seem to run. "
                "Start the stack with `make up`, then try again."
            ) from error

    def _renew(self, kind: KeyKind) -> None:
        """A key lives for an hour and nobody renews it but its users; the API key does not expire."""
        httpx.get(
            f"{self._management_url}/token",
            params={"type": kind},
            headers={"Authorization": f"Bearer {self._key('API')}"},
            timeout=TIMEOUT_S,
            trust_env=False,
        )


def _accepted(reply: Reply, doing: str) -> Reply:
    if reply.status >= 400:
        raise ModelServerError(
            f"TorchServe refused {doing}: {reply.status} {reply.body[:300].decode(errors='replace')}"
        )
    return reply
