"""The operator says who may make an account here; whoever has one keeps it."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from platform_api.core.settings import AppSettings, Settings
from platform_api.main import create_app
from tests.support.people import Emulator, Listener, sign_in_on


def with_door(settings: Settings, registration: str) -> TestClient:
    app = settings.app.model_copy(update={"registration": registration})
    return TestClient(create_app(settings.model_copy(update={"app": app})))


def opened(client: TestClient, emulator: Emulator, name: str) -> int:
    _, token = emulator.sign_up(name)
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.post("/api/v1/auth/session", json={"time_zone": "UTC"}, headers=headers)
    if answer.status_code == 403:
        assert "ask" in answer.json()["detail"]
    return answer.status_code


def test_a_closed_door_lets_nobody_new_in(
    sign_in: Callable[..., Listener], settings: Settings, emulator: Emulator
) -> None:
    sign_in("ada")
    with with_door(settings, "closed") as client:
        assert client.get("/api/v1/config").json()["takes_new_accounts"] is False
        assert [opened(client, emulator, name) for name in ("ada", "ben")] == [200, 403]
        assert sign_in_on(client, emulator)("ada").get("/me").status_code == 200


def test_a_list_lets_in_whom_it_names(settings: Settings, emulator: Emulator) -> None:
    with with_door(settings, "ADA@example.org, cleo@example.org") as client:
        assert client.get("/api/v1/config").json()["takes_new_accounts"] is True
        assert [opened(client, emulator, name) for name in ("ada", "ben", "cleo")] == [200, 403, 200]


@pytest.mark.parametrize("wrong", ["shut", "ada", "ada@example.org,ben"])
def test_a_word_that_says_nothing_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError, match="APP_REGISTRATION"):
        AppSettings(registration=wrong)
    assert AppSettings().may_register(None)
    assert not AppSettings(registration="closed").may_register("ada@example.org")
