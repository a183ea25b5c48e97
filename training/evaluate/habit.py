"""The habit model as served, on the test span: the next skip, the coming week, the next session."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from modeling.bundle import Predictor
from modeling.habit.features import KINDS, MEMORY_PLAYS, SMOOTHING, kinds_of_plays
from modeling.habit.spec import FORECAST_HOURS, TOLD_PLAYS
from modeling.habit.timeline import HALF_LIVES_DAYS, HOUR_S, Timeline, logit, timeline, week_rates
from modeling.plays import Floats, begins_session, hours_of_week, was_skipped
from training.data.habits import hours_to_next_session, skip_tables
from training.data.sequences import DAY_S, Listener, Spans, listeners, played_before, spans
from training.evaluate.metrics import log_loss, reliability
from training.evaluate.next_artist import TOP, ArtistCounts, artist_popularity
from training.evaluate.requests import Rows, ask, plays_on_the_wire
from training.evaluate.said import Said, chances_of, fewer_hours, gaps_of, less_log_loss, more_often, ranks_of
from training.jobs import Evaluation, EvaluationJob

RETURN_WITHIN_H = (3, 12, 24)
NEW_FROM = KINDS.index("new_track")
PLAIN = 1.0
"""What the hour of the day counts for in the plain histogram of hours of the week, in observations."""


@dataclass(frozen=True)
class Findings:
    skip: Said
    new: Said
    """Is the next track one that was not heard before."""
    artist: Said
    """Which place the artist that was played had in a ranking; ABSENT where it was not ranked."""
    forecast: Said
    gap: Said
    within: dict[int, Said]


@dataclass(frozen=True)
class Everywhere:
    """What the training span says of all listeners together."""

    skip_rate: float
    gap_h: float
    artist_plays: Floats


def evaluate(job: EvaluationJob, *, of_plays: bool = True, network: Predictor | None = None) -> Evaluation:
    """Every number comes through `job.predictor`; the baselines are counted on what came before each moment.

    For benchmarks: pauses alone are asked without `of_plays`; `network` is the same training trusted as it is, whose
    coming week stands beside the model's as `network`.
    """
    everyone = listeners(job.data.songs())
    when = spans(everyone, job.params.split)
    tracks, _ = skip_tables(everyone, when.train_end)
    findings = Findings(Said(), Said(), Said(), Said(), Said(), {hours: Said() for hours in RETURN_WITHIN_H})
    medians = [_median_gap(each, 0, played_before(each, when.train_end)) for each in everyone]
    usual_gap = float(np.nanmedian(medians)) if np.isfinite(medians).any() else float("nan")
    everywhere = Everywhere(tracks.overall, usual_gap, artist_popularity(everyone, when.train_end))
    for listener in everyone:
        if of_plays:
            _plays(job, listener, when, everywhere, findings)
        _pauses(job, listener, when, everywhere, findings, network)
    forecast = findings.forecast
    metrics: dict[str, Any] = {
        "skip": chances_of(findings.skip),
        "new_track": chances_of(findings.new),
        "next_artist": ranks_of(findings.artist),
        "forecast": chances_of(forecast, independent=False),
        "next_session": gaps_of(findings.gap),
        "return_within": {f"{hours}_h": chances_of(said) for hours, said in findings.within.items()},
        "against_best_baseline": {
            "skip": less_log_loss(findings.skip, job),
            "new_track": less_log_loss(findings.new, job),
            "next_artist_first": more_often(findings.artist, job, 1),
            "next_artist_among_ten": more_often(findings.artist, job, TOP),
            "forecast": less_log_loss(forecast.beside("own_rate", "histogram_", "leaning_", "together"), job),
            "forecast_of_plain_histogram": less_log_loss(forecast.beside("histogram_"), job),
            "forecast_of_leaning_histogram": less_log_loss(forecast.beside("leaning_"), job),
            "forecast_of_histograms_together": less_log_loss(forecast.beside("together"), job),
            "forecast_of_network_alone": less_log_loss(forecast.beside("network"), job),
            "next_session": fewer_hours(findings.gap, job),
            **{f"return_within_{hours}_h": less_log_loss(said, job) for hours, said in findings.within.items()},
        },
    }
    chances = {"skip": findings.skip, "new_track": findings.new}
    chances |= {f"return_within.{hours}_h": found for hours, found in findings.within.items()}
    guarded = {
        f"{name}.model.negative_log_loss": _per_listener(found, _negative_log_loss) for name, found in chances.items()
    }
    guarded["next_artist.model.top_10"] = _per_listener(findings.artist, _share_among_ten)
    per_listener = _per_listener(forecast, _negative_log_loss)
    return Evaluation(metrics, "forecast.model.negative_log_loss", per_listener, guarded, _plots(findings))


def _negative_log_loss(said: Floats, happened: Floats) -> float:
    return -log_loss(said, happened)


def _share_among_ten(place: Floats, _: Floats) -> float:
    return float(np.mean(place <= TOP))


def _per_listener(found: Said, number: Callable[[Floats, Floats], float]) -> list[tuple[str, float]]:
    """A number of the model's for each listener, from what it said and what happened."""
    return [
        (who, number(np.array(found.said["model"][who]), np.array(happened)))
        for who, happened in sorted(found.happened.items())
    ]


