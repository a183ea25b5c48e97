"""A training on two devices (two processes on the CPU) is the training on one, with twice as large steps."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from modeling.bundle import load_predictor
from tests.training.small import SMALL, write_small
from training import devices, paths
from training.__main__ import main

ROOT = Path(__file__).parent.parent.parent
LINE = """
import json
import sys
from pathlib import Path

import lightning
import numpy as np
import torch

from training.fitting import cosine_with_warmup, run, seed_everything

ROWS = 16


class Line(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.line = torch.nn.Linear(5, 1)

    def training_step(self, batch, index):
        return (self.line(batch["x"])[:, 0] - batch["x"].sum(1)).square().mean()

    def configure_optimizers(self):
        optimizer = torch.optim.AdamW(self.parameters(), lr=0.05)
        schedule = cosine_with_warmup(optimizer, 6, 600)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def batches(joined):
    random = np.random.default_rng(1)
    while True:
        yield {"x": torch.from_numpy(random.normal(size=(joined * ROWS, 5)).astype(np.float32))}


devices, joined, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
seed_everything(3)
module = Line()
ending = run(module, batches(joined), max_steps=6, max_seconds=600, curve=folder / "curve.csv", devices=devices)
learned = {"weights": module.line.weight.tolist(), "ending": ending.told()}
with (folder / "learned.jsonl").open("a") as file:
    file.write(json.dumps(learned) + "\\n")
"""
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"}


def test_two_devices_learn_what_one_learns_of_both_their_batches(tmp_path: Path) -> None:
    script = tmp_path / "line.py"
    script.write_text(LINE)
    learned = []
    for count, joined in ((1, 2), (2, 1)):
        folder = tmp_path / str(count)
        folder.mkdir()
        command = [sys.executable, str(script), str(count), str(joined), str(folder)]
        subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True, timeout=120)
        (line,) = (folder / "learned.jsonl").read_text().splitlines()  # of the first process alone
        learned.append(json.loads(line))
    one, two = learned
    np.testing.assert_allclose(two["weights"], one["weights"], rtol=1e-5)
    assert one["ending"] == {"stopped_by": "max_steps", "steps": 6, "max_steps": 6, "devices": 1}
    assert two["ending"] == {**one["ending"], "devices": 2}


@pytest.mark.parametrize("model", SMALL)
def test_a_fit_on_two_devices_leaves_one_good_bundle(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_small(model, max_steps=3, max_seconds=600)
    command = [sys.executable, "-m", "training", "fit", model]
    environment = {**ENVIRONMENT, devices.VARIABLE: "2"}
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=240)
    predictor = load_predictor(paths.bundle_folder(model))
    assert predictor.predict([predictor.golden_request()])
    told = json.loads((paths.bundle_folder(model) / "bundle.json").read_text())["made_from"]["training"]
    assert told == {"stopped_by": "max_steps", "steps": 3, "max_steps": 3, "devices": 2}


@pytest.mark.parametrize("told", ["0", "two", "-1"])
def test_a_number_of_devices_is_asked_for(
    told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "params.yaml", paths.PARAMS)
    monkeypatch.setenv(devices.VARIABLE, told)
    paths.bundle_folder("habit").mkdir(parents=True)
    assert main(["fit", "habit"]) == 1
    assert paths.bundle_folder("habit").exists(), "what was fitted before stays"
    assert f"TRAINING_DEVICES is '{told}'" in capsys.readouterr().err
