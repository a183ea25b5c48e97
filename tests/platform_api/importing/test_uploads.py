"""How bytes come in (CHECKS 7): capped by what really arrives, ended when they stand still, never in anybody's way."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import IO

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from platform_api.core.errors import StoreFull
from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from platform_api.main import create_app
from platform_api.models import Job
from platform_api.services.importing.uploads import EmptyUpload, Pace, UploadTooLarge, UploadTooSlow, receive
from platform_api.worker import MOST_ATTEMPTS
from tests.support.histories import a_day_of_plays, bring, extended_zip, work
from tests.support.people import Listener

QUICK = Pace(window_s=0.6, min_bytes=30)


async def arriving(*pieces: bytes, every_s: float = 0.0) -> AsyncIterator[bytes]:
    for piece in pieces:
        await asyncio.sleep(every_s)
        yield piece


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_arrives_is_stored_whole(tmp_path: Path) -> None:
    stored = asyncio.run(receive(arriving(b"abc", b"", b"def"), tmp_path, 100, 6, QUICK))
    assert stored.path.read_bytes() == b"abcdef"
    assert stored.sha256 == "bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721"
    assert files_in(tmp_path) == [stored.path]


@pytest.mark.parametrize("stated", [None, 5, 200])
def test_the_cap_counts_bytes_not_promises(tmp_path: Path, stated: int | None) -> None:
    with pytest.raises(UploadTooLarge):
        asyncio.run(receive(arriving(*[b"x" * 50] * 3), tmp_path, 100, stated, QUICK))
    assert files_in(tmp_path) == []


def test_an_upload_that_stands_still_is_ended(tmp_path: Path) -> None:
    with pytest.raises(UploadTooSlow):
        asyncio.run(receive(arriving(b"x", b"x", every_s=60), tmp_path, 100, None, QUICK))
    assert files_in(tmp_path) == []


def test_a_byte_now_and_then_is_too_slow(tmp_path: Path) -> None:
    with pytest.raises(UploadTooSlow):
        asyncio.run(receive(arriving(*[b"x"] * 100, every_s=0.1), tmp_path, 1000, None, QUICK))


def test_slow_but_steady_is_welcome(tmp_path: Path) -> None:
    stored = asyncio.run(receive(arriving(*[b"x" * 100] * 15, every_s=0.05), tmp_path, 2000, None, QUICK))
    assert stored.bytes == 1500


def test_more_than_an_export_has_is_taken_no_faster_than_others_can_bear(tmp_path: Path) -> None:
    async def seconds(pace: Pace) -> float:
        began = asyncio.get_running_loop().time()
        await receive(arriving(*[b"x" * 100] * 5), tmp_path, 1000, None, pace)
        return asyncio.get_running_loop().time() - began

    measured = Pace(window_s=20, min_bytes=30, first_bytes=200, first_per_s=2000, then_per_s=1000)
    assert asyncio.run(seconds(measured)) >= 0.39  # 200 bytes, then 300


def test_nothing_is_not_an_upload(tmp_path: Path) -> None:
    with pytest.raises(EmptyUpload):
        asyncio.run(receive(arriving(), tmp_path, 100, 0, QUICK))
    assert files_in(tmp_path) == []


def test_a_full_disk_is_said_clearly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`/dev/full` refuses every write as a full disk does; the partial file on the real one is gone."""
    opened = Path.open

    def on_a_full_disk(path: Path, mode: str) -> IO[bytes]:
        opened(path, mode).close()
        return opened(Path("/dev/full"), "wb", buffering=0)

    monkeypatch.setattr(Path, "open", on_a_full_disk)
    with pytest.raises(StoreFull):
        asyncio.run(receive(arriving(b"x"), tmp_path, 100, None, QUICK))
    assert files_in(tmp_path) == []


def test_the_door_answers_with_a_problem_document(listener: Listener, settings: Settings) -> None:
    small = settings.model_copy(update={"uploads": settings.uploads.model_copy(update={"max_bytes": 1000})})
    with TestClient(create_app(small)) as client:
        for content in (b"x" * 2000, iter([b"x" * 600] * 3)):
            answer = client.post("/api/v1/imports?file_name=x.zip", content=content, headers=listener.headers)
            assert answer.status_code == 413
            assert answer.json()["title"] == "This file is too large"
    assert files_in(settings.uploads.dir) == []


def test_without_a_sign_in_not_a_byte_is_read(client: TestClient) -> None:
    answer = client.post("/api/v1/imports?file_name=x.zip", content=extended_zip(a_day_of_plays(2)))
    assert answer.status_code == 401


def test_too_many_waiting_imports_are_refused(listener: Listener, settings: Settings) -> None:
    body = extended_zip(a_day_of_plays(2))
    answers = [listener.post("/imports?file_name=x.zip", content=body).status_code for _ in range(6)]
    assert answers == [202] * 5 + [429]
    assert len(files_in(settings.uploads.dir)) == 5


def test_one_import_too_many_is_refused_before_its_bytes_arrive(listener: Listener) -> None:
    """Whoever asks again under the key of one that waits is told of it as before, though no place is free."""
    body = extended_zip(a_day_of_plays(2))
    arrived: list[bytes] = []

    def sent() -> Iterator[bytes]:
        arrived.append(body)
        yield body

    def bring_one(number: int) -> httpx2.Response:
        once = listener.headers | {"Idempotency-Key": f"the import numbered {number}"}
        return listener.client.post(f"/api/v1/imports?file_name={number}.zip", content=sent(), headers=once)

    answers = [bring_one(number) for number in range(6)]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429]
    assert len(arrived) == 5
    again = bring_one(0)
    assert (again.status_code, again.json()["id"]) == (202, answers[0].json()["id"])


def test_what_a_failed_import_brought_does_not_stay_on_the_disk(
    listener: Listener, settings: Settings, sessions: Sessions
) -> None:
    """An export holds addresses and devices: it is kept for as long as somebody reads it."""
    began = bring(listener, extended_zip(a_day_of_plays(2)))
    assert len(files_in(settings.uploads.dir)) == 1
    with sessions.begin() as session:
        session.execute(update(Job).values(attempts=MOST_ATTEMPTS))
    work(settings)
    assert listener.get(f"/imports/{began['id']}").json()["state"] == "failed"
    assert files_in(settings.uploads.dir) == []
