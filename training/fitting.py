"""One way to run a LightningModule: seeded, silent, on the CPU or on GPUs, ended by steps or by time."""

import logging
import math
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import lightning as L
import numpy as np
import torch
from lightning.pytorch.callbacks import Callback
from torch.utils.data import DataLoader, IterableDataset

from training import paths
from training.curve import CurveLogger
from training.devices import as_the_first_says, own_share
from training.system_load import SystemLoad

Batch = dict[str, torch.Tensor]

log = logging.getLogger(__name__)


def has_fast_bfloat16(device: torch.device) -> bool:
    """Twice as fast where the hardware has it, slower where it is emulated."""
    return device.type == "cuda" or bool(torch.cpu._is_avx512_bf16_supported())


class Batches(IterableDataset[Batch]):
    """Ready-made batches from a function; the collation of single rows would cost more than the training step."""

    def __init__(self, produce: Iterator[Batch]) -> None:
        super().__init__()
        self.produce = produce

    def __iter__(self) -> Iterator[Batch]:
        return own_share(self.produce)


@dataclass(frozen=True)
class Ending:
    """How a training ended. A bundle tells it in `made_from`, the metrics and MLflow tell it from there."""

    stopped_by: Literal["max_steps", "max_seconds"]
    steps: int
    max_steps: int
    devices: int
    """Each step was made of so many batches."""

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


class StopAfter(Callback):
    """A budget in seconds, so that a slow machine ends with a weaker model instead of never."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.began = 0.0

    def on_train_start(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:  # noqa: ARG002
        self.began = time.monotonic()

    def on_train_batch_end(
        self,
        trainer: L.Trainer,
        pl_module: L.LightningModule,  # noqa: ARG002
        outputs: Any,  # noqa: ARG002
        batch: Any,  # noqa: ARG002
        batch_idx: int,  # noqa: ARG002
    ) -> None:
        if as_the_first_says(time.monotonic() - self.began) > self.seconds:
            trainer.should_stop = True


class OwnDice(Callback):
    """What is dropped out at random is another thing on every device."""

    def on_train_start(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:  # noqa: ARG002
        if trainer.global_rank:
            torch.manual_seed(torch.initial_seed() + trainer.global_rank)


def seed_everything(seed: int) -> np.random.Generator:
    """Seed Python, numpy and torch; returns the generator that batches are drawn with."""
    L.seed_everything(seed, verbose=False)
    return np.random.default_rng(seed)


def run(
    module: L.LightningModule,
    produce: Iterator[Batch],
    *,
    max_steps: int,
    max_seconds: float,
    curve: Path,
    devices: int = 1,
) -> Ending:
    """Train in place and write the learning curve, and the load of the machine beside it.

    Time that runs out first is warned of, and told in the answer.

    Of several devices only the first returns; the processes of the others end here (`training/devices.py`).
    """
    for name in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(name).setLevel(logging.WARNING)  # its advertisements are not our progress
    warnings.filterwarnings("ignore", message=".*does not have many workers.*")
    warnings.filterwarnings("ignore", category=DeprecationWarning, module="lightning.*")
    warnings.filterwarnings("ignore", message=".*isinstance.treespec, LeafSpec.*")
    trainer = L.Trainer(
        accelerator="auto",
        devices=devices,
        strategy="ddp" if devices > 1 else "auto",
        max_steps=max_steps,
        max_epochs=1,
        logger=CurveLogger(curve),
        log_every_n_steps=10,
        callbacks=[StopAfter(max_seconds), OwnDice(), SystemLoad(paths.load_file(curve))],
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        gradient_clip_val=1.0,
    )
    trainer.fit(module, DataLoader(Batches(produce), batch_size=None))
    if trainer.global_rank:
        sys.exit()
    module.eval().cpu()
    if trainer.global_step >= max_steps:
        return Ending("max_steps", max_steps, max_steps, devices)
    log.warning(
        "%s stopped after %d of %d steps: its max_seconds, %g s, ran out. The model is weaker than its parameters say; "
        "train it again on a quieter machine (dvc repro -f -s fit@MODEL, then make train) or with more seconds.",
        type(module).__name__, trainer.global_step, max_steps, max_seconds,
    )  # fmt: skip
    return Ending("max_seconds", trainer.global_step, max_steps, devices)


_BEHIND = 0.1
"""A run that lags its time budget by this share is slow, not merely uneven; only then does time steer the rate."""


def cosine_with_warmup(
    optimizer: torch.optim.Optimizer, steps: int, seconds: float = math.inf
) -> torch.optim.lr_scheduler.LRScheduler:
    """5 % of linear warm-up, then half a cosine down to a twentieth.

    On a machine that will not manage `steps` in `seconds` the rate falls with time instead, so that a run which is cut
    off still ends on small steps. On any other machine the clock changes nothing: same seed, same weights.
    """
    warm = max(1, steps // 20)
    began = time.monotonic()

    def factor(step: int) -> float:
        if step < warm:
            return (step + 1) / warm
        progress = (step - warm) / max(1, steps - warm)
        spent = as_the_first_says(time.monotonic() - began) / seconds
        if spent > progress + _BEHIND:
            progress = spent
        return 0.05 + 0.475 * (1 + float(np.cos(np.pi * min(1.0, progress))))

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
