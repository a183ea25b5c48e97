"""A bundle: everything that decides what a model answers, in one folder that explains and proves itself.

    bundle.json           format, model, spec, sha256 of every other file, sha256 of the code, made_from
    weights.safetensors   the network's tensors (never a pickle)
    golden.json           one request, its answer, and how far a right answer may differ
    …                     whatever else the model needs (vocabulary.json, embeddings.safetensors, …)

`identity` is the sha256 over all of that but `made_from`: two trainings that end in the same bytes are one version.
`load_predictor` is the only door from a bundle to a running model, in evaluation, in tests and in TorchServe.
"""

import ast
import base64
import hashlib
import importlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from safetensors.torch import load_file, save_file

from modeling.errors import BundleError, RequestError

FORMAT = 1
MANIFEST = "bundle.json"
WEIGHTS = "weights.safetensors"
GOLDEN = "golden.json"
MODELS = ("audio_embedder", "habit", "recommender", "narrator")
SAFE_SUFFIXES = {".json", ".safetensors", ".gguf", ".txt"}
_FIELDS = {"format", "model", "spec", "files", "code_sha256", "made_from"}


class Predictor(Protocol):
    """A loaded model. Built by `open_predictor(bundle, device)` of `modeling.<model>.predictor`."""

    def predict(self, requests: Sequence[bytes]) -> list[bytes | RequestError]:
        """One answer per request in the same order: JSON bytes with `model` and `bundle`, or the item's error."""
        ...

    def golden_request(self) -> bytes:
        """A fixed, valid request; its answer is kept in the bundle and asked for at every publication."""
        ...


@dataclass(frozen=True)
class Bundle:
    """A bundle on disk whose files were verified."""

    folder: Path
    model: str
    spec: Mapping[str, Any]
    files: Mapping[str, str]
    """File name → sha256."""
    code_sha256: str
    made_from: Mapping[str, Any]

    @property
    def identity(self) -> str:
        """sha256 over all that decides the answers, as 64 hexadecimal digits."""
        return hashlib.sha256(_canonical({**self._manifest(), "made_from": None})).hexdigest()

    def tensors(self, name: str = WEIGHTS) -> dict[str, torch.Tensor]:
        """The tensors of one safetensors file, on the CPU."""
        self._require(name)
        return load_file(self.folder / name)

    def json(self, name: str) -> Any:
        """The content of one JSON file."""
        return json.loads(self.path(name).read_bytes())

    def path(self, name: str) -> Path:
        """Where a file of the bundle lies. Raises BundleError when the bundle does not have it."""
        self._require(name)
        return self.folder / name

    def _require(self, name: str) -> None:
        if name not in self.files:
            raise BundleError(f"the {self.model} bundle has no {name}")

    def _manifest(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "model": self.model,
            "spec": dict(self.spec),
            "files": dict(self.files),
            "code_sha256": self.code_sha256,
            "made_from": dict(self.made_from),
        }

    @classmethod
    def write(
        cls,
        folder: Path,
        *,
        model: str,
        spec: Mapping[str, Any],
        tensors: Mapping[str, torch.Tensor] | None = None,
        files: Mapping[str, bytes | Path] | None = None,
        made_from: Mapping[str, Any] | None = None,
        golden_tolerance: float = 1e-3,
    ) -> "Bundle":
        """Write a bundle into an empty or absent `folder`, ask it its golden request, and seal it with the answer.

        `spec` and `made_from` hold JSON values. `files` maps names to bytes or to files to copy.
        Raises BundleError when the folder is not empty, a name is not allowed, or the golden request is refused.
        """
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise BundleError(f"{folder} is not empty")
        contents = dict(files or {})
        for name in (*contents, *([WEIGHTS] if tensors is not None else [])):
            _check_name(name)
        if tensors is not None:
            ready = {name: tensor.detach().cpu().contiguous() for name, tensor in sorted(tensors.items())}
            save_file(ready, folder / WEIGHTS)
        for name, content in contents.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.read_bytes())

        def sealed() -> Bundle:
            digests = {path.name: file_sha256(path) for path in sorted(folder.iterdir())}
            # Through JSON and back, so that what was written and what will be read are the same values.
            return cls(folder, model, _plain(spec), digests, code_sha256(model), _plain(made_from or {}))

        golden = _golden(open_predictor(sealed(), torch.device("cpu")), golden_tolerance)
        (folder / GOLDEN).write_bytes(_canonical(golden))
        bundle = sealed()
        (folder / MANIFEST).write_bytes(_canonical(bundle._manifest()))
        return bundle

    @classmethod
    def read(cls, folder: Path) -> "Bundle":
        """Read and verify a bundle; files that it does not name (an archive has some) are ignored.

        Raises BundleError for a missing or unknown key, a missing or altered file, an unknown model,
        or when the code of `modeling` here is not the code that the bundle was sealed with.
        """
        try:
            raw = json.loads((folder / MANIFEST).read_bytes())
        except (OSError, ValueError) as error:
            raise BundleError(f"{folder}: no readable {MANIFEST}: {error}") from error
        if not isinstance(raw, dict) or set(raw) != _FIELDS:
            raise BundleError(f"{folder}: {MANIFEST} must have exactly the keys {sorted(_FIELDS)}")
        if raw["format"] != FORMAT:
            raise BundleError(f"{folder}: format {raw['format']!r}, this code reads format {FORMAT}")
        if not all(isinstance(raw[key], dict) for key in ("spec", "files", "made_from")) or GOLDEN not in raw["files"]:
            raise BundleError(f"{folder}: spec, files and made_from must be objects, and files must name {GOLDEN}")
        bundle = cls(folder, raw["model"], raw["spec"], raw["files"], raw["code_sha256"], raw["made_from"])
        for name, digest in bundle.files.items():
            _check_name(name)
            path = folder / name
            if not path.is_file():
                raise BundleError(f"{folder}: {name} is missing")
            if file_sha256(path) != digest:
                raise BundleError(f"{folder}: {name} is not the file that was sealed")
        if bundle.code_sha256 != code_sha256(bundle.model):
            raise BundleError(f"{folder}: sealed with other code; train it again or run it from its archive")
        return bundle


