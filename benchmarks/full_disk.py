"""The disk under PostgreSQL fills up during an import, and has room again: `python -m benchmarks.full_disk`.

Mounts a small file system (root, Linux), lets the embedded PostgreSQL live on it under a stack of its own, fills it to
the last few megabytes and brings a long history there, while a player scrobbles, a listener reads and one writes. After
`--full-for` seconds the room comes back. Prints what everybody was told and when, and ends with 1 where anything is
lost or double: a scrobble that was taken, a playlist that was made, a row of the history, which is compared with the
same history brought afterwards.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from benchmarks.soaking.people import Person
from benchmarks.soaking.place import Running, running
from tests.support.histories import extended_row, extended_zip, listen

NEEDS = "root, to mount a small disk"
DISK_MB, LEFT_MB = 420, 12
ROWS, TRACKS = 60_000, 5_000
EVERY_S = 0.25
PATIENCE_S = 180
SCROBBLED = "source = 'listenbrainz'"
PLAYS = "SELECT count(*), count(DISTINCT (started_at, track_id)) FROM plays WHERE user_id = %s AND {}"
PLAYLISTS = "SELECT count(*), count(DISTINCT name) FROM playlists WHERE user_id = %s"
MEGABYTE = 1024 * 1024


class Asker:
    """Asks the same kind of thing over and over, and keeps what it was told and when."""

    def __init__(self, ask: Callable[[int], httpx.Response], every_s: float = EVERY_S) -> None:
        self._ask, self._every_s, self._over = ask, every_s, threading.Event()
        self.told: list[tuple[float, int]] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        number = 0
        while not self._over.wait(self._every_s):
            asked = time.monotonic()
            try:
                status = self._ask(number).status_code
            except httpx.TransportError:
                status = 0
            self.told.append((asked, status))
            number += 1

    def stop(self) -> Counter[int]:
        self._over.set()
        self._thread.join()
        return Counter(status for _, status in self.told)


@contextmanager
def small_disk(at: Path) -> Iterator[Path]:
    at.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=755", "tonearm", str(at)], check=True)
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)


def fill(disk: Path) -> Path:
    """A file that leaves LEFT_MB."""
    room = os.statvfs(disk)
    weight = disk / "weight"
    with weight.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize - LEFT_MB * MEGABYTE)
    return weight


def try_it(place: Running, disk: Path, full_for_s: float) -> bool:
    ada, ben, twin = place.people[:3]
    body = extended_zip(
        [extended_row(datetime.now(UTC) - timedelta(days=400, minutes=3 * at), track=at % TRACKS) for at in range(ROWS)]
    )
    first = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(days=200)
    client = httpx.Client(base_url=place.address, timeout=60)

    def scrobble(number: int) -> httpx.Response:
        payload = [listen(first + timedelta(minutes=6 * number))]
        return client.post("/1/submit-listens", json={"listen_type": "single", "payload": payload}, headers=ben.player)

    weight = fill(disk)
    began = time.monotonic()
    started = client.post("/api/v1/imports?file_name=long.zip", content=body, headers=ada.headers)
    print(f"{LEFT_MB} MB left; the upload of {ROWS:,} rows is answered {started.status_code}")
    askers = {
        "scrobbles": Asker(scrobble),
        "playlists made": Asker(
            lambda number: client.post(
                "/api/v1/playlists", json={"name": f"{number}", "track_ids": []}, headers=ben.headers
            ),
            every_s=1.0,  # 120 an hour may be made
        ),
        "reads": Asker(lambda _: client.get("/api/v1/analysis/totals?span=last-28-days", headers=ben.headers)),
    }
    time.sleep(full_for_s)
    seen = client.get("/api/v1/imports", headers=ada.headers)
    print(
        f"while it is full, the imports: {seen.status_code}, {seen.json().get('detail') if seen.is_error else 'told'}"
    )
    weight.unlink()
    room = time.monotonic()
    state = _until_done(client, ada, started) if started.status_code == 202 else "never taken"
    done = time.monotonic()
    counted = {name: asker.stop() for name, asker in askers.items()}
    for name, asker in askers.items():
        troubled = [asked for asked, status in asker.told if not 200 <= status < 300]
        when = f"; the last refusal {max(troubled) - room:+.1f} s from when there was room again" if troubled else ""
        told = ", ".join(f"{number} × {status or 'nobody'}" for status, number in sorted(counted[name].items()))
        print(f"{name:16} {told}{when}")
    print(f"the import: {state}, {done - room:.1f} s after there was room, {done - began:.1f} s after it was brought")
    twin.bring_and_wait(body)
    return _whole(place, (ada, ben, twin), counted)


def _until_done(client: httpx.Client, person: Person, started: httpx.Response) -> str:
    deadline = time.monotonic() + PATIENCE_S
    state = "unknown"
    while time.monotonic() < deadline:
        told = client.get(f"/api/v1/imports/{started.json()['id']}", headers=person.headers)
        state = told.json()["state"] if told.is_success else f"not told ({told.status_code})"
        if state in ("done", "failed"):
            break
        time.sleep(0.25)
    return state


def _whole(place: Running, people: tuple[Person, Person, Person], counted: dict[str, Counter[int]]) -> bool:
    """What was refused may be there all the same, once: the answer was lost and not the change."""
    ada, ben, twin = people
    brought, alone = (place.query(PLAYS.format(f"NOT {SCROBBLED}"), person.id)[0] for person in (ada, twin))
    kept = brought == alone
    print(f"plays of the history {brought[0]}, of its twin {alone[0]}")
    for name, question, taken in (
        ("scrobbles", PLAYS.format(SCROBBLED), counted["scrobbles"][200]),
        ("playlists", PLAYLISTS, counted["playlists made"][201]),
    ):
        ((there, different),) = place.query(question, ben.id)
        print(f"{name} taken {taken}, there {there}, different ones {different}")
        kept = kept and taken <= int(str(different)) and there == different
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full-for", type=float, default=20.0, help="seconds")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tonearm-full-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        with small_disk(folder / "data" / "postgres") as disk, running(folder) as place:
            kept = try_it(place, disk, given.full_for)
            print(f"PostgreSQL stopped {place.log('database').count('PANIC')} times for want of room")
    print("nothing lost, nothing double" if kept else "NOT as it should be")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
