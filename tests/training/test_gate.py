"""The gate between two generations: what it can compare, and that it says why where it cannot."""

from pathlib import Path

import pytest

from tests.serving.forgery import forge
from tests.support.tiny_habit import tiny_habit
from tests.training.small import write_small
from training import paths
from training.data.export_folder import ExportFolder
from training.data.sequences import DAY_S, Spans
from training.packing import pack
from training.params import read_params
from training.registry.gate import Verdict, compare, leak


@pytest.fixture
def challenger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A habit model of today's code, in a folder with an export to measure it on."""
    monkeypatch.chdir(tmp_path)
    write_small("habit", max_steps=1, max_seconds=1)
    return pack(tiny_habit(tmp_path / "bundle"), "2", tmp_path / "challenger.mar").path


def verdict(champion: Path, challenger: Path, model: str = "habit") -> Verdict:
    return compare(model, champion, challenger, read_params(paths.PARAMS), ExportFolder(paths.EXPORT), paths.EMBEDDINGS)


def test_a_champion_that_does_not_know_a_new_field_is_asked_as_the_product_asks_it(
    challenger: Path, tmp_path: Path
) -> None:
    older = forge(
        challenger,
        tmp_path / "older.mar",
        {"modeling/habit/predictor.py": lambda source: source.replace(b'"plays", "earlier", "cand', b'"plays", "cand')},
    )
    found = verdict(older.path, challenger)
    assert found.objection == "", "a promotion would have ended in: 422 Unknown fields: earlier"
    assert found.passed


def test_what_cannot_be_measured_is_not_passed_and_says_why(challenger: Path, tmp_path: Path) -> None:
    mute = forge(
        challenger,
        tmp_path / "mute.mar",
        {"modeling/habit/predictor.py": lambda source: source.replace(b'"next_artists":', b'"artists_next":')},
    )
    refusing = forge(
        challenger,
        tmp_path / "refusing.mar",
        {"modeling/habit/predictor.py": lambda source: source.replace(b'"plays", "earlier"', b'"pieces", "earlier"')},
    )
    dead = forge(
        challenger,
        tmp_path / "dead.mar",
        {"modeling/habit/predictor.py": lambda source: b"raise ValueError\n" + source},
    )
    for champion, reason in ((mute, "next_artists"), (refusing, "Unknown fields: plays"), (dead, "code stopped")):
        found = verdict(champion.path, challenger)
        assert not found.passed
        assert "the champion could not be measured" in found.objection
        assert reason in found.objection
        tags = found.tags(forced=True)
        assert (tags["gate"], tags["gate_forced"]) == ("not passed", "true")


def test_a_broken_head_beside_a_good_forecast_is_not_passed(challenger: Path, tmp_path: Path) -> None:
    """The forecast alone was looked at: whoever was told when they will be back was told nonsense, with the gate's
    blessing."""
    broken = pack(tiny_habit(tmp_path / "broken", return_shift=6.0), "3", tmp_path / "broken.mar").path
    found = verdict(challenger, broken)
    assert found.compared[0].is_primary
    assert found.compared[0].passed
    assert not found.passed
    assert "FAILS return_within.3_h" in str(found)
    assert verdict(challenger, challenger).passed


def test_a_version_that_learned_from_the_test_span_is_not_measured_on_it() -> None:
    when = Spans(0.0, 0.0, 10.0 * DAY_S, 10.0 * DAY_S + 1800, 20.0 * DAY_S)
    fair = {"validation_end": "1970-01-11T00:00:00+00:00"}
    assert leak({"version 1": fair, "version 2": {}}, when) is None
    found = leak({"version 1": fair, "version 2": {"validation_end": "1970-01-15T00:00:00+00:00"}}, when)
    assert found is not None
    assert not found.passed
    assert "version 2 has learned until 1970-01-15" in str(found)


def test_a_second_narrator_is_not_compared(challenger: Path) -> None:
    found = verdict(challenger, challenger, "narrator")
    assert not found.passed
    assert "nothing here measures narrator" in str(found), "it would have been a traceback"
