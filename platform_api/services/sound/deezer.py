"""Deezer's public API: half a minute of a track, found by its ISRC or by artist, title and length.

Wire facts: `GET /track/isrc:…` and `GET /search?q=artist:"…" track:"…"`; errors come with status 200 as
`{"error": {"code", "message"}}` (4: quota, 500, 501 and 600: a question that cannot be asked, 800: no such thing); at
most 50 requests in 5 s; a preview's address is good for about a quarter of an hour, so it is fetched at once.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ValidationError

from platform_api.crud.sound_sources import Unheard
from platform_api.services.sound.matching import artist_keys, base_title, plain

REQUESTS, WINDOW_S = 50, 5.0
LARGEST_PREVIEW = 4 * 1024 * 1024
SAME_LENGTH_S = 5
PREVIEW_HOST = "dzcdn.net"
_NOTHING_TO_FIND = (500, 501, 600, 800)


class DeezerAway(Exception):
    """No usable answer just now (quota, outage, timeout): to be tried again later."""


class Pace:
    """At most `times` calls of `wait` in `seconds`, for all threads of a process."""

    def __init__(self, times: int = REQUESTS, seconds: float = WINDOW_S) -> None:
        self._times, self._seconds = times, seconds
        self._began: deque[float] = deque()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Returns when one more request is allowed."""
        with self._lock:
            now = time.monotonic()
            while self._began and now - self._began[0] >= self._seconds:
                self._began.popleft()
            if len(self._began) >= self._times:
                time.sleep(self._seconds - (now - self._began[0]))
                self._began.popleft()
            self._began.append(time.monotonic())


class _Artist(BaseModel):
    name: str = ""


class _Track(BaseModel):
    """What is used of Deezer's track; the rest is ignored."""

    title: str = ""
    duration: int = 0
    preview: str = ""
    artist: _Artist = _Artist()


class Preview(BaseModel):
    """The bytes of a preview and how its track was found: `isrc`, `names` or `duration`."""

    body: bytes
    by: str


class Deezer:
    """Raises DeezerAway from every method for what may pass; a sentence is returned for what will not."""

    def __init__(self, url: str, pace: Pace, *, timeout_s: float = 10.0) -> None:
        self._url = url.rstrip("/")
        self._pace = pace
        self._client = httpx.Client(timeout=timeout_s, follow_redirects=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def preview_of(self, track: Unheard) -> Preview | str:
        """Half a minute of this track, or a sentence that says why there is none."""
        found, by = (self._by_isrc(track.isrc), "isrc") if track.isrc else (None, "")
        if found is None:
            found, by = self._by_name(track)
        if found is None:
            return "Deezer knows no track of this name and length."
        if not found.preview:
            return "Deezer has this track without a preview."
        if not self._may_fetch(found.preview):
            return "Deezer's preview lies at an address that is not Deezer's."
        return self._fetch(found.preview, by)

    def _by_isrc(self, isrc: str) -> _Track | None:
        return _read(_Track, self._ask(f"/track/isrc:{isrc}"))

    def _by_name(self, track: Unheard) -> tuple[_Track | None, str]:
        artist, title = (each.replace('"', " ") for each in (track.artist, track.name))
        answer = self._ask("/search", q=f'artist:"{artist}" track:"{title}"', limit="10")
        rows = answer.get("data") if answer else None
        candidates = [found for row in rows or [] if (found := _read(_Track, row)) is not None]
        ours = [each for each in candidates if set(artist_keys(each.artist.name)) & set(artist_keys(track.artist))]
        same = [each for each in ours if plain(each.title) == plain(track.name) and self._as_long(each, track, True)]
        if same:
            return same[0], "names"
        wanted = base_title(track.name)
        as_long = [each for each in ours if base_title(each.title) == wanted and self._as_long(each, track, False)]
        return (as_long[0], "duration") if as_long else (None, "")

    @staticmethod
    def _as_long(found: _Track, track: Unheard, unless_known: bool) -> bool:
        if not track.duration_ms or not found.duration:
            return unless_known
        return abs(found.duration - track.duration_ms / 1000) <= SAME_LENGTH_S

    def _ask(self, path: str, **query: str) -> dict[str, Any] | None:
        """The answer; None where there is no such thing."""

        def ask() -> httpx.Response:
            return self._client.get(self._url + path, params=query)

        answer = self._request(ask)
        try:
            content = answer.json()
        except ValueError as error:
            raise DeezerAway("an answer that is not JSON") from error
        if not isinstance(content, dict):
            raise DeezerAway("an answer that is not an object")
        problem = content.get("error")
        if isinstance(problem, dict):
            if problem.get("code") in _NOTHING_TO_FIND:
                return None
            raise DeezerAway(f"{problem.get('code')}: {problem.get('message')}")
        return content

    def _request(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        self._pace.wait()
        try:
            answer = ask()
        except httpx.HTTPError as error:
            raise DeezerAway(f"no answer: {error!r}") from error
        if answer.status_code != httpx.codes.OK:
            raise DeezerAway(f"status {answer.status_code}")
        return answer

    def _may_fetch(self, address: str) -> bool:
        """Deezer's own hosts, or the very server that stands in for it: an answer must not send us elsewhere."""
        parts, ours = urlsplit(address), urlsplit(self._url)
        if (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc):
            return True
        host = parts.hostname or ""
        return parts.scheme == "https" and (host == PREVIEW_HOST or host.endswith("." + PREVIEW_HOST))

    def _fetch(self, address: str, by: str) -> Preview | str:
        self._pace.wait()
        body = bytearray()
        try:
            with self._client.stream("GET", address) as answer:
                if answer.is_client_error and answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                    return "Deezer's preview is not where Deezer says it is."
                if answer.status_code != httpx.codes.OK:
                    raise DeezerAway(f"preview: status {answer.status_code}")
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > LARGEST_PREVIEW:
                        return "Deezer's preview is larger than a preview can be."
        except httpx.HTTPError as error:
            raise DeezerAway(f"preview: {error!r}") from error
        return Preview(body=bytes(body), by=by)


def _read(model: type[_Track], content: object) -> _Track | None:
    try:
        return model.model_validate(content)
    except ValidationError:
        return None
