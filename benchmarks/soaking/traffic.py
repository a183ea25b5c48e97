"""What people and their players ask, as often as they are let, and what they are told in the end.

They are as patient as the page and as players are: a question to which nobody answers, or that is told to come back, is
asked again; a scrobble is sent until it is taken; what makes something new is not sent twice.
"""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from benchmarks.soaking.people import Person
from tests.support.histories import extended_row, extended_zip, listen

READS = (
    ("/me", 8), ("/analysis/totals", 8), ("/analysis/top/tracks", 6), ("/analysis/top/artists", 6),
    ("/plays?limit=50", 6), ("/analysis/clock", 3), ("/analysis/calendar", 3), ("/analysis/timeline", 3),
    ("/analysis/streaks", 2), ("/analysis/sessions", 2), ("/analysis/discovery", 2), ("/analysis/milestones", 2),
    ("/analysis/variety", 1), ("/wraps/last-28-days", 1), ("/habits", 4), ("/habits/patterns", 2),
    ("/recommendations?wish=comfort", 4), ("/library/search?q=song", 2), ("/imports", 3), ("/feed", 2),
    ("/notifications", 3), ("/playlists", 2), ("/now-playing", 2), ("/recordings/suggestions", 1),
)  # fmt: skip
SCROBBLES, PLAYLISTS = 0.01, 0.0005
"""Of all that is asked."""
PAGE_TRIES, PAGE_DELAYS_S = 6, (0.6, 1.2, 2.4, 4.8, 6.0)
"""As frontend/src/lib/queryClient.ts has it."""
PLAYER_PATIENCE_S = 90.0
MOST_AT_ONCE = 1_000
"""An API that was killed is away for two and a half seconds, in which some 400 are due: whoever asks waits for it."""
TIMEOUT_S = 30.0
NOBODY = 0


@dataclass(frozen=True)
class Answer:
    """`at_s`: since the soak began; `first`, `last`: statuses, NOBODY where none came; `plain`: a model was away."""

    at_s: float
    seconds: float
    question: str
    first: int
    last: int
    tries: int
    plain: bool | None = None
    last_trouble_s: float = 0.0

    @property
    def failed(self) -> bool:
        return not 200 <= self.last < 300

    @property
    def stumbled(self) -> bool:
        return not 200 <= self.first < 300


