"""`.env.example`, `docker-compose.yml` and Settings name the same variables, and the compose file is valid."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from platform_api.core.settings import Settings
from stack.environment import REPLACED_BY, SETTINGS
from stack.ports import DEFAULT_PORTS

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = ROOT / "docker-compose.yml"
SERVER_ONLY = {"WEB_CONCURRENCY"}
"""Read by the API's server, uvicorn, and not by the application."""
STACK_ONLY = {
    "DATA_DIR",
    "WEB_BEHIND_PROXY",
    "TRAINING_DATABASE_URL",
    "TRAINING_DEVICES",
    "MLFLOW_TRACKING_URI",
    *DEFAULT_PORTS,
}
CONTAINERS_ONLY = {"POSTGRES_PASSWORD", "TRAINER_PASSWORD", "WHEELS_INDEX"}


def settings_names() -> set[str]:
    sections: dict[str, type[BaseModel]] = {
        name: field.annotation
        for name, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    }
    return {f"{section}_{name}".upper() for section, model in sections.items() for name in model.model_fields}


def example_names() -> set[str]:
    """Variables of `.env.example`, those behind a comment sign included."""
    return set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))


def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return content


def test_the_example_names_every_setting_and_nothing_unknown() -> None:
    assert example_names() == settings_names() | SERVER_ONLY | STACK_ONLY | CONTAINERS_ONLY


def test_the_embedded_stack_hands_every_setting_on() -> None:
    assert {name for name in settings_names() | SERVER_ONLY if not name.startswith(SETTINGS)} == set()


def test_compose_gives_the_api_and_the_worker_every_setting() -> None:
    services = compose()["services"]
    assert set(services["api"]["environment"]) == settings_names() | SERVER_ONLY
    assert set(services["worker"]["environment"]) == settings_names()


def test_compose_asks_only_for_variables_that_the_example_names() -> None:
    used = set(re.findall(r"(?<!\$)\$\{([A-Z][A-Z0-9_]*)", COMPOSE.read_text()))
    assert used <= example_names()


def test_a_variable_that_replaces_a_server_is_in_the_example() -> None:
    assert {name for names in REPLACED_BY.values() for name in names} <= example_names()


def test_compose_is_valid() -> None:
    """Against the compose specification's own JSON schema."""
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_compose_refers_only_to_what_it_defines() -> None:
    """The schema cannot know this: networks, volumes, dependencies and build files exist."""
    content = compose()
    for name, service in content["services"].items():
        assert set(service.get("networks", [])) <= set(content["networks"]), name
        assert set(service.get("depends_on", {})) <= set(content["services"]), name
        volumes = [volume.split(":")[0] for volume in service.get("volumes", [])]
        named = {volume for volume in volumes if re.fullmatch(r"[a-z]+", volume)}
        assert named <= set(content["volumes"]), name
        build = service.get("build")
        if isinstance(build, dict):
            assert (ROOT / build["dockerfile"]).is_file(), name
        elif build:
            assert (ROOT / build / "Dockerfile").is_file(), name


def test_what_speaks_with_the_outside_can() -> None:
    """An internal network has no way out: Spotify, Deezer, Firebase's keys and accounts."""
    content = compose()
    internal = {name for name, network in content["networks"].items() if network and network.get("internal")}
    for name in ("api", "worker"):
        assert set(content["services"][name]["networks"]) - internal, name
        mounted = [volume.rsplit(":", 2)[1] for volume in content["services"][name]["volumes"]]
        given = content["services"][name]["environment"]["FIREBASE_CREDENTIALS_FILE"]
        assert re.fullmatch(r"\$\{FIREBASE_CREDENTIALS_FILE:\+(.+)\}", given)[1] in mounted  # type: ignore[index]


def test_a_port_of_ones_own_is_enough() -> None:
    services = compose()["services"]
    assert services["api"]["environment"]["APP_PUBLIC_URL"] == "${APP_PUBLIC_URL:-http://127.0.0.1:${WEB_PORT:-7700}}"
    hosts = services["mlflow"]["command"][services["mlflow"]["command"].index("--allowed-hosts") + 1]
    (published,) = services["mlflow"]["ports"]
    assert published.rpartition(":")[0] in hosts.split(",")


def test_torchserve_is_reachable_by_the_api_and_by_training_only() -> None:
    """`POST /workflows` cannot be switched off in TorchServe 0.12: nothing else may share its network."""
    services = compose()["services"]
    assert compose()["networks"]["models"]["internal"] is True
    beside = {name for name, service in services.items() if "models" in service.get("networks", [])}
    assert beside == {"api", "worker", "train", "inference", "inference-gpu"}
    assert not any("ports" in services[name] for name in ("inference", "inference-gpu"))


def test_a_visitor_is_whom_the_proxies_of_our_network_name() -> None:
    """Caddy, the API and the network agree on whom to believe: never on what a visitor claims."""
    ((subnet,),) = (config.values() for config in compose()["networks"]["web"]["ipam"]["config"])
    command = compose()["services"]["api"]["command"]
    assert command[command.index("--forwarded-allow-ips") + 1] == subnet
    assert f"trusted_proxies static {subnet}" in (ROOT / "frontend" / "Caddyfile").read_text()
    seen = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope["client"][0])

    for connected in ("172.30.77.3", "203.0.113.5"):
        headers = [(b"x-forwarded-for", b"8.8.8.8, 198.51.100.7, 172.30.77.1")]
        scope: Any = {"type": "http", "client": (connected, 1), "scheme": "http", "headers": headers}
        asyncio.run(ProxyHeadersMiddleware(app, trusted_hosts=subnet)(scope, None, None))  # type: ignore[arg-type]
    assert seen == ["198.51.100.7", "203.0.113.5"]
