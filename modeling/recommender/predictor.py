"""The served recommender: raw plays and a wish in, ranked tracks with reasons out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from modeling.bundle import Bundle
from modeling.errors import RequestError
from modeling.plays import SESSION_GAP_S, Floats, Plays, read_instant, read_keys, read_plays, read_zone
from modeling.recommender.catalogue import Catalogue, Heard, heard
from modeling.recommender.features import DAY_S, Counts, count_features, moment_features, play_features
from modeling.recommender.network import RecommenderNetwork
from modeling.recommender.ranking import allowed, order
from modeling.recommender.reasons import Reasons
from modeling.recommender.spec import FEW_PLAYS, WISHES, RecommenderSpec, Wish
from modeling.spec import read_spec
from modeling.wire import each_in_place, read_object, write_answer

MAX_LIMIT = 500
FIELDS = {"now", "time_zone", "plays", "wish", "limit", "exclude"}


@dataclass(frozen=True)
class Request:
    now: float
    zone: tzinfo
    plays: Plays
    wish: Wish
    limit: int
    exclude: list[str]


def read_request(body: bytes) -> Request:
    """Parse and check a request. RequestError 400 or 422."""
    raw = read_object(body)
    if unknown := sorted(set(raw) - FIELDS):
        raise RequestError(422, f"Unknown fields: {', '.join(unknown)}.")
    wish, limit = raw.get("wish", "comfort"), raw.get("limit", 20)
    if wish not in WISHES:
        raise RequestError(422, f"wish must be one of {', '.join(WISHES)}.")
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MAX_LIMIT:
        raise RequestError(422, f"limit must be a whole number from 1 to {MAX_LIMIT}.")
    plays = read_plays(raw.get("plays"))
    now = read_instant(raw.get("now"), "now")
    if len(plays) and plays.ended[-1] > now + DAY_S:
        raise RequestError(422, "The plays lie in the future of now.")
    return Request(
        now, read_zone(raw.get("time_zone")), plays, wish, limit, read_keys(raw.get("exclude", []), "exclude")
    )


class RecommenderPredictor:
    """Holds the network and the vectors of all items. Memory: tracks × (width + audio size) floats, and the keys."""

    def __init__(self, bundle: Bundle, device: torch.device) -> None:
        self.spec = read_spec(RecommenderSpec, bundle.spec)
        self.identity = bundle.identity
        self.catalogue = Catalogue.read(bundle)
        self.device = device
        self.network = RecommenderNetwork(self.spec, len(self.catalogue.tracks), len(self.catalogue.artists))
        self.network.load_state_dict(bundle.tensors())
        self.network.eval().to(device)
        self.vectors = item_vectors(self.network, self.catalogue, device)
        self.network.items.learned = torch.nn.Embedding(0, self.spec.width)  # all of it is in the vectors now

    def predict(self, requests: Sequence[bytes]) -> list[bytes | RequestError]:
        """See `modeling.bundle.Predictor`."""
        return each_in_place(self._answer, requests)

    def golden_request(self) -> bytes:
        """Sixteen plays of the first tracks of the catalogue, asked for comfort."""
        count = min(8, len(self.catalogue.tracks))
        plays = [
            {
                "track": self.catalogue.tracks[index % count],
                "artist": self.catalogue.artists[self.catalogue.artist_of[index % count]],
                "ended_at": f"2026-01-01T{index:02d}:04:00Z",
                "ms_played": 180_000 if index % 5 else 9_000,
                "skipped": index % 5 == 0,
            }
            for index in range(16 if count else 0)
        ]
        wish = {"wish": "comfort", "limit": 10, "exclude": []}
        return json.dumps(
            {"now": "2026-01-01T16:30:00Z", "time_zone": "Europe/Prague", "plays": plays, **wish}
        ).encode()

    def _answer(self, body: bytes) -> bytes:
        request = read_request(body)
        history = heard(request.plays, self.catalogue)
        counts = count_features(history, len(request.plays), request.now, request.zone, self.catalogue)
        network = network_scores(self.network, self.vectors, self.catalogue, history, request.now, request.zone)
        scores = self._fuse(network, counts, request)
        chosen = self._choose(scores, counts, history, request)
        reasons = Reasons(history, counts, self.catalogue, request.now, request.wish, self.spec)
        tracks: list[dict[str, Any]] = [
            {"track": reasons.key(track), "score": round(float(scores[track]), 5), "reasons": reasons.of(track)}
            for track in chosen
        ]
        return write_answer("recommender", self.identity, {"wish": request.wish, "tracks": tracks})

    def _fuse(self, network: Floats, counts: Counts, request: Request) -> Floats:
        pause_s = request.now - (request.plays.ended[-1] if len(request.plays) else -np.inf)
        if request.wish == "discover":
            weights = self.spec.weights_discover
        elif not len(request.plays):
            weights = self.spec.weights_new
        elif pause_s > SESSION_GAP_S or request.wish == "rediscover":
            weights = self.spec.weights_few if len(request.plays) <= FEW_PLAYS else self.spec.weights_opening
        else:
            weights = self.spec.weights_within
        return fuse(network, counts, weights)

    def _choose(self, scores: Floats, counts: Counts, history: Heard, request: Request) -> list[int]:
        permitted = allowed(request.wish, counts, request.now, self.spec)
        extra = {key: len(self.catalogue.tracks) + place for place, key in enumerate(history.extra_tracks)}
        for key in request.exclude:
            track = self.catalogue.track_index.get(key, extra.get(key))
            if track is not None:
                permitted[track] = False
        cap = self.spec.comfort_artist_cap if request.wish in ("comfort", "hour") else self.spec.artist_cap
        return order(scores, permitted, history.artist_of, request.limit, cap)


def fuse(network: Floats, counts: Counts, weights: Sequence[float]) -> Floats:
    """(tracks,) the weighted sum of the network's score and the counted features."""
    return np.asarray(network * weights[0] + counts.weighted(weights[1:]))


