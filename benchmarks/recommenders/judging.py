"""Every ranker's answers to the same moments, judged by the same measures, in one table."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.recommenders.sets import Set
from modeling.bundle import Predictor
from modeling.recommender.catalogue import Catalogue
from modeling.recommender.spec import TOLD_PLAYS
from training.evaluate.baselines import Baselines, past_of
from training.evaluate.metrics import coverage, ndcg_at_k, novelty, over_seeds, paired_difference, recall_at_k
from training.evaluate.requests import Rows, ask, plays_on_the_wire

K = 10
SAMPLES = 2_000

Answers = list[list[str]]
"""One ranking per asked moment."""


@dataclass
class Judged:
    """What was found of each ranker: per moment, and who the moment belongs to."""

    set: Set
    popularity: Mapping[str, float]
    ndcg: dict[str, list[float]] = field(default_factory=dict)
    recall: dict[str, list[float]] = field(default_factory=dict)
    answers: dict[str, Answers] = field(default_factory=dict)
    seeds: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Ranker → its trainings that differ by seed alone, as names of rankers."""

    def add(self, name: str, answers: Answers, family: str | None = None) -> None:
        wanted = [[self.set.target(asked)] for asked in self.set.asked]
        self.answers[name] = answers
        self.ndcg[name] = [ndcg_at_k(ranked, want, K) for ranked, want in zip(answers, wanted, strict=True)]
        self.recall[name] = [recall_at_k(ranked, want, K) for ranked, want in zip(answers, wanted, strict=True)]
        if name not in self.seeds[family or name]:
            self.seeds[family or name].append(name)

    def per_unit(self, family: str, numbers: Mapping[str, Sequence[float]]) -> dict[str, float]:
        """Per listener the mean over moments and seeds. A single listener's units are days' worth of moments."""
        values: dict[str, list[float]] = defaultdict(list)
        alone = len(self.set.everyone) == 1
        for name in self.seeds[family]:
            for asked, value in zip(self.set.asked, numbers[name], strict=True):
                listener = self.set.everyone[asked.listener]
                day = int(listener.plays.started[asked.upto] // 86400)
                values[f"{day}" if alone else f"{asked.listener}"].append(value)
        return {unit: float(np.mean(each)) for unit, each in values.items()}

    def table(self, against: str) -> Table:
        """Best first; the last column is the difference in NDCG@10 to `against`, paired over units."""
        table = Table(title=f"{self.set.name}: {len(self.set.asked)} moments, full ranking")
        for column in ("ranker", "recall@10", "NDCG@10", "over seeds", "coverage", "novelty, bits", f"less {against}"):
            table.add_column(column, justify="left" if column == "ranker" else "right")
        reference = self.per_unit(against, self.ndcg)
        means = {
            family: float(np.mean([np.mean(self.ndcg[name]) for name in names])) for family, names in self.seeds.items()
        }
        for family in sorted(means, key=lambda each: -means[each]):
            names = self.seeds[family]
            mean, low, high = paired_difference(self.per_unit(family, self.ndcg), reference, SAMPLES, 0)
            centre, spread = over_seeds([float(np.mean(self.ndcg[name])) for name in names])
            reached = np.mean([coverage(self.answers[name], len(self.set.artists), K) for name in names])
            surprise = np.mean([novelty(self.answers[name], self.popularity, K) for name in names])
            table.add_row(
                family,
                f"{np.mean([np.mean(self.recall[name]) for name in names]):.4f}",
                f"{means[family]:.4f}",
                f"{centre:.4f} ± {spread:.4f} ({len(names)})" if len(names) > 1 else "",
                f"{reached:.3f}",
                f"{surprise:.2f}",
                "" if family == against else f"{mean:+.4f} ({low:+.4f} to {high:+.4f})",
            )
        return table


def judged(chosen: Set, catalogue: Catalogue) -> Judged:
    return Judged(chosen, dict(zip(catalogue.tracks, catalogue.popularity.tolist(), strict=True)))


def counting(chosen: Set, catalogue: Catalogue) -> dict[str, Answers]:
    """What each baseline answers; it sees the same plays as the model."""
    baselines = Baselines(catalogue, chosen.everyone, chosen.when.validation_end, seed=0)
    found: dict[str, Answers] = defaultdict(list)
    for asked in chosen.asked:
        listener = chosen.everyone[asked.listener]
        past = past_of(listener, catalogue, asked.upto, TOLD_PLAYS, float(listener.plays.started[asked.upto]))
        permitted = np.ones(len(catalogue.tracks), dtype=np.bool_)
        if chosen.wish == "discover":
            permitted[past.item] = False
        for name, scores in baselines.scores(past).items():
            best = np.argsort(-np.where(permitted, scores, -np.inf))[:K]
            found[name].append([catalogue.tracks[track] for track in best])
    return found


def served(chosen: Set, predictor: Predictor) -> Answers:
    """What the product's predictor answers to the bytes that the product would send."""
    rows: dict[int, Rows] = {}
    answers: Answers = []
    for asked in chosen.asked:
        listener = chosen.everyone[asked.listener]
        if asked.listener not in rows:
            rows[asked.listener] = Rows(listener, plays_on_the_wire(listener.plays), TOLD_PLAYS)
        now = float(listener.plays.started[asked.upto])
        more: dict[str, Any] = {"wish": chosen.wish, "limit": K, "exclude": []}
        answer = ask(predictor, rows[asked.listener].request(asked.upto, now, more))
        answers.append([each["track"] for each in answer["tracks"]])
    return answers


def show(table: Table) -> None:
    Console(width=160).print(table)
