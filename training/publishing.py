"""From an archive to what everybody is answered by, and back, without a moment in which nothing answers.

    verify sha256 → copy into the model store → load beside the versions that serve → golden request
    → switch the manifest atomically (the API re-reads it) → keep the previous one warm → drain and drop the one before

Whatever fails before the switch leaves the champion serving and no trace of the newcomer.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from modeling.bundle import file_sha256
from serving.config.render import read_manifest
from training.golden import Golden, WrongAnswer
from training.model_server import ModelServer, ModelServerError
from training.packing import Archive, ArchiveError, read_archive

SLOWEST_S: Mapping[str, float] = {"narrator": 120.0}
"""A first version whose golden answer takes longer is refused; nobody waits that long for what is not named here."""
_USUAL_SLOWEST_S = 5.0
_SLOWER_THAN_CHAMPION = 5.0
"""A later version is measured against its champion in the same minute: a busy machine slows both."""
_NOISE_S = 0.05
"""Two small numbers are not compared by their ratio."""


class PublishError(Exception):
    """A version was not published or not rolled back; what served before serves on. The message says why."""


@dataclass(frozen=True)
class Published:
    """One version as the manifest names it."""

    version: str
    archive: str
    sha256: str
    bundle: str


@dataclass(frozen=True)
class RolledBack:
    """A mark beside the current version, until another one is published."""

    left: str
    """The version that was not good."""
    is_registered: bool
    """The registry knows that the current version is the champion again."""


class ModelStore:
    """The folder of served archives and the manifest that says which version of each model answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._manifest = folder / "manifest.json"

    def current(self, model: str) -> Published | None:
        return self._entry(model, "current")

    def previous(self, model: str) -> Published | None:
        return self._entry(model, "previous")

    def switch(
        self, model: str, current: Published, previous: Published | None, rolled_back: "RolledBack | None" = None
    ) -> None:
        """Replace the manifest in one step: a reader sees the old or the new one, never half of it."""
        content = read_manifest(self._manifest)
        entry = {"current": asdict(current), "previous": asdict(previous) if previous else None}
        content["models"][model] = entry | ({"rolled_back": asdict(rolled_back)} if rolled_back else {})
        draft = self.folder / ".manifest.json.part"
        with draft.open("w") as file:
            json.dump(content, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._manifest)

    def rolled_back(self, model: str) -> "RolledBack | None":
        """That the current version is what a rollback went back to; None where it was published."""
        mark: dict[str, Any] | None = read_manifest(self._manifest)["models"].get(model, {}).get("rolled_back")
        return RolledBack(**mark) if mark else None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One publication at a time; another one waits."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def take(self, archive: Archive) -> Published:
        """Copy an archive in under the name of its version, and check that the copy is the same."""
        name = f"{archive.model}-{archive.version}.mar"
        draft = self.folder / f".{name}.part"
        shutil.copyfile(archive.path, draft)
        if file_sha256(draft) != archive.sha256:
            draft.unlink()
            raise PublishError(f"{archive.path} changed while it was copied")
        draft.replace(self.folder / name)
        return Published(archive.version, name, archive.sha256, archive.bundle)

    def drop(self, published: Published) -> None:
        (self.folder / published.archive).unlink(missing_ok=True)

    def _entry(self, model: str, place: str) -> Published | None:
        entry: dict[str, Any] = read_manifest(self._manifest)["models"].get(model, {})
        return Published(**entry[place]) if entry.get(place) else None


def publish(archive_file: Path, sha256: str, store: ModelStore, server: ModelServer) -> Published:
    """Serve an archive as the current version of its model; `sha256` is what the registry says about it.

    Publishing what already serves checks it again and changes nothing else. Raises PublishError.
    """
    try:
        archive = read_archive(archive_file)
    except ArchiveError as error:
        raise PublishError(str(error)) from error
    if archive.sha256 != sha256:
        raise PublishError(f"{archive_file} is not the archive that was registered: its sha256 differs")
    with store.locked():
        model, current, previous = archive.model, store.current(archive.model), store.previous(archive.model)
        for served in (current, previous):
            if served and served.version == archive.version:
                if served.sha256 != sha256:
                    raise PublishError(f"{model} {archive.version} is already another archive; register a new version")
                _check_again(served, model, store, server)
                if current is not None and served == previous:
                    store.switch(model, previous, current)
                return served
        newcomer = store.take(archive)
        try:
            server.unregister(model, newcomer.version)  # of an earlier attempt that was killed
            server.register(model, newcomer.archive)
            seconds = _golden(newcomer, model, store, server)
            _check_speed(seconds, model, current, store, server)
        except (ModelServerError, WrongAnswer, PublishError) as error:
            _forget(newcomer, model, store, server)
            raise PublishError(f"{model} {newcomer.version} is not published: {error}") from error
        store.switch(model, newcomer, current)
        if previous:
            _retire(previous, model, newcomer, store, server)
        return newcomer


