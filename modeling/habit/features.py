"""Raw plays → what the network reads of each play: what was known before it began, and how it went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

import numpy as np
from numpy.typing import NDArray

from modeling.plays import (
    SESSION_GAP_S,
    Floats,
    Plays,
    begins_session,
    hours_of_week,
    previous_place,
    sum_before,
    was_skipped,
)

DAY_S = 86400.0
SMOOTHING = 4.0
"""Plays that a prior rate counts for."""
RECENT = (5, 20, 200)

BEFORE = 19
"""Columns of `before_features`."""
MOMENT = 7
"""The first columns of it: what they say of the moment is true of any track."""
KINDS = ("again", "known", "new_track", "new_artist")
"""What a play can be: heard in this session already; heard before; new, by a known artist; new, by a new artist."""
MEMORY_PLAYS = 5000
"""No count reaches further back, and what was not heard in so many plays is new again: a request tells few more."""
KIND_SPAN = 200
AFTER = 3
"""Columns of `after_features`."""

Matrix = NDArray[np.float32]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Priors:
    """What others do with tracks and artists, by the codes of one `Plays`; the overall rate where too few played it."""

    track: Floats
    """(track keys,) share of skips."""
    artist: Floats
    """(artist keys,)"""
    overall: float


def priors_for(plays: Plays, tracks: Mapping[str, float], artists: Mapping[str, float], overall: float) -> Priors:
    """Look the rates of a listener's tracks and artists up."""
    return Priors(
        np.array([tracks.get(key, overall) for key in plays.track_keys], dtype=np.float64),
        np.array([artists.get(key, overall) for key in plays.artist_keys], dtype=np.float64),
        overall,
    )


def before_features(plays: Plays, zone: tzinfo, priors: Priors) -> Matrix:
    """(n, BEFORE) What was known when each play began; nothing of how it went."""
    skipped = was_skipped(plays).astype(np.float64)
    begins = begins_session(plays)
    n = np.arange(len(plays))
    position = n - np.maximum.accumulate(np.where(begins, n, 0))
    ended_before = np.concatenate([plays.started[:1] - DAY_S, plays.ended[:-1]])
    track, artist, once = plays.track, plays.artist, np.ones(len(plays))
    previous = previous_place(track, MEMORY_PLAYS)
    heard_ago = np.where(previous >= 0, plays.started - plays.ended[previous], -1.0)
    cumulated = np.concatenate([[0.0], np.cumsum(skipped)])
    return _columns(
        pause_s=plays.started - ended_before,
        when=plays.started,
        zone=zone,
        position=position,
        same_track=np.concatenate([[False], track[1:] == track[:-1]])[: len(plays)],
        same_artist=np.concatenate([[False], artist[1:] == artist[:-1]])[: len(plays)],
        track_plays=sum_before(track, once, MEMORY_PLAYS),
        track_skips=sum_before(track, skipped, MEMORY_PLAYS),
        artist_plays=sum_before(artist, once, MEMORY_PLAYS),
        artist_skips=sum_before(artist, skipped, MEMORY_PLAYS),
        heard_ago_s=heard_ago,
        track_prior=priors.track[track] if len(plays) else np.empty(0),
        artist_prior=priors.artist[artist] if len(plays) else np.empty(0),
        recent=[_recent_rate(cumulated, n, span, priors.overall) for span in RECENT],
    )


