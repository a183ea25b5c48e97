import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from platform_api.core.settings import Settings
from tests.support.surroundings import settings_without_sign_in


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    return folder


@pytest.fixture
def add_file(library: Path) -> Callable[..., Path]:
    """`add_file("a/b.flac", artist=…, title=…, pitch=440)` writes half a second of a tone with these tags."""

    def add(
        name: str, *, artist: str | None, title: str | None, pitch: float = 440.0, album: str = "Tones",
        genre: str | None = None,
    ) -> Path:  # fmt: skip
        path = library / name
        path.parent.mkdir(parents=True, exist_ok=True)
        samples = 0.3 * np.sin(2 * np.pi * pitch * np.arange(8_000) / 16_000)
        written = io.BytesIO()
        with soundfile.SoundFile(written, "w", 16_000, 1, format="FLAC") as file:
            for tag, value in (("artist", artist), ("title", title), ("album", album), ("genre", genre)):
                if value is not None:
                    setattr(file, tag, value)
            file.write(samples)
        path.write_bytes(written.getvalue())
        return path

    return add


@pytest.fixture
def settings(fresh_database: str, redis_url: str, tmp_path: Path) -> Settings:
    return settings_without_sign_in(fresh_database, redis_url, tmp_path)
