"""HTTP to the model server under one deadline for the whole exchange.

Ordinary HTTP clients time each socket operation apart, so a server that sends one byte now and then is never too slow.
Here every connect, write and read gets only what is left until one instant. httpcore is used directly because it sends
no header that we do not name: TorchServe reads a request header by header (about five `recv` calls each).
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpcore

MAX_ANSWER_BYTES = 8 * 1024 * 1024
_WRITE_PIECE_BYTES = 64 * 1024
_SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class AnswerTooLarge(Exception):
    """The server sent more than `MAX_ANSWER_BYTES`."""


@dataclass(frozen=True)
class Reply:
    """What came back: status code and whole body."""

    status: int
    body: bytes


def _left(deadline: float | None, error: type[httpcore.TimeoutException]) -> float | None:
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise error("the deadline has passed")
    return left


class _DeadlineStream(httpcore.NetworkStream):
    """A socket whose `timeout` arguments are instants of `time.monotonic()`, not durations."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _WRITE_PIECE_BYTES):
            piece = buffer[start : start + _WRITE_PIECE_BYTES]
            self._stream.write(piece, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _DeadlineBackend(httpcore.NetworkBackend):
    def __init__(self) -> None:
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        stream = self._sockets.connect_tcp(host, port, left, local_address, socket_options)
        return _DeadlineStream(stream)


class DeadlineConnections:
    """A pool of kept-alive connections, shared by all threads of one process."""

    def __init__(self, max_connections: int = 32) -> None:
        self._pool = httpcore.ConnectionPool(
            max_connections=max_connections,
            max_keepalive_connections=max_connections,
            keepalive_expiry=30.0,
            network_backend=_DeadlineBackend(),
        )

    def exchange(
        self, method: str, url: str, *, key: str | None = None, body: bytes | None = None, deadline: float
    ) -> Reply:
        """Sends one request and reads its whole answer before `deadline` (an instant of `time.monotonic()`).

        Raises `httpcore.TimeoutException` when the deadline passes, `httpcore.NetworkError` or
        `httpcore.ProtocolError` when the connection fails or is reset, `AnswerTooLarge`.
        """
        parsed = httpcore.URL(url)
        headers = [("Host", f"{parsed.host.decode()}:{parsed.port}")]
        if key is not None:
            headers.append(("Authorization", f"Bearer {key}"))
        if body is not None:
            headers.append(("Content-Length", str(len(body))))
        timeouts = {
            "connect": deadline,
            "read": deadline,
            "write": deadline,
            "pool": max(0.0, deadline - time.monotonic()),  # waited for by the pool itself, as a duration
        }
        request = httpcore.Request(method, parsed, headers=headers, content=body, extensions={"timeout": timeouts})
        response = self._pool.handle_request(request)
        try:
            received = bytearray()
            for part in response.iter_stream():
                received += part
                if len(received) > MAX_ANSWER_BYTES:
                    raise AnswerTooLarge(f"more than {MAX_ANSWER_BYTES} bytes")
        finally:
            response.close()
        return Reply(response.status, bytes(received))

    def close(self) -> None:
        self._pool.close()
