"""`dvc repro` in a fresh clone, from a real database to packed archives, with everything as small as it can be."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import grimp
import numpy as np
import psycopg
import pyarrow.parquet as pq
import pytest
import soundfile
import yaml

from modeling.bundle import code_files, load_predictor
from tests.training.synthetic import write_export
from training.archived import archived_predictor
from training.params import Params
from training.registry.versions import Registry

ROOT = Path(__file__).parent.parent.parent
MODELS = ("audio_embedder", "habit", "recommender")
SMALL: dict[str, dict[str, Any]] = {
    "split": {"validation_days": 21, "test_days": 21},
    "audio_embedder": {
        "width": 4,
        "max_steps": 2,
        "max_seconds": 1e-6,
        "tracks_per_batch": 4,
        "examples_per_track": 2,
        "invented_instruments": 2,
        "sound_font": None,
    },
    "habit": {"hidden": 8, "window": 16, "moments": 60, "batch": 4, "max_steps": 3},
    "recommender": {"width": 8, "layers": 1, "window": 8, "batch_plays": 32, "max_steps": 3, "fusion_moments": 24},
    "evaluate": {"sessions_per_listener": 2, "bootstrap_samples": 20},
}
ENDINGS = {
    "audio_embedder": {"stopped_by": "max_seconds", "steps": 1, "max_steps": 2, "devices": 1},
    "habit": {"stopped_by": "max_steps", "steps": 3, "max_steps": 3, "devices": 1},
    "recommender": {"stopped_by": "max_steps", "steps": 3, "max_steps": 3, "devices": 1},
}


def test_every_source_that_a_bundle_is_sealed_with_is_a_dependency() -> None:
    """A bundle refuses other code than it was sealed with, so a change of that code must fit it anew."""
    fit = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]["fit"]["do"]["deps"]
    for model in MODELS:
        deps = [dep.replace("${key}", model) for dep in fit]
        missing = [path.as_posix() for path in code_files(model) if not any(path.is_relative_to(dep) for dep in deps)]
        assert missing == []


PLUMBING = {
    f"training.{name}" for name in ("audio_library", "curve", "errors", "jobs", "params", "paths", "system_load")
}
"""What a fit uses and is not made of."""


def test_everything_that_a_fit_is_made_of_is_a_dependency() -> None:
    pipeline = yaml.safe_load((ROOT / "dvc.yaml").read_text())
    lessons = next(entry["lessons"] for entry in pipeline["vars"] if "lessons" in entry)
    imports = grimp.build_graph("training", "modeling", cache_dir=None)
    for model in MODELS:
        deps = [
            dep.replace("${key}", model)
            .replace("${item.from}", lessons[model]["from"])
            .replace("${item.with}", lessons[model]["with"])
            for dep in pipeline["stages"]["fit"]["do"]["deps"]
        ]
        used = imports.find_upstream_modules(f"training.modules.{model}") - PLUMBING
        paths = [Path(*module.split(".")).with_suffix(".py") for module in sorted(used)]
        assert [path.as_posix() for path in paths if not any(path.is_relative_to(dep) for dep in deps)] == []


def test_every_parameter_that_a_fit_reads_is_a_dependency() -> None:
    """The recommender's fusion once read a key of `evaluate`: changed, `make train` left the old bundle as it was."""
    pipeline = yaml.safe_load((ROOT / "dvc.yaml").read_text())
    imports = grimp.build_graph("training", "modeling", cache_dir=None)
    for model in MODELS:
        known = {each.replace("${key}", model) for each in pipeline["stages"]["fit"]["do"]["params"]}
        fit = f"training.modules.{model}"
        used = {fit, *imports.find_upstream_modules(fit)} - PLUMBING
        sources = [ROOT.joinpath(*module.split(".")).with_suffix(".py") for module in used]
        text = "\n".join(path.read_text() for path in sources if path.is_file())
        read = {match for match in re.findall(r"\bparams\.(\w+)(?:\.(\w+))?", text) if match[0] in Params.model_fields}
        assert {match for match in read if not {match[0], ".".join(match)} & known} == set()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a clone of the repository has, with small parameters."""
    folder = tmp_path / "clone"
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("modeling", "training", "serving"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    (folder / ".dvc").mkdir()
    for name in ("dvc.yaml", ".dvcignore", ".gitignore", ".dvc/config", ".dvc/.gitignore", "requirements.lock"):
        shutil.copy(ROOT / name, folder / name)
    change_params(folder, yaml.safe_load((ROOT / "params.yaml").read_text()), SMALL)
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "all of it"]):
        subprocess.run(
            ["git", "-c", "user.name=test", "-c", "user.email=test@example.org", *words], cwd=folder, check=True
        )
    return folder


def change_params(clone: Path, content: dict[str, Any], change: dict[str, dict[str, Any]]) -> None:
    for section, values in change.items():
        content[section] |= values
    (clone / "params.yaml").write_text(yaml.safe_dump(content))


@pytest.fixture
def town(fresh_database: str, tmp_path: Path) -> str:
    """A database with a few listeners, brought in by COPY; read as its owner."""
    address = fresh_database.replace("+psycopg", "", 1)
    data = write_export(tmp_path / "synthetic", listeners=3, days=100)
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TEMP TABLE heard (LIKE ml.plays)")
        columns = pq.read_schema(data.path / "plays.parquet").names
        with connection.cursor().copy(f"COPY heard ({', '.join(columns)}) FROM STDIN") as copy:
            for row in data.plays().to_pylist():
                copy.write_row([row[name] for name in columns])
        connection.execute("CREATE TEMP TABLE known (LIKE ml.tracks)")
        with connection.cursor().copy("COPY known (track_key, title, artist_key, artist_name) FROM STDIN") as copy:
            for row in data.tracks().to_pylist():
                copy.write_row([row[name] for name in ("track_key", "title", "artist_key", "artist_name")])
        connection.execute("""
            INSERT INTO artists (key, name) SELECT DISTINCT artist_key, artist_name FROM known;
            INSERT INTO tracks (key, name, name_key, artist_id)
              SELECT track_key, title, lower(title), artists.id FROM known JOIN artists ON artists.key = artist_key;
            INSERT INTO users (firebase_uid, handle, handle_key, display_name, time_zone, ml_key)
              SELECT DISTINCT user_key, user_key, user_key, 'Somebody', time_zone, user_key FROM heard;
            INSERT INTO plays (user_id, track_id, ended_at, started_at, ms_played, source, reason_start,
                               reason_end, shuffle, skipped, offline)
              SELECT users.id, tracks.id, ended_at, started_at, ms_played, source, reason_start, reason_end,
                     shuffle, skipped, offline
              FROM heard JOIN users ON ml_key = user_key JOIN tracks ON tracks.key = track_key
              ON CONFLICT DO NOTHING;
        """)
    return address


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Six tones of four seconds with the tags of the first tracks."""
    folder = tmp_path / "library"
    folder.mkdir()
    for track in range(6):
        with soundfile.SoundFile(folder / f"{track}.flac", "w", samplerate=16_000, channels=1) as file:
            file.artist, file.title = f"Artist {track // 5:02d}", f"Track {track}"
            file.write(0.3 * np.sin(2 * np.pi * 110 * (track + 1) * np.arange(64_000) / 16_000))
    return folder


