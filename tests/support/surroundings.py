"""A listener and the clients that a service is handed, without a browser or a sign-in around them."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from platform_api.core.settings import InferenceSettings, Settings
from platform_api.models import User
from platform_api.services.inference.client import InferenceClient
from tests.platform_api.inference.model_server import ModelServer, running_model_server, write_manifest

_numbers = itertools.count()


def new_user(session: Session, *, time_zone: str = "Europe/Prague", may_narrate: bool = True) -> User:
    handle = f"listener{next(_numbers)}"
    user = User(
        firebase_uid=handle,
        handle=handle,
        handle_key=handle,
        display_name="Ada",
        time_zone=time_zone,
        may_narrate=may_narrate,
    )
    session.add(user)
    session.flush()
    session.refresh(user)
    return user


@contextmanager
def served_models(folder: Path, **versions: str) -> Iterator[tuple[InferenceClient, ModelServer]]:
    """A client of a stand-in model server that serves these versions: `served_models(tmp_path, habit="3")`."""
    with running_model_server(folder) as server:
        write_manifest(folder / "manifest.json", versions)
        client = InferenceClient(
            InferenceSettings(
                url=server.url,
                management_url=server.management_url,
                key_file=server.key_file,
                manifest=folder / "manifest.json",
            )
        )
        try:
            yield client, server
        finally:
            client.close()


def settings_without_sign_in(database_url: str, redis_url: str, folder: Path) -> Settings:
    """For jobs and services: the Auth emulator takes its time to start, and nobody signs in here."""
    return Settings.model_validate(
        {
            "app": {"environment": "test"},
            "database": {"url": database_url, "pool_size": 5},
            "redis": {"url": redis_url},
            "inference": {"manifest": folder / "manifest.json", "key_file": folder / "key_file.json"},
        }
    )
