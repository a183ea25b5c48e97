"""Answers kept in Redis. Redis may vanish at any moment: then answers are computed, later but never wrong.

A key carries the version of the listener's data and of the program, so nothing is ever invalidated: a change makes new
keys and the old ones expire. Equal questions that miss at the same time are computed once per process (single flight).
"""

import hashlib
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import orjson
import redis
import structlog
from pydantic import BaseModel
from redis.backoff import NoBackoff
from redis.retry import Retry

from platform_api.utils.breaker import Breaker, BreakerOpen

TIMEOUT_S = 0.04
DAY_S = 24 * 3600
UNAVAILABLE = (redis.ConnectionError, redis.TimeoutError)

log = structlog.get_logger(__name__)


class Versioned(Protocol):
    """A listener, as far as the cache is concerned. `ml_key` stays unique when a database is made anew."""

    @property
    def ml_key(self) -> Any: ...
    @property
    def data_version(self) -> Any: ...


class Cache:
    def __init__(self, url: str) -> None:
        self._redis: redis.Redis = redis.Redis.from_url(
            url,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
            max_connections=64,
        )
        self._breaker = Breaker(UNAVAILABLE)
        self._computing: dict[str, Future[bytes]] = {}
        self._computing_lock = threading.Lock()

    def close(self) -> None:
        self._redis.close()

    def is_up(self) -> bool:
        try:
            return bool(self._breaker.call(self._redis.ping))
        except (redis.RedisError, BreakerOpen):
            return False

    def cached(self, user: Versioned, name: str, params: Mapping[str, object], compute: Callable[[], Any]) -> Any:
        """Plain JSON of `compute()`, from the cache where it is there. Models and dataclasses come back as dicts.

        `params` must hold everything the answer depends on beside the listener's data: for "last-7-days" that is
        also today's date.
        """
        return orjson.loads(self.cached_json(user, name, params, compute))

    def cached_json(
        self, user: Versioned, name: str, params: Mapping[str, object], compute: Callable[[], Any]
    ) -> bytes:
        """Like `cached`, as the JSON bytes themselves."""
        key = _key(user, name, params)
        kept, reachable = self._get(key)
        if kept is not None:
            return kept
        return self._compute_once(key, compute, keep=reachable)

    def _compute_once(self, key: str, compute: Callable[[], Any], *, keep: bool) -> bytes:
        with self._computing_lock:
            running = self._computing.get(key)
            if running is None:
                mine: Future[bytes] = Future()
                self._computing[key] = mine
        if running is not None:
            return running.result()
        try:
            value = orjson.dumps(compute(), default=_to_json, option=orjson.OPT_NON_STR_KEYS)
        except BaseException as error:
            mine.set_exception(error)
            raise
        else:
            mine.set_result(value)
            if keep:
                self._put(key, value)
            return value
        finally:
            with self._computing_lock:
                del self._computing[key]

    def _get(self, key: str) -> tuple[bytes | None, bool]:
        """(value or None, whether Redis could be reached)."""
        try:
            value: Any = self._breaker.call(self._redis.get, key)
        except BreakerOpen:
            return None, False
        except redis.RedisError as error:
            log.warning("cache unreachable", error=str(error))
            return None, False
        return value, True

    def _put(self, key: str, value: bytes) -> None:
        try:
            self._breaker.call(self._redis.set, key, value, ex=DAY_S)
        except BreakerOpen:
            return
        except redis.RedisError as error:
            log.warning("cache does not keep", error=str(error))

    def keep(self, key: str, value: bytes, seconds: int) -> None:
        """Something that may be lost at any moment, for at most so long."""
        try:
            self._breaker.call(self._redis.set, key, value, ex=seconds)
        except (redis.RedisError, BreakerOpen):
            return

    def kept(self, key: str) -> bytes | None:
        return self._get(key)[0]

    def count(self, key: str, window_s: int) -> int | None:
        """How often `key` was counted in its window, this time included; None when Redis cannot say."""

        def increment() -> int:
            with self._redis.pipeline(transaction=True) as pipe:
                pipe.incr(key)
                pipe.expire(key, window_s, nx=True)
                return int(pipe.execute()[0])

        try:
            return self._breaker.call(increment)
        except (redis.RedisError, BreakerOpen):
            return None

    def forget(self, ml_key: UUID) -> None:
        """Drops what is kept about one listener, alone or beside another; where Redis is away it expires in a day."""
        try:
            for key in self._redis.scan_iter(match=f"tonearm:*{ml_key}*", count=1000):
                self._redis.unlink(key)
        except redis.RedisError as error:
            log.warning("cache entries left to expire", error=str(error))


def _key(user: Versioned, name: str, params: Mapping[str, object]) -> str:
    digest = hashlib.sha256(orjson.dumps(dict(params), default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
    return f"tonearm:{user.ml_key}:{user.data_version}:{_code_version()}:{name}:{digest}"


@lru_cache(maxsize=1)
def _code_version() -> str:
    """Changes with the program: what an older release kept may have another shape, or another opinion."""
    program = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(program.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _to_json(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} cannot be kept as JSON")