def _asked(listener: Listener, when: Spans) -> tuple[int, int, Rows] | None:
    """The places of the plays of the test span, and their requests; None where there is nothing to ask."""
    begin, end = played_before(listener, when.test_begin), played_before(listener, when.test_end)
    if begin < 2 or end - begin < 2:
        return None
    plays = plays_on_the_wire(listener.plays.part(slice(0, end)))
    return begin, end, Rows(listener, plays, TOLD_PLAYS)


def _plays(job: EvaluationJob, listener: Listener, when: Spans, everywhere: Everywhere, findings: Findings) -> None:
    asked = _asked(listener, when)
    if asked is None:
        return
    (begin, end, rows), plays, count = asked, listener.plays, job.params.evaluate.sessions_per_listener
    skipped = was_skipped(plays).astype(np.float64)
    counts = ArtistCounts(plays.part(slice(0, end)), everywhere.artist_plays)
    is_new = (kinds_of_plays(plays) >= NEW_FROM).astype(np.float64)
    for place in _evenly(range(begin, end), 2 * count):
        now = float(plays.started[place])
        candidate = {"track": plays.track_keys[plays.track[place]], "artist": plays.artist_keys[plays.artist[place]]}
        more = {"candidates": [candidate], "earlier": rows.earlier(place, now)}
        answer = ask(job.predictor, rows.request(place, now, more))
        said = {"model": answer["skips"][0], **_skip_baselines(plays.track, skipped, place, everywhere.skip_rate)}
        session = int(counts.session[place])
        findings.skip.add(listener.key, said, skipped[place], session)
        chances = {"model": sum(answer["next_play"][kind] for kind in KINDS[NEW_FROM:])}
        chances |= {f"last_{span}_rate": _recent_share(is_new, place, span) for span in (20, 200, MEMORY_PLAYS)}
        findings.new.add(listener.key, chances, is_new[place], session)
        findings.artist.add(listener.key, counts.ranks(place, answer["next_artists"]), 1.0, session)


