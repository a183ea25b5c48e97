"""One TorchServe for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.torchserve import Serving, temporary_torchserve


@pytest.fixture(scope="session")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with temporary_torchserve(Path(tmp_path_factory.mktemp("serving"))) as serving:
        yield serving