def open_predictor(bundle: Bundle, device: torch.device) -> Predictor:
    """The predictor of a verified bundle."""
    module = importlib.import_module(f"modeling.{_known(bundle.model)}.predictor")
    predictor: Predictor = module.open_predictor(bundle, device)
    return predictor


def load_predictor(folder: Path, device: str | torch.device = "cpu") -> Predictor:
    """Verify the bundle in `folder` and load it. Raises BundleError rather than serve something doubtful."""
    return open_predictor(Bundle.read(folder), torch.device(device))


def code_files(model: str) -> list[Path]:
    """The sources that run when `model` answers, relative to the folder that holds `modeling/`.

    The model's own folder, this module, and what they import of `modeling`: another model's change is not ours.
    """
    root = Path(__file__).parent.parent
    waiting = [Path(__file__), *(root / "modeling" / _known(model)).rglob("*.py")]
    found: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found |= {
                path,
                *(parent / "__init__.py" for parent in path.parents if parent.is_relative_to(root / "modeling")),
            }
            waiting += _imported(path, root)
    return sorted(path.relative_to(root) for path in found)


def _imported(path: Path, root: Path) -> list[Path]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    places = [root.joinpath(*name.split(".")).with_suffix(".py") for name in names if name.startswith("modeling.")]
    return [place for place in places if place.is_file()]


def code_sha256(model: str) -> str:
    """sha256 over names and contents of `code_files(model)`."""
    root = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for path in code_files(model):
        digest.update(f"{path.as_posix()} {file_sha256(root / path)}\n".encode())
    return digest.hexdigest()


def file_sha256(path: Path) -> str:
    """sha256 of a file's bytes, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _golden(predictor: Predictor, tolerance: float) -> dict[str, Any]:
    request = predictor.golden_request()
    answer = predictor.predict([request])[0]
    if isinstance(answer, RequestError):
        raise BundleError(f"the golden request was refused: {answer.detail}")
    content = json.loads(answer)
    del content["bundle"]  # the identity covers this file, so this file cannot name the identity
    return {"request": base64.b64encode(request).decode(), "answer": content, "tolerance": tolerance}


def _known(model: str) -> str:
    if model not in MODELS:
        raise BundleError(f"unknown model {model!r}; known are {', '.join(MODELS)}")
    return model


def _check_name(name: str) -> None:
    if Path(name).name != name or Path(name).suffix not in SAFE_SUFFIXES or name == MANIFEST:
        raise BundleError(f"{name!r} may not be in a bundle; allowed are plain names ending in {sorted(SAFE_SUFFIXES)}")


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(_canonical(value))
    return plain


def _canonical(value: object) -> bytes:
    return (json.dumps(value, sort_keys=True, indent=1, allow_nan=False) + "\n").encode()
