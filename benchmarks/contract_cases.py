"""Thousands of requests made up from the API's own description, chained: `python -m benchmarks.contract_cases`.

Schemathesis makes them (`--cases`, 10,000 at least): every value at its borders, then values at random, valid and
broken, then walks through the API in which one answer's ids are the next question's. A listener with some history asks,
and a worker does what is queued. No answer may be a 5xx, and each must have a status, a content type and a body that
the description names. The limits on how often one may ask are off: they would answer for the rest.
Prints what Schemathesis found and how many requests there were; ends with 1 where one was not as described.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from platform_api.api.deps import limiter_of
from platform_api.core.logging import configure_logging
from platform_api.core.settings import AppSettings, Settings
from platform_api.main import create_app
from platform_api.worker import Worker
from stack.temporary import temporary_auth_emulator, temporary_postgres, temporary_valkey
from tests.conftest import migrate
from tests.support.histories import a_day_of_plays, extended_zip
from tests.support.live import serving
from tests.support.people import Emulator
from tests.support.unlimited import Unlimited

CASES = 10_000
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")
PHASES = "examples,coverage,fuzzing,stateful"
HISTORY = 500
ENDS_THE_ACCOUNT = "delete_account"
"""It would end the one who asks; what it answers is tested with the accounts."""


class Counting:
    """Counts answers by status."""

    def __init__(self, app: ASGIApp, counted: Counter[int]) -> None:
        self._app, self._counted = app, counted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def count(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._counted[message["status"]] += 1
            await send(message)

        await self._app(scope, receive, count)


@contextmanager
def api(folder: Path, counted: Counter[int]) -> Iterator[tuple[str, str]]:
    """(address, authorization) of an API with a listener who has a history; its answers are counted by status."""
    with (
        temporary_postgres(folder / "postgres") as database,
        temporary_valkey(folder / "valkey") as cache,
        temporary_auth_emulator(folder / "auth") as auth,
    ):
        migrate(database)
        settings = Settings.model_validate(
            {
                "app": {"environment": "test"},
                "database": {"url": database, "pool_size": 45},
                "redis": {"url": cache},
                "firebase": {"auth_emulator_host": auth},
                "inference": {"url": "http://127.0.0.1:9", "manifest": folder / "manifest.json"},
                "uploads": {"dir": folder / "uploads", "max_bytes": 1_000_000},
            }
        )
        app = create_app(settings)
        app.dependency_overrides[limiter_of] = Unlimited
        app.add_middleware(Counting, counted=counted)
        worker = Worker(settings)
        working = threading.Thread(target=worker.run)
        with serving(app) as address:
            working.start()
            try:
                yield address, somebody_with_a_history(address, Emulator(auth))
            finally:
                worker.stop()
                working.join(timeout=60)


def somebody_with_a_history(address: str, emulator: Emulator) -> str:
    _, token = emulator.sign_up("contract")
    headers = {"Authorization": f"Bearer {token}"}
    door = f"{address}/api/v1"
    httpx.post(f"{door}/auth/session", json={"time_zone": "UTC"}, headers=headers).raise_for_status()
    body = extended_zip(a_day_of_plays(HISTORY))
    httpx.post(f"{door}/imports?file_name=a.zip", content=body, headers=headers).raise_for_status()
    while httpx.get(f"{door}/imports", headers=headers).json()[0]["state"] != "done":
        time.sleep(0.1)
    return headers["Authorization"]


def operations(address: str) -> int:
    paths = httpx.get(f"{address}/api/v1/openapi.json").json()["paths"]
    return sum(len(methods) for methods in paths.values())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES, help="at least; the walks come on top")
    parser.add_argument("--phases", default=PHASES)
    parser.add_argument("--seed", type=int, default=1)
    given, more = parser.parse_known_args()
    configure_logging(AppSettings(log_level="WARNING"))
    counted: Counter[int] = Counter()
    with tempfile.TemporaryDirectory(prefix="tonearm-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with api(folder, counted) as (address, authorization):
            began, before = time.monotonic(), counted.total()
            verdict = subprocess.run(
                [
                    *(str(Path(sys.executable).parent / "schemathesis"), "run", f"{address}/api/v1/openapi.json"),
                    *("--header", f"Authorization: {authorization}", "--exclude-operation-id", ENDS_THE_ACCOUNT),
                    *("--checks", ",".join(CHECKS), "--phases", given.phases, "--continue-on-failure", "--no-shrink"),
                    *("--max-examples", str(given.cases // operations(address) + 1), "--seed", str(given.seed)),
                    *("--request-timeout", "30", "--suppress-health-check", "all", "--warnings", "off", "--no-color"),
                    *more,
                ],
                cwd=folder,
                check=False,
            )
            asked, took = counted.total() - before, time.monotonic() - began
    statuses = ", ".join(f"{number:,} × {status}" for status, number in sorted(counted.items()))
    print(f"{asked:,} requests in {took:.0f} s: {statuses}")
    return verdict.returncode


if __name__ == "__main__":
    sys.exit(main())
