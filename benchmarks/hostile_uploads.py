"""What huge and slow uploads cost everybody else: `python -m benchmarks.hostile_uploads [--seconds N]`.

PostgreSQL, Valkey, the Auth emulator and the API under uvicorn, each started as the stack starts it. A listener with
some history asks at a steady pace, whether answers come or not, and every answer is timed from when it was due. That is
done alone, then beside each of: 2 GB with their length stated; 2 GB without, as fast as they are taken; 25 uploads of
one byte a second at once; and all of it again. Prints the verdict on each upload and the 50th and 99th percentile
beside those alone. The one who sends is on this machine, too, and takes its share; `--mb-per-s` sends no faster.
"""

import argparse
import asyncio
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import numpy as np

from benchmarks.import_speed import packed
from stack.temporary import free_port, temporary_auth_emulator, temporary_postgres, temporary_valkey
from tests.conftest import migrate
from tests.support.people import Emulator

ROOT = Path(__file__).parent.parent
ROWS = 20_000
GIGABYTES = 2
SLOW_AT_ONCE = 25
PER_SECOND = 40
ASKED = ("/analysis/totals", "/analysis/top/tracks", "/plays?limit=50", "/imports")
Verdict = tuple[list[int], float, str]
"""Statuses, after how many seconds, and what else there is to say."""
GIVE_UP_S = 90.0
PIECE = b"x" * 65_536


@contextmanager
def api(folder: Path) -> Iterator[tuple[str, Emulator]]:
    """Address of a running API and the emulator beside it; its worker is done with the import before it is used."""
    with (
        temporary_postgres(folder / "postgres") as database,
        temporary_valkey(folder / "valkey") as cache,
        temporary_auth_emulator(folder / "auth") as auth,
    ):
        migrate(database)
        port = free_port()
        surroundings = {
            **os.environ,
            "APP_ENVIRONMENT": "test",
            "APP_LOG_LEVEL": "WARNING",
            "DATABASE_URL": database,
            "REDIS_URL": cache,
            "FIREBASE_AUTH_EMULATOR_HOST": auth,
            "UPLOADS_DIR": str(folder / "uploads"),
        }
        uvicorn = [sys.executable, "-m", "uvicorn", "--factory", "platform_api.main:app_from_environment"]
        command = [*uvicorn, "--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--no-proxy-headers"]
        server = subprocess.Popen(command, cwd=ROOT, env=surroundings)
        worker = subprocess.Popen([sys.executable, "-m", "platform_api.worker"], cwd=ROOT, env=surroundings)
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(lambda: httpx.get(f"{address}/readyz").status_code == 200)
            yield address, Emulator(auth)
        finally:
            for process in (worker, server):
                process.terminate()
                process.wait(timeout=40)


def _wait_for(true: Callable[[], bool], patience_s: float = 60.0) -> None:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            if true():
                return
        except httpx.TransportError:
            pass
        if time.monotonic() > deadline:
            raise TimeoutError("the API did not come up")
        time.sleep(0.2)


def signed_in(address: str, emulator: Emulator, name: str) -> dict[str, str]:
    _, token = emulator.sign_up(name)
    headers = {"Authorization": f"Bearer {token}"}
    httpx.post(
        f"{address}/api/v1/auth/session", json={"time_zone": "Europe/Prague"}, headers=headers
    ).raise_for_status()
    return headers


def bring_a_history(address: str, headers: dict[str, str]) -> None:
    body, _ = packed(ROWS, seed=1)
    door = f"{address}/api/v1/imports"
    httpx.post(f"{door}?file_name=a.zip", content=body, headers=headers, timeout=60).raise_for_status()
    _wait_for(lambda: httpx.get(door, headers=headers).json()[0]["state"] == "done")


async def answers_timed(address: str, headers: dict[str, str], seconds: int) -> list[float]:
    """Seconds from when each question was due to its whole answer."""
    async with httpx.AsyncClient(base_url=f"{address}/api/v1", headers=headers, timeout=GIVE_UP_S) as client:
        for path in ASKED:
            (await client.get(path)).raise_for_status()
        began = time.perf_counter()

        async def ask(number: int) -> float:
            due = began + number / PER_SECOND
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            answer = await client.get(ASKED[number % len(ASKED)])
            answer.raise_for_status()
            return time.perf_counter() - due

        return list(await asyncio.gather(*map(ask, range(seconds * PER_SECOND))))


def send_huge(address: str, headers: dict[str, str], stated: bool, mb_per_s: float, told: Connection) -> None:
    """Tells what was answered, and how much was taken until then."""
    began = time.monotonic()
    size = GIGABYTES * 1_000_000_000
    with _opened(address, headers, f"Content-Length: {size}" if stated else "Transfer-Encoding: chunked") as door:
        piece = PIECE if stated else b"%x\r\n" % len(PIECE) + PIECE + b"\r\n"
        sent = 0
        try:
            while sent < size:
                door.sendall(piece)
                sent += len(PIECE)
                if stated and sent == len(PIECE):
                    time.sleep(0.2)  # a refusal by the stated length comes before anybody could send the rest
                time.sleep(max(0.0, began + sent / 1e6 / mb_per_s - time.monotonic()))
                if _has_answered(door):
                    break
        except OSError:
            pass
        told.send(([_status(door)], time.monotonic() - began, f"{sent / 1e6:,.0f} MB"))


