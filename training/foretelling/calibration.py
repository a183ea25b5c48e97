"""Two numbers per head, fitted on the validation span: how far to trust the network, and by how much it is off."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from modeling.habit import comeback
from modeling.habit.network import HabitNetwork
from modeling.habit.timeline import MEMORIES
from training.fitting import Batch

if TYPE_CHECKING:
    from training.modules.habit import Source

Loss = Callable[[Tensor, Tensor], Tensor]
Outputs = Callable[[HabitNetwork, Batch, Tensor], dict[str, Tensor]]
TRUST = (0.0, 1.25)
"""A head may be ignored or amplified a little, never turned around."""
USUAL_TRUST, USUAL_SHIFT = 1.0, 0.3
"""Standard deviations of the prior beliefs that a correction is worth nothing and that nothing is off. The moments of
one day say nearly the same, so held-out evidence counts once per listener and day: a short span moves little."""


def calibrate(network: HabitNetwork, held_out: "Source", outputs: Outputs, listener_days: float) -> dict[str, float]:
    """The calibrated fields of HabitSpec; without held-out moments the network is trusted as it is.

    `listener_days`: how many days of how many listeners the held-out span holds.
    """
    if not held_out.index:
        return {}
    log_widths = torch.from_numpy(comeback.LOG_WIDTHS)
    parts: dict[str, list[Tensor]] = {}
    with torch.inference_mode():
        for begin in range(0, len(held_out.index), 64):
            batch = held_out.batch(held_out.index[begin : begin + 64])
            out = outputs(network, batch, log_widths)
            asked, known = batch["skipped"] >= 0, batch["listened"] >= 0
            prior = batch["hours"][..., MEMORIES].mean(-1)
            for name, value in {
                "skip": out["skip"][asked], "skipped": batch["skipped"][asked],
                "shares": batch["shares"][:, 1:][asked], "kind": batch["kind"][asked],
                "kind_correction": (out["kind"] - batch["shares"][:, 1:])[asked],
                "prior": prior[known], "correction": (out["forecast"] - prior)[known],
                "listened": batch["listened"][known],
                "hazard": batch["prior_hazard"], "hazard_correction": out["return"] - batch["prior_hazard"],
                "possible": batch["possible"], "event": batch["event"],
            }.items():  # fmt: skip
                parts.setdefault(name, []).append(value)
    data = {name: torch.cat(values).double() for name, values in parts.items()}
    kinds = data["kind"].long()

    def skip_loss(scale: Tensor, shift: Tensor) -> Tensor:
        return functional.binary_cross_entropy_with_logits(scale * data["skip"] + shift, data["skipped"])

    def kind_loss(trust: Tensor, _: Tensor) -> Tensor:
        return functional.cross_entropy(data["shares"] + trust * data["kind_correction"], kinds)

    def forecast_loss(trust: Tensor, shift: Tensor) -> Tensor:
        logits = data["prior"] + trust * data["correction"] + shift
        return functional.binary_cross_entropy_with_logits(logits, data["listened"])

    def return_loss(trust: Tensor, shift: Tensor) -> Tensor:
        hazard = data["possible"] * torch.sigmoid(data["hazard"] + trust * data["hazard_correction"] + shift)
        hazard = hazard.clamp(1e-6, 1 - 1e-6)
        said = torch.where(data["event"] > 0, hazard.log(), (1 - hazard).log())
        return -(said * (data["event"] >= 0)).sum() / len(hazard)

    def modest(loss: Loss) -> Loss:
        def with_prior(trust: Tensor, shift: Tensor) -> Tensor:
            doubt = (trust / USUAL_TRUST) ** 2 + (shift / USUAL_SHIFT) ** 2
            return loss(trust, shift) + doubt / (2 * listener_days)

        return with_prior

    fitted: dict[str, float] = {}
    for trust_name, shift_name, each in (
        ("skip_scale", "skip_shift", skip_loss),
        ("forecast_residual", "forecast_shift", modest(forecast_loss)),
        ("return_residual", "return_shift", modest(return_loss)),
    ):
        fitted[trust_name], fitted[shift_name] = _two_numbers(each)
    fitted["kind_residual"], _ = _two_numbers(modest(kind_loss))
    return fitted


def _two_numbers(loss: Loss) -> tuple[float, float]:
    """Trust and shift of the least loss; where the trust would leave its bounds, the shift that suits the bound."""
    trust, shift = _least(lambda numbers: loss(numbers[0], numbers[1]), [1.0, 0.0])
    bounded = float(np.clip(trust, *TRUST))
    if bounded != trust:
        (shift,) = _least(lambda numbers: loss(torch.tensor(bounded, dtype=torch.float64), numbers[0]), [shift])
    return round(bounded, 6), round(shift, 6)


def _least(loss: Callable[[Tensor], Tensor], begin: Sequence[float]) -> list[float]:
    numbers = torch.tensor(begin, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([numbers], max_iter=50, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        value = loss(numbers)
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    found: list[float] = numbers.detach().tolist()
    return found
