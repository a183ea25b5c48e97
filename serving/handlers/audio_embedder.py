"""TorchServe's way into the audio_embedder model. A request's body is the bytes of an audio file."""

from collections.abc import Mapping, Sequence
from typing import Any

from serving import batches


class AudioEmbedderHandler:
    def initialize(self, context: Any) -> None:
        self._predictor = batches.open_predictor(context)

    def handle(self, rows: Sequence[Mapping[str, Any]], context: Any) -> list[bytes]:
        return batches.answer(self._predictor, rows, context)
