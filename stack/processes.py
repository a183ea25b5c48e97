"""Which processes are ours, also after their parent died: each carries a mark in its environment.

Supervisor knows its children only. A server whose parent was killed (MLflow's uvicorn, a TorchServe worker) would keep
its port and starve its successor; the mark finds it.
"""

import os
import signal
from pathlib import Path

import psutil

MARK = "TONEARM_PROCESS"


def mark(data: Path, name: str) -> str:
    return f"{data}:{name}"


def marked(data: Path, name: str | None = None) -> list[psutil.Process]:
    """Our processes of this DATA_DIR, all or those of one server, and their children; never the caller itself."""
    wanted = mark(data, name or "")
    found: dict[int, psutil.Process] = {}
    for process in psutil.process_iter():
        try:
            value = process.environ().get(MARK, "")
            if value == wanted or (name is None and value.startswith(wanted)):
                found |= {one.pid: one for one in (process, *process.children(recursive=True))}
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    found.pop(os.getpid(), None)
    return list(found.values())


def end(processes: list[psutil.Process], stop_signal: signal.Signals = signal.SIGTERM, patience_s: float = 5.0) -> None:
    """Asks, waits, then kills; returns when none of them is left."""
    for process in processes:
        _send(process, stop_signal)
    _, alive = psutil.wait_procs(processes, timeout=patience_s)
    for process in alive:
        _send(process, signal.SIGKILL)
    psutil.wait_procs(alive, timeout=patience_s)


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
