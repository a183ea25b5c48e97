"""Somebody who uses the product: signed in as a browser is, with a token for a player."""

import time
from typing import Any

import httpx

from tests.support.people import ACCOUNTS, PASSWORD, Emulator

RENEWED_AFTER_S = 30 * 60
PATIENCE_S = 120


class Person:
    """Has an account from the start. `headers` are those of a browser, renewed long before a token ends."""

    def __init__(self, address: str, emulator: Emulator, name: str) -> None:
        self._emulator, self._name = emulator, name
        self._door = f"{address}/api/v1"
        emulator.sign_up(name)
        self._renew()
        session = self._post("/auth/session", json={"time_zone": "Europe/Prague"})
        self.id = int(session["id"])
        self.player = {"Authorization": f"Token {self._post('/tokens', json={'name': 'a player'})['token']}"}

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    def renew(self) -> None:
        """Blocks while the sign-in service answers; called from a thread."""
        if time.monotonic() - self._renewed > RENEWED_AFTER_S:
            self._renew()

    def _renew(self) -> None:
        body = {"email": f"{self._name}@example.org", "password": PASSWORD, "returnSecureToken": True}
        self._token = self._emulator.call(f"{ACCOUNTS}/accounts:signInWithPassword?key=demo", body)["idToken"]
        self._renewed = time.monotonic()

    def bring_and_wait(self, body: bytes) -> None:
        began = self._post("/imports?file_name=history.zip", content=body)
        deadline = time.monotonic() + PATIENCE_S
        while True:
            told = httpx.get(f"{self._door}/imports/{began['id']}", headers=self.headers, timeout=30)
            if told.raise_for_status().json()["state"] == "done":
                return
            if time.monotonic() > deadline:
                raise TimeoutError("the history was not imported")
            time.sleep(0.2)

    def _post(self, path: str, **more: Any) -> dict[str, Any]:
        answer = httpx.post(f"{self._door}{path}", headers=self.headers, timeout=60, **more)
        told: dict[str, Any] = answer.raise_for_status().json()
        return told
