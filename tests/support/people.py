"""People for tests: signed up at the real Auth emulator, signed in to the application."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import httpx2
from fastapi.testclient import TestClient

PASSWORD = "a-good-password"
ACCOUNTS = "identitytoolkit.googleapis.com/v1"
_numbers = itertools.count()


@dataclass
class Emulator:
    """The Auth emulator as a browser talks to it. Tokens are kept: signing up once a session is enough."""

    host: str
    project: str = "demo-tonearm"
    _tokens: dict[str, tuple[str, str]] = field(default_factory=dict)

    def sign_up(self, name: str, display_name: str | None = None) -> tuple[str, str]:
        """(uid, ID token) of a person with the address `name@example.org`, who says that `name` is their name."""
        if name not in self._tokens:
            said = name if display_name is None else display_name
            body = {"email": f"{name}@example.org", "password": PASSWORD, "returnSecureToken": True}
            if said:
                body["displayName"] = said
            answer = self.call(f"{ACCOUNTS}/accounts:signUp?key=demo", body)
            self._tokens[name] = (answer["localId"], answer["idToken"])
        return self._tokens[name]

    def sign_up_somebody(self) -> str:
        """A name that nobody had before in this session: for tests that end the account."""
        return f"somebody-{next(_numbers)}"

    def change(self, uid: str, **fields: Any) -> None:
        """As an administrator of the project: `disableUser=True`, `validSince=…` …"""
        self.call(f"{ACCOUNTS}/projects/{self.project}/accounts:update", {"localId": uid, **fields}, owner=True)

    def call(self, path: str, body: dict[str, Any], *, owner: bool = False) -> dict[str, Any]:
        headers = {"Authorization": "Bearer owner"} if owner else {}
        response = httpx.post(f"http://{self.host}/{path}", json=body, headers=headers, timeout=20)
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer


@dataclass
class Listener:
    """Somebody signed in. `get`, `post` … carry the token; paths are below /api/v1."""

    client: httpx2.Client
    uid: str
    token: str
    account: dict[str, Any]

    @property
    def id(self) -> int:
        return int(self.account["id"])

    @property
    def handle(self) -> str:
        return str(self.account["handle"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def request(self, method: str, path: str, **kwargs: Any) -> httpx2.Response:
        headers = {**self.headers, **kwargs.pop("headers", {})}
        return self.client.request(method, f"/api/v1{path}", headers=headers, **kwargs)

    def get(self, path: str, **kwargs: Any) -> httpx2.Response:
        return self.request("GET", path, **kwargs)

    def post(self, path: str, json: Any = None, **kwargs: Any) -> httpx2.Response:
        return self.request("POST", path, json=json, **kwargs)

    def put(self, path: str, json: Any = None, **kwargs: Any) -> httpx2.Response:
        return self.request("PUT", path, json=json, **kwargs)

    def patch(self, path: str, json: Any = None, **kwargs: Any) -> httpx2.Response:
        return self.request("PATCH", path, json=json, **kwargs)

    def delete(self, path: str, **kwargs: Any) -> httpx2.Response:
        return self.request("DELETE", path, **kwargs)


def sign_in_on(client: TestClient, emulator: Emulator) -> Callable[..., Listener]:
    def sign_in(name: str = "ada", time_zone: str = "Europe/Prague") -> Listener:
        uid, token = emulator.sign_up(name)
        listener = Listener(client, uid, token, {})
        answer = listener.post("/auth/session", {"time_zone": time_zone})
        assert answer.status_code == 200, answer.text
        listener.account = answer.json()
        return listener

    return sign_in
