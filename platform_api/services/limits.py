"""How often somebody may do something: counted in Redis for all processes, in this process while Redis is away."""

import threading
import time
from dataclasses import dataclass

from platform_api.core.errors import TooManyRequests
from platform_api.utils.cache import Cache

REMEMBERED_WINDOWS = 50_000


@dataclass(frozen=True)
class Limit:
    """At most `times` in each window of `seconds`."""

    name: str
    times: int
    seconds: int


@dataclass(frozen=True)
class Allowance:
    """What is left of a limit in its window."""

    limit: Limit
    left: int
    reset_in_s: int
    reset_at: int

    @property
    def headers(self) -> dict[str, str]:
        """As ListenBrainz tells it."""
        return {
            "X-RateLimit-Limit": str(self.limit.times),
            "X-RateLimit-Remaining": str(self.left),
            "X-RateLimit-Reset-In": str(self.reset_in_s),
            "X-RateLimit-Reset": str(self.reset_at),
        }


class RateLimiter:
    """Fixed windows. One per process."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._local: dict[str, int] = {}
        self._lock = threading.Lock()

    def take(self, limit: Limit, who: str) -> Allowance:
        """Counts this time and says what is left. Raises TooManyRequests with Retry-After in seconds."""
        now = time.time()
        window = int(now // limit.seconds)
        key = f"tonearm:limit:{limit.name}:{who}:{window}"
        times = self._cache.count(key, limit.seconds)
        if times is None:
            times = self._count_here(key)
        ends = (window + 1) * limit.seconds
        wait_s = max(1, round(ends - now))
        if times > limit.times:
            raise TooManyRequests(headers={"Retry-After": str(wait_s), **Allowance(limit, 0, wait_s, ends).headers})
        return Allowance(limit, limit.times - times, wait_s, ends)

    def _count_here(self, key: str) -> int:
        with self._lock:
            if len(self._local) >= REMEMBERED_WINDOWS:
                self._local.clear()
            self._local[key] = self._local.get(key, 0) + 1
            return self._local[key]