class Traffic:
    """Asks at a rate, in the open: whoever is due asks, whether the others have their answers or not."""

    def __init__(self, address: str, people: list[Person], seed: int) -> None:
        self._people = people
        self._chance = random.Random(seed)
        self._client = aiohttp.ClientSession(
            address,
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
            connector=aiohttp.TCPConnector(limit=MOST_AT_ONCE),
        )
        self._began = time.monotonic()
        self.answers: list[Answer] = []
        self.not_asked = 0
        self.taken: dict[int, int] = {}
        """Scrobbles that were taken, by listener."""
        self._sent = 0
        self._first_listen = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(days=700)

    @property
    def now_s(self) -> float:
        return time.monotonic() - self._began

    def begin(self) -> None:
        """Forgets what was measured until now."""
        self._began = time.monotonic()
        self.answers, self.not_asked = [], 0

    async def close(self) -> None:
        await self._client.close()

    async def everything_once(self) -> None:
        """Raises when a question is not one."""
        for path, _ in READS:
            async with self._client.get(f"/api/v1{path}", headers=self._people[0].headers) as answer:
                answer.raise_for_status()

    async def as_fast_as_answered(self, at_once: int, seconds: float) -> float:
        """Questions a second when `at_once` people ask one after the other."""
        ends = time.monotonic() + seconds
        done = 0

        async def somebody() -> None:
            nonlocal done
            while time.monotonic() < ends:
                await self._one()
                done += 1

        await asyncio.gather(*(somebody() for _ in range(at_once)))
        return done / seconds

    async def at_rate(self, per_s: float, seconds: float) -> None:
        began = time.monotonic()
        under_way: set[asyncio.Task[None]] = set()
        for number in range(int(per_s * seconds)):
            await asyncio.sleep(max(0.0, began + number / per_s - time.monotonic()))
            if len(under_way) >= MOST_AT_ONCE:
                self.not_asked += 1
                continue
            task = asyncio.create_task(self._one())
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await asyncio.gather(*under_way)

    async def imports(self, over: asyncio.Event, pause_s: float = 5.0) -> int:
        """Brings a small history and undoes it, over and over, so that the worker has work and no data stay."""
        rounds = 0
        while not over.is_set():
            person = self._people[rounds % len(self._people)]
            end = datetime.now(UTC) - timedelta(days=900)
            body = extended_zip([extended_row(end + timedelta(minutes=4 * at), track=at % 50) for at in range(400)])
            try:
                began = await self._import("POST", "?file_name=more.zip", person, body)
                await self._until(person, began["id"], "done")
                await self._import("DELETE", f"/{began['id']}", person)
                await self._until(person, began["id"], "undone")
                rounds += 1
            except (aiohttp.ClientError, TimeoutError):
                await asyncio.sleep(1.0)  # a fault; what was begun is looked after by the worker
            await asyncio.sleep(pause_s)
        return rounds

    async def _until(self, person: Person, import_id: int, state: str) -> None:
        while (await self._import("GET", f"/{import_id}", person))["state"] != state:
            await asyncio.sleep(0.5)

    async def _import(self, method: str, path: str, person: Person, body: bytes | None = None) -> dict[str, Any]:
        """Raises ClientError, TimeoutError."""
        asked = self._client.request(method, f"/api/v1/imports{path}", data=body, headers=person.headers)
        async with asked as answer:
            answer.raise_for_status()
            told: dict[str, Any] = await answer.json(content_type=None)
            return told

    async def _one(self) -> None:
        person = self._chance.choice(self._people)
        kind = self._chance.random()
        if kind < SCROBBLES:
            await self._scrobble(person)
        elif kind < SCROBBLES + PLAYLISTS:
            body = {"name": "soak", "track_ids": []}
            await self._ask("make a playlist", "POST", "/api/v1/playlists", person.headers, lambda *_: None, json=body)
        else:
            path = self._chance.choices([path for path, _ in READS], [weight for _, weight in READS])[0]
            await self._ask(path, "GET", f"/api/v1{path}", person.headers, _as_the_page)

    async def _scrobble(self, person: Person) -> None:
        self._sent += 1
        told = {"listen_type": "single", "payload": [listen(self._first_listen + timedelta(minutes=6 * self._sent))]}
        last = await self._ask("scrobble", "POST", "/1/submit-listens", person.player, _as_a_player, json=told)
        if last == 200:
            self.taken[person.id] = self.taken.get(person.id, 0) + 1

    async def _ask(
        self,
        question: str,
        method: str,
        path: str,
        headers: dict[str, str],
        wait_s: Callable[[int, int, float], float | None],
        **more: Any,
    ) -> int:
        began = time.monotonic()
        tries, first, trouble = 0, NOBODY, 0.0
        while True:
            tries += 1
            try:
                async with self._client.request(method, path, headers=headers, **more) as answer:
                    status, text = answer.status, await answer.text()
            except (aiohttp.ClientError, TimeoutError):
                status, text = NOBODY, ""
            first = status if tries == 1 else first
            if 200 <= status < 300:
                break
            trouble = self.now_s
            delay = wait_s(status, tries, time.monotonic() - began)
            if delay is None:
                break
            await asyncio.sleep(delay)
        plain = '"is_fallback":true' in text if '"is_fallback":' in text else None
        at_s, took = began - self._began, time.monotonic() - began
        self.answers.append(Answer(at_s, took, question, first, status, tries, plain, trouble))
        return status


def _may_come_back(status: int) -> bool:
    return status in (NOBODY, 502, 503, 504)


def _as_the_page(status: int, tries: int, _: float) -> float | None:
    return PAGE_DELAYS_S[tries - 1] if _may_come_back(status) and tries < PAGE_TRIES else None


def _as_a_player(status: int, _: int, waited_s: float) -> float | None:
    return 2.0 if (_may_come_back(status) or status == 429) and waited_s < PLAYER_PATIENCE_S else None