def _pauses(
    job: EvaluationJob,
    listener: Listener,
    when: Spans,
    everywhere: Everywhere,
    findings: Findings,
    network: Predictor | None,
) -> None:
    asked = _asked(listener, when)
    if asked is None:
        return
    (begin, end, rows), plays, count = asked, listener.plays, job.params.evaluate.sessions_per_listener
    known_until = min(when.test_end, float(plays.ended[-1]))  # what came after the last play nobody told
    line = timeline(plays, listener.zone, known_until)
    closes = np.append(begins_session(plays)[1:], True)
    own_gap = _median_gap(listener, 0, begin)
    for place in _evenly([each for each in range(begin, end) if closes[each]], count):
        now, day = float(plays.ended[place]), int(plays.ended[place] // DAY_S)
        more = {"candidates": [], "earlier": rows.earlier(place + 1, now)}
        request = rows.request(place + 1, now, more)
        answer = ask(job.predictor, request)
        weeks = {"model": answer["forecast"]} | ({"network": ask(network, request)["forecast"]} if network else {})
        _judge_forecast(line, now, known_until, listener.key, weeks, findings.forecast)
        gap_h = hours_to_next_session(plays, place)
        said = {
            "model": answer["next_session"]["expected_hours"], "median_of_all": everywhere.gap_h,
            "own_median": own_gap if np.isfinite(own_gap) else everywhere.gap_h,
            "own_median_by_hour": _median_by_hour(listener, place, own_gap),
        }  # fmt: skip
        if np.isfinite(gap_h):
            findings.gap.add(listener.key, said, gap_h, day)
        for hours, found in findings.within.items():
            if now + hours * HOUR_S <= known_until:
                chances = {"model": answer["next_session"]["within_hours"][str(hours)]}
                chances["own_share"] = _share_within(listener, place, hours)
                found.add(listener.key, chances, float(gap_h <= hours), day)


def _judge_forecast(
    line: Timeline, now: float, end: float, who: str, weeks: dict[str, list[float]], found: Said
) -> None:
    begin = line.next_full_hour(now)
    first = round((begin - line.begin) / HOUR_S)
    known = min(FORECAST_HOURS, int((end - begin) // HOUR_S), len(line.listened) - first)
    if known <= 0:
        return
    clock = line.clock[first : first + known]
    listened = line.listened.astype(np.float64)
    plain, leaning = week_rates(line, now, listened, PLAIN), week_rates(line, now, listened)
    together = 1 / (1 + np.exp(-logit(leaning).mean(axis=0)))
    for hour in range(known):
        said = {name: week[hour] for name, week in weeks.items()}
        said |= {"own_rate": float(plain[1].mean()), "together": float(together[clock[hour]])}
        for name, rates in (("histogram", plain), ("leaning", leaning)):
            for days, row in zip(HALF_LIVES_DAYS, rates, strict=True):
                said[f"{name}_{int(days)}_days"] = float(row[clock[hour]])
        found.add(who, said, float(line.listened[first + hour]), int((begin + hour * HOUR_S) // (7 * DAY_S)))


def _skip_baselines(track: np.ndarray, skipped: np.ndarray, place: int, overall: float) -> dict[str, float]:
    same = skipped[:place][track[:place] == track[place]]
    recent, last = skipped[max(0, place - 20) : place], skipped[place - 1]
    own = float((skipped[:place].sum() + SMOOTHING * overall) / (place + SMOOTHING))
    after_same = skipped[1:place][skipped[: place - 1] == last]
    return {
        "overall_rate": own,
        "previous_skip": float((after_same.sum() + SMOOTHING * own) / (len(after_same) + SMOOTHING)),
        "own_track_rate": float((same.sum() + SMOOTHING * own) / (len(same) + SMOOTHING)),
        "last_20_rate": float((recent.sum() + SMOOTHING * own) / (len(recent) + SMOOTHING)),
    }


def _recent_share(happened: np.ndarray, place: int, span: int) -> float:
    lately = happened[max(0, place - span) : place]
    return float((lately.sum() + 1) / (len(lately) + 2))


def _gaps_before(listener: Listener, begin: int, end: int) -> tuple[np.ndarray, np.ndarray]:
    """(hours of the pauses between sessions, ends of the sessions before them) among the plays of a range."""
    plays = listener.plays.part(slice(begin, end))
    opens = np.flatnonzero(begins_session(plays))[1:] if len(plays) else np.empty(0, np.int64)
    ended = np.maximum.accumulate(plays.ended)[opens - 1] if len(opens) else np.empty(0)
    return (plays.started[opens] - ended) / HOUR_S, ended


def _median_gap(listener: Listener, begin: int, end: int) -> float:
    gaps, _ = _gaps_before(listener, begin, end)
    return float(np.median(gaps)) if len(gaps) else float("nan")


def _median_by_hour(listener: Listener, place: int, fallback: float) -> float:
    """Median pause of the listener's sessions that ended within two hours of this time of day."""
    gaps, ended = _gaps_before(listener, 0, place + 1)
    if not len(gaps):
        return fallback
    hours = hours_of_week(np.append(ended, listener.plays.ended[place]), listener.zone) % 24
    apart = np.abs(hours[:-1] - hours[-1])
    near = gaps[np.minimum(apart, 24 - apart) <= 2]
    return float(np.median(near)) if len(near) >= 5 else float(np.median(gaps))


def _share_within(listener: Listener, place: int, hours: float) -> float:
    gaps, _ = _gaps_before(listener, 0, place + 1)
    return float((np.sum(gaps <= hours) + 1) / (len(gaps) + 2))


def _evenly(places: Sequence[int] | range, count: int) -> list[int]:
    if len(places) <= count:
        return list(places)
    return [places[int(place)] for place in np.linspace(0, len(places) - 1, count)]


def _plots(findings: Findings) -> dict[str, pa.Table]:
    rows = []
    heads = {"skip": findings.skip, "new_track": findings.new, "forecast": findings.forecast}
    for name, found in (heads | {f"return_within_{hours}_h": said for hours, said in findings.within.items()}).items():
        if found.happened:
            rows += [{"name": name, **row} for row in reliability(*found.pooled("model"))]
    return {"reliability": pa.Table.from_pylist(rows)} if rows else {}
