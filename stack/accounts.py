"""The auth emulator forgets its accounts when it dies; this keeps them on disk in the emulator's own import format.

The folder holds `accounts.json`, as in the `auth_export` of `firebase emulators:export`.
"""

import json
import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from stack.environment import Environment
from stack.ports import LOOPBACK


def fetch(address: str, project: str) -> list[dict[str, Any]]:
    """Every account of the running emulator, password hashes included. Raises OSError when it does not answer."""
    request = urllib.request.Request(
        f"{address}/identitytoolkit.googleapis.com/v1/projects/{project}/accounts:batchGet?maxResults=-1",
        headers={"Authorization": "Bearer owner"},
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        users: list[dict[str, Any]] = json.load(answer).get("users", [])
    return users


def link_code(address: str, project: str, email: str) -> str | None:
    """What lets this account choose a new password, once; None where there is no such account. Raises OSError."""
    request = urllib.request.Request(
        f"{address}/identitytoolkit.googleapis.com/v1/projects/{project}/accounts:sendOobCode",
        data=json.dumps({"requestType": "PASSWORD_RESET", "email": email, "returnOobLink": True}).encode(),
        headers={"Authorization": "Bearer owner", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            code: str = json.load(answer)["oobCode"]
    except urllib.error.HTTPError as error:
        if "EMAIL_NOT_FOUND" in error.read().decode():
            return None
        raise
    return code


def prepare(folder: Path) -> None:
    """Makes a valid, at first empty, import folder."""
    folder.mkdir(parents=True, exist_ok=True)
    if not _file(folder).exists():
        save(folder, [])


def saved(folder: Path) -> list[dict[str, Any]]:
    if not _file(folder).exists():
        return []
    users: list[dict[str, Any]] = json.loads(_file(folder).read_text())["users"]
    return users


def save(folder: Path, users: list[dict[str, Any]]) -> None:
    """Replaces the kept accounts at once: a reader sees the old ones or the new ones."""
    partial = folder.with_suffix(f".{os.getpid()}")  # beside the folder, of which the emulator reads every file
    partial.touch(mode=0o600)
    partial.write_text(json.dumps({"kind": "identitytoolkit#DownloadAccountResponse", "users": users}))
    partial.replace(_file(folder))


class Keeper:
    """Saves the accounts of one emulator whenever they changed.

    A fresh emulator answers before it has read its accounts back, so nothing is saved until it holds as many as were
    kept: an early look must not overwrite them with nothing.
    """

    def __init__(self, address: str, project: str, folder: Path) -> None:
        self._address, self._project, self._folder = address, project, folder
        self._process: int | None = None

    def keep(self, process: int) -> bool:
        """`process` is the emulator's pid, by which a restart is noticed. Returns whether something was saved."""
        users, kept = fetch(self._address, self._project), saved(self._folder)
        if process != self._process:
            if len(users) < len(kept):
                return False
            self._process = process
        if users == kept:
            return False
        save(self._folder, users)
        return True


def keeper_of(environment: Environment) -> Keeper:
    return Keeper(
        f"http://{LOOPBACK}:{environment.ports['AUTH_PORT']}",
        environment.variables["FIREBASE_PROJECT_ID"],
        environment.place.data / "auth" / "accounts",
    )


def _file(folder: Path) -> Path:
    return folder / "accounts.json"
