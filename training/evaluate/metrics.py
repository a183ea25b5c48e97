"""The measures, each with an example worked out by hand."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


def recall_at_k(ranked: Sequence[str], wanted: Sequence[str], k: int) -> float:
    """Share of the wanted tracks among the first k; a perfect answer has 1 also where more than k are wanted.

    >>> recall_at_k(["a", "b", "c", "d"], ["b", "d", "x"], 3)
    0.3333333333333333
    >>> recall_at_k(["a", "b"], ["a", "b", "c", "d"], 2)
    1.0
    """
    best = min(k, len(set(wanted)))
    return len(set(ranked[:k]) & set(wanted)) / best if best else float("nan")


def ndcg_at_k(ranked: Sequence[str], wanted: Sequence[str], k: int) -> float:
    """Discounted gain of the wanted tracks among the first k, over the best possible gain. All gains are one.

    A single wanted track in third place: 1 / log2(4) = 0.5.

    >>> ndcg_at_k(["a", "b", "c"], ["c"], 10)
    0.5
    >>> round(ndcg_at_k(["a", "b", "c"], ["a", "c"], 3), 4)  # (1 + 1/2) / (1 + 1/log2(3))
    0.9197
    """
    targets = set(wanted)
    gain = sum(1 / np.log2(place + 2) for place, track in enumerate(ranked[:k]) if track in targets)
    best = sum(1 / np.log2(place + 2) for place in range(min(k, len(targets))))
    return float(gain / best) if targets else float("nan")


def reciprocal_rank(ranked: Sequence[str], wanted: Sequence[str]) -> float:
    """One over the place of the first wanted track; 0 when none is there.

    >>> reciprocal_rank(["a", "b", "c"], ["c", "b"])
    0.5
    """
    targets = set(wanted)
    return next((1 / (place + 1) for place, track in enumerate(ranked) if track in targets), 0.0)


def coverage(answers: Sequence[Sequence[str]], tracks: int, k: int) -> float:
    """Share of the catalogue that appears in at least one answer's first k.

    >>> coverage([["a", "b", "c"], ["a", "d"]], tracks=8, k=2)
    0.375
    """
    return len({track for answer in answers for track in answer[:k]}) / tracks


def novelty(answers: Sequence[Sequence[str]], share_of_listeners: Mapping[str, float], k: int) -> float:
    """Mean surprise of an answer's first k tracks, −log2 of the share of listeners who know them, in bits.

    A track that half of all know is worth 1 bit, one that nobody knows as much as one that a thousandth knows.

    >>> round(novelty([["a", "b"], ["b", "c"]], {"a": 0.5, "b": 0.25}, k=2), 4)  # (1 + 2 + 2 + 9.9658) / 4
    3.7414
    """
    bits = [-np.log2(max(share_of_listeners.get(track, 0.0), 0.001)) for answer in answers for track in answer[:k]]
    return float(np.mean(bits)) if bits else float("nan")


def auc(scores: ArrayLike, labels: ArrayLike) -> float:
    """Probability that a positive scores above a negative, ties counting half; nan without both.

    >>> auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    0.75
    >>> auc([0.5, 0.5], [0, 1])
    0.5
    """
    score, positive = np.asarray(scores, dtype=np.float64), np.asarray(labels, dtype=np.bool_)
    if positive.all() or not positive.any():
        return float("nan")
    _, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    upper = np.cumsum(counts)
    ranks = (upper - (counts - 1) / 2)[inverse]
    positives = int(positive.sum())
    above = ranks[positive].sum() - positives * (positives + 1) / 2
    return float(above / (positives * (len(score) - positives)))


def log_loss(probabilities: ArrayLike, labels: ArrayLike) -> float:
    """Mean of -ln(probability given to what happened), in nats.

    >>> round(log_loss([0.5, 0.75], [1, 0]), 4)  # (ln 2 + ln 4) / 2
    1.0397
    """
    chance = np.clip(np.asarray(probabilities, dtype=np.float64), 1e-6, 1 - 1e-6)
    positive = np.asarray(labels, dtype=np.bool_)
    return float(-np.mean(np.where(positive, np.log(chance), np.log(1 - chance))))


def calibration_error(probabilities: ArrayLike, labels: ArrayLike, bins: int = 10) -> float:
    """Expected calibration error: mean |said − happened| over equal-width bins, weighted by their size.

    >>> round(calibration_error([0.2, 0.2, 0.9, 0.9], [0, 1, 1, 1]), 4)  # (|.2 − .5| + |.9 − 1|) / 2
    0.2
    """
    return float(
        sum(row["share"] * abs(row["said"] - row["happened"]) for row in reliability(probabilities, labels, bins))
    )


def calibration_by_chance(probabilities: ArrayLike, samples: int = 200, seed: int = 0) -> tuple[float, float]:
    """The calibration error of chances that are exactly right, on as few moments: its mean, and what it exceeds in one
    of twenty cases. Outcomes are drawn from the chances themselves; a measured error below that shows no fault.

    >>> calibration_by_chance([0.0, 1.0])
    (0.0, 0.0)
    >>> round(calibration_by_chance([0.5] * 100, samples=2000)[0], 2)  # sqrt(2 / π) · sqrt(.25 / 100)
    0.04
    """
    chance, random = np.asarray(probabilities, dtype=np.float64), np.random.default_rng(seed)
    errors = [calibration_error(chance, random.random(len(chance)) < chance) for _ in range(samples)]
    return float(np.mean(errors)), float(np.quantile(errors, 0.95))


def calibration_interval(
    probabilities: ArrayLike, labels: ArrayLike, units: ArrayLike, samples: int = 200, seed: int = 0
) -> tuple[float, float]:
    """95 % interval of the calibration error, from resampling whole units. Resampling adds to such an error what chance
    adds to it, so the interval lies too high rather than too low.

    >>> calibration_interval([0.5, 0.5, 0.5, 0.5], [0, 1, 0, 1], units=[0, 0, 1, 1])
    (0.0, 0.0)
    """
    chance, happened = np.asarray(probabilities, dtype=np.float64), np.asarray(labels, dtype=np.float64)
    unit = np.asarray(units, dtype=np.int64)
    if not len(chance):
        return float("nan"), float("nan")
    order = np.argsort(unit, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(unit[order])) + 1)
    random = np.random.default_rng(seed)
    drawn = [
        np.concatenate([parts[each] for each in random.integers(len(parts), size=len(parts))]) for _ in range(samples)
    ]
    low, high = np.quantile([calibration_error(chance[rows], happened[rows]) for rows in drawn], [0.025, 0.975])
    return float(low), float(high)


def reliability(probabilities: ArrayLike, labels: ArrayLike, bins: int = 10) -> list[dict[str, float]]:
    """Per bin that is not empty: what was said, what happened, and the bin's share of all."""
    chance, happened = np.asarray(probabilities, dtype=np.float64), np.asarray(labels, dtype=np.float64)
    place = np.minimum((chance * bins).astype(int), bins - 1)
    rows = []
    for each in range(bins):
        inside = place == each
        if inside.any():
            said, came = float(chance[inside].mean()), float(happened[inside].mean())
            rows.append({"said": said, "happened": came, "share": float(inside.mean())})
    return rows


