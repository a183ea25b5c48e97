from pathlib import Path

import pytest
from dotenv import dotenv_values

from stack import environment as environments
from stack.environment import REPLACED_BY
from stack.ports import DEFAULT_PORTS


@pytest.fixture
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No .env of the developer's, no variable of the shell's, a DATA_DIR of its own."""
    for name in (*DEFAULT_PORTS, *(name for names in REPLACED_BY.values() for name in names)):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(environments, "dotenv_values", _only_below(tmp_path))
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))


def _only_below(folder: Path) -> object:
    real = dotenv_values
    return lambda path: real(path) if Path(path).is_relative_to(folder) else {}
