"""The API keeps the contract it publishes: Schemathesis makes requests from it, valid and broken ones.

Bounded: a few cases per operation. `OPENAPI_CASES=200` asks more of it.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from schemathesis import BaseSchema, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from platform_api.core.settings import Settings
from platform_api.main import create_app
from tests.support.live import serving
from tests.support.people import Emulator

CASES = int(os.environ.get("OPENAPI_CASES", "5"))
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]


@pytest.fixture(scope="module")
def address(
    make_database: Callable[[], str],
    redis_server: str,
    emulator: Emulator,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("contract")
    settings = Settings.model_validate(
        {
            "app": {"environment": "test"},
            "database": {"url": make_database(), "pool_size": 45},
            "redis": {"url": redis_server},
            "firebase": {"auth_emulator_host": emulator.host},
            "inference": {"url": "http://127.0.0.1:9", "manifest": folder / "manifest.json"},
            "uploads": {"dir": folder / "uploads", "max_bytes": 1_000_000},
        }
    )
    with serving(create_app(settings)) as address:
        yield address


@pytest.fixture(scope="module")
def authorization(address: str, emulator: Emulator) -> str:
    _, token = emulator.sign_up("contract")
    authorization = f"Bearer {token}"
    answer = httpx.post(
        f"{address}/api/v1/auth/session", json={"time_zone": "UTC"}, headers={"Authorization": authorization}
    )
    assert answer.status_code == 200
    return authorization


@pytest.fixture(scope="module")
def api_contract(address: str) -> BaseSchema:
    return schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")


def operations() -> list[tuple[str, str]]:
    """(method, path) of everything but the end of the account, which must outlive the test."""
    paths = create_app(Settings()).openapi()["paths"]
    named = [(method.upper(), path) for path, methods in paths.items() for method in methods]
    return [operation for operation in named if operation != ("DELETE", "/api/v1/me")]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["valid", "broken"])
@pytest.mark.parametrize(("method", "path"), [pytest.param(*one, id=" ".join(one)) for one in operations()])
def test_every_answer_is_one_that_the_contract_names(
    api_contract: BaseSchema, authorization: str, method: str, path: str, mode: GenerationMode
) -> None:
    operation = api_contract[path][method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @hypothesis_settings(
        max_examples=CASES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    def check(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS, headers={"Authorization": authorization}, timeout=20)

    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query or operation.path_parameters):
        return  # nothing that could be broken
    check()
