"""Archives that look right from outside: altered inside and sealed again, so that only running them tells."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

from modeling.bundle import file_sha256
from training.packing import Archive, read_archive

Change = Callable[[bytes], bytes]


def forge(archive: Path, out: Path, changes: dict[str, Change]) -> Archive:
    """Apply `changes` to members of an archive; every sha256 inside is made to fit again."""
    with zipfile.ZipFile(archive) as file:
        members = {name: file.read(name) for name in file.namelist()}
    for name, change in changes.items():
        altered = change(members[name])
        assert altered != members[name], f"{name} was to be changed and is not"
        members[name] = altered
    sealed = json.loads(members["bundle.json"])
    sealed["files"] = {name: hashlib.sha256(members[name]).hexdigest() for name in sealed["files"]}
    sealed["code_sha256"] = _code_sha256(members)
    members["bundle.json"] = json.dumps(sealed).encode()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    forged = read_archive(out)
    assert forged.sha256 == file_sha256(out)
    return forged


def _code_sha256(members: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted((name for name in members if name.startswith("modeling/")), key=Path):
        digest.update(f"{name} {hashlib.sha256(members[name]).hexdigest()}\n".encode())
    return digest.hexdigest()