def candidate_features(
    plays: Plays, now: float, zone: tzinfo, tracks: Sequence[str], artists: Sequence[str], priors: Priors
) -> Matrix:
    """(candidates, BEFORE) The same columns for tracks that might be played at `now`; `priors` are the candidates'."""
    plays = plays.part(slice(max(0, len(plays) - MEMORY_PLAYS), len(plays)))
    count, skipped = len(plays), was_skipped(plays).astype(np.float64)
    track_code = {key: code for code, key in enumerate(plays.track_keys)}
    artist_code = {key: code for code, key in enumerate(plays.artist_keys)}
    track = np.array([track_code.get(key, -1) for key in tracks], dtype=np.int64)
    artist = np.array([artist_code.get(key, -1) for key in artists], dtype=np.int64)
    last_ended = np.full(len(plays.track_keys) + 1, -np.inf)
    np.maximum.at(last_ended, plays.track, plays.ended)
    pause_s = now - plays.ended.max() if count else DAY_S
    begins = np.flatnonzero(begins_session(plays))
    position = 0 if not count or pause_s > SESSION_GAP_S else count - int(begins[-1])
    cumulated = np.concatenate([[0.0], np.cumsum(skipped)])
    same = np.ones(len(tracks))

    def known(codes: Indices, of: NDArray[np.int32], size: int, weights: Floats) -> Floats:
        sums = np.append(np.bincount(of, weights=weights, minlength=size).astype(np.float64), 0.0)
        return np.asarray(sums[codes])

    tracks_known, artists_known = len(plays.track_keys), len(plays.artist_keys)
    return _columns(
        pause_s=same * pause_s,
        when=same * now,
        zone=zone,
        position=same * position,
        same_track=(track == plays.track[-1]) if count else same * 0,
        same_artist=(artist == plays.artist[-1]) if count else same * 0,
        track_plays=known(track, plays.track, tracks_known, np.ones(count)),
        track_skips=known(track, plays.track, tracks_known, skipped),
        artist_plays=known(artist, plays.artist, artists_known, np.ones(count)),
        artist_skips=known(artist, plays.artist, artists_known, skipped),
        heard_ago_s=np.where(np.isfinite(last_ended[track]), now - last_ended[track], -1.0),
        track_prior=priors.track,
        artist_prior=priors.artist,
        recent=[same * _recent_rate(cumulated, np.array([count]), span, priors.overall) for span in RECENT],
    )


def kinds_of_plays(plays: Plays) -> Indices:
    """(n,) Which of KINDS each play was."""
    n = np.arange(len(plays))
    begins = np.maximum.accumulate(np.where(begins_session(plays), n, 0))
    track, artist = (previous_place(codes, MEMORY_PLAYS) for codes in (plays.track, plays.artist))
    conditions = [track >= begins, track >= 0, artist >= 0]
    return np.select(conditions, [0, 1, 2], default=3).astype(np.int64)


def kind_shares(kinds: Indices, places: Indices) -> Matrix:
    """(places, KINDS) ln of each kind's share among the last KIND_SPAN plays before each place, smoothed."""
    counts = np.concatenate([np.zeros((1, len(KINDS))), np.cumsum(np.eye(len(KINDS))[kinds], axis=0)])
    begin = np.maximum(0, places - KIND_SPAN)
    shares = (counts[places] - counts[begin] + 1) / (places - begin + len(KINDS))[:, None]
    return np.asarray(np.log(shares), dtype=np.float32)


def after_features(plays: Plays) -> Matrix:
    """(n, AFTER) How each play went: skipped, how long, shuffled."""
    columns = [was_skipped(plays), np.log1p(plays.ms_played / 30_000) - 1.5, plays.shuffle == 1]
    return np.stack(columns, axis=1).astype(np.float32)


def _columns(
    *,
    pause_s: Floats, when: Floats, zone: tzinfo, position: Floats | Indices,
    same_track: NDArray[np.bool_] | Floats, same_artist: NDArray[np.bool_] | Floats,
    track_plays: Floats, track_skips: Floats, artist_plays: Floats, artist_skips: Floats,
    heard_ago_s: Floats, track_prior: Floats, artist_prior: Floats, recent: Sequence[Floats],
) -> Matrix:  # fmt: skip
    hour = hours_of_week(when, zone)
    day, week = hour * (2 * np.pi / 24), hour * (2 * np.pi / 168)
    never = heard_ago_s < 0
    columns = [
        np.log1p(np.maximum(pause_s, 0) / 60) / 4 - 0.5,
        pause_s > SESSION_GAP_S,
        np.sin(day), np.cos(day), np.sin(week), np.cos(week),
        np.log1p(position) / 2 - 0.5,
        same_track, same_artist,
        np.log1p(track_plays) / 2,
        (track_skips + SMOOTHING * track_prior) / (track_plays + SMOOTHING),
        np.log1p(artist_plays) / 4,
        (artist_skips + SMOOTHING * artist_prior) / (artist_plays + SMOOTHING),
        np.where(never, 0.0, np.log1p(np.maximum(heard_ago_s, 0) / 3600) / 4),
        track_prior, artist_prior,
        *recent,
    ]  # fmt: skip
    return np.stack(columns, axis=1).astype(np.float32)


def _recent_rate(cumulated: Floats, places: Indices, span: int, overall: float) -> Floats:
    """Share of skips among the `span` plays before each place, smoothed towards the overall rate."""
    begin = np.maximum(0, places - span)
    return np.asarray((cumulated[places] - cumulated[begin] + SMOOTHING * overall) / (places - begin + SMOOTHING))
