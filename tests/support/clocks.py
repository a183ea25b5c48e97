"""The clock of this machine as the product sees it, moved by hand. Monotonic clocks go on as they do in a real jump."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo

import pytest
from google.auth import _helpers

from platform_api.utils import clock


@contextmanager
def jumped(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> Iterator[None]:
    """What `utils.clock` and the checking of tokens take for now is off by `by` until the block ends."""

    class Jumped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + by

    right = _helpers.utcnow
    with monkeypatch.context() as patch:
        patch.setattr(clock, "datetime", Jumped)
        patch.setattr(_helpers, "utcnow", lambda: right() + by)  # type: ignore[no-untyped-call]
        yield
