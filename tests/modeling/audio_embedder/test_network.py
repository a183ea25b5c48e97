"""The network has the names and shapes of the published one, and embeds before the last activation."""

import doctest
from pathlib import Path

import pytest
import torch
import yaml

from modeling.audio_embedder import postprocessing
from modeling.audio_embedder.network import Vggish
from modeling.audio_embedder.postprocessing import project, quantise, restore
from modeling.audio_embedder.predictor import AudioEmbedderPredictor
from modeling.audio_embedder.spec import EmbedderSpec
from modeling.bundle import load_predictor
from stack.environment import ROOT
from training.published import PublishedError, adopt

TORCHVGGISH = {
    "features.0.weight": (64, 1, 3, 3),
    "features.0.bias": (64,),
    "features.3.weight": (128, 64, 3, 3),
    "features.3.bias": (128,),
    "features.6.weight": (256, 128, 3, 3),
    "features.6.bias": (256,),
    "features.8.weight": (256, 256, 3, 3),
    "features.8.bias": (256,),
    "features.11.weight": (512, 256, 3, 3),
    "features.11.bias": (512,),
    "features.13.weight": (512, 512, 3, 3),
    "features.13.bias": (512,),
    "embeddings.0.weight": (4096, 12288),
    "embeddings.0.bias": (4096,),
    "embeddings.2.weight": (4096, 4096),
    "embeddings.2.bias": (4096,),
    "embeddings.4.weight": (128, 4096),
    "embeddings.4.bias": (128,),
}
"""Names and shapes of the state dict that torchvggish publishes."""


def test_published_weights_load_by_name() -> None:
    with torch.device("meta"):
        network = Vggish(EmbedderSpec(width=64, head="dense", embedding_size=128, segments=6))
        published = {name: torch.empty(shape) for name, shape in TORCHVGGISH.items()}
    network.load_state_dict(published, strict=True, assign=True)
    assert sum(tensor.numel() for tensor in network.parameters()) == 72_141_184


def published_forward(weights: dict[str, torch.Tensor], examples: torch.Tensor) -> torch.Tensor:
    """The published network written out: convolve, pool, flatten as height-width-channel, three dense layers."""
    maps = examples[:, None]
    for block in ((0,), (3,), (6, 8), (11, 13)):
        for layer in block:
            maps = torch.conv2d(
                maps, weights[f"features.{layer}.weight"], weights[f"features.{layer}.bias"], padding=1
            ).relu()
        maps = torch.max_pool2d(maps, 2)
    flat = torch.stack([one.permute(1, 2, 0).reshape(-1) for one in maps])
    for layer in (0, 2):
        flat = torch.nn.functional.linear(
            flat, weights[f"embeddings.{layer}.weight"], weights[f"embeddings.{layer}.bias"]
        ).relu()
    return torch.nn.functional.linear(flat, weights["embeddings.4.weight"], weights["embeddings.4.bias"])


def test_dense_head_equals_the_published_network_before_its_last_activation() -> None:
    torch.manual_seed(0)
    network = Vggish(EmbedderSpec(width=4, head="dense", embedding_size=128, segments=6)).eval()
    examples = torch.randn(2, 96, 64)
    given = network(examples)
    assert torch.allclose(given, published_forward(network.state_dict(), examples), atol=1e-5)
    assert (given < 0).any()


def test_pooled_head_is_one_layer_over_the_mean_and_the_maximum_of_every_channel() -> None:
    torch.manual_seed(0)
    network = Vggish(EmbedderSpec(width=4, head="pooled", embedding_size=32, segments=6)).eval()
    examples = torch.randn(2, 96, 64)
    maps = network.features(examples[:, None]).flatten(2)
    pooled = torch.cat([maps.mean(dim=2), maps.max(dim=2).values], dim=1)
    weights = network.state_dict()
    expected = pooled @ weights["embeddings.0.weight"].T + weights["embeddings.0.bias"]
    assert torch.allclose(network(examples), expected, atol=1e-5)


