"""What every request passes, as plain ASGI: a request id and a log line, security headers, a cap on bodies."""

import asyncio
import re
import time
import uuid
from collections.abc import Collection, Mapping

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 1024 * 1024
BODY_TIMEOUT_S = 20
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OPENS_SOMETHING = re.compile(r"[^/]{31,}")
"""No word, id or handle in an address is that long: it is a link's token or a ticket, which no log should hold."""
QUIET_PATHS = {"/healthz", "/readyz"}

SCROBBLER_PATH = re.compile(r"(?:/+1)+/+(?=[^/])")
REPEATED_SLASH = re.compile(r"/{2,}")
SCROBBLER_GRANT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "86400",
}

log = structlog.get_logger("platform_api.requests")


class RequestLog:
    """Gives each request an id (or keeps a well-formed one), answers with it and writes one line when it is done."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        started = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, send_with_id)
            finally:
                if scope["path"] not in QUIET_PATHS:
                    elapsed_ms = round((time.perf_counter() - started) * 1000, 1)
                    path = OPENS_SOMETHING.sub("…", scope["path"])
                    log.info("request", method=scope["method"], path=path, status=status, ms=elapsed_ms)


class SecurityHeaders:
    """Answers are private data and never documents: no sniffing, no framing, no storing unless a route says so."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class ScrobblerPaths:
    """Scrobblers put their addresses together in their own ways: with a slash too many, at the end or in the middle, or
    with /1 twice where it was part of the address already. And one in a browser asks from a page of its own: the
    token in its header is what opens this door, never a cookie, so any origin may knock.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not SCROBBLER_PATH.match(scope["path"]):
            await self.app(scope, receive, send)
            return
        path = "/1/" + SCROBBLER_PATH.sub("", REPEATED_SLASH.sub("/", scope["path"]).rstrip("/"))

        async def send_with_grant(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SCROBBLER_GRANT.items():
                    headers[name] = value
            await send(message)

        if scope["method"] == "OPTIONS":
            await Response(status_code=204)(scope, receive, send_with_grant)
            return
        await self.app({**scope, "path": path, "raw_path": path.encode()}, receive, send_with_grant)


class BodyLimit:
    """Refuses bodies over MAX_BODY_BYTES (413), by their stated length or by the bytes that really arrive, and bodies
    that take longer than BODY_TIMEOUT_S (408). `streamed` lists (method, path) of routes that cap themselves, `larger`
    those with another cap.
    """

    def __init__(
        self, app: ASGIApp, streamed: Collection[tuple[str, str]], larger: Mapping[tuple[str, str], int]
    ) -> None:
        self.app = app
        self.streamed = streamed
        self.larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (scope["method"], scope["path"]) in self.streamed:
            await self.app(scope, receive, send)
            return
        stated = Headers(scope=scope).get("content-length", "")
        most = self.larger.get((scope["method"], scope["path"]), MAX_BODY_BYTES)
        received = 0
        complete = False
        deadline = asyncio.get_running_loop().time() + BODY_TIMEOUT_S

        async def receive_limited() -> Message:
            nonlocal received, complete
            if complete:
                return await receive()
            if stated.isdigit() and int(stated) > most:
                raise HTTPException(413, f"At most {most} bytes can be sent here.")
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError as error:
                raise HTTPException(408, "The request took too long to arrive.") from error
            received += len(message.get("body", b""))
            complete = message["type"] == "http.disconnect" or not message.get("more_body", False)
            if received > most:
                raise HTTPException(413, f"At most {most} bytes can be sent here.")
            return message

        await self.app(scope, receive_limited, send)
