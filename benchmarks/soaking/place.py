"""A stack of the soak's own, as `make up` starts it, with small real models and a few listeners in it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psycopg

from benchmarks.soaking.people import Person
from stack.environment import ROOT, Place, recorded
from stack.ports import LOOPBACK
from stack.probes import libpq
from stack.supervisor import Supervisor
from tests.support.histories import extended_row, extended_zip
from tests.support.people import Emulator
from tests.support.tiny_habit import tiny_habit
from tests.support.tiny_recommender import tiny_recommender
from training.model_server import ModelServer
from training.packing import pack
from training.publishing import ModelStore, publish

WANTED = "inference,api,worker,watch"
LISTENERS = 8
ROWS = 3_000
TRACKS = 200


@dataclass(frozen=True)
class Running:
    """The stack, and the people in it."""

    data: Path
    variables: dict[str, str]
    people: list[Person]

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.variables['API_PORT']}"

    @property
    def supervisor(self) -> Supervisor:
        return Supervisor(Place(self.data))

    def query(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(libpq(self.variables["DATABASE_URL"])) as connection:
            return connection.execute(statement, values).fetchall()

    def log(self, name: str) -> str:
        return (self.data / "logs" / f"{name}.log").read_text(errors="replace")


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    """Everything up, published and imported; everything stopped at the end, whatever happened."""
    data = folder / "data"
    data.mkdir(exist_ok=True)
    try:
        _command(data, "up", "--only", WANTED)
        variables = recorded(Place(data))
        emulator = Emulator(variables["FIREBASE_AUTH_EMULATOR_HOST"])
        address = f"http://{LOOPBACK}:{variables['API_PORT']}"
        people = [Person(address, emulator, f"soak-{number}") for number in range(LISTENERS)]
        now = datetime.now(UTC).replace(microsecond=0)
        for number, person in enumerate(people):
            person.bring_and_wait(extended_zip(history(now, number)))
        running = Running(data, variables, people)
        _publish(folder, running)
        yield running
    finally:
        _command(data, "down")


def history(now: datetime, number: int) -> list[dict[str, object]]:
    """Ends yesterday, forty minutes from play to play; everybody has an order of their own."""
    return [
        extended_row(now - timedelta(days=1, minutes=40 * at + number), track=(at * (2 * number + 3)) % TRACKS)
        for at in range(ROWS)
    ]


def _publish(folder: Path, running: Running) -> None:
    """A habit model and a recommender that know this catalogue: untrained, served as any other."""
    artists = running.query("SELECT id, key FROM artists ORDER BY id LIMIT 3")
    tracks = [
        str(key)
        for artist_id, _ in artists
        for (key,) in running.query("SELECT key FROM tracks WHERE artist_id = %s ORDER BY id LIMIT 3", artist_id)
    ]
    variables = running.variables
    key_file = Path(variables["INFERENCE_KEY_FILE"])
    server = ModelServer(variables["INFERENCE_URL"], variables["INFERENCE_MANAGEMENT_URL"], key_file)
    store = ModelStore(Path(variables["INFERENCE_MANIFEST"]).parent)
    for bundle in (
        tiny_habit(folder / "habit"),
        tiny_recommender(folder / "recommender", tracks, [str(key) for _, key in artists]),
    ):
        archive = pack(bundle, "1", folder / f"{bundle.model}-1.mar")
        publish(archive.path, archive.sha256, store, server)


def _command(data: Path, *arguments: str) -> None:
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment |= {"DATA_DIR": str(data), "INFERENCE_MANIFEST": str(data / "model_store" / "manifest.json")}
    subprocess.run([sys.executable, "-m", "stack", *arguments], cwd=ROOT, env=environment, check=True)


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False
