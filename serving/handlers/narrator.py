"""TorchServe's way into the narrator model. A request's body is a list of plain facts as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from serving import batches


class NarratorHandler:
    def initialize(self, context: Any) -> None:
        self._predictor = batches.open_predictor(context)

    def handle(self, rows: Sequence[Mapping[str, Any]], context: Any) -> list[bytes]:
        return batches.answer(self._predictor, rows, context)
