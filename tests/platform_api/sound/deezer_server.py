"""A small server that answers as Deezer's public API does, its errors with status 200 included."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.platform_api.inference.model_server import answer

NO_DATA = {"error": {"type": "DataException", "message": "no data", "code": 800}}
QUOTA = {"error": {"type": "Exception", "message": "Quota limit exceeded", "code": 4}}


class DeezerServer:
    """Tracks by ISRC and by search, previews by path; `trouble` answers instead of everything while it is set."""

    def __init__(self) -> None:
        self.by_isrc: dict[str, dict[str, Any]] = {}
        self.catalogue: list[dict[str, Any]] = []
        self.previews: dict[str, bytes] = {}
        self.trouble: Callable[[BaseHTTPRequestHandler], None] | None = None
        self.calls: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.calls.append(self.path)
                if outer.trouble is not None:
                    outer.trouble(self)
                else:
                    outer.reply(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def track(self, artist: str, title: str, seconds: int, preview: bytes | None = b"preview") -> dict[str, Any]:
        """A track as Deezer tells of it; found by a search from now on."""
        path = f"/preview/{len(self.catalogue)}.mp3"
        if preview is not None:
            self.previews[path] = preview
        row = {
            "id": len(self.catalogue), "title": title, "duration": seconds, "readable": True,
            "preview": self.url + path if preview is not None else "", "artist": {"id": 1, "name": artist},
        }  # fmt: skip
        self.catalogue.append(row)
        return row

    def reply(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        if parts.path in self.previews:
            answer(handler, 200, self.previews[parts.path], "audio/mpeg")
        elif parts.path.startswith("/track/isrc:"):
            found = self.by_isrc.get(parts.path.removeprefix("/track/isrc:"), NO_DATA)
            answer(handler, 200, json.dumps(found).encode())
        elif parts.path == "/search":
            words = parse_qs(parts.query)["q"][0].casefold()
            rows = [row for row in self.catalogue if row["artist"]["name"].casefold() in words]
            answer(handler, 200, json.dumps({"data": rows, "total": len(rows)}).encode())
        else:
            answer(handler, 404, b"{}")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def running_deezer() -> Iterator[DeezerServer]:
    server = DeezerServer()
    try:
        yield server
    finally:
        server.close()
