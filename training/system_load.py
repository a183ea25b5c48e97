"""What a training asked of the machine, second by second, under the names that MLflow has for it."""

import time
from pathlib import Path
from typing import Any

import lightning as L
import psutil
import torch
from lightning.pytorch.callbacks import Callback

from training.curve import CurveLogger


class SystemLoad(Callback):
    """Writes the load to a CSV with the columns step, name, value; a step is a second of the training."""

    def __init__(self, path: Path) -> None:
        self.curve = CurveLogger(path)
        self.began = 0.0
        self.next_at = 1

    def on_train_start(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:  # noqa: ARG002
        self.began = time.monotonic()
        psutil.cpu_percent()  # the first answer has nothing to compare with

    def on_train_batch_end(
        self,
        trainer: L.Trainer,  # noqa: ARG002
        pl_module: L.LightningModule,
        outputs: Any,  # noqa: ARG002
        batch: Any,  # noqa: ARG002
        batch_idx: int,  # noqa: ARG002
    ) -> None:
        second = int(time.monotonic() - self.began)
        if second >= self.next_at:
            self.next_at = second + 1
            self.curve.log_metrics(load(pl_module.device), second)


def load(device: torch.device) -> dict[str, float]:
    """Percent and megabytes at this moment; of the processors, since the last time that it was asked."""
    memory = psutil.virtual_memory()
    found = {
        "system/cpu_utilization_percentage": psutil.cpu_percent(),
        "system/system_memory_usage_megabytes": memory.used / 1e6,
        "system/system_memory_usage_percentage": memory.percent,
    }
    if device.type == "cuda":
        free, total = torch.cuda.mem_get_info(device)
        found[f"system/gpu_{device.index or 0}_memory_usage_megabytes"] = (total - free) / 1e6
    return found
