"""What nobody may say about themselves is refused in every body that the application reads."""

from fastapi.testclient import TestClient

from platform_api.core.settings import Settings
from platform_api.main import create_app
from tests.platform_api.test_authorisation import ask
from tests.support.people import Listener

NOT_ONES_OWN = ("id", "user_id", "author_id", "is_admin", "firebase_uid", "data_version", "created_at")


def routes_with_a_body() -> list[str]:
    """Read from the application itself; scrobblers' bodies below /1 are read by the wire's own rules."""
    paths = create_app(Settings()).openapi()["paths"]
    return [
        f"{method.upper()} {path}"
        for path, operations in paths.items()
        for method, operation in operations.items()
        if "application/json" in operation.get("requestBody", {}).get("content", {}) and not path.startswith("/1/")
    ]


def test_what_is_not_ones_to_say_is_refused_by_name(client: TestClient, listener: Listener) -> None:
    routes = routes_with_a_body()
    assert len(routes) > 15
    body = dict.fromkeys(NOT_ONES_OWN, 1)
    for route in routes:
        answer = ask(client, route, listener.headers, body=body)
        assert answer.status_code == 422, (route, answer.text)
        refused = {error["field"] for error in answer.json()["errors"]}
        assert refused >= {f"body.{field}" for field in NOT_ONES_OWN}, route