@pytest.fixture
def repro(clone: Path, town: str, library: Path, empty_store: Path, tmp_path: Path) -> Any:
    """Runs `dvc repro` as `make train` does and answers which stages ran."""
    store = tmp_path / "mlflow.db"
    shutil.copy(empty_store, store)
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "TRAINING_DATABASE_URL": town,
        "AUDIO_LIBRARY_DIR": str(library),
        "MLFLOW_TRACKING_URI": f"sqlite:///{store}",
        "OMP_NUM_THREADS": "2",
    }

    def run() -> list[str]:
        done = subprocess.run(["dvc", "repro"], cwd=clone, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return re.findall(r"Running stage '([^']+)'", done.stdout)

    return run


@pytest.mark.timeout(1800)
def test_from_database_to_archives_and_only_what_changed_again(
    repro: Any, clone: Path, empty_store: Path, tmp_path: Path
) -> None:
    stages = ("fit", "evaluate", "register", "pack")
    assert sorted(repro()) == sorted(["export", "embed", *(f"{stage}@{model}" for stage in stages for model in MODELS)])

    for model in MODELS:
        registered = json.loads((clone / f"data/registry/{model}.json").read_text())
        assert registered["version"] == "1"
        predictor = load_predictor(clone / f"data/bundles/{model}")
        request = predictor.golden_request()
        with archived_predictor(clone / f"data/archives/{model}/{model}.mar") as archived:
            assert archived.predict([request]) == predictor.predict([request])
        metrics = json.loads((clone / f"data/metrics/{model}.json").read_text())
        assert metrics["training"] == ENDINGS[model]
        tags = Registry(f"sqlite:///{tmp_path / 'mlflow.db'}").version(model, "1").tags
        assert tags["stopped_by"] == metrics["training"]["stopped_by"]
    assert pq.read_table(clone / "data/embeddings.parquet").num_rows == 6

    looking = ["export", *(f"register@{model}" for model in MODELS)]
    assert sorted(repro()) == looking, "nothing has changed; two stages look at what DVC cannot see"

    change_params(clone, yaml.safe_load((clone / "params.yaml").read_text()), {"habit": {"learning_rate": 0.01}})
    assert sorted(repro()) == sorted([*looking, *(f"{stage}@habit" for stage in ("fit", "evaluate", "pack"))])
    registry = Registry(f"sqlite:///{tmp_path / 'mlflow.db'}")
    assert registry.version("habit", "1").aliases == ["champion"]
    assert registry.version("habit", "2").aliases == ["challenger"]
    assert registry.version("habit", "2").tags["bundle"] != registry.version("habit", "1").tags["bundle"]

    shutil.copy(empty_store, tmp_path / "mlflow.db")
    assert sorted(repro()) == sorted([*looking, *(f"pack@{model}" for model in MODELS)])
    champion = Registry(f"sqlite:///{tmp_path / 'mlflow.db'}").champion("habit")
    assert champion is not None, "an empty registry has what there is after make train"
    assert champion.is_packed

    status = subprocess.run(["git", "status", "--porcelain"], cwd=clone, capture_output=True, text=True, check=True)
    assert sorted(status.stdout.split()) == ["??", "M", "dvc.lock", "params.yaml"], "nothing else is left behind"
