"""The token that TorchServe asks for, kept fresh.

TorchServe writes its keys to `key_file.json` and lets each die after `token_expiration_min`; nothing renews them. A GET
of `/token?type=inference` on the management port, authorised by the API key of the same file, writes a new one there.
Every process that does so makes the others' key wrong at once: they find the new one in the file.
"""

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import httpcore
import structlog
from pydantic import BaseModel, Field, ValidationError

from platform_api.services.inference.transport import DeadlineConnections

log = structlog.get_logger(__name__)

RENEW_BEFORE_EXPIRY_S = 60.0
RENEW_AT_MOST_EVERY_S = 20.0
RENEWAL_DEADLINE_S = 0.25


class _ExpiringKey(BaseModel):
    key: str
    expires_at: datetime = Field(alias="expiration time")


class _ApiKey(BaseModel):
    key: str


class _KeyFile(BaseModel):
    inference: _ExpiringKey
    api: _ApiKey = Field(alias="API")


class InferenceKeys:
    """Hands out the inference key; renews it shortly before it dies, or when the server refused it."""

    def __init__(self, key_file: Path | None, management_url: str, connections: DeadlineConnections) -> None:
        self._key_file = key_file
        self._management_url = management_url.rstrip("/")
        self._connections = connections
        self._lock = threading.Lock()
        self._keys: _KeyFile | None = None
        self._stamp: tuple[int, int, int] | None = None
        self._renewed_at = float("-inf")

    def current(self, deadline: float) -> str | None:
        """The key to send now, or None when the server is meant to run without token authorisation."""
        if self._key_file is None:
            return None
        with self._lock:
            keys = self._read()
            if keys is None:
                return None
            left_s = (keys.inference.expires_at - datetime.now(UTC)).total_seconds()
            if left_s < RENEW_BEFORE_EXPIRY_S:
                self._renew(keys, deadline)
            return self._keys.inference.key if self._keys else None

    def replace(self, refused: str | None, deadline: float) -> bool:
        """Finds another key than the `refused` one: from the file if somebody renewed it, else by renewing it.

        Returns whether there is another one now.
        """
        if self._key_file is None:
            return False
        with self._lock:
            self._stamp = None  # a refused key is reason enough to read the file again, whatever its time says
            keys = self._read()
            if keys is not None and keys.inference.key == refused:
                self._renew(keys, deadline)
            return self._keys is not None and self._keys.inference.key != refused

    def _renew(self, keys: _KeyFile, deadline: float) -> None:
        now = time.monotonic()
        if now - self._renewed_at < RENEW_AT_MOST_EVERY_S:
            return
        self._renewed_at = now
        url = f"{self._management_url}/token?type=inference"
        try:
            reply = self._connections.exchange(
                "GET", url, key=keys.api.key, deadline=min(deadline, now + RENEWAL_DEADLINE_S)
            )
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            log.warning("inference key could not be renewed", error=repr(error))
            return
        if reply.status != 200:
            log.warning("inference key was not renewed", status=reply.status)
            return
        self._stamp = None
        self._read()

    def _read(self) -> _KeyFile | None:
        assert self._key_file is not None
        try:
            status = self._key_file.stat()
            stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
            if stamp != self._stamp:
                self._keys = _KeyFile.model_validate_json(self._key_file.read_bytes())
                self._stamp = stamp
        except FileNotFoundError:
            self._keys, self._stamp = None, None  # the server removes its file when it stops
        except (OSError, ValidationError) as error:
            # TorchServe does not replace the file atomically: a half-written one is read again at the next call.
            log.warning("key file is unreadable", error=str(error))
            self._stamp = None
        return self._keys
