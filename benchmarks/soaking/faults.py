"""What goes wrong in the soak, one thing after the other."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from benchmarks.soaking.place import Running

AWAY_S = 20.0


@dataclass(frozen=True)
class Fault:
    name: str
    happen: Callable[[Running], None]
    """Blocks until it has happened."""


def _kill(name: str) -> Callable[[Running], None]:
    def happen(running: Running) -> None:
        os.kill(running.supervisor.processes()[name].pid, signal.SIGKILL)

    return happen


def _restart(name: str) -> Callable[[Running], None]:
    return lambda running: running.supervisor.restart(name)


def _kill_model_worker(running: Running) -> None:
    server = psutil.Process(running.supervisor.processes()["inference"].pid)
    workers = [child for child in server.children() if "model_service_worker.py" in " ".join(child.cmdline())]
    workers[0].kill()


def _stop_models(running: Running) -> None:
    running.supervisor.stop("inference")
    time.sleep(AWAY_S)
    running.supervisor.start("inference")


FAULTS = (
    Fault("kill -9 the API", _kill("api")),
    Fault("restart PostgreSQL", _restart("database")),
    Fault("kill -9 the worker", _kill("worker")),
    Fault("kill -9 a worker of TorchServe", _kill_model_worker),
    Fault("restart Redis", _restart("cache")),
    Fault(f"stop TorchServe for {AWAY_S:.0f} s", _stop_models),
    Fault("kill -9 TorchServe", _kill("inference")),
)