@pytest.mark.parametrize(
    "other",
    [
        EmbedderSpec(width=3, head="pooled", embedding_size=16, segments=3),
        EmbedderSpec(width=2, head="dense", embedding_size=16, segments=3),
        EmbedderSpec(width=2, head="pooled", embedding_size=8, segments=3),
        EmbedderSpec(width=2, head="pooled", embedding_size=16, segments=3, pca=True),
    ],
)
def test_every_field_changes_the_network(other: EmbedderSpec) -> None:
    first = Vggish(EmbedderSpec(width=2, head="pooled", embedding_size=16, segments=3))
    shapes = {name: tensor.shape for name, tensor in first.state_dict().items()}
    assert shapes != {name: tensor.shape for name, tensor in Vggish(other).state_dict().items()}


def fit_pca(embeddings: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """(vectors, means) that whiten these embeddings (n, d): each component gets the spread one."""
    means = embeddings.mean(dim=0)
    _, spread, directions = torch.linalg.svd(embeddings - means, full_matrices=True)
    return directions / (spread / (len(embeddings) - 1) ** 0.5)[:, None], means


def test_principal_components_whiten_and_fit_into_a_byte_each() -> None:
    torch.manual_seed(0)
    embeddings = torch.randn(400, 8) @ torch.randn(8, 8) + 3
    components = project(embeddings, *fit_pca(embeddings))
    inside = components[(components.abs() < 2).all(dim=1)]
    assert components.abs().max() <= 2
    assert ((embeddings - embeddings.mean(0)) @ fit_pca(embeddings)[0].T).std(dim=0).tolist() == pytest.approx(
        [1.0] * 8, abs=1e-3
    )
    stored = quantise(inside)
    assert stored.dtype == torch.uint8
    assert (restore(stored) - inside).abs().max() < 1 / 100
    assert doctest.testmod(postprocessing).failed == 0


def test_adopted_weights_leave_all_that_the_stage_in_their_place_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or DVC could not be told that they are there (`dvc commit -f fit@audio_embedder`)."""
    spec = EmbedderSpec(width=4, head="dense", embedding_size=128, segments=6)
    torch.save(Vggish(spec).state_dict(), tmp_path / "vggish.pth")
    monkeypatch.chdir(tmp_path)
    adopt(tmp_path / "vggish.pth", None)
    fit = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]["fit"]["do"]
    promised = [*fit["outs"], *(name for plot in fit["plots"] for name in plot)]
    assert [each for each in promised if not Path(each.replace("${key}", "audio_embedder")).exists()] == []


def test_published_weights_become_a_bundle(tmp_path: Path) -> None:
    torch.manual_seed(0)
    weights = Vggish(EmbedderSpec(width=4, head="dense", embedding_size=128, segments=6)).state_dict()
    torch.save(weights, tmp_path / "vggish.pth")
    components = {"pca_eigen_vectors": 0.5 * torch.eye(128), "pca_means": torch.full((128, 1), 0.25)}
    torch.save(components, tmp_path / "pca.pth")
    plain = adopt(tmp_path / "vggish.pth", None, tmp_path / "plain")
    assert plain.spec["width"] == 4
    examples = torch.randn(2, 96, 64)
    bundle = adopt(tmp_path / "vggish.pth", tmp_path / "pca.pth", tmp_path / "pca")
    network = Vggish(EmbedderSpec(**bundle.spec)).eval()
    network.load_state_dict(bundle.tensors())
    expected = (0.5 * (published_forward(weights, examples) - 0.25)).clamp(-2, 2)
    assert torch.allclose(network(examples), expected, atol=1e-5)
    assert isinstance(load_predictor(tmp_path / "pca"), AudioEmbedderPredictor)
    (tmp_path / "other.pth").write_bytes(b"not weights")
    with pytest.raises(PublishedError, match="cannot be read"):
        adopt(tmp_path / "other.pth", None, tmp_path / "no")
    torch.save({"a": torch.zeros(1)}, tmp_path / "wrong.pth")
    with pytest.raises(PublishedError, match="not torchvggish"):
        adopt(tmp_path / "wrong.pth", None, tmp_path / "no")
