"""A packed archive answers as the bundle did before it was packed, by its own code, and is always the same bytes."""

import base64
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from modeling.bundle import Bundle, load_predictor
from modeling.errors import RequestError
from tests.support.tiny_models import tiny_archive, tiny_embedder, tone
from training.archived import archived_predictor
from training.golden import first_difference
from training.packing import ArchiveError, pack, read_archive, unpack

HANDLER_PROGRAM = Path(__file__).parent / "run_handler.py"


def test_the_same_bundle_packs_to_the_same_bytes(tmp_path: Path) -> None:
    first = tiny_archive(tmp_path / "a", "1")
    again = tiny_archive(tmp_path / "b", "1")
    assert first.path.read_bytes() == again.path.read_bytes()
    assert tiny_archive(tmp_path / "c", "2", seed=1).sha256 != first.sha256
    assert read_archive(first.path) == first


def test_where_a_bundle_comes_from_changes_nothing_in_its_archive(tmp_path: Path) -> None:
    first, again = tiny_embedder(tmp_path / "a"), tiny_embedder(tmp_path / "b")
    manifest = json.loads((again.folder / "bundle.json").read_text())
    (again.folder / "bundle.json").write_text(json.dumps({**manifest, "made_from": {"max_seconds": 99}}))
    archives = [pack(Bundle.read(one.folder), "1", one.folder.with_suffix(".mar")) for one in (first, again)]
    assert archives[0].sha256 == archives[1].sha256


def test_the_handler_out_of_the_archive_equals_the_predictor(tmp_path: Path) -> None:
    archive = tiny_archive(tmp_path, "1")
    predictor = load_predictor(tmp_path / "bundle-1")
    rows = [tone(3.0), b"not audio", tone(0.5, hertz=880), b"", tone(7.0, rate=44_100, channels=2, kind="FLAC")]
    expected = predictor.predict(rows)

    folder = unpack(archive.path, tmp_path / "unpacked")
    given = json.dumps({"rows": [base64.b64encode(row).decode() for row in rows]})
    command = [sys.executable, "-I", str(HANDLER_PROGRAM), str(folder)]
    finished = subprocess.run(command, input=given, capture_output=True, text=True, check=True, cwd=tmp_path)
    result = json.loads(finished.stdout.splitlines()[-1])

    assert Path(result["code"]).is_relative_to(folder)
    assert len(result["answers"]) == len(rows)
    for (status, encoded), answer in zip(result["answers"], expected, strict=True):
        body = json.loads(base64.b64decode(encoded))
        if isinstance(answer, RequestError):
            assert (status, body) == (answer.status, {"status": answer.status, "detail": answer.detail})
        else:
            assert status == 200
            assert first_difference(json.loads(answer), body, 1e-5) is None


def test_an_archive_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    archive = tiny_archive(tmp_path, "1")
    predictor = load_predictor(tmp_path / "bundle-1")
    with archived_predictor(archive.path) as archived:
        assert archived.golden_request() == predictor.golden_request()
        good, bad = archived.predict([tone(2.0), b"not audio"])
    expected_good, expected_bad = predictor.predict([tone(2.0), b"not audio"])
    assert isinstance(good, bytes)
    assert isinstance(expected_good, bytes)
    assert first_difference(json.loads(expected_good), json.loads(good), 1e-5) is None
    assert isinstance(bad, RequestError)
    assert isinstance(expected_bad, RequestError)
    assert (bad.status, bad.detail) == (expected_bad.status, expected_bad.detail)


@pytest.mark.parametrize("version", ["", "0", "01", "1.0", "v1", "-1", "٣"])
def test_a_version_is_a_whole_number(tmp_path: Path, version: str) -> None:
    bundle = tiny_embedder(tmp_path / "bundle")
    with pytest.raises(ArchiveError, match="whole number"):
        pack(bundle, version, tmp_path / "x.mar")


def test_an_altered_member_is_refused(tmp_path: Path) -> None:
    archive = tiny_archive(tmp_path, "1").path
    content = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as file:
        weights = file.getinfo("weights.safetensors")
    content[weights.header_offset + 200] ^= 1
    archive.write_bytes(content)
    with pytest.raises(ArchiveError):
        read_archive(archive)


def test_a_name_that_leaves_the_archive_is_refused(tmp_path: Path) -> None:
    evil = tmp_path / "evil.mar"
    with zipfile.ZipFile(evil, "w") as file:
        file.writestr("../outside.txt", "x")
    with pytest.raises(ArchiveError, match="outside"):
        unpack(evil, tmp_path / "unpacked")
    assert not (tmp_path / "outside.txt").exists()
