"""How many requests are worked on at once. Whoever comes on top waits in line, and not for long."""

import asyncio
from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from platform_api.core.errors import Unavailable, answer

LONGEST_WAIT_S = 2.0


class Overloaded(Unavailable):
    title = "Too many ask at this moment"
    detail = "Tonearm cannot answer everybody right now. Nothing was changed; please try again in a moment."


class Admission:
    """Lets `at_once` requests in, first come, first served; whoever waited LONGEST_WAIT_S is told to come back (503).

    Without it a rush ends in a standstill: a request keeps its database connection while it waits for a thread, and
    the threads are taken by requests that wait for a connection. So `at_once` has to stay well below both.

    A place is held while there is something to work out: not while a body is still arriving, and no longer once the
    answer begins to leave, so nobody who is slow to send or to read keeps others waiting. `elsewhere` lists (method,
    path) of routes that look after themselves.
    """

    def __init__(self, app: ASGIApp, at_once: int, elsewhere: Collection[tuple[str, str]]) -> None:
        self.app = app
        self.elsewhere = elsewhere
        self._places = asyncio.Semaphore(at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (scope["method"], scope["path"]) in self.elsewhere:
            await self.app(scope, receive, send)
            return
        receive = await _arrived(scope, receive)
        try:
            async with asyncio.timeout(LONGEST_WAIT_S):
                await self._places.acquire()
        except TimeoutError:
            await answer(Request(scope), Overloaded())(scope, receive, send)
            return
        holds = True

        def leave() -> None:
            nonlocal holds
            if holds:
                holds = False
                self._places.release()

        async def send_after_work(message: Message) -> None:
            leave()
            await send(message)

        try:
            await self.app(scope, receive, send_after_work)
        finally:
            leave()


async def _arrived(scope: Scope, receive: Receive) -> Receive:
    """Waits until the body is there, and hands out what came. What went wrong is raised where the body is read."""
    headers = Headers(scope=scope)
    if headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers:
        return receive
    came: list[Message] = []
    refusal: HTTPException | None = None
    try:
        while not came or came[-1].get("more_body", False):
            came.append(await receive())
    except HTTPException as error:
        refusal = error
    waiting = iter(came)

    async def again() -> Message:
        if (message := next(waiting, None)) is not None:
            return message
        if refusal is not None:
            raise refusal
        return await receive()

    return again
