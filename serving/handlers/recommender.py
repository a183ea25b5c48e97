"""TorchServe's way into the recommender model. A request's body is recent plays and a wish as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from serving import batches


class RecommenderHandler:
    def initialize(self, context: Any) -> None:
        self._predictor = batches.open_predictor(context)

    def handle(self, rows: Sequence[Mapping[str, Any]], context: Any) -> list[bytes]:
        return batches.answer(self._predictor, rows, context)
