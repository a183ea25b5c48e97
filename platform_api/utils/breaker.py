"""A circuit breaker that holds no lock while the guarded call runs.

pybreaker keeps its lock for the whole call, which turns 40 threads asking a slow server into a queue of 40.
"""

import threading
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

Params = ParamSpec("Params")
Result = TypeVar("Result")


class BreakerOpen(Exception):
    """The guarded part failed repeatedly and is left alone until `reset_s` have passed."""


class Breaker:
    """Opens after `fail_max` failures in a row; after `reset_s` seconds one trial call decides whether it closes."""

    def __init__(
        self,
        failures: tuple[type[Exception], ...],
        *,
        fail_max: int = 3,
        reset_s: float = 5.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._failures = failures
        self._fail_max = fail_max
        self._reset_s = reset_s
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._failed_in_a_row = 0
        self._closed_again_at = 0.0

    @property
    def is_open(self) -> bool:
        return self._failed_in_a_row >= self._fail_max

    def call(self, function: Callable[Params, Result], *args: Params.args, **kwargs: Params.kwargs) -> Result:
        """Raises BreakerOpen without calling, or whatever `function` raises."""
        with self._lock:
            if self.is_open:
                now = self._monotonic()
                if now < self._closed_again_at:
                    raise BreakerOpen
                self._closed_again_at = now + self._reset_s
        try:
            result = function(*args, **kwargs)
        except self._failures:
            with self._lock:
                self._failed_in_a_row += 1
                if self.is_open:
                    self._closed_again_at = self._monotonic() + self._reset_s
            raise
        with self._lock:
            self._failed_in_a_row = 0
        return result
