"""How much the network and each count weigh: a softmax regression on the validation span, one per kind of moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from modeling.plays import begins_session, was_skipped
from modeling.recommender.catalogue import Catalogue, heard
from modeling.recommender.features import count_features
from modeling.recommender.network import RecommenderNetwork
from modeling.recommender.predictor import item_vectors, network_scores
from modeling.recommender.spec import FEATURES, FEW_PLAYS, MOMENTS, TOLD_PLAYS
from training.data.sequences import Listener, Spans, played_before
from training.params import Params

MAX_ROWS = 1_000_000_000
"""Bound on (moments × tracks) that are counted: five minutes of one core at a million tracks."""
MOST_WHOLE = 512
"""A catalogue of so many tracks is judged whole; of a larger one, what speaks for itself and a sample of the rest."""
BEST_OF_EACH, SAMPLED = 16, 128
"""Tracks per feature that have most of it, and tracks drawn from all others."""


@dataclass(frozen=True)
class Belief:
    """What weights are expected before any play is seen, and the ridge that holds them there."""

    weights: Mapping[str, float]
    ridge: float


ALONE = Belief({"network": 1.0}, 1.0)
"""Counts as one moment among those that are seen."""
TRANSITIONS = Belief({"network": 0.3, "own_next": 1.0, "others_next": 0.5, "month": 0.2}, 0.05)
"""Of the next track within a session. A thousand plays of one listener are one listener's, however many: what they
teach about one month misleads about the next (docs/lab-notes.md), so the fewer the listeners, the more is believed."""


@dataclass(frozen=True)
class Example:
    """One moment: n tracks that might have been chosen, and those that were."""

    features: NDArray[np.float32]
    """(n, FEATURES)"""
    log_stands_for: NDArray[np.float32]
    """(n,) Logarithm of how many tracks each stands for: 0 but for those drawn from many."""
    targets: NDArray[np.int64]
    """Rows of `features`."""


def fit_fusion(
    network: RecommenderNetwork,
    catalogue: Catalogue,
    everyone: Sequence[Listener],
    when: Spans,
    params: Params,
    random: np.random.Generator,
) -> dict[str, tuple[float, ...]]:
    """Weights per moment, in the order of FEATURES. A moment without examples keeps what is believed of it."""
    budget = min(params.recommender.fusion_moments, MAX_ROWS // max(1, len(catalogue.tracks)))
    examples = _examples(network, catalogue, everyone, when, budget, random)
    fitted = {}
    for moment in MOMENTS:
        belief, witnesses = (TRANSITIONS, everyone) if moment == "within" else (ALONE, examples[moment])
        fitted[moment] = _regress(examples[moment], replace(belief, ridge=belief.ridge / max(1, len(witnesses))))
    return fitted


def _examples(
    network: RecommenderNetwork,
    catalogue: Catalogue,
    everyone: Sequence[Listener],
    when: Spans,
    budget: int,
    random: np.random.Generator,
) -> dict[str, list[Example]]:
    found: dict[str, list[Example]] = {moment: [] for moment in MOMENTS}
    vectors = item_vectors(network, catalogue, torch.device("cpu"))
    edges = [
        tuple(played_before(each, edge) for edge in (when.validation_begin, when.validation_end)) for each in everyone
    ]
    played = [place for place, (begin, end) in enumerate(edges) if begin < end]
    most = max(1, budget // len(MOMENTS))  # each is asked for a moment of every kind at least
    drawn = sorted(random.choice(played, size=min(len(played), most), replace=False).tolist())
    share = max(1, budget // max(1, len(drawn)))
    for place in drawn:
        listener, (begin, end) = everyone[place], edges[place]
        for moment, at in _drawn(listener, catalogue, begin, end, share, random):
            told = _told(moment, TOLD_PLAYS, random)
            past = listener.plays.part(slice(max(0, at - told), at))
            history = heard(past, catalogue)
            now = float(listener.plays.started[at])
            counts = count_features(history, len(past), now, listener.zone, catalogue)
            scores = network_scores(network, vectors, catalogue, history, now, listener.zone)
            chosen = [at] if moment == "within" else _session_listens(listener, at, end)
            keys = {listener.plays.track_keys[listener.plays.track[place]] for place in chosen}
            targets = np.array(sorted(catalogue.track_index[key] for key in keys if key in catalogue.track_index))
            unheard = np.isneginf(counts.last_ended)  # of a session's listens, only what is new is a target then
            permitted = unheard if moment == "discover" else np.ones(history.tracks, dtype=np.bool_)
            features = np.concatenate([scores[:, None].astype(np.float32), counts.matrix], axis=1)
            example = _example(features, permitted, targets, random)
            if len(example.targets):
                found[moment].append(example)
    return found


def _example(
    features: NDArray[np.float32],
    permitted: NDArray[np.bool_],
    targets: NDArray[np.int64],
    random: np.random.Generator,
) -> Example:
    """All permitted tracks if there are not many. Otherwise the targets, those with most of each feature, and a sample
    of the rest, each of which stands for as many as it was drawn from."""
    tracks, targets = np.flatnonzero(permitted), targets[permitted[targets]]
    stands_for = np.ones(len(tracks))
    if len(tracks) > MOST_WHOLE:
        # of a million tracks ten times as fast as NumPy's partition
        best = torch.topk(torch.from_numpy(features[tracks]), BEST_OF_EACH, dim=0, sorted=False).indices
        named = np.union1d(targets, tracks[best.numpy()])
        rest = np.setdiff1d(tracks, named, assume_unique=True)
        drawn = random.choice(rest, size=min(SAMPLED, len(rest)), replace=False)
        tracks = np.concatenate([named, drawn])
        stands_for = np.ones(len(tracks))
        stands_for[len(named) :] = len(rest) / max(1, len(drawn))
    rows = np.flatnonzero(np.isin(tracks, targets))
    return Example(features[tracks], np.log(stands_for).astype(np.float32), rows)


def _told(moment: str, most: int, random: np.random.Generator) -> int:
    """How many plays before a moment are told: as many of one to two as of four to eight, where they are to be few."""
    if moment == "new":
        return 0
    return round(float(FEW_PLAYS ** random.uniform())) if moment == "few" else most


def _session_listens(listener: Listener, begin: int, before: int) -> list[int]:
    """Places below `before` of the plays of the session that begins at `begin` which were not skipped."""
    plays = listener.plays
    following = np.flatnonzero(begins_session(plays)[begin + 1 : before])
    end = begin + 1 + int(following[0]) if len(following) else before
    return [begin + int(place) for place in np.flatnonzero(~was_skipped(plays.part(slice(begin, end))))]


def _drawn(
    listener: Listener, catalogue: Catalogue, begin: int, end: int, share: int, random: np.random.Generator
) -> list[tuple[str, int]]:
    """Moments of the validation span: session openings, plays within one, openings of a session that held a track never
    heard before, and openings again for somebody of whom few plays or none are known; a fifth each.

    What is new is asked for before the session, not at the play itself: there it is foreseen by what was put on a
    moment ago, an album's next track above all, and who looks for something new has mostly put on nothing yet.
    """
    plays = listener.plays
    known = np.array([key in catalogue.track_index for key in plays.track_keys], dtype=np.bool_)
    asked = known[plays.track] & ~was_skipped(plays)
    opens = begins_session(plays)
    session_begin = np.maximum.accumulate(np.where(opens, np.arange(len(plays)), begin))
    first = np.zeros(len(plays), dtype=np.bool_)
    first[np.unique(plays.track, return_index=True)[1]] = True
    inside = np.zeros(len(plays), dtype=np.bool_)
    inside[begin:end] = True
    asked_at = {
        "within": np.flatnonzero(asked & inside & ~opens),
        "discover": np.unique(session_begin[asked & inside & first]),
    } | dict.fromkeys(("opening", "few", "new"), np.flatnonzero(asked & inside & opens))
    drawn = []
    for moment, places in asked_at.items():
        count = min(len(places), max(1, share // len(MOMENTS)))
        drawn += [(moment, int(place)) for place in np.sort(random.choice(places, size=count, replace=False))]
    return drawn


def _regress(examples: Sequence[Example], belief: Belief) -> tuple[float, ...]:
    """Softmax regression by L-BFGS with a ridge towards what is believed."""
    start = torch.tensor([belief.weights.get(name, 0.0) for name in FEATURES], dtype=torch.float64)
    if not examples:
        return tuple(start.tolist())
    width = max(len(example.features) for example in examples)
    features = torch.zeros(len(examples), width, len(FEATURES))
    stands_for = torch.full((len(examples), width), -torch.inf)
    wanted = torch.zeros(len(examples), width)
    for row, example in enumerate(examples):
        features[row, : len(example.features)] = torch.from_numpy(example.features)
        stands_for[row, : len(example.features)] = torch.from_numpy(example.log_stands_for)
        wanted[row, example.targets] = 1.0 / len(example.targets)
    absent = stands_for.isneginf()
    weights = start.float().clone().requires_grad_(True)
    optimizer = torch.optim.LBFGS([weights], max_iter=60, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        ridge = belief.ridge * (weights - start.float()).square().sum()
        said = functional.log_softmax(features @ weights + stands_for, dim=1).masked_fill(absent, 0.0)
        loss = -(wanted * said).sum(dim=1).mean() + ridge
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    return tuple(round(float(weight), 6) for weight in weights.detach())
