"""A small server that speaks TorchServe's wire format, its misbehaviour included.

It answers as TorchServe 0.12 was seen to: a wrong or expired key is 400 InvalidKeyException with `connection: close`,
`GET /token` on the management port answers an empty line and writes a new key into the key file.
"""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Behaviour = Callable[[BaseHTTPRequestHandler, bytes], None]


def answer(handler: BaseHTTPRequestHandler, status: int, body: bytes, content_type: str = "application/json") -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", content_type)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def answering(content: object, status: int = 200) -> Behaviour:
    return lambda handler, _: answer(handler, status, json.dumps(content).encode())


def slow(seconds: float) -> Behaviour:
    def behave(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        time.sleep(seconds)
        answer(handler, 200, b"{}")

    return behave


def dripping(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    """Sends a byte every 50 ms, so that no single read is ever late."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 200:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.05)


def reset(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    """Drops the connection with RST, as a killed server does."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


class ModelServer:
    """One inference port and one management port on loopback, with a behaviour per call."""

    def __init__(self, key_file: Path) -> None:
        self.key_file = key_file
        self.calls: list[str] = []
        self.request_headers: dict[str, str] = {}
        self.renewals = 0
        self.behaviours: list[Behaviour] = []
        self.usual: Behaviour = answering({})
        self._inference = self._serve(self._predict, self._ping)
        self._management = self._serve(None, self._token)
        self.write_keys("first", timedelta(hours=1))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._inference.server_port}"

    @property
    def management_url(self) -> str:
        return f"http://127.0.0.1:{self._management.server_port}"

    def write_keys(self, key: str, lifetime: timedelta) -> None:
        self.key = key
        self.expires_at = datetime.now(UTC) + lifetime
        expires = self.expires_at.isoformat().replace("+00:00", "777Z")
        content = {
            "management": {"key": "manager", "expiration time": expires},
            "inference": {"key": key, "expiration time": expires},
            "API": {"key": "api"},
        }
        self.key_file.write_text(json.dumps(content))

    def close(self) -> None:
        for server in (self._inference, self._management):
            server.shutdown()
            server.server_close()

    def _predict(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        self.calls.append(handler.path)
        self.request_headers = dict(handler.headers.items())
        if self._is_authorised(handler):
            (self.behaviours.pop(0) if self.behaviours else self.usual)(handler, body)

    def _ping(self, handler: BaseHTTPRequestHandler, _: bytes) -> None:
        if self._is_authorised(handler):
            answer(handler, 200, b'{"status": "Healthy"}')

    def _token(self, handler: BaseHTTPRequestHandler, _: bytes) -> None:
        if handler.headers["Authorization"] != "Bearer api":
            self._refuse_key(handler)
            return
        self.renewals += 1
        self.write_keys(f"renewed-{self.renewals}", timedelta(hours=1))
        answer(handler, 200, b"\n")

    def _is_authorised(self, handler: BaseHTTPRequestHandler) -> bool:
        authorised = handler.headers["Authorization"] == f"Bearer {self.key}" and self.expires_at > datetime.now(UTC)
        if not authorised:
            self._refuse_key(handler)
        return authorised

    def _refuse_key(self, handler: BaseHTTPRequestHandler) -> None:
        message = "Token Authorization failed. Token either incorrect, expired, or not provided correctly"
        problem = {"code": 400, "type": "InvalidKeyException", "message": message}
        handler.close_connection = True
        answer(handler, 400, json.dumps(problem).encode())

    def _serve(self, on_post: Behaviour | None, on_get: Behaviour) -> ThreadingHTTPServer:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if on_post is not None:
                    on_post(self, body)

            def do_GET(self) -> None:
                on_get(self, b"")

            def log_message(self, *_: object) -> None:
                """Silence: the tests say what was asked."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A client that gave up is what several tests are about."""

        server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return server


@contextmanager
def running_model_server(folder: Path) -> Iterator[ModelServer]:
    server = ModelServer(folder / "key_file.json")
    try:
        yield server
    finally:
        server.close()


def write_manifest(path: Path, versions: dict[str, str]) -> None:
    """Publishes `versions` (model → version) as the training side does: a new file moved over the old one."""
    models = {
        name: {
            "current": {"version": version, "archive": f"{name}-{version}.mar", "sha256": "0" * 64, "bundle": "0" * 64},
            "previous": None,
        }
        for name, version in versions.items()
    }
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"models": models}))
    fresh.replace(path)
