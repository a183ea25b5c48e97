"""Is a server ready? Each probe asks the server itself, in its own language, and answers within a second or two.

A probe returns None when the server is ready, else what is still missing, in words for the status table.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import redis

from stack import accounts

Probe = Callable[[], str | None]
TIMEOUT_S = 2.0
HTTP_OK, HTTP_BAD_REQUEST, HTTP_NOT_FOUND = 200, 400, 404


def libpq(url: str) -> str:
    """SQLAlchemy's address without the driver: what libpq understands."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def database(url: str) -> Probe:
    def probe() -> str | None:
        try:
            with psycopg.connect(libpq(url), connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except psycopg.Error as error:
            return one_line(error)
        return None

    return probe


def cache(url: str) -> Probe:
    def probe() -> str | None:
        try:
            with redis.Redis.from_url(url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S) as client:
                client.ping()
        except redis.RedisError as error:
            return one_line(error)
        return None

    return probe


def http(url: str, headers: Callable[[], dict[str, str]] | None = None) -> Probe:
    """Ready when `url` answers 200."""

    def probe() -> str | None:
        request = urllib.request.Request(url, headers=headers() if headers else {})
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                return None if answer.status == HTTP_OK else f"answers {answer.status}"
        except urllib.error.HTTPError as error:
            return f"answers {error.code}"
        except (urllib.error.URLError, OSError) as error:
            return one_line(error)

    return probe


def auth(address: str, project: str, kept: Path) -> Probe:
    """Ready when the emulator has read back the accounts that were kept."""

    def probe() -> str | None:
        try:
            there, wanted = len(accounts.fetch(address, project)), len(accounts.saved(kept))
        except (urllib.error.URLError, OSError, ValueError) as error:
            return one_line(error)
        return None if there >= wanted else f"has read {there} of {wanted} accounts"

    return probe


def torchserve_workers(ready: Probe, management_url: str, key_file: Path, manifest: Path) -> Probe:
    """Well when `ready` holds and every version that the manifest names has all its workers at work.

    `/ping` is content for five minutes with a worker that cannot come back, and a caller waits for it in vain. What is
    not loaded at all (its archive is missing, say) was told at the start and is not looked for.
    """

    def ask(path: str, token: str) -> Any:
        key = json.loads(key_file.read_text())[token]["key"]
        request = urllib.request.Request(management_url + path, headers={"Authorization": f"Bearer {key}"})
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return json.load(answer)

    def described(model: str, version: str) -> list[dict[str, Any]]:
        path = f"/models/{model}/{version}"
        try:
            try:
                found: list[dict[str, Any]] = ask(path, "management")
            except urllib.error.HTTPError as error:
                if error.code != HTTP_BAD_REQUEST:  # as an expired token is answered
                    raise
                ask("/token?type=management", "API")
                found = ask(path, "management")
        except urllib.error.HTTPError as error:
            if error.code != HTTP_NOT_FOUND:
                raise
            return []
        return found

    def probe() -> str | None:
        missing = ready()
        if missing is not None or not manifest.is_file():
            return missing
        try:
            for model, places in json.loads(manifest.read_bytes())["models"].items():
                for published in filter(None, places.values()):
                    for one in described(model, published["version"]):
                        working = sum(worker["status"] == "READY" for worker in one["workers"])
                        if working < one["minWorkers"]:
                            return f"{model} {published['version']} has {working} of {one['minWorkers']} workers"
        except (urllib.error.URLError, OSError, ValueError, KeyError) as error:
            return one_line(error)
        return None

    return probe


def torchserve(inference_url: str, management_url: str, key_file: Path) -> Probe:
    """Ready when `/ping` says every model has its workers. An expired token is renewed: nothing else renews it."""

    def token(kind: str) -> str:
        return str(json.loads(key_file.read_text())[kind]["key"])

    def ping() -> str | None:
        return http(f"{inference_url}/ping", lambda: {"Authorization": f"Bearer {token('inference')}"})()

    def probe() -> str | None:
        try:
            missing = ping()
            if missing != "answers 400":
                return missing
            renewal = urllib.request.Request(
                f"{management_url}/token?type=inference", headers={"Authorization": f"Bearer {token('API')}"}
            )
            with urllib.request.urlopen(renewal, timeout=TIMEOUT_S) as answer:
                answer.read()
            return ping()
        except FileNotFoundError:
            return "has not written its keys yet"
        except (urllib.error.URLError, OSError, ValueError, KeyError) as error:
            return one_line(error)

    return probe


def one_line(error: BaseException) -> str:
    """What went wrong, as it fits into a sentence or a table."""
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0]
