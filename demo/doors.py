"""The product's doors, seen from outside: the sign-in service's REST interface and the product's own."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ACCOUNTS = "identitytoolkit.googleapis.com/v1/accounts"
MOST_WAITS = 5


class DoorClosed(Exception):
    """The product or its sign-in service answered something that makes going on pointless."""


@dataclass(frozen=True)
class Address:
    """Where the product and its sign-in service are reached."""

    public_url: str
    auth_emulator: str
    api_key: str = "demo-key"


class Guest:
    """One listener, signed in. Paths are below /api/v1."""

    def __init__(self, http: httpx.Client, address: Address, token: str) -> None:
        self._http = http
        self._base = f"{address.public_url}/api/v1"
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **params: Any) -> Any:
        """The JSON of an answer. Raises DoorClosed for any other status than 2xx."""
        return self._call("GET", path, params=params)

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """The same for a request with a JSON body."""
        return self._call(method, path, json=body)

    def upload(self, path: str, file: Path) -> Any:
        """Send a file as the raw body, its name in the query."""
        headers = {"Content-Type": "application/octet-stream"}
        return self._call("POST", path, params={"file_name": file.name}, content=file.read_bytes(), headers=headers)

    def _call(self, method: str, path: str, **request: Any) -> Any:
        headers = {**self._headers, **request.pop("headers", {})}
        for _ in range(MOST_WAITS):
            answer = self._http.request(method, self._base + path, headers=headers, **request)
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
            time.sleep(float(answer.headers.get("Retry-After", "1")))
        if not answer.is_success:
            raise DoorClosed(f"{method} {path} answered {answer.status_code}: {answer.text[:400]}")
        return answer.json() if answer.content else None


def sign_in(http: httpx.Client, address: Address, person: dict[str, Any]) -> Guest:
    """Sign the person up, or in where they are known already. Raises DoorClosed."""
    base = f"http://{address.auth_emulator}/{ACCOUNTS}"
    body = {
        "email": person["email"],
        "password": person["password"],
        "displayName": person["display_name"],
        "returnSecureToken": True,
    }
    answer = http.post(f"{base}:signUp", params={"key": address.api_key}, json=body)
    if answer.status_code == httpx.codes.BAD_REQUEST and "EMAIL_EXISTS" in answer.text:
        answer = http.post(f"{base}:signInWithPassword", params={"key": address.api_key}, json=body)
    if not answer.is_success:
        raise DoorClosed(f"Signing in {person['email']} answered {answer.status_code}: {answer.text[:400]}")
    return Guest(http, address, str(answer.json()["idToken"]))
