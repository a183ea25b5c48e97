"""What the recommender's training stands on: its loss against PyTorch's, its windows, its counts of pairs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import sparse
from torch.nn import functional

from modeling.plays import begins_session
from modeling.recommender.catalogue import Catalogue
from modeling.recommender.network import RecommenderNetwork
from modeling.recommender.spec import FEATURES
from tests.training.synthetic import write_export
from training.data.catalogue import build_catalogue, sound_groups
from training.data.sequences import Listener, Spans, listeners, played_before, spans
from training.data.together import cosines, ease, neighbours
from training.modules.recommender import spec_of
from training.params import read_params
from training.recommending.beginning import beginning_vectors
from training.recommending.fusion import (
    ALONE,
    BEST_OF_EACH,
    MOST_WHOLE,
    SAMPLED,
    Example,
    _drawn,
    _example,
    _examples,
    _regress,
    _session_listens,
)
from training.recommending.softmax import CHUNK, sampled, softmax_loss
from training.recommending.windows import COLUMNS, Sequences

PARAMS = read_params(Path(__file__).parents[2] / "params.yaml")


def test_the_loss_and_its_gradients_are_those_of_cross_entropy() -> None:
    torch.manual_seed(0)
    rows = CHUNK + 7
    queries = torch.randn(rows, 5, dtype=torch.float64, requires_grad=True)
    vectors = torch.randn(11, 5, dtype=torch.float64, requires_grad=True)
    targets = torch.randint(11, (rows,))
    bias = torch.randn(11, dtype=torch.float64)
    bias[3] = -torch.inf
    scores = queries @ vectors.T
    corrected = torch.where(functional.one_hot(targets, 11).bool(), scores, scores + bias)
    for given, expected in ((None, scores), (bias, corrected)):
        wanted = torch.autograd.grad(functional.cross_entropy(expected, targets), (queries, vectors), retain_graph=True)
        loss = softmax_loss(queries, vectors, targets, given)
        found = torch.autograd.grad(3 * loss, (queries, vectors))
        assert loss.item() == pytest.approx(functional.cross_entropy(expected, targets).item())
        for mine, theirs in zip(found, wanted, strict=True):
            assert torch.allclose(mine, 3 * theirs, atol=1e-12)
    small = queries[:6].detach().requires_grad_(True)
    assert torch.autograd.gradcheck(lambda q, v: softmax_loss(q, v, targets[:6], bias), (small, vectors))


def test_low_precision_is_near() -> None:
    torch.manual_seed(1)
    queries, vectors = (
        12 * functional.normalize(torch.randn(600, 64), dim=-1),
        functional.normalize(torch.randn(90, 64)),
    )
    targets = torch.randint(90, (600,))
    exact = softmax_loss(queries, vectors, targets)
    assert softmax_loss(queries, vectors, targets, low=True).item() == pytest.approx(exact.item(), rel=2e-3)


def test_a_sample_estimates_the_whole_softmax() -> None:
    torch.manual_seed(2)
    vectors, targets = torch.randn(400, 4), torch.tensor([7, 7, 200, 399])
    queries = torch.randn(4, 4)
    candidates = torch.arange(400)
    estimates = []
    for _ in range(60):
        items, place, bias = sampled(candidates, targets, 200)
        assert torch.equal(items[place], targets)
        estimates.append(softmax_loss(queries, vectors[items], place, bias).item())
    assert np.mean(estimates) == pytest.approx(softmax_loss(queries, vectors, targets).item(), rel=0.03)


def history(length: int, first: int) -> dict[str, np.ndarray]:
    track = np.arange(first, first + length)
    return {
        name: track if name in {"items", "targets"} else np.repeat(track[:, None], shape[0], axis=1)
        for name, (_, shape) in COLUMNS.items()
    }


def test_windows_hold_every_play_once_and_predict_it_from_what_came_before(tmp_path: Path) -> None:
    lengths = [1, 2, 5, 16, 17, 40]
    sequences = Sequences.write(tmp_path, [history(length, 100 * place) for place, length in enumerate(lengths)])
    assert np.diff(sequences.start).tolist() == lengths[1:], "one play teaches nothing"
    random = np.random.default_rng(0)
    begins = set()
    for _ in range(20):
        begin, length = sequences.windows(16, random)
        begins |= set(begin.tolist())
        covered = np.concatenate([np.arange(b, b + n) for b, n in zip(begin, length, strict=True)])
        assert np.array_equal(np.sort(covered), np.arange(80))
        assert length.min() >= 1
        assert length.max() <= 16
        owner = np.searchsorted(sequences.start, begin, side="right")
        assert np.array_equal(owner, np.searchsorted(sequences.start, begin + length - 1, side="right"))
    assert len(begins) > 10, "a long history is cut elsewhere each time"
    assert max(next(sequences.batches(13, 64, random))["targets"].shape[1] for _ in range(9)) <= 13, (
        "no longer than asked"
    )
    produce = sequences.batches(16, 32, random)
    seen: list[int] = []
    while len(seen) < 80:
        batch = next(produce)
        targets, items = batch["targets"], batch["items"]
        asked = targets >= 0
        seen += targets[asked].tolist()
        assert asked.sum(dim=1).min() >= 1
        assert torch.equal(targets[:, :-1][asked[:, 1:]], items[asked[:, 1:]]), "position t holds the play before t"
        assert torch.equal(batch["moments"][asked][:, 0].long(), targets[asked])
        assert torch.equal(batch["plays"][asked[:, 1:]][:, 0].long(), items[asked[:, 1:]])
    assert sorted(seen) == sorted(np.asarray(sequences.columns["targets"]).tolist())


def test_pairs_by_hand() -> None:
    """Baskets {0, 1}, {0, 1}, {0}, {2}."""
    together = sparse.csr_matrix(np.array([[1, 1, 0], [1, 1, 0], [1, 0, 0], [0, 0, 1.0]], dtype=np.float32))
    assert cosines(together).toarray() == pytest.approx(np.array([[0, 2 / 6**0.5, 0], [2 / 6**0.5, 0, 0], [0, 0, 0]]))
    # G + 1 = [[4, 2], [2, 3]]; its inverse is [[3, -2], [-2, 4]] / 8; a column is divided by minus its diagonal.
    assert ease(together, 1.0) == pytest.approx(np.array([[0, 0.5, 0], [2 / 3, 0, 0], [0, 0, 0]]), abs=1e-6)
    assert neighbours(together, 1.0, kept=1).nnz == 2


def test_what_sounds_alike_is_one_group_and_what_has_no_sound_in_none() -> None:
    random = np.random.default_rng(5)
    kinds = random.permutation(np.arange(29) % 10)
    audio = np.eye(10)[kinds] + 0.01 * random.normal(size=(29, 10))
    audio[:4] = 0
    groups = sound_groups(audio.astype(np.float32))
    assert groups[:4].tolist() == [-1] * 4
    assert all(len(np.unique(groups[4:][kinds[4:] == kind])) == 1 for kind in range(10))
    assert len(np.unique(groups[4:])) == 10
    assert sound_groups(np.zeros((3, 10), np.float32)).tolist() == [-1] * 3
    assert sound_groups(np.zeros((0, 10), np.float32)).tolist() == []


def test_tracks_played_near_each_other_begin_near_each_other(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    stories = []
    for _ in range(60):
        group = int(random.integers(2))
        story = history(20, 0)
        stories.append(story | {"items": (t := random.integers(10, size=20) + 10 * group), "targets": t})
    vectors = beginning_vectors(Sequences.write(tmp_path, stories), 20, 4, seed=0)
    assert vectors is not None
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosine = unit @ unit.T
    assert cosine[:10, :10].mean() > cosine[:10, 10:].mean() + 0.3
    assert beginning_vectors(Sequences.open(tmp_path), 20, 16, seed=0) is None


def test_a_moment_of_a_large_catalogue_keeps_what_speaks_for_itself() -> None:
    """The target, those with most of each feature, and a sample that stands for the others; few tracks stay whole."""
    random = np.random.default_rng(0)
    features = random.random((5_000, len(FEATURES))).astype(np.float32)
    permitted = np.ones(5_000, dtype=np.bool_)
    permitted[::7] = False
    example = _example(features, permitted, np.array([1, 7]), random)
    assert len(example.features) <= 1 + BEST_OF_EACH * len(FEATURES) + SAMPLED
    assert np.array_equal(example.features[example.targets], features[[1]]), "track 7 was not permitted"
    assert np.exp(example.log_stands_for).sum() == pytest.approx(permitted.sum(), rel=1e-5)
    best = np.where(permitted, features[:, 3], 0).argmax()
    assert (example.features == features[best]).all(axis=1).any()
    whole = _example(features[:MOST_WHOLE], permitted[:MOST_WHOLE], np.array([1]), random)
    assert np.array_equal(whole.features, features[:MOST_WHOLE][permitted[:MOST_WHOLE]])
    assert not whole.log_stands_for.any()


def eight_listeners(folder: Path, validation_days: int) -> tuple[list[Listener], Spans, Catalogue]:
    """A hundred days of theirs, the last 21 for testing, and the catalogue as it stood when training ended."""
    data = write_export(folder, listeners=8, days=100)
    everyone = listeners(data.songs())
    when = spans(everyone, PARAMS.split.model_copy(update={"validation_days": validation_days, "test_days": 21}))
    sound: tuple[list[str], np.ndarray] = ([], np.empty((0, 128), dtype=np.float32))
    return everyone, when, build_catalogue(data.tracks(), sound, everyone, when.train_end)


def test_a_fusion_looks_at_no_more_moments_than_it_may(tmp_path: Path) -> None:
    """Each of many listeners was asked for five, however few moments all of them together were allowed."""
    everyone, when, catalogue = eight_listeners(tmp_path, validation_days=21)
    small = PARAMS.recommender.model_copy(update={"width": 8, "layers": 1, "window": 8})
    network = RecommenderNetwork(spec_of(catalogue, small), len(catalogue.tracks), len(catalogue.artists)).eval()
    for budget in (12, 40, 160):
        found = _examples(network, catalogue, everyone, when, budget, np.random.default_rng(0))
        assert budget / 3 < sum(map(len, found.values())) <= budget


def test_new_music_is_asked_for_before_the_session_that_brings_it(tmp_path: Path) -> None:
    """Asked at the play itself, an album's next track is foreseen by the one before, and nothing else is learned."""
    everyone, when, catalogue = eight_listeners(tmp_path, validation_days=60)
    asked = 0
    for listener in everyone:
        plays = listener.plays
        begin, end = (played_before(listener, edge) for edge in (when.validation_begin, when.validation_end))
        drawn = _drawn(listener, catalogue, begin, end, 500, np.random.default_rng(0))
        for at in (place for moment, place in drawn if moment == "discover"):
            assert at == begin or begins_session(plays)[at]
            met = {plays.track[place] for place in _session_listens(listener, at, end)}
            assert met - set(plays.track[:at].tolist())
            asked += 1
    assert asked > 8


def test_weights_of_a_fusion_hardly_change_when_moments_are_thinned() -> None:
    """Choices made with known weights among 3,000 tracks: thinned moments find what whole ones find."""
    random = np.random.default_rng(1)
    known = np.zeros(len(FEATURES))
    known[[0, 4, 9]] = 3.0, 1.5, -2.0
    everything, thinned = [], []
    for _ in range(300):
        features = random.normal(size=(3_000, len(FEATURES))).astype(np.float32)
        scores = features @ known
        chosen = np.array([np.argmax(scores + random.gumbel(size=3_000))])
        everything.append(Example(features, np.zeros(3_000, dtype=np.float32), chosen))
        thinned.append(_example(features, np.ones(3_000, dtype=np.bool_), chosen, random))
    belief = replace(ALONE, ridge=ALONE.ridge / 300)
    whole, thin = (np.array(_regress(moments, belief)) for moments in (everything, thinned))
    assert thin == pytest.approx(whole, abs=0.3)
    assert whole[[4, 9]] == pytest.approx(known[[4, 9]], abs=0.4)
