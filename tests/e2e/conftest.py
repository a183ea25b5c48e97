"""The whole product for a browser: API, worker, the built page and sign-in on one machine, as `make up` runs them.

TorchServe is away here: what the models answer is proven elsewhere; the page must say so and stay useful.
"""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from platform_api.core.settings import Settings
from platform_api.main import create_app
from platform_api.worker import Worker
from stack.temporary import free_port
from tests.support.browser import NODE, open_browser
from tests.support.histories import bring, extended_row, extended_zip, track_uri, until_done
from tests.support.live import serving
from tests.support.people import Listener

FRONTEND = Path(__file__).parents[2] / "frontend"
PATIENCE_MS = 45_000
WAIT_S = 60


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with its module: Playwright keeps an event loop running, beside which no other test could run one."""
    with open_browser() as browser:
        yield browser


@contextmanager
def working(settings: Settings) -> Iterator[None]:
    """A worker that does what is due until the block ends."""
    worker = Worker(settings)
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(timeout=WAIT_S)


def until_it_answers(address: str) -> None:
    """While a server starts it refuses connections, and may break off those that it took."""
    deadline = time.monotonic() + WAIT_S
    while True:
        try:
            answer = httpx.get(address, timeout=WAIT_S)
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            answer.raise_for_status()
            return


@pytest.fixture
def product(settings: Settings, tmp_path: Path) -> Iterator[str]:
    """The address to open."""
    assert (FRONTEND / "dist" / "index.html").exists(), "the page is not built; `make setup` does it"
    port = free_port()
    settings = settings.model_copy(
        update={"app": settings.app.model_copy(update={"public_url": f"http://127.0.0.1:{port}"})}
    )
    with working(settings), serving(create_app(settings)) as api, (tmp_path / "web.log").open("wb") as log:
        web = subprocess.Popen(
            [NODE, FRONTEND / "node_modules/vite/bin/vite.js", "preview"],
            cwd=FRONTEND,
            env={"PATH": f"{NODE.parent}:/usr/bin:/bin", "WEB_PORT": str(port), "API_URL": api},
            stdout=log,
            stderr=log,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            until_it_answers(address)
            yield address
        finally:
            web.terminate()
            web.wait(timeout=WAIT_S)


EVENING = datetime(2023, 2, 1, 19, 0, tzinfo=UTC)


@pytest.fixture
def ada(product: str, sign_in: Callable[..., Listener]) -> Listener:  # noqa: ARG001
    """Has listened on most evenings of two years; the product's own worker imported it. Song 3 is on two albums."""
    listener = sign_in("ada")
    rows = [
        extended_row(
            EVENING + timedelta(days=day, minutes=4 * at),
            track=(day * at) % 41,
            ms_played=200_000 if (day + at) % 5 else 9_000,
            skipped=(day + at) % 5 == 0,
        )
        for day in range(690)
        if day % 9
        for at in range(1, 5)
    ]
    again: dict[str, Any] = {"spotify_track_uri": track_uri(9003), "master_metadata_album_album_name": "The best of it"}
    rows += [extended_row(EVENING + timedelta(days=day, hours=2), 3, **again) for day in range(0, 60, 10)]
    until_done(listener, bring(listener, extended_zip(rows)))
    return listener


@pytest.fixture
def page(browser: Browser, product: str) -> Iterator[Page]:
    """A page in a browser of its own that reports what broke inside it."""
    expect.set_options(timeout=PATIENCE_MS)
    context = browser.new_context(
        base_url=product, viewport={"width": 1280, "height": 900}, timezone_id="Europe/Prague", accept_downloads=True
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    yield page
    context.close()
    assert not broken, broken
