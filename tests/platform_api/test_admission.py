"""A rush: how many are let in at once, who waits, who is told to come back, and what a rush leaves behind."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import aiohttp
import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from platform_api.core import admission
from platform_api.core.admission import Admission, Overloaded
from platform_api.core.settings import Settings
from platform_api.main import create_app
from tests.support.live import serving
from tests.support.people import Emulator, sign_in_on

RUSH = 300


class Held:
    """An application with two places, in which questions are answered when the test says so."""

    def __init__(self) -> None:
        self.entered = 0
        self.order: list[int] = []
        self.go = asyncio.Event()
        self.read_on = asyncio.Event()
        self.app = FastAPI()
        self.app.add_middleware(Admission, at_once=2, elsewhere={("GET", "/elsewhere")})
        self.app.get("/held")(self.held)
        self.app.post("/held")(self.held)
        self.app.get("/elsewhere")(self.held)
        self.app.get("/long")(self.long)

    async def held(self, number: int = 0) -> str:
        self.entered += 1
        self.order.append(number)
        await self.go.wait()
        return "answered"

    async def long(self) -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"a"
            await self.read_on.wait()
            yield b"z"

        return StreamingResponse(pieces())

    async def have_entered(self, many: int) -> None:
        while self.entered < many:
            await asyncio.sleep(0.005)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def held() -> Held:
    return Held()


def talk(held: Held) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(held.app), base_url="http://test")


@pytest.mark.anyio
async def test_who_waits_too_long_is_told_to_come_back(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "LONGEST_WAIT_S", 0.05)
    async with talk(held) as client:
        within = [asyncio.create_task(client.get("/held")) for _ in range(2)]
        await held.have_entered(2)
        told = await client.get("/held")
        assert told.status_code == 503
        assert told.json()["type"] == "urn:tonearm:problem:overloaded"  # the page sends a change again for this alone
        assert int(told.headers["retry-after"]) > 0
        assert held.entered == 2
        held.go.set()
        assert [(await one).status_code for one in within] == [200, 200]
        assert (await client.get("/held")).status_code == 200


@pytest.mark.anyio
async def test_who_waits_comes_in_by_turn(held: Held) -> None:
    async with talk(held) as client:
        asked = [asyncio.create_task(client.get(f"/held?number={number}")) for number in range(9)]
        await held.have_entered(2)
        await asyncio.sleep(0.02)
        assert held.entered == 2
        held.go.set()
        assert Counter([(await one).status_code for one in asked]) == {200: 9}
        assert held.order == list(range(9))


@pytest.mark.anyio
async def test_probes_and_uploads_need_no_place(held: Held) -> None:
    async with talk(held) as client:
        asked = [asyncio.create_task(client.get("/held")) for _ in range(2)]
        await held.have_entered(2)
        asked.append(asyncio.create_task(client.get("/elsewhere")))
        await held.have_entered(3)
        held.go.set()
        assert Counter([(await one).status_code for one in asked]) == {200: 3}


@pytest.mark.anyio
async def test_a_slow_body_and_a_slow_reader_keep_nobody_waiting(held: Held) -> None:
    """Four of each, and two places."""
    arrives = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield b"x" * 10
        await arrives.wait()
        yield b"y"

    held.go.set()
    async with talk(held) as client:
        senders = [asyncio.create_task(client.post("/held", content=body())) for _ in range(4)]
        readers = [asyncio.create_task(client.get("/long")) for _ in range(4)]
        await asyncio.sleep(0.05)
        assert [(await client.get("/held")).status_code for _ in range(3)] == [200] * 3
        assert not any(task.done() for task in (*senders, *readers))
        arrives.set()
        held.read_on.set()
        assert Counter([(await one).status_code for one in (*senders, *readers)]) == {200: 8}


def test_a_rush_ends_in_no_standstill(settings: Settings, emulator: Emulator) -> None:
    """Far more at once than there are threads and connections: nobody waits for a connection that never comes."""
    with serving(create_app(settings)) as address:
        with httpx.Client(base_url=address, timeout=60) as client:
            ada = sign_in_on(client, emulator)("ada")  # type: ignore[arg-type]
        told = asyncio.run(rush(f"{address}/api/v1/me", ada.headers))
    assert set(told) <= {"", Overloaded.type_name()}
    assert told[""] > RUSH // 10
    assert sum(told.values()) == RUSH


async def rush(question: str, headers: dict[str, str]) -> Counter[str]:
    """How often what kind of problem was the answer; none is ""."""
    async with aiohttp.ClientSession(headers=headers, connector=aiohttp.TCPConnector(limit=RUSH)) as client:

        async def ask() -> str:
            async with client.get(question) as answer:
                return str((await answer.json(content_type=None)).get("type", ""))

        return Counter(await asyncio.gather(*(ask() for _ in range(RUSH))))
