"""The town enters a real product by its doors: accounts, imports, follows, posts; a second time changes nothing."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from demo.__main__ import main
from demo.doors import Address, sign_in
from platform_api.core.settings import Settings
from platform_api.worker import Worker
from tests.support.people import Emulator

PEOPLE = 3


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    assert main(["make", "--out", str(folder), "--listeners", str(PEOPLE), "--tracks", "1", "--end", "2026-10-31"]) == 0
    return folder


@pytest.fixture
def address(app: FastAPI, settings: Settings, emulator: Emulator) -> Iterator[Address]:
    """The product on a port of its own, with its worker."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    worker = Worker(settings)
    threads = [threading.Thread(target=run, daemon=True) for run in (server.run, worker.run)]
    for thread in threads:
        thread.start()
    while not server.started:
        assert threads[0].is_alive(), "the product did not start"
        time.sleep(0.05)
    yield Address(f"http://127.0.0.1:{port}", emulator.host)
    server.should_exit = True
    worker.stop()
    for thread in threads:
        thread.join(timeout=30)


def enter(town: Path, address: Address) -> None:
    assert main(["enter", "--town", str(town), "--url", address.public_url, "--auth", address.auth_emulator]) == 0


def seen(town: Path, address: Address) -> dict[str, Any]:
    """What each person of the town finds in their account."""
    found = {}
    with httpx.Client(timeout=30) as http:
        for person in json.loads((town / "listeners.json").read_text(encoding="utf-8")):
            guest = sign_in(http, address, person)
            found[person["handle"]] = {
                "account": guest.get("/me"),
                "imports": guest.get("/imports"),
                "posts": guest.get("/feed")["items"],
            }
    return found


def test_everybody_enters_with_every_play_and_only_once(town: Path, address: Address) -> None:
    enter(town, address)
    first = seen(town, address)
    truth = json.loads((town / "truth.json").read_text(encoding="utf-8"))["listeners"]
    assert first.keys() == truth.keys()
    for handle, found in first.items():
        dirt, (ledger,) = truth[handle]["dirt"], found["imports"]
        assert ledger["totals"]["rows"] == truth[handle]["rows"]
        assert ledger["totals"]["skipped"] == dirt["nothing_named"]
        assert ledger["totals"]["broken"] == 0
        assert 0 <= ledger["totals"]["duplicate"] - dirt["exact_duplicates"] <= 3
        assert found["account"]["handle"] == handle
        assert found["account"]["plays"] == ledger["totals"]["accepted"]
    posts = {post["text"]: post for found in first.values() for post in found["posts"]}
    assert {post["author"]["handle"] for post in posts.values()} == {"teuila", "ray"}
    assert all(post["span"] == "2026-10" and post["wrap"]["amounts"]["listens"] > 0 for post in posts.values())
    assert sum(len(post["comments"]) for post in posts.values()) == 1
    enter(town, address)
    again = seen(town, address)
    for handle, found in again.items():
        assert found["imports"] == first[handle]["imports"]
        assert len(found["posts"]) == len(first[handle]["posts"])
        assert found["account"]["plays"] == first[handle]["account"]["plays"]


def test_nobody_at_the_door_is_one_clear_line(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["enter", "--town", str(town), "--url", "http://127.0.0.1:9", "--auth", "127.0.0.1:9"]) == 1
    assert "Nobody answers" in capsys.readouterr().out