def send_slowly(address: str, headers: dict[str, str], told: Connection) -> None:
    """Many at once, a byte a second each. Tells what was answered, and how long the last one held."""
    began = time.monotonic()
    doors = [_opened(address, headers, "Content-Length: 1000000") for _ in range(SLOW_AT_ONCE)]
    statuses: list[int] = []
    while doors and time.monotonic() - began < GIVE_UP_S:
        time.sleep(1)
        for door in list(doors):
            with suppress(OSError):
                door.sendall(b"x")
            if _has_answered(door):
                statuses.append(_status(door))
                door.close()
                doors.remove(door)
    told.send((statuses, time.monotonic() - began, f"{len(doors)} still open"))


def _opened(address: str, headers: dict[str, str], length: str) -> socket.socket:
    place = urlsplit(address)
    door = socket.create_connection((place.hostname or "", place.port or 0), timeout=GIVE_UP_S)
    lines = [
        "POST /api/v1/imports?file_name=huge.zip HTTP/1.1", f"Host: {place.netloc}", length,
        *(f"{name}: {value}" for name, value in headers.items()), "", "",
    ]  # fmt: skip
    door.sendall("\r\n".join(lines).encode())
    return door


def _has_answered(door: socket.socket) -> bool:
    door.setblocking(False)
    try:
        return bool(door.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        door.settimeout(GIVE_UP_S)


def _status(door: socket.socket) -> int:
    """0 where the connection ended without an answer."""
    try:
        start = door.recv(4096).split(b" ")
    except OSError:
        return 0
    return int(start[1]) if len(start) > 1 else 0


def beside(
    address: str, headers: dict[str, str], seconds: int, sender: Callable[..., None], *arguments: object
) -> tuple[list[float], list[Verdict]]:
    """Answers while `sender` is at it, again and again where it is done sooner; what each of its rounds was told."""
    context = multiprocessing.get_context("spawn")
    latencies: list[float] = []
    told: list[Verdict] = []
    here, there = context.Pipe()
    process = context.Process(target=over_and_over, args=(seconds, sender, arguments, there))
    process.start()
    here.recv()
    latencies = asyncio.run(answers_timed(address, headers, seconds))
    while (one := here.recv()) is not None:
        told.append(one)
    process.join()
    return latencies, told


def over_and_over(seconds: float, sender: Callable[..., None], arguments: tuple[object, ...], told: Connection) -> None:
    told.send("ready")
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        sender(*arguments, told)
    told.send(None)


def told_in_words(told: list[Verdict]) -> str:
    words = [
        f"{len(statuses)} × {sorted(set(statuses))} after {seconds:.1f} s, {more}" for statuses, seconds, more in told
    ]
    return "; ".join(words[:2]) + (f"; {len(words)} times" if len(words) > 2 else "")


def p99_ms(latencies: Sequence[float]) -> float:
    return float(np.quantile(latencies, 0.99)) * 1000


def change_of_p99(alone: Sequence[float], beside_it: Sequence[float], draws: int = 2000) -> tuple[float, float, float]:
    """What p99 is more than alone, and its interval (95 %, bootstrap over whole seconds: neighbours wait together)."""
    chance = np.random.default_rng(1)
    seconds = [np.array(latencies).reshape(-1, PER_SECOND) for latencies in (alone, beside_it)]
    drawn = [
        [np.quantile(part[chance.integers(len(part), size=len(part))], 0.99) for part in seconds] for _ in range(draws)
    ]
    low, high = np.quantile([with_it / without - 1 for without, with_it in drawn], [0.025, 0.975])
    return p99_ms(beside_it) / p99_ms(alone) - 1, float(low), float(high)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20, help="of each part")
    parser.add_argument("--rounds", type=int, default=4, help="each is alone, then beside each of the others")
    parser.add_argument("--mb-per-s", type=float, default=1e9, help="how fast the huge ones are sent")
    given = parser.parse_args()
    latencies: dict[str, list[float]] = defaultdict(list)
    verdicts: dict[str, list[Verdict]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="tonearm-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with api(folder) as (address, emulator):
            headers, hostile = signed_in(address, emulator, "ada"), signed_in(address, emulator, "mallory")
            bring_a_history(address, headers)
            ask = (address, headers, given.seconds)
            asyncio.run(answers_timed(address, headers, 20))  # a warm cache, as in any minute but the first
            for _ in range(given.rounds):
                latencies["alone"] += asyncio.run(answers_timed(*ask))
                for label, sender, arguments in (
                    (f"{GIGABYTES} GB, length stated", send_huge, (address, hostile, True, given.mb_per_s)),
                    (f"{GIGABYTES} GB, length unknown", send_huge, (address, hostile, False, given.mb_per_s)),
                    (f"{SLOW_AT_ONCE} × 1 byte a second", send_slowly, (address, hostile)),
                ):
                    timed, told = beside(*ask, sender, *arguments)
                    latencies[label] += timed
                    verdicts[label] += told
            left = [path for path in (folder / "uploads").rglob("*") if path.is_file()]
    print(f"{PER_SECOND} questions/s, {given.rounds} × {given.seconds} s each; {len(left)} files left behind")
    for label, timed in latencies.items():
        line = f"{label:24} p50 {statistics.median(timed) * 1000:7.1f} ms   p99 {p99_ms(timed):7.1f} ms"
        if label != "alone":
            change, low, high = change_of_p99(latencies["alone"], timed)
            line += f"   {change:+.0%} ({low:+.0%} to {high:+.0%})   {told_in_words(verdicts[label])}"
        print(line)


if __name__ == "__main__":
    main()
