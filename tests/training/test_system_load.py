from pathlib import Path

import lightning as L
import torch
from torch import nn

from training import paths
from training.curve import read_curve
from training.fitting import run


class Slow(L.LightningModule):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def training_step(self, batch: dict[str, torch.Tensor], _: int) -> torch.Tensor:
        torch.randn(600, 600) @ torch.randn(600, 600)
        loss: torch.Tensor = self.layer(batch["x"]).square().mean()
        return loss

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD(self.parameters(), lr=0.01)


def test_a_training_tells_each_second_what_it_asked_of_the_machine(tmp_path: Path) -> None:
    batches = ({"x": torch.ones(4, 2)} for _ in range(10**9))
    run(Slow(), batches, max_steps=10**9, max_seconds=2.5, curve=tmp_path / "slow.csv")
    told = read_curve(paths.load_file(tmp_path / "slow.csv"))
    assert {second for second, _, _ in told} == {1, 2}
    busy = [value for _, name, value in told if name == "system/cpu_utilization_percentage"]
    assert min(busy) > 10
    memory = [value for _, name, value in told if name == "system/system_memory_usage_megabytes"]
    assert min(memory) > 100
