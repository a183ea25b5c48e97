"""One training on several devices: each takes every n-th batch, and the mean of what they learn is the step (DDP).

Lightning starts the command anew for every further device; those processes end where the training does, and the first
goes on alone: it calibrates, and writes the bundle.
"""

import os
from collections.abc import Iterator
from itertools import islice
from typing import TypeVar

import torch
from torch import distributed

from training.errors import TrainingError

VARIABLE = "TRAINING_DEVICES"

T = TypeVar("T")


def asked_for() -> int:
    """How many devices the person wants a fit to use. Raises TrainingError."""
    told = os.environ.get(VARIABLE) or "1"
    if not told.isdecimal() or int(told) < 1:
        raise TrainingError(f"{VARIABLE} is {told!r}: it must be a number of devices, 1 or more")
    return int(told)


def own_share(batches: Iterator[T]) -> Iterator[T]:
    """Every process draws all batches from the same seed and takes its own: none is learned twice."""
    if not distributed.is_initialized():
        return batches
    return islice(batches, distributed.get_rank(), None, distributed.get_world_size())


def as_the_first_says(number: float) -> float:
    """The first process's number, in all: their clocks differ, and what they decide by them must not."""
    if not distributed.is_initialized():
        return number
    place = "cuda" if distributed.get_backend() == "nccl" else "cpu"
    told = torch.tensor(number, dtype=torch.float64, device=place)
    distributed.broadcast(told, 0)
    return float(told)
