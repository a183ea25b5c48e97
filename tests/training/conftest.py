"""What several tests of the pipeline share."""

from pathlib import Path

import pytest

from training.registry.versions import Registry


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An MLflow store in a file. Creating its tables takes seconds; each test copies them."""
    path = tmp_path_factory.mktemp("mlflow") / "empty.db"
    Registry(f"sqlite:///{path}").client.search_experiments()
    return path
