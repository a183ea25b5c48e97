"""`python -m demo make`: the same files again, made once, made anew when half made."""

import hashlib
import json
from pathlib import Path

import pytest

from demo.__main__ import main

ARGUMENTS = ["--seed", "5", "--listeners", "1", "--tracks", "3", "--end", "2026-10-31"]


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_made_twice_it_is_the_same_bytes_and_a_whole_town_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    assert main(["make", "--out", str(one), *ARGUMENTS]) == 0
    assert main(["make", "--out", str(other), *ARGUMENTS]) == 0
    files = digest(one)
    assert files == digest(other)
    assert {"listeners.json", "truth.json", "town.json", "exports/teuila.zip"} <= files.keys()
    assert sum(name.startswith("audio/") for name in files) == 3
    capsys.readouterr()
    assert main(["make", "--out", str(one), *ARGUMENTS[:-2]]) == 0
    assert "already" in capsys.readouterr().out
    (one / "town.json").unlink()
    (one / "exports" / "teuila.zip").write_bytes(b"half")
    assert main(["make", "--out", str(one), *ARGUMENTS]) == 0
    assert digest(one) == files


def test_the_sign_in_file_says_who_is_who(tmp_path: Path) -> None:
    assert main(["make", "--out", str(tmp_path), "--listeners", "1", "--tracks", "1", "--end", "2026-10-31"]) == 0
    people = json.loads((tmp_path / "listeners.json").read_text(encoding="utf-8"))
    assert [person["main"] for person in people] == [False]
    assert people[0].keys() == {"handle", "display_name", "email", "password", "time_zone", "main"}


def test_without_a_town_nobody_can_enter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["enter", "--town", str(tmp_path)]) == 1
    assert "python -m demo make" in capsys.readouterr().out
