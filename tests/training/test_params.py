"""`params.yaml` is read strictly, and every section of it is one that a stage of `dvc.yaml` depends on."""

from pathlib import Path

import pytest
import yaml

from training.params import ParamsError, read_params

ROOT = Path(__file__).parent.parent.parent


def test_the_file_of_this_repository_is_valid() -> None:
    assert read_params(ROOT / "params.yaml").split.test_days > 0


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"speed": 3}, "speed"),
        ({"habit": {"hiden": 64}}, "habit.hiden"),
        ({"split": {"test_days": -1}}, "split.test_days"),
        ({"recommender": {"layers": "two"}}, "recommender.layers"),
        ({"export": {"until": "some day"}}, "export.until"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, object], named: str, tmp_path: Path) -> None:
    content = yaml.safe_load((ROOT / "params.yaml").read_text())
    for section, values in change.items():
        content[section] = {**content[section], **values} if isinstance(values, dict) else values
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(content))
    with pytest.raises(ParamsError, match=named):
        read_params(tmp_path / "params.yaml")


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    content = yaml.safe_load((ROOT / "params.yaml").read_text())
    del content["habit"]["window"]
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(content))
    with pytest.raises(ParamsError, match=r"habit\.window"):
        read_params(tmp_path / "params.yaml")
