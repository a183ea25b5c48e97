"""Bundle + handler + the code that it was sealed with → one `.mar` for TorchServe. The same input gives the same bytes.

MAR-INF/MANIFEST.json   what TorchServe reads: name, version, handler
<model>.py              the handler
serving/, modeling/     the sources that run, so that an old archive keeps answering with its own code
bundle.json, weights.safetensors, golden.json, …
"""

import hashlib
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import serving
from modeling.bundle import MANIFEST, Bundle, code_files, file_sha256

_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest a ZIP can say: an archive must not depend on when it was packed."""
_SERVING = Path(serving.__file__).parent


SHARED_BY_HANDLERS = (Path("serving/__init__.py"), Path("serving/batches.py"))


class ArchiveError(Exception):
    """An archive cannot be packed, or is not what its sha256 or its manifest says."""


@dataclass(frozen=True)
class Archive:
    """A packed archive and what proves it."""

    path: Path
    model: str
    version: str
    sha256: str
    bundle: str
    """Identity of the bundle inside."""


def pack(bundle: Bundle, version: str, out: Path) -> Archive:
    """Write the archive of `bundle` as `version` (a whole number as text, as the registry counts) to `out`.

    Raises ArchiveError for another kind of version or a model without a handler.
    """
    _check_version(version)
    handler = _SERVING / "handlers" / f"{bundle.model}.py"
    if not handler.is_file():
        raise ArchiveError(f"{bundle.model} has no handler in serving/handlers")
    repository = _SERVING.parent
    entries = {
        "MAR-INF/MANIFEST.json": _torchserve_manifest(bundle.model, version, handler.name),
        handler.name: handler.read_bytes(),
        MANIFEST: _without_provenance(bundle),
    }
    entries |= {name: bundle.path(name).read_bytes() for name in bundle.files}
    for path in (*SHARED_BY_HANDLERS, *code_files(bundle.model)):
        entries[path.as_posix()] = (repository / path).read_bytes()
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = out.with_name(f".{out.name}.part")
    with zipfile.ZipFile(draft, "w") as archive:
        for name in sorted(entries):
            archive.writestr(_entry(name), entries[name])
    draft.replace(out)
    return Archive(out, bundle.model, version, file_sha256(out), bundle.identity)


def serving_code_sha256(model: str) -> str:
    """sha256 over what decides an archive's bytes and its bundle does not seal: the handler, what handlers share, and
    this module; a change of either is another version."""
    digest = hashlib.sha256()
    packing = Path("training/packing.py")
    for path in (*SHARED_BY_HANDLERS, Path("serving/handlers") / f"{model}.py", packing):
        digest.update(f"{path.as_posix()} {file_sha256(_SERVING.parent / path)}\n".encode())
    return digest.hexdigest()


def read_archive(path: Path) -> Archive:
    """What an archive says about itself. Raises ArchiveError when it is no archive of ours or a member is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            if damaged := archive.testzip():
                raise ArchiveError(f"{path}: {damaged} is damaged")
            about = json.loads(archive.read("MAR-INF/MANIFEST.json"))["model"]
            sealed = json.loads(archive.read(MANIFEST))
            model, version = str(about["modelName"]), str(about["modelVersion"])
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise ArchiveError(f"{path} is not a readable archive: {error}") from error
    if sealed.get("model") != model:
        raise ArchiveError(f"{path} is named {model} but holds a bundle of {sealed.get('model')}")
    _check_version(version)
    bundle = Bundle(path.parent, model, sealed["spec"], sealed["files"], sealed["code_sha256"], sealed["made_from"])
    return Archive(path, model, version, file_sha256(path), bundle.identity)


def unpack(path: Path, folder: Path) -> Path:
    """Unpack into an absent or empty `folder` as TorchServe would, and return it. Names that leave it are refused."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not (folder / name).resolve().is_relative_to(folder.resolve()):
                raise ArchiveError(f"{path}: {name!r} lies outside the archive")
        archive.extractall(folder)
    return folder


def _without_provenance(bundle: Bundle) -> bytes:
    """The bundle's manifest less `made_from`, which the registry keeps: it is no part of the bundle's identity, so two
    trainings that end in the same bundle must end in the same archive."""
    manifest = json.loads((bundle.folder / MANIFEST).read_bytes())
    return json.dumps({**manifest, "made_from": {}}, indent=1, sort_keys=True).encode()


def _check_version(version: str) -> None:
    if not version.isascii() or not version.isdigit() or version.startswith("0"):
        raise ArchiveError(f"version {version!r} is not a whole number from 1")


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    # Stored: tensors hardly shrink, and compressed bytes would depend on the zlib of the machine.
    entry.compress_type = zipfile.ZIP_STORED
    return entry


def _torchserve_manifest(model: str, version: str, handler: str) -> bytes:
    content = {
        "createdOn": "01/01/1980 00:00:00",
        "runtime": "python",
        "model": {"modelName": model, "handler": handler, "modelVersion": version},
        "archiverVersion": "0.12.0",
    }
    return json.dumps(content, indent=1, sort_keys=True).encode()
