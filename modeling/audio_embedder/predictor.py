"""The only way anyone runs the audio embedder: bytes of audio files in, unit-length embeddings out."""

import io
from collections.abc import Sequence

import numpy as np
import soundfile
import torch
from torch import Tensor

from modeling.audio_embedder.decoding import Recording, read_recording
from modeling.audio_embedder.features import EXAMPLE_SAMPLES, SAMPLE_RATE, examples
from modeling.audio_embedder.network import Vggish
from modeling.audio_embedder.spec import EmbedderSpec
from modeling.bundle import Bundle
from modeling.errors import BundleError, RequestError
from modeling.spec import read_spec
from modeling.wire import each_in_place, write_answer

_EXAMPLES_AT_ONCE = 64
_MARGIN_SECONDS = 0.02
"""Sound around a segment that the resampling filter needs."""


class AudioEmbedderPredictor:
    """Request: the bytes of one audio file.

    Answer: {"embedding": [128], "segments": [[128]…], "seconds": heard seconds}; all embeddings have unit length,
    a track's is the mean of its segments', normalised again.
    """

    def __init__(self, network: Vggish, spec: EmbedderSpec, identity: str, device: torch.device) -> None:
        self._network = network.to(device).eval()
        self._spec = spec
        self._identity = identity
        self._device = device

    def predict(self, requests: Sequence[bytes]) -> list[bytes | RequestError]:
        """One answer per file in the same order; all files of a batch go through the network together."""
        heard = each_in_place(self._listen, requests)
        stacks = [each[0] for each in heard if not isinstance(each, RequestError)]
        if not stacks:
            return [each for each in heard if isinstance(each, RequestError)]
        embedded = iter(torch.split(self.embed(torch.cat(stacks)), [len(stack) for stack in stacks]))
        return [each if isinstance(each, RequestError) else self._answer(next(embedded), each[1]) for each in heard]

    @torch.inference_mode()
    def embed(self, log_mels: Tensor) -> Tensor:
        """(n, 96, 64) examples → (n, 128) of unit length, on the CPU."""
        parts = [self._network(part.to(self._device)) for part in torch.split(log_mels, _EXAMPLES_AT_ONCE)]
        return torch.nn.functional.normalize(torch.cat(parts), dim=1).cpu()

    def golden_request(self) -> bytes:
        """2.2 s of three decaying tones and a tick, WAV at 11,025 Hz: two segments, resampled."""
        time = np.arange(int(2.2 * 11_025)) / 11_025
        tones = np.zeros_like(time)
        for pitch, fall in ((220.0, 0.5), (554.4, 1.0), (1_318.5, 2.0)):
            tones += np.sin(2 * np.pi * pitch * time) * 0.25 * np.exp(-time * fall)
        tones[:: 11_025 // 2] = 0.9
        file = io.BytesIO()
        soundfile.write(file, tones, 11_025, format="WAV", subtype="PCM_16")
        return file.getvalue()

    def _listen(self, body: bytes) -> tuple[Tensor, float]:
        recording = read_recording(body)
        return segments(recording, self._spec.segments), recording.seconds

    def _answer(self, embeddings: Tensor, seconds: float) -> bytes:
        track = torch.nn.functional.normalize(embeddings.mean(dim=0), dim=0)
        body = {
            "embedding": _rounded(track),
            "segments": [_rounded(each) for each in embeddings],
            "seconds": round(seconds, 3),
        }
        return write_answer("audio_embedder", self._identity, body)


def segments(recording: Recording, count: int) -> Tensor:
    """Up to `count` examples spread evenly over the recording, never overlapping: (≥ 1, 96, 64).

    Only these stretches are resampled. What is shorter than one example is padded with silence.
    """
    needed = EXAMPLE_SAMPLES * recording.rate / SAMPLE_RATE
    spare = max(len(recording.samples) - needed, 0.0)
    fitting = max(min(count, int(len(recording.samples) / needed)), 1)
    margin = int(_MARGIN_SECONDS * recording.rate)
    found: list[Tensor] = []
    for index in range(fitting):
        start = int(spare * (index + 0.5) / fitting)
        before = min(margin, start)
        samples = recording.at_16_khz(start - before, start + int(np.ceil(needed)) + margin)
        skip = round(before * SAMPLE_RATE / recording.rate)
        found.append(examples(samples[skip : skip + EXAMPLE_SAMPLES]))
    return torch.cat(found)


def open_predictor(bundle: Bundle, device: torch.device) -> AudioEmbedderPredictor:
    """Build the network that the bundle's spec describes and load its weights, every name and shape exactly."""
    spec = read_spec(EmbedderSpec, bundle.spec)
    network = Vggish(spec)
    try:
        network.load_state_dict(bundle.tensors(), strict=True)
    except RuntimeError as error:
        raise BundleError(f"the weights do not fit the spec: {error}") from error
    return AudioEmbedderPredictor(network, spec, bundle.identity, device)


def _rounded(embedding: Tensor) -> list[float]:
    return [round(value, 6) for value in embedding.tolist()]
