"""Which version of each model is served now, read from the manifest that publishing writes.

The file is replaced atomically when a version is switched, so each answer is asked from one version by name: nobody
ever asks for "the newest".
"""

import threading
from pathlib import Path

import structlog
from pydantic import BaseModel, ValidationError

log = structlog.get_logger(__name__)


class PublishedVersion(BaseModel):
    """One archive as published: registry version, file name, and the sha256 of archive and bundle."""

    version: str
    archive: str
    sha256: str
    bundle: str


class PublishedModel(BaseModel):
    current: PublishedVersion
    previous: PublishedVersion | None = None


class PublishedModels(BaseModel):
    models: dict[str, PublishedModel] = {}


class Manifest:
    """The manifest file, re-read whenever it changed. No file means that nothing was published yet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._content = PublishedModels()

    def current(self, model: str) -> PublishedVersion | None:
        """The version of `model` that is to be asked now; None when it was never published."""
        published = self._read().models.get(model)
        return published.current if published else None

    def _read(self) -> PublishedModels:
        with self._lock:
            try:
                status = self._path.stat()
            except FileNotFoundError:
                self._stamp, self._content = None, PublishedModels()
                return self._content
            stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
            if stamp != self._stamp:
                try:
                    self._content = PublishedModels.model_validate_json(self._path.read_bytes())
                except (OSError, ValidationError) as error:
                    # What was published before is still served; a half-copied manifest must not take it away.
                    log.warning("model manifest is unreadable, keeping the one before", error=str(error))
                self._stamp = stamp
            return self._content