def rollback(model: str, store: ModelStore, server: ModelServer) -> Published:
    """Switch back to the previous version, which is still warm; the current one stays beside it and is marked as left.

    A second rollback would lead to what was left: it is refused. Raises PublishError.
    """
    with store.locked():
        current, previous, mark = store.current(model), store.previous(model), store.rolled_back(model)
        if current is None or previous is None:
            raise PublishError(f"{model} has no previous version to roll back to")
        if mark is not None:
            raise PublishError(
                f"{model} {current.version} serves since it was rolled back from {mark.left}, and nothing older is "
                f"kept. To serve {mark.left} again: make promote MODEL={model} VERSION={mark.left}"
            )
        _check_again(previous, model, store, server)
        store.switch(model, previous, current, RolledBack(left=current.version, is_registered=False))
        return previous


def registered(model: str, store: ModelStore) -> None:
    """The registry was told what a rollback went back to."""
    with store.locked():
        current, mark = store.current(model), store.rolled_back(model)
        if current is not None and mark is not None:
            store.switch(model, current, store.previous(model), replace(mark, is_registered=True))


def _check_again(served: Published, model: str, store: ModelStore, server: ModelServer) -> None:
    """A version of the manifest still answers its golden request; one that the server forgot is loaded anew."""
    path = store.folder / served.archive
    if not path.is_file() or file_sha256(path) != served.sha256:
        raise PublishError(f"{path} is not the archive that was published")
    try:
        if server.describe(model, served.version) is None:
            server.register(model, served.archive)
        _golden(served, model, store, server)
    except (ModelServerError, WrongAnswer) as error:
        raise PublishError(f"{model} {served.version} cannot serve: {error}") from error


def _golden(published: Published, model: str, store: ModelStore, server: ModelServer) -> float:
    return Golden.of(store.folder / published.archive).ask(server, model, published.version, published.bundle)


def _check_speed(
    seconds: float, model: str, champion: Published | None, store: ModelStore, server: ModelServer
) -> None:
    usual = _seconds_of(champion, model, store, server)
    slowest = SLOWEST_S.get(model, _USUAL_SLOWEST_S) if usual is None else _SLOWER_THAN_CHAMPION * usual + _NOISE_S
    if seconds > slowest:
        beside = f", version {champion.version} takes {usual:.3f} s" if champion and usual is not None else ""
        raise PublishError(f"its golden answer takes {seconds:.3f} s, more than {slowest:.3f} s{beside}")


def _seconds_of(champion: Published | None, model: str, store: ModelStore, server: ModelServer) -> float | None:
    """None where there is no champion to compare with: a broken one must not keep its successor out."""
    if champion is None or server.describe(model, champion.version) is None:
        return None
    try:
        return _golden(champion, model, store, server)
    except WrongAnswer:
        return None


def _forget(newcomer: Published, model: str, store: ModelStore, server: ModelServer) -> None:
    store.drop(newcomer)
    try:
        server.unregister(model, newcomer.version)
    except ModelServerError as error:
        # The reason for forgetting is raised by the caller; a dead server keeps nothing anyway.
        print(f"{model} {newcomer.version} could not be unregistered: {error}")


def _retire(old: Published, model: str, newcomer: Published, store: ModelStore, server: ModelServer) -> None:
    try:
        server.make_default(model, newcomer.version)
        server.drain(model, old.version)
        server.unregister(model, old.version)
    except ModelServerError as error:
        # The switch is done and right; the server forgets this version at its next start.
        print(f"{model} {old.version} could not be retired: {error}")
    store.drop(old)
