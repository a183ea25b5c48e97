"""Published VGGish weights (torchvggish's state dict) → a bundle like any other, to register, pack and serve.

    python -m training published vggish-10086976.pth [--pca vggish_pca_params-970ea276.pth]

The file is read without unpickling code. It replaces `data/bundles/audio_embedder` and its curve. Say so to DVC
(`dvc commit -f fit@audio_embedder`), then `make train` does what follows: embed, evaluate, register, pack, and the
recommender. Without saying so, the next `make train` trains over it.
"""

import dataclasses
import pickle
import shutil
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from modeling.audio_embedder.network import Vggish
from modeling.audio_embedder.postprocessing import read_pca
from modeling.audio_embedder.spec import EmbedderSpec
from modeling.bundle import Bundle, file_sha256
from training import paths
from training.curve import begin_curve
from training.errors import TrainingError

SEGMENTS = 6


class PublishedError(TrainingError):
    """The file is not a state dict of VGGish; the message says what is missing."""


def adopt(weights: Path, pca: Path | None, out: Path | None = None) -> Bundle:
    """Build the bundle. The width is read from the weights, so a smaller network of the same names will do too."""
    tensors = _tensors(weights)
    first = tensors.get("features.0.weight")
    if first is None:
        raise PublishedError(f"{weights} has no features.0.weight: it is not torchvggish's state dict")
    spec = EmbedderSpec(int(first.shape[0]), "dense", int(tensors["embeddings.4.weight"].shape[0]), SEGMENTS, bool(pca))
    network = Vggish(spec)
    if pca is not None:
        try:
            tensors["pca_vectors"], tensors["pca_means"] = read_pca(_tensors(pca))
        except (KeyError, ValueError) as error:
            raise PublishedError(f"{pca} holds no principal components: {error}") from error
    wanted = network.state_dict()
    kept = {name: tensors[name].float() for name in wanted if name in tensors}
    try:
        network.load_state_dict(kept, strict=True)
    except RuntimeError as error:
        raise PublishedError(f"{weights} does not fit VGGish: {error}") from error
    folder = out or paths.bundle_folder("audio_embedder")
    if out is None:  # the stage that this takes the place of leaves curves beside the bundle
        curve = paths.curve_file("audio_embedder")
        for each in (curve, paths.load_file(curve)):
            begin_curve(each)
    shutil.rmtree(folder, ignore_errors=True)
    return Bundle.write(
        folder,
        model="audio_embedder",
        spec=dataclasses.asdict(spec),
        tensors=network.state_dict(),
        made_from={"published": weights.name, "sha256": file_sha256(weights), "pca": pca.name if pca else None},
    )


def _tensors(path: Path) -> dict[str, Tensor]:
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        read = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, pickle.UnpicklingError, EOFError) as error:
        raise PublishedError(f"{path} cannot be read as weights: {error}") from error
    if not isinstance(read, Mapping) or not all(isinstance(value, Tensor) for value in read.values()):
        raise PublishedError(f"{path} is not a state dict")
    return dict(read)