def paired_bootstrap(differences: ArrayLike, samples: int, seed: int) -> tuple[float, float, float]:
    """Mean of per-unit differences and its 95 % interval, from resampling the units.

    >>> paired_bootstrap([0.1, 0.1, 0.1], samples=100, seed=0)
    (0.1, 0.1, 0.1)
    """
    values = np.asarray(differences, dtype=np.float64)
    if not len(values):
        return (float("nan"),) * 3
    drawn = np.random.default_rng(seed).integers(len(values), size=(samples, len(values)))
    means = values[drawn].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return round(float(values.mean()), 12), round(float(low), 12), round(float(high), 12)


def weighted_bootstrap(values: ArrayLike, units: ArrayLike, samples: int, seed: int) -> tuple[float, float, float]:
    """Mean of all values and its 95 % interval, from resampling whole units; a unit weighs as much as it holds.

    >>> weighted_bootstrap([0.0, 0.0, 0.0, 1.0], units=[0, 0, 0, 1], samples=1000, seed=0)
    (0.25, 0.0, 1.0)
    """
    value, unit = np.asarray(values, dtype=np.float64), np.asarray(units, dtype=np.int64)
    if not len(value):
        return (float("nan"),) * 3
    sums, counts = np.bincount(unit, weights=value), np.bincount(unit)
    drawn = np.random.default_rng(seed).integers(len(sums), size=(samples, len(sums)))
    means = sums[drawn].sum(axis=1) / np.maximum(counts[drawn].sum(axis=1), 1)
    low, high = np.quantile(means, [0.025, 0.975])
    return round(float(value.mean()), 12), round(float(low), 12), round(float(high), 12)


def paired_difference(
    model: Mapping[str, float], rival: Mapping[str, float], samples: int, seed: int
) -> tuple[float, float, float]:
    """The model's mean less the rival's over the units that both were asked about, with its 95 % interval.

    >>> paired_difference({"ann": 0.5, "bob": 0.25}, {"ann": 0.25, "bob": 0.0, "eve": 1.0}, samples=10, seed=0)
    (0.25, 0.25, 0.25)
    """
    return paired_bootstrap([value - rival[unit] for unit, value in model.items() if unit in rival], samples, seed)


def over_seeds(values: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation (n − 1) of one number from trainings that differ by their seed alone.

    >>> over_seeds([0.1, 0.2, 0.3])
    (0.2, 0.1)
    """
    spread = float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")
    return round(float(np.mean(values)), 12), round(spread, 12)
