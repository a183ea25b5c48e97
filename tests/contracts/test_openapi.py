"""The API keeps the contract it publishes: Schemathesis makes requests from it, valid and broken ones.

Bounded: a few cases per operation and a few walks; `python -m benchmarks.contract_cases` asks 10,000 times.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings
from schemathesis import BaseSchema, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from platform_api.api.deps import limiter_of
from platform_api.core.settings import Settings
from platform_api.main import create_app
from tests.support.histories import a_day_of_plays, bring, extended_zip, work
from tests.support.live import serving
from tests.support.people import Emulator, Listener
from tests.support.unlimited import Unlimited

CASES = int(os.environ.get("OPENAPI_CASES", "5"))
WALKS, STEPS = 25, 8
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]


@pytest.fixture(scope="module")
def contract_settings(
    make_database: Callable[[], str],
    redis_server: str,
    emulator: Emulator,
    tmp_path_factory: pytest.TempPathFactory,
) -> Settings:
    folder: Path = tmp_path_factory.mktemp("contract")
    return Settings.model_validate(
        {
            "app": {"environment": "test"},
            "database": {"url": make_database(), "pool_size": 45},
            "redis": {"url": redis_server},
            "firebase": {"auth_emulator_host": emulator.host},
            "inference": {"url": "http://127.0.0.1:9", "manifest": folder / "manifest.json"},
            "uploads": {"dir": folder / "uploads", "max_bytes": 1_000_000},
        }
    )


@pytest.fixture(scope="module")
def address(contract_settings: Settings) -> Iterator[str]:
    app = create_app(contract_settings)
    app.dependency_overrides[limiter_of] = Unlimited
    with serving(app) as address:
        yield address


@pytest.fixture(scope="module")
def authorization(address: str, emulator: Emulator) -> str:
    return signed_in(address, emulator, "contract")


def signed_in(address: str, emulator: Emulator, name: str) -> str:
    _, token = emulator.sign_up(name)
    authorization = f"Bearer {token}"
    answer = httpx.post(
        f"{address}/api/v1/auth/session", json={"time_zone": "UTC"}, headers={"Authorization": authorization}
    )
    assert answer.status_code == 200
    return authorization


@pytest.fixture(scope="module")
def api_contract(address: str) -> BaseSchema:
    return schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")


def operations() -> Iterator[tuple[str, str, GenerationMode]]:
    """Everything but the end of the account, which must outlive the test; broken where there is something to break."""
    for path, methods in create_app(Settings()).openapi()["paths"].items():
        for method, operation in methods.items():
            if (method, path) == ("delete", "/api/v1/me"):
                continue
            yield method.upper(), path, GenerationMode.POSITIVE
            if "requestBody" in operation or any(each["in"] != "header" for each in operation.get("parameters", [])):
                yield method.upper(), path, GenerationMode.NEGATIVE


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [pytest.param(*one, id=f"{one[0]} {one[1]} {one[2].value}") for one in operations()],
)
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
    def check(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS, headers={"Authorization": authorization}, timeout=20)

    check()


def test_what_one_answer_names_can_be_asked_about(
    api_contract: BaseSchema, address: str, emulator: Emulator, contract_settings: Settings
) -> None:
    """Walks in which one answer's ids are the next question's: made, read, changed, removed, asked for again."""
    walks = api_contract.exclude(method="DELETE", path="/api/v1/me").as_state_machine()

    class Walk(walks):  # type: ignore[misc, valid-type]
        def setup(self) -> None:
            """A listener of its own: what a walk is told must not depend on the walks before it."""
            self.authorization = signed_in(address, emulator, emulator.sign_up_somebody())
            with httpx2.Client(base_url=address) as client:
                bring(Listener(client, "", self.authorization.removeprefix("Bearer "), {}), history)
            work(contract_settings)

        def get_call_kwargs(self, _: schemathesis.Case[Any]) -> dict[str, object]:
            return {"headers": {"Authorization": self.authorization}, "timeout": 20}

        def validate_response(self, response: schemathesis.Response, case: schemathesis.Case[Any], **_: object) -> None:
            case.validate_response(response, checks=CHECKS)

    history = extended_zip(a_day_of_plays(200))
    seed(1)(Walk)
    Walk.run(
        settings=hypothesis_settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
    )
