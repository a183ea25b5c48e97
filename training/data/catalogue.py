"""The recommender's catalogue from an export: tracks, artists, sounds, popularity and what follows what."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sklearn.cluster import KMeans

from modeling.plays import begins_session, was_skipped
from modeling.recommender.catalogue import Catalogue
from training.data.sequences import DAY_S, Listener, played_before
from training.data.together import baskets, neighbours

POPULAR_DAYS = 90.0
FOLLOWERS = 50
SMOOTHING = 5.0
TOGETHER = 100
TOGETHER_RIDGE = 300.0
MOST_GROUPS = 256
GROUPED_BY = 20_000
"""Tracks that the centres of the groups are looked for among."""


def build_catalogue(
    tracks: pa.Table, sound: tuple[list[str], np.ndarray], everyone: Sequence[Listener], end: float
) -> Catalogue:
    """Everything counted from plays that ended before `end`; a track played only later counts as one nobody played."""
    songs = tracks.filter(pc.equal(tracks["kind"], "song")).sort_by("track_key")
    keys: list[str] = songs["track_key"].to_pylist()
    artist_keys: list[str] = songs["artist_key"].to_pylist()
    artists = sorted(set(artist_keys))
    artist_index = {key: index for index, key in enumerate(artists)}
    index = {key: place for place, key in enumerate(keys)}

    audio = np.zeros((len(keys), sound[1].shape[1]), dtype=np.float32)
    for key, vector in zip(*sound, strict=True):
        if key in index:
            audio[index[key]] = vector / max(float(np.linalg.norm(vector)), 1e-6)

    plays_of = np.zeros(len(keys))
    listeners_of = np.zeros(len(keys))
    pairs: list[np.ndarray] = []
    for listener in everyone:
        count = played_before(listener, end)
        plays = listener.plays.part(slice(0, count))
        used, place = np.unique(plays.track, return_inverse=True)
        item = np.array([index.get(plays.track_keys[code], -1) for code in used], dtype=np.int64)[place]
        liked = ~was_skipped(plays)
        known = item >= 0
        plays_of += np.bincount(item[known], minlength=len(keys))
        recent = known & liked & (plays.ended >= end - POPULAR_DAYS * DAY_S)
        listeners_of[np.unique(item[recent])] += 1
        follows = known[:-1] & known[1:] & ~begins_session(plays)[1:] & liked[1:]
        pairs.append(item[:-1][follows] * len(keys) + item[1:][follows])
    start, then, share = _followers(np.concatenate([*pairs, np.empty(0, np.int64)]), len(keys))
    together = neighbours(baskets(keys, everyone, end), TOGETHER_RIDGE, TOGETHER)
    return Catalogue(
        keys,
        artists,
        np.array([artist_index[key] for key in artist_keys], dtype=np.int64),
        plays_of > 0,
        audio,
        sound_groups(audio),
        listeners_of / max(1, len(everyone)),
        start,
        then,
        share,
        together.indptr.astype(np.int64),
        together.indices.astype(np.int64),
        together.data.astype(np.float64),
    )


def sound_groups(audio: np.ndarray) -> np.ndarray:
    """(tracks,) Groups of like sound by k-means, 2 √n of them for n tracks with a sound; -1 for tracks without."""
    groups = np.full(len(audio), -1, dtype=np.int64)
    sounding = np.flatnonzero(audio.any(axis=1))
    if len(sounding):
        drawn = np.random.default_rng(0).permutation(sounding)[:GROUPED_BY]
        sounds = np.unique(audio[drawn], axis=0)
        count = min(MOST_GROUPS, len(sounds), round(2 * len(sounding) ** 0.5))
        groups[sounding] = KMeans(count, random_state=0).fit(sounds).predict(audio[sounding])
    return groups


def recounted(catalogue: Catalogue, later: Catalogue) -> Catalogue:
    """The counts of `later`, which has seen more plays of the same tracks; what a network learned stays as it was."""
    return replace(later, learned=catalogue.learned)


def _followers(pairs: np.ndarray, tracks: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per track its most frequent followers and their smoothed shares, as one compressed sparse row matrix."""
    unique, counts = np.unique(pairs, return_counts=True)
    first, then = unique // max(1, tracks), unique % max(1, tracks)
    order = np.lexsort((-counts, first))
    first, then, counts = first[order], then[order], counts[order].astype(np.float64)
    rank = np.arange(len(first)) - np.searchsorted(first, first)
    total = np.bincount(first, weights=counts, minlength=tracks)
    kept = rank < FOLLOWERS
    share = counts[kept] / (total[first[kept]] + SMOOTHING)
    start = np.searchsorted(first[kept], np.arange(tracks + 1))
    return start.astype(np.int64), then[kept], share


def read_embeddings(path: Path, size: int = 128) -> tuple[list[str], np.ndarray]:
    """Track keys and their (n, size) embeddings; none where the file has no rows."""
    table = pq.read_table(path)
    if table.num_rows == 0:
        return [], np.empty((0, size), dtype=np.float32)
    vectors = np.stack(table["embedding"].to_numpy())
    return table["track_key"].to_pylist(), vectors.astype(np.float32)
