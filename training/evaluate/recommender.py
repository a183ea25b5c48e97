"""The recommender as served, on the test span: what to play in the next session, next, for the first time, and again
after long."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from modeling.plays import SHORT_PLAY_MS, begins_session, previous_place, sum_before, was_skipped
from modeling.recommender.catalogue import Catalogue, heard
from modeling.recommender.features import count_features
from modeling.recommender.ranking import allowed
from modeling.recommender.spec import TOLD_PLAYS, Wish
from training.data.catalogue import build_catalogue, read_embeddings
from training.data.sequences import DAY_S, Listener, Spans, listeners, played_before, spans
from training.evaluate.baselines import Baselines, Scores, past_of
from training.evaluate.metrics import coverage, ndcg_at_k, novelty, paired_bootstrap, recall_at_k, reciprocal_rank
from training.evaluate.requests import Rows, ask, plays_on_the_wire
from training.evaluate.said import rounded
from training.jobs import Evaluation, EvaluationJob

K = 10
FEW = (0, 5, 50)
WISHES: dict[Wish, tuple[str, ...]] = {
    "comfort": (
        "next_session", "next_session_repeat", "next_session_explore", "next_track",
        *(f"after_{few}_plays" for few in FEW),
    ),
    "discover": ("discover", "cold"),
    "rediscover": ("rediscover",),
    "hour": ("hour",),
}  # fmt: skip
"""What is asked of each wish's answer. `explore` is the same answer as `next_session`, judged by the tracks that were
new to the listener; `discover` is the answer to that wish, judged by the same; `cold` is that answer judged by tracks
that nobody played in training. `after_5_plays` is `next_session` for somebody of whose history only the last five plays
are told. `rediscover` is judged by the tracks of the session that came back after so long a silence as that wish asks
for, `hour` by all of the session that begins at that hour; baselines choose among the same tracks as the model."""
TASKS = tuple(task for tasks in WISHES.values() for task in tasks)

GUARDED = ("next_session_repeat", "discover", "next_track", "after_5_plays")
"""What the gate looks at beside `next_session`."""


@dataclass
class Tally:
    """Per ranker the numbers of each moment, and the answers for coverage."""

    who: list[str] = field(default_factory=list)
    numbers: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    answers: dict[str, list[Sequence[str]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, who: str, rankings: dict[str, list[str]], wanted: Sequence[str]) -> None:
        self.who.append(who)
        for ranker, ranked in rankings.items():
            self.answers[ranker].append(ranked)
            self.numbers[ranker]["recall_at_10"].append(recall_at_k(ranked, wanted, K))
            self.numbers[ranker]["ndcg_at_10"].append(ndcg_at_k(ranked, wanted, K))
            self.numbers[ranker]["mrr"].append(reciprocal_rank(ranked[:K], wanted))

    def per_listener(self, ranker: str, name: str) -> dict[str, float]:
        """Mean per listener, so that nobody counts for more because they play more."""
        values: dict[str, list[float]] = defaultdict(list)
        for who, value in zip(self.who, self.numbers[ranker][name], strict=True):
            values[who].append(value)
        return {who: float(np.mean(each)) for who, each in sorted(values.items())}


@dataclass(frozen=True)
class Asker:
    """Everything that is the same for all moments."""

    job: EvaluationJob
    catalogue: Catalogue
    baselines: Baselines
    tallies: dict[str, Tally]

    def moment(
        self,
        listener: Listener,
        rows: Rows,
        upto: int,
        now: float,
        wanted: dict[str, list[str]],
        last: int | None = None,
    ) -> None:
        """Ask model and baselines once per wish that has something wanted, and judge. `last`: plays that are told."""
        cap = TOLD_PLAYS if last is None else last
        scores_of: dict[int, dict[str, Scores]] = {}
        for wish, tasks in WISHES.items():
            asked = [task for task in tasks if wanted.get(task)]
            if not asked:
                continue
            older = rows.silent(upto, now) if wish == "rediscover" else []
            known = upto if wish == "rediscover" else cap
            if known not in scores_of:
                scores_of[known] = self.baselines.scores(past_of(listener, self.catalogue, upto, known, now))
            permitted = self._permitted(wish, listener, upto, known, now)
            answer = ask(self.job.predictor, rows.request(upto, now, {"wish": wish, "limit": K}, last, older))
            rankings = {"model": [each["track"] for each in answer["tracks"]]}
            for name, score in scores_of[known].items():
                best = np.argsort(-np.where(permitted, score, -np.inf))[: min(K, int(permitted.sum()))]
                rankings[name] = [self.catalogue.tracks[track] for track in best]
            for task in asked:
                self.tallies[task].add(listener.key, rankings, wanted[task])

    def _permitted(self, wish: Wish, listener: Listener, upto: int, known: int, now: float) -> NDArray[np.bool_]:
        """(tracks,) What may answer the wish, by the plays that are known."""
        if wish == "comfort":
            return np.ones(len(self.catalogue.tracks), dtype=np.bool_)
        past = heard(listener.plays.part(slice(max(0, upto - known), upto)), self.catalogue)
        counts = count_features(past, len(past.plays), now, listener.zone, self.catalogue)
        return allowed(wish, counts, now, self.job.params.recommender)[: len(self.catalogue.tracks)]


def ask_everybody(job: EvaluationJob) -> Asker:
    """Model and baselines after every moment of the test span; the baselines have counted as many plays."""
    everyone = listeners(job.data.songs())
    when = spans(everyone, job.params.split)
    catalogue = build_catalogue(job.data.tracks(), read_embeddings(job.embeddings), everyone, when.validation_end)
    baselines = Baselines(catalogue, everyone, when.validation_end, job.params.seed)
    asker = Asker(job, catalogue, baselines, {task: Tally() for task in TASKS})
    for listener in everyone:
        _listener(asker, listener, when)
    return asker


def evaluate(job: EvaluationJob) -> Evaluation:
    """Every number comes through `job.predictor`."""
    asker = ask_everybody(job)
    known_by = dict(zip(asker.catalogue.tracks, asker.catalogue.popularity.tolist(), strict=True))
    metrics: dict[str, Any] = {task: _summary(tally, known_by) for task, tally in asker.tallies.items() if tally.who}
    units = asker.tallies["next_session"].per_listener("model", "ndcg_at_10") if metrics.get("next_session") else {}
    metrics["against_best_baseline"] = {
        task: _against_best(asker.tallies[task], metrics[task], job) for task in TASKS if task in metrics
    }
    rows = [
        {"task": task, "ranker": ranker, **numbers}
        for task in TASKS
        for ranker, numbers in metrics.get(task, {}).items()
        if isinstance(numbers, dict)
    ]
    plots = {"rankers": pa.Table.from_pylist(rows)} if rows else {}
    guarded = {
        f"{task}.model.ndcg_at_10": list(asker.tallies[task].per_listener("model", "ndcg_at_10").items())
        for task in GUARDED
        if task in metrics
    }
    return Evaluation(metrics, "next_session.model.ndcg_at_10", list(units.items()), guarded, plots)


def _listener(asker: Asker, listener: Listener, when: Spans) -> None:
    plays, count = listener.plays, asker.job.params.evaluate.sessions_per_listener
    begin, end = played_before(listener, when.test_begin), played_before(listener, when.test_end)
    if begin in (0, end):
        return
    rows = Rows(listener, plays_on_the_wire(plays.part(slice(0, end))), TOLD_PLAYS)
    opens = begins_session(plays)
    listened = ~was_skipped(plays) & (plays.ms_played >= SHORT_PLAY_MS)
    first = np.zeros(len(plays), dtype=np.bool_)
    first[np.unique(plays.track, return_index=True)[1]] = True
    keys = [plays.track_keys[code] for code in plays.track]
    rules = asker.job.params.recommender
    previous = previous_place(plays.track, len(plays))
    silent_s = np.where(previous >= 0, plays.started - plays.ended[previous], 0.0)
    listens_before = sum_before(plays.track, listened.astype(np.float64), len(plays))
    comeback = (silent_s >= rules.rediscover_silent_days * DAY_S) & (listens_before >= rules.rediscover_listens)
    cold = {key for key, learned in zip(asker.catalogue.tracks, asker.catalogue.learned, strict=True) if not learned}
    starts = [int(place) for place in np.flatnonzero(opens[:end]) if place >= begin]
    chosen = set(_evenly(starts, count))
    for start, following in zip(starts, [*starts[1:], end], strict=True):
        wanted = [keys[place] for place in range(start, following) if listened[place]]
        new = {keys[place] for place in range(start, following) if first[place]}
        # First listens and comebacks are rare: every session with one is asked about, not only the chosen ones.
        tasks = {
            "rediscover": [keys[place] for place in range(start, following) if listened[place] and comeback[place]],
            "discover": [key for key in wanted if key in new],
            "cold": [key for key in wanted if key in new and key in cold],
        }
        if start in chosen:
            tasks |= {
                "next_session": wanted,
                "hour": wanted,
                "next_session_repeat": [key for key in wanted if key not in new],
                "next_session_explore": tasks["discover"],
            }
        if any(tasks.values()):
            asker.moment(listener, rows, start, float(plays.started[start]), tasks)
        for few in FEW if start in chosen and wanted else ():
            asker.moment(listener, rows, start, float(plays.started[start]), {f"after_{few}_plays": wanted}, few)
    within = [place for place in range(begin, end) if listened[place] and not opens[place]]
    for place in _evenly(within, count):
        asker.moment(listener, rows, place, float(plays.started[place]), {"next_track": [keys[place]]})


def _evenly(places: Sequence[int], count: int) -> list[int]:
    """At most `count` of the places, spread evenly."""
    if len(places) <= count:
        return list(places)
    return [places[int(place)] for place in np.linspace(0, len(places) - 1, count)]


def _summary(tally: Tally, known_by: Mapping[str, float]) -> dict[str, Any]:
    """Per ranker the means over listeners, how much of the catalogue its answers reach, and how surprising they are."""
    summary: dict[str, Any] = {}
    for ranker, numbers in tally.numbers.items():
        means = {name: round(float(np.mean(list(tally.per_listener(ranker, name).values()))), 5) for name in numbers}
        summary[ranker] = means | {
            "coverage": round(coverage(tally.answers[ranker], len(known_by), K), 5),
            "novelty_bits": rounded(novelty(tally.answers[ranker], known_by, K)),
        }
    summary["moments"] = len(tally.who)
    summary["listeners"] = len(set(tally.who))
    return summary


def _against_best(tally: Tally, summary: dict[str, Any], job: EvaluationJob) -> dict[str, Any]:
    """The model's NDCG@10 less that of the best baseline, with a 95 % interval over listeners."""
    rivals = {
        name: numbers["ndcg_at_10"]
        for name, numbers in summary.items()
        if isinstance(numbers, dict) and name != "model"
    }
    best = max(rivals, key=lambda name: rivals[name])
    model, rival = tally.per_listener("model", "ndcg_at_10"), tally.per_listener(best, "ndcg_at_10")
    differences = [model[who] - rival[who] for who in model]
    mean, low, high = paired_bootstrap(differences, job.params.evaluate.bootstrap_samples, job.params.seed)
    return {"baseline": best, "difference": round(mean, 5), "low": round(low, 5), "high": round(high, 5)}
