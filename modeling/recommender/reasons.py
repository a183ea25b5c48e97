"""Why a track is suggested. A reason is a fact about the request's own plays or about sound, counted here, with the
tracks that prove it; what is not so is not said."""

from typing import Any

import numpy as np

from modeling.recommender.catalogue import Catalogue, Heard
from modeling.recommender.features import DAY_S, RECENT_PLAYS, Counts
from modeling.recommender.spec import RecommenderSpec, Wish

OFTEN_LISTENS = 3
FOLLOWED_TIMES = 2.0
SOUNDS_LIKE_COSINE = 0.6
POPULAR_SHARE = 0.2
MAX_REASONS = 3


class Reasons:
    """The reasons of one request; reads its counts, adds nothing to them."""

    def __init__(
        self, heard: Heard, counts: Counts, catalogue: Catalogue, now: float, wish: Wish, spec: RecommenderSpec
    ) -> None:
        self.heard, self.counts, self.catalogue, self.now, self.wish, self.spec = (
            heard,
            counts,
            catalogue,
            now,
            wish,
            spec,
        )
        listened = np.flatnonzero(counts.listens >= 1)
        self.favourites = listened[np.argsort(-counts.listens[listened], kind="stable")[:200]]
        recent = heard.item[-RECENT_PLAYS:]
        known = recent[recent < len(catalogue.tracks)]
        self.recent = np.unique(known[np.any(catalogue.audio[known] != 0, axis=1)]) if len(known) else known

    def key(self, track: int) -> str:
        """The key of a track, known to the catalogue or not."""
        size = len(self.catalogue.tracks)
        return self.catalogue.tracks[track] if track < size else self.heard.extra_tracks[track - size]

    def of(self, track: int) -> list[dict[str, Any]]:
        """At most three reasons, the most telling first. Each has `kind`, `evidence` (track keys) and its numbers."""
        found = [
            self._comeback(track),
            self._this_hour(track) if self.wish == "hour" else None,
            self._plays_after(track),
            self._played_often(track),
            self._same_artist(track),
            self._sounds_like(track),
            self._popular(track),
        ]
        return [reason for reason in found if reason is not None][:MAX_REASONS]

    def _comeback(self, track: int) -> dict[str, Any] | None:
        silent_days = (self.now - self.counts.last_ended[track]) / DAY_S
        if self.counts.listens[track] < self.spec.rediscover_listens or not np.isfinite(silent_days):
            return None
        if silent_days < self.spec.rediscover_silent_days:
            return None
        listens = int(self.counts.listens[track])
        return {
            "kind": "comeback", "evidence": [self.key(track)], "listens": listens, "silent_days": int(silent_days),
        }  # fmt: skip

    def _plays_after(self, track: int) -> dict[str, Any] | None:
        if not len(self.heard.item) or self.heard.item[-1] == track:
            return None
        times = self._followed_times(int(self.heard.item[-1]), track)
        if times < FOLLOWED_TIMES:
            return None
        return {"kind": "plays_after", "evidence": [self.key(int(self.heard.item[-1]))], "times": times}

    def _this_hour(self, track: int) -> dict[str, Any] | None:
        times = int(self.counts.hour_listens[track])
        return {"kind": "this_hour", "evidence": [self.key(track)], "times": times}

    def _followed_times(self, first: int, then: int) -> int:
        item = self.heard.item
        return int(np.count_nonzero((item[:-1] == first) & (item[1:] == then)))

    def _played_often(self, track: int) -> dict[str, Any] | None:
        listens = int(self.counts.listens[track])
        if listens < OFTEN_LISTENS:
            return None
        return {"kind": "played_often", "evidence": [self.key(track)], "listens": listens}

    def _same_artist(self, track: int) -> dict[str, Any] | None:
        artist = self.heard.artist_of[track]
        if artist == len(self.catalogue.artists):
            return None
        same = [int(t) for t in self.favourites if t != track and self.heard.artist_of[t] == artist][:3]
        if not same:
            return None
        listens = int(sum(self.counts.listens[t] for t in same))
        return {"kind": "same_artist", "evidence": [self.key(t) for t in same], "listens": listens}

    def _sounds_like(self, track: int) -> dict[str, Any] | None:
        if track >= len(self.catalogue.tracks) or not len(self.recent):
            return None
        cosines = self.catalogue.audio[self.recent] @ self.catalogue.audio[track]
        near = [i for i in np.argsort(-cosines, kind="stable") if self.recent[i] != track][:2]
        near = [i for i in near if cosines[i] >= SOUNDS_LIKE_COSINE]
        if not near:
            return None
        evidence = [self.key(int(self.recent[i])) for i in near]
        return {"kind": "sounds_like", "evidence": evidence, "similarity": round(float(cosines[near[0]]), 3)}

    def _popular(self, track: int) -> dict[str, Any] | None:
        if track >= len(self.catalogue.tracks) or self.catalogue.popularity[track] < POPULAR_SHARE:
            return None
        share = round(float(self.catalogue.popularity[track]), 3)
        return {"kind": "popular", "evidence": [self.key(track)], "share_of_listeners": share}
