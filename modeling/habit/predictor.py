"""The served habit model: raw plays in; skips, the coming week, the next session and surprising days out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

import numpy as np
import torch
from torch import Tensor

from modeling.bundle import Bundle
from modeling.errors import BundleError, RequestError
from modeling.habit import comeback
from modeling.habit.artists import ARTIST_FEATURES, own_artists
from modeling.habit.features import (
    KINDS,
    MOMENT,
    after_features,
    before_features,
    candidate_features,
    kind_shares,
    kinds_of_plays,
    priors_for,
)
from modeling.habit.network import HabitNetwork
from modeling.habit.spec import FORECAST_HOURS, SURPRISE_DAYS, HabitSpec
from modeling.habit.surprise import past_days
from modeling.habit.timeline import HOUR_S, MEMORIES, USUAL, Rates, Timeline, hour_features, rates, timeline
from modeling.habit.waiting import Wait, head_correction, pause_places, waiting
from modeling.plays import Floats, Plays, Sessions, read_instant, read_plays, read_sessions, read_zone
from modeling.spec import read_spec
from modeling.wire import each_in_place, read_object, write_answer

VOCABULARY = "vocabulary.json"
FIELDS = {"time_zone", "now", "plays", "earlier", "candidates", "days"}
MAX_CANDIDATES = 500
MAX_DAYS = 4000
NEXT_ARTISTS = 10


@dataclass(frozen=True)
class Request:
    now: float
    zone: tzinfo
    plays: Plays
    earlier: Sessions
    """When there was music before the plays."""
    tracks: list[str]
    artists: list[str]
    days: int
    """How many past days are told about."""


def read_request(body: bytes) -> Request:
    """Parse and check a request. RequestError 400 or 422."""
    raw = read_object(body)
    if unknown := sorted(set(raw) - FIELDS):
        raise RequestError(422, f"Unknown fields: {', '.join(unknown)}.")
    candidates = raw.get("candidates", [])
    if not isinstance(candidates, list) or len(candidates) > MAX_CANDIDATES:
        raise RequestError(422, f"candidates must be a list of at most {MAX_CANDIDATES} tracks.")
    for index, each in enumerate(candidates):
        if not isinstance(each, dict) or not all(isinstance(each.get(key), str) for key in ("track", "artist")):
            raise RequestError(422, f"candidates[{index}] must name a track and an artist.")
    now, plays = read_instant(raw.get("now"), "now"), read_plays(raw.get("plays"))
    if len(plays) and plays.ended[-1] > now + 86400:
        raise RequestError(422, "The plays lie in the future of now.")
    earlier = read_sessions(raw.get("earlier", []))
    if len(earlier) and not (len(plays) and earlier.started[-1] <= plays.ended[0]):
        raise RequestError(422, "earlier must lie before the plays.")
    days = raw.get("days", SURPRISE_DAYS)
    if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= MAX_DAYS:
        raise RequestError(422, f"days must be a whole number up to {MAX_DAYS}.")
    zone = read_zone(raw.get("time_zone"))
    tracks, artists = ([each[key] for each in candidates] for key in ("track", "artist"))
    return Request(now, zone, plays, earlier, tracks, artists, days)


class HabitPredictor:
    """Holds the network and what others skip."""

    def __init__(self, bundle: Bundle, device: torch.device) -> None:
        self.spec = read_spec(HabitSpec, bundle.spec)
        for weights in (self.spec.artist_within, self.spec.artist_opening):
            if len(weights) != len(ARTIST_FEATURES):
                raise BundleError(f"{len(weights)} weights of a next artist for {len(ARTIST_FEATURES)} features")
        self.identity = bundle.identity
        self.device = device
        words = bundle.json(VOCABULARY)
        self.artist_code: dict[str, int] = {key: code + 1 for code, key in enumerate(words["artists"])}
        self.track_skip: dict[str, float] = words["track_skip"]
        self.artist_skip: dict[str, float] = words["artist_skip"]
        self.network = HabitNetwork(self.spec)
        self.network.load_state_dict(bundle.tensors())
        self.network.eval().to(device)

    def predict(self, requests: Sequence[bytes]) -> list[bytes | RequestError]:
        """See `modeling.bundle.Predictor`."""
        return each_in_place(self._answer, requests)

    def golden_request(self) -> bytes:
        """Three weeks of evenings with four plays each."""
        artists = [*self.artist_code, "artist:nobody"][:2]
        plays = [
            {
                "track": f"golden:{(day + song) % 5}", "artist": artists[song % len(artists)],
                "started_at": f"2026-01-{day:02d}T18:{song * 5:02d}:00Z",
                "ended_at": f"2026-01-{day:02d}T18:{song * 5 + 3:02d}:00Z",
                "ms_played": 180_000 if song % 3 else 12_000, "reason_start": "trackdone",
                "reason_end": "trackdone" if song % 3 else "fwdbtn", "shuffle": False, "skipped": song % 3 == 0,
            }
            for day in range(1, 22)
            for song in range(4)
        ]  # fmt: skip
        candidates = [{"track": "golden:0", "artist": artists[0]}, {"track": "golden:new", "artist": artists[-1]}]
        return json.dumps(
            {"time_zone": "Europe/Prague", "now": "2026-01-21T20:15:00Z", "plays": plays, "candidates": candidates}
        ).encode()

    def _answer(self, body: bytes) -> bytes:
        request = read_request(body)
        line = timeline(request.plays, request.zone, request.now, request.earlier)
        known = rates(line, request.now)
        with torch.inference_mode():
            places = pause_places(request.plays)
            states = self._states(request, [*places, len(request.plays) - 1])
            state = states[-1:]
            next_play = self._next_play(state, request)
            answer: dict[str, Any] = {
                "forecast": [round(float(chance), 5) for chance in self._forecast(state, line, known, request.now)],
                "next_session": _told(self._wait(states, places, line, request)),
                "next_play": next_play,
                "next_artists": self._next_artists(request, 1 - next_play["new_artist"]),
                "skips": [round(float(chance), 5) for chance in self._skips(state, request)],
            }
        answer["days"] = [
            {
                "day": each.day.isoformat(), "surprise": round(each.surprise, 3), "hours": each.hours,
                "expected_hours": round(each.expected_hours, 2), "unusual_hours": each.unusual_hours,
                "missing_hours": each.missing_hours,
            }
            for each in past_days(line, request.now, request.days, USUAL)
        ]  # fmt: skip
        return write_answer("habit", self.identity, answer)

    def _states(self, request: Request, places: Sequence[int]) -> Tensor:
        """(places, hidden) after each of these plays, from the window that ends with it; zeros where there is none."""
        plays, window = request.plays, self.spec.window
        priors = priors_for(plays, self.track_skip, self.artist_skip, self.spec.skip_rate)
        columns = state_inputs(plays, before_features(plays, request.zone, priors), self.artist_code)
        lengths = [min(window, place + 1) for place in places]
        states = torch.zeros(len(places), self.spec.hidden, device=self.device)
        for length in sorted(set(lengths) - {0}):
            rows = [row for row, each in enumerate(lengths) if each == length]
            inside = np.array([places[row] for row in rows])[:, None] + np.arange(1 - length, 1)
            tensors = (torch.from_numpy(column[inside]).to(self.device) for column in columns)
            states[rows] = self.network.states(*tensors)[:, -1]
        return states

    def _wait(self, states: Tensor, places: Sequence[int], line: Timeline, request: Request) -> Wait:
        """Of the next session; `states` after the plays at `places`, then after the last one."""
        ended = np.maximum.accumulate(request.plays.ended)
        if not len(ended):
            return waiting(self.network, self.spec, states[:0], line, np.empty(0), np.empty(0), request.now)
        begun = np.minimum(ended[[*places, -1]], request.now)
        lasted_h = (request.plays.started[[place + 1 for place in places]] - begun[:-1]) / HOUR_S
        return waiting(self.network, self.spec, states, line, begun, lasted_h, request.now)

    def _forecast(self, state: Tensor, line: Timeline, known: Rates, now: float) -> Floats:
        middles: Floats = np.asarray(line.next_full_hour(now) + (np.arange(FORECAST_HOURS) + 0.5) * HOUR_S)
        hours = hour_features(line, now, middles, known)
        widths = np.zeros(FORECAST_HOURS, np.float32)
        correction = head_correction(self.network.forecast, state, hours[None], widths)[0]
        logits = hours[:, MEMORIES].mean(axis=1) + self.spec.forecast_residual * correction + self.spec.forecast_shift
        return np.asarray(1 / (1 + np.exp(-logits)))

    def _next_play(self, state: Tensor, request: Request) -> dict[str, float]:
        """Chances of what a play that begins now would be; they sum to one."""
        plays, nobody = request.plays, priors_for(request.plays, {}, {}, self.spec.skip_rate)
        anything = type(nobody)(np.full(1, nobody.overall), np.full(1, nobody.overall), nobody.overall)
        moment = candidate_features(plays, request.now, request.zone, [""], [""], anything)[:, :MOMENT]
        shares = kind_shares(kinds_of_plays(plays), np.array([len(plays)]))
        correction = self.network.next_kind(state, torch.from_numpy(moment).to(self.device)).double().cpu().numpy()
        logits = (shares + self.spec.kind_residual * correction)[0]
        chances = np.exp(logits - logits.max())
        return {kind: round(float(chance), 5) for kind, chance in zip(KINDS, chances / chances.sum(), strict=True)}

    def _next_artists(self, request: Request, known: float) -> list[dict[str, Any]]:
        """The likeliest of the listener's own artists; `known` is the chance that it is any of them."""
        own = own_artists(request.plays, request.now, request.zone)
        if not len(own.codes):
            return []
        scores = own.features @ np.array(self.spec.artist_within if own.within else self.spec.artist_opening)
        chances = np.exp(scores - scores.max())
        chances *= known / chances.sum()
        best = np.argsort(-chances, kind="stable")[:NEXT_ARTISTS]
        keys = request.plays.artist_keys
        return [{"artist": keys[own.codes[place]], "chance": round(float(chances[place]), 5)} for place in best]

    def _skips(self, state: Tensor, request: Request) -> Floats:
        if not request.tracks:
            return np.empty(0)
        known = self.spec.skip_rate
        rates = [self.track_skip.get(key, known) for key in request.tracks]
        artist_rates = [self.artist_skip.get(key, known) for key in request.artists]
        priors = priors_for(request.plays, self.track_skip, self.artist_skip, known)
        priors = type(priors)(np.array(rates), np.array(artist_rates), priors.overall)
        before = candidate_features(request.plays, request.now, request.zone, request.tracks, request.artists, priors)
        artist = torch.tensor([self.artist_code.get(key, 0) for key in request.artists], device=self.device)
        logits = self.network.skip(state.expand(len(before), -1), torch.from_numpy(before).to(self.device), artist)
        scaled = logits.double().cpu().numpy() * self.spec.skip_scale + self.spec.skip_shift
        return np.asarray(1 / (1 + np.exp(-scaled)))


def state_inputs(plays: Plays, before: np.ndarray, artist_code: dict[str, int]) -> tuple[np.ndarray, ...]:
    """The inputs of `HabitNetwork.states` for one sequence, without the batch dimension."""
    codes = np.array([artist_code.get(key, 0) for key in plays.artist_keys], dtype=np.int64)
    artist = codes[plays.artist] if len(plays) else np.empty(0, np.int64)
    reasons = plays.reason_start.astype(np.int64), plays.reason_end.astype(np.int64)
    return before, after_features(plays), artist, *reasons


def _told(wait: Wait) -> dict[str, Any]:
    low, middle, high = comeback.quantiles(wait.hazard, np.array([0.1, 0.5, 0.9]))
    within = {str(span): round(comeback.cumulative(wait.hazard, span), 4) for span in (1, 3, 6, 12, 24, 48)}
    return {
        "expected_hours": round(float(middle), 3), "p10": round(float(low), 3), "p90": round(float(high), 3),
        "within_hours": within,
    }  # fmt: skip


def open_predictor(bundle: Bundle, device: torch.device) -> HabitPredictor:
    """See `modeling.bundle`."""
    return HabitPredictor(bundle, device)
