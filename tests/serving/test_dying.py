"""Workers of TorchServe that die: one under load costs its batch at most, one that cannot come back is noticed."""

import logging
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event

import psutil
import pytest

from serving.config.render import BATCHING
from stack import watch as watching
from stack.environment import Place
from stack.processes import marked
from stack.servers import Server
from stack.supervisor import Process, Supervisor
from stack.temporary import running
from stack.watch import Watch
from tests.support.tiny_habit import tiny_habit
from tests.support.tiny_models import tiny_archive, tone
from tests.support.torchserve import Serving, torchserve_in
from training.packing import pack
from training.publishing import publish

MODEL, CLIENTS = "audio_embedder", 24


class OneServer(Supervisor):
    """Stands in for supervisor: one server, really stopped and started."""

    def __init__(self, server: Server, folder: Path) -> None:
        super().__init__(Place(folder))
        self._server, self._folder, self._run = server, folder, ExitStack()
        self.restarted = 0

    def start(self, name: str) -> None:  # noqa: ARG002
        self._run.enter_context(running(self._server, self._folder))

    def stop(self, name: str) -> None:  # noqa: ARG002
        self._run.close()

    def restart(self, name: str) -> None:
        self.restarted += 1
        super().restart(name)

    def processes(self) -> dict[str, Process]:
        pid = next(process.pid for process in marked(self._folder, "inference"))
        return {"inference": Process("inference", "RUNNING", pid, 1)}


def worker_of(serving: Serving, model: str) -> int:
    described = serving.server.describe(model, "1")
    assert described is not None
    return int(described["workers"][0]["pid"])


def test_a_worker_killed_under_load_costs_its_batch_at_most_and_one_that_cannot_come_back_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server, serving = torchserve_in(tmp_path)
    supervisor = OneServer(server, tmp_path)
    supervisor.start("inference")
    try:
        for archive in (
            tiny_archive(tmp_path, "1"),
            pack(tiny_habit(tmp_path / "habit"), "1", tmp_path / "habit-1.mar"),
        ):
            publish(archive.path, archive.sha256, serving.store, serving.server)
        a_worker_is_killed_under_load(serving)
        assert server.well is not None
        wait_until_well(server)

        a_worker_cannot_come_back(serving)
        assert server.ready() is None, "TorchServe itself says for five minutes that all is well"
        monkeypatch.setattr(watching, "UNWELL_S", 1.0)
        monkeypatch.setattr(watching, "WATCHED", ("inference",))
        watch = Watch({"inference": server}, supervisor)
        watch._health["inference"] = watching.Health(supervisor.processes()["inference"].pid, was_ready=True)
        deadline = time.monotonic() + 120
        with caplog.at_level(logging.ERROR, "stack.watch"):
            while not supervisor.restarted:
                assert time.monotonic() < deadline
                watch.look()
                time.sleep(0.2)
        assert "ALARM inference runs and is not ready" in caplog.text
        assert f"({MODEL} 1 has 0 of 1 workers)" in caplog.text
        wait_until_well(server)
        watch.look()
        assert serving.server.predict(MODEL, "1", tone(1.0)).status == 200
        assert supervisor.restarted == 1
    finally:
        supervisor.stop("inference")


def a_worker_is_killed_under_load(serving: Serving) -> None:
    over = Event()

    def client(_: int) -> list[int]:
        seen: list[int] = []
        while not over.is_set():
            seen.append(serving.server.predict(MODEL, "1", tone(1.0)).status)
        return seen

    killed = worker_of(serving, MODEL)
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(client, number) for number in range(CLIENTS)]
        try:
            time.sleep(0.5)
            os.kill(killed, signal.SIGKILL)
            deadline = time.monotonic() + 60
            while worker_of(serving, MODEL) == killed:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        finally:
            over.set()
    statuses = [status for each in clients for status in each.result()]
    failed = [status for status in statuses if status != 200]
    assert len(failed) <= BATCHING[MODEL].batch_size
    assert len(statuses) - len(failed) >= CLIENTS


def a_worker_cannot_come_back(serving: Serving) -> None:
    pid = worker_of(serving, MODEL)
    unpacked = Path(psutil.Process(pid).cwd())
    (unpacked / "modeling" / MODEL / "predictor.py").write_text("raise SystemExit(1)")
    os.kill(pid, signal.SIGKILL)


def wait_until_well(server: Server) -> None:
    deadline = time.monotonic() + 120
    assert server.well is not None
    while server.well() is not None:
        assert time.monotonic() < deadline
        time.sleep(0.2)
