"""The progress of an import as server-sent events."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

from starlette.concurrency import run_in_threadpool

from platform_api.core.errors import NotFound
from platform_api.crud.imports import FINISHED
from platform_api.schemas.imports import Import

LOOK_EVERY_S = 0.4
HEARTBEAT_EVERY_S = 15.0
LONGEST_S = 15 * 60.0
"""A browser connects again by itself; a stream that nobody reads any more should not live for ever."""


async def follow(look: Callable[[], Import]) -> AsyncIterator[str]:
    """`event: progress` whenever the import changed, `event: end` when it is finished. `look` opens its own session."""
    began = last_sent = time.monotonic()
    shown = ""
    while time.monotonic() - began < LONGEST_S:
        try:
            current = await run_in_threadpool(look)
        except NotFound:
            break
        told = current.model_dump_json()
        if told != shown:
            shown, last_sent = told, time.monotonic()
            yield f"event: progress\ndata: {told}\n\n"
        elif time.monotonic() - last_sent > HEARTBEAT_EVERY_S:
            last_sent = time.monotonic()
            yield ": still here\n\n"
        if current.state in FINISHED or (current.state == "undoing" and current.error):
            break
        await asyncio.sleep(LOOK_EVERY_S)
    yield f"event: end\ndata: {shown or '{}'}\n\n"