@dataclass(frozen=True)
class Vectors:
    """Of the whole catalogue, as directions and lengths: the network reads tracks whole and scores their directions."""

    direction: Tensor
    """(tracks, width)"""
    length: Tensor
    """(tracks, 1)"""


def item_vectors(network: RecommenderNetwork, catalogue: Catalogue, device: torch.device) -> Vectors:
    """The vectors of all tracks as the network has learned them."""
    with torch.inference_mode():
        vectors: Tensor = network.items(
            torch.arange(len(catalogue.tracks), device=device),
            torch.from_numpy(catalogue.learned.astype(np.float32)).to(device),
            torch.from_numpy(catalogue.artist_of).to(device),
            torch.from_numpy(catalogue.audio).to(device),
        )
        length = vectors.norm(dim=1, keepdim=True).clamp(min=1e-12)
        return Vectors(vectors.div_(length), length)


def network_scores(
    network: RecommenderNetwork, vectors: Vectors, catalogue: Catalogue, history: Heard, now: float, zone: tzinfo
) -> Floats:
    """(tracks, the unknown ones included) What the network thinks should come next after this history at `now`."""
    plays, size = history.plays, len(catalogue.tracks)
    device = vectors.direction.device
    with torch.inference_mode():
        extra_artists = torch.from_numpy(np.minimum(history.artist_of[size:], len(catalogue.artists)))
        extra = network.items.artist(extra_artists.to(device))
        window = slice(max(0, len(plays) - network.position.num_embeddings + 1), len(plays))
        item = torch.from_numpy(history.item[window]).to(device)
        known, strange = item.clamp(max=max(0, size - 1)), (item - size).clamp(min=0)
        read = vectors.direction[known] * vectors.length[known]
        if len(extra):
            read = torch.where((item < size)[:, None], read, extra[strange])
        moments = moments_of(plays.part(window), now, zone)
        queries = network(
            read[None],
            torch.from_numpy(play_features(plays)[window]).to(device)[None],
            torch.from_numpy(moments).to(device)[None],
        )
        query = queries[0, -1] * network.scale()
        scores = torch.cat([vectors.direction @ query, functional.normalize(extra, dim=-1) @ query])
        return np.asarray(scores.double().cpu().numpy())


def moments_of(plays: Plays, now: float, zone: tzinfo) -> np.ndarray[Any, np.dtype[np.float32]]:
    """(n + 1, MOMENT_FEATURES): the moments at which each play began, and now."""
    begins = np.append(plays.started, now)
    before = np.concatenate([[begins[0] - DAY_S], plays.ended])
    return moment_features(begins - before, begins, zone)


def open_predictor(bundle: Bundle, device: torch.device) -> RecommenderPredictor:
    """See `modeling.bundle`."""
    return RecommenderPredictor(bundle, device)
