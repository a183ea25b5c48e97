"""What goes wrong at the real Spotify, to be put into the stand-in: the next calls get these instead of an answer."""

import asyncio
import json
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from starlette.responses import JSONResponse, Response

Door = Literal["api", "token"]
Change = Callable[[Any], Any]


@dataclass(frozen=True)
class Fault:
    """One of: an answer with this status; a body cut in the middle; silence; a changed answer."""

    status: int | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    half: Literal["", "closed", "whole"] = ""
    """`closed`: the connection ends before the promised length; `whole`: only the JSON ends in the middle."""
    silent_s: float = 0
    change: Change | None = None


def too_many(retry_after: str | None = None) -> Fault:
    headers = {"Retry-After": retry_after} if retry_after is not None else {}
    return Fault(429, {"error": {"status": 429, "message": "API rate limit exceeded"}}, headers)


def quota(retry_after: str | None = None) -> Fault:
    headers = {"Retry-After": retry_after} if retry_after is not None else {}
    body = {"error": {"status": 429, "message": "Quota exceeded for this app", "reason": "QUOTA_EXCEEDED"}}
    return Fault(429, body, headers)


def broken(status: int = 503) -> Fault:
    return Fault(status, {"error": {"status": status, "message": "Service unavailable"}})


def not_on_the_list() -> Fault:
    message = "Check settings on developer.spotify.com/dashboard, the user may not be registered."
    return Fault(403, {"error": {"status": 403, "message": message}})


@dataclass
class Faults:
    """Queues of faults per door, and how often each door was knocked at."""

    waiting: dict[Door, deque[Fault]] = field(default_factory=lambda: {"api": deque(), "token": deque()})
    calls: Counter[str] = field(default_factory=Counter)

    def put(self, door: Door, *faults: Fault) -> None:
        self.waiting[door].extend(faults)

    async def met(self, door: Door, path: str, answer: Any) -> Response:
        """The answer as JSON, or what the next fault makes of it."""
        self.calls[path] += 1
        if not self.waiting[door]:
            return JSONResponse(answer)
        fault = self.waiting[door].popleft()
        if fault.silent_s:
            await asyncio.sleep(fault.silent_s)
        if fault.status is not None:
            return JSONResponse(dict(fault.body), fault.status, dict(fault.headers))
        if fault.change is not None:
            answer = fault.change(answer)
        text = json.dumps(answer).encode()
        if fault.half:
            length = len(text) if fault.half == "closed" else len(text) // 2
            return Response(
                text[: len(text) // 2], headers={"content-length": str(length)}, media_type="application/json"
            )
        return Response(text, media_type="application/json")
