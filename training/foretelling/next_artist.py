"""What each count weighs for the next artist: a softmax regression, within sessions and at their openings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from modeling.habit.artists import ARTIST_FEATURES, own_artists
from modeling.habit.spec import TOLD_PLAYS
from modeling.plays import begins_session
from training.data.habits import FIRST_ORIGIN
from training.data.sequences import Listener, Spans, played_before

QUESTIONS = 3000
"""Of all listeners together, half of them at openings where there are so many."""
RIVALS = 256
"""Artists of a question at most: those with the highest counts, and the one that was played."""
RIDGE = 1e-3
_RANKED_BY = [ARTIST_FEATURES.index(name) for name in ("base_level", "after_shares")]


@dataclass(frozen=True)
class Question:
    features: NDArray[np.float32]
    target: int


def fit_next_artist(
    everyone: Sequence[Listener], when: Spans, random: np.random.Generator
) -> dict[str, tuple[float, ...]]:
    """`artist_within` and `artist_opening` of HabitSpec. Counts need no held-out span: only their weights are learned,
    so training and validation span ask together."""
    share = max(2, QUESTIONS // max(1, len(everyone)))
    asked: dict[bool, list[Question]] = {True: [], False: []}
    for listener in everyone:
        plays, end = listener.plays, played_before(listener, when.validation_end)
        places = np.arange(min(FIRST_ORIGIN, end), end)
        opens = begins_session(plays)[places]
        for chosen in (places[opens], places[~opens]):
            for place in np.sort(random.choice(chosen, size=min(len(chosen), share // 2), replace=False)):
                question, within = _question(listener, int(place))
                if question is not None:
                    asked[within].append(question)
    return {"artist_within": _regress(asked[True]), "artist_opening": _regress(asked[False])}


def _question(listener: Listener, place: int) -> tuple[Question | None, bool]:
    past = listener.plays.part(slice(max(0, place - TOLD_PLAYS), place))
    own = own_artists(past, float(listener.plays.started[place]), listener.zone)
    target = np.flatnonzero(own.codes == listener.plays.artist[place])
    if not len(target):
        return None, own.within
    order = np.argsort(-own.features[:, _RANKED_BY].sum(axis=1), kind="stable")
    rivals = order[order != target[0]][: RIVALS - 1]
    return Question(own.features[np.append(target, rivals)], 0), own.within


def _regress(questions: Sequence[Question]) -> tuple[float, ...]:
    """L-BFGS with a small ridge; without any question every artist is as likely as another."""
    if not questions:
        return (0.0,) * len(ARTIST_FEATURES)
    width = max(len(each.features) for each in questions)
    features = torch.zeros(len(questions), width, len(ARTIST_FEATURES))
    missing = torch.ones(len(questions), width, dtype=torch.bool)
    for row, each in enumerate(questions):
        features[row, : len(each.features)] = torch.from_numpy(each.features)
        missing[row, : len(each.features)] = False
    targets = torch.tensor([each.target for each in questions])
    weights = torch.zeros(len(ARTIST_FEATURES), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=80, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        scores = (features @ weights).masked_fill(missing, -torch.inf)
        loss = functional.cross_entropy(scores, targets) + RIDGE * weights.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    return tuple(round(float(weight), 6) for weight in weights.detach())
