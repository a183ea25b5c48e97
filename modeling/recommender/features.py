"""Raw plays → numbers: what the network reads per play and moment, and what is counted per track."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

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
from modeling.recommender.catalogue import Catalogue, Heard, Indices
from modeling.recommender.spec import FEATURES

DAY_S = 86400.0
WEEK_DAYS, MONTH_DAYS, SEASON_DAYS, YEAR_DAYS = 7.0, 30.0, 60.0, 365.0
"""Time constants of the decayed counts."""
RARE = 0.05
"""A decayed count below this is as good as none; above it the logarithm is taken, so that a weight is an exponent."""
MEMORY_PLAYS = 3800
"""How far back repetition is looked for, in plays: a request tells few more, so training looks no further either."""
RECENT_PLAYS = 50
PROFILE_PLAYS = 200
"""What the companions of are looked for."""
CLOCK_HOURS = 2.0
MET_SHARE, MET_TRACKS = 0.1, 10.0
"""The share of an artist's tracks, or of what sounds alike, that is expected to be met, and of how many tracks that
expectation is worth."""
SEQUENCE_PLAYS, SEQUENCE_DECAY, SEQUENCE_POWER = 8, 0.85, 3
"""How far two stretches of plays are compared, how much less each play further back counts, and the power that makes a
single shared play 1, two in a row 6 and three 17 (docs/lab-notes.md)."""

Matrix = NDArray[np.float32]


def play_features(plays: Plays) -> Matrix:
    """(n, PLAY_FEATURES): pause before it, time played, skipped, session begin, shuffle, whether a skip is recorded,
    how often the track had been played before, and how long ago."""
    previous = previous_place(plays.track, MEMORY_PLAYS)
    before = sum_before(plays.track, np.ones(len(plays)), MEMORY_PLAYS)
    since_s = np.maximum(plays.ended - plays.ended[previous], 0.0)
    pause = np.diff(plays.ended, prepend=plays.ended[:1] - DAY_S) - plays.ms_played / 1000
    columns = [
        _log_hours(pause),
        np.log1p(plays.ms_played / 30_000) - 1.5,
        was_skipped(plays),
        begins_session(plays),
        plays.shuffle == 1,
        plays.skipped < 0,
        np.log1p(before) / 2,
        np.where(before > 0, np.log1p(since_s / 3600) / 4, 0.0),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def moment_features(pause_s: Floats, when: Floats, zone: tzinfo) -> Matrix:
    """(n, MOMENT_FEATURES) of moments to play something: pause since the last play, hour and weekday by the clock."""
    hour = hours_of_week(when, zone)
    day, week = hour * (2 * np.pi / 24), hour * (2 * np.pi / 168)
    columns = [_log_hours(pause_s), pause_s > SESSION_GAP_S, np.sin(day), np.cos(day), np.sin(week), np.cos(week)]
    return np.stack(columns, axis=1).astype(np.float32)


def _log_hours(seconds: Floats) -> Floats:
    return np.asarray(np.log1p(np.maximum(seconds, 0.0) / 60) / 4 - 0.5)


Column = Floats | tuple[Indices | slice, Floats]
"""A value per track, or the tracks that have one and their values; all others have 0. Tracks in a row are a slice: of a
million, adding to them is eight times as fast as to as many places."""


@dataclass(frozen=True)
class Counts:
    """What was counted, kept for the reasons: an answer may only claim what stands here."""

    listens: Floats
    """(tracks,) plays that were not skipped."""
    last_ended: Floats
    """(tracks,) end of the last play; -inf where never heard."""
    hour_listens: Floats
    """(tracks,) listens within two hours of this time of day."""
    columns: Mapping[str, Column]
    """FEATURES[1:] by name. Most tracks were never heard, so most columns hold a few thousand values of a million."""

    @property
    def matrix(self) -> Matrix:
        """(tracks, features without the network's score), columns as FEATURES[1:]."""
        matrix = np.zeros((len(self.listens), len(FEATURES) - 1), dtype=np.float32)
        for place, name in enumerate(FEATURES[1:]):
            column = self.columns[name]
            where, values = column if isinstance(column, tuple) else (slice(None), column)
            matrix[where, place] = values
        return matrix

    def weighted(self, weights: Sequence[float]) -> Floats:
        """(tracks,) `matrix @ weights`, without the matrix."""
        total = np.zeros(len(self.listens))
        for name, weight in zip(FEATURES[1:], weights, strict=True):
            column = self.columns[name]
            where, values = column if isinstance(column, tuple) else (slice(None), column)
            if weight:
                total[where] += weight * values
        return total


def count_features(heard: Heard, upto: int, now: float, zone: tzinfo, catalogue: Catalogue) -> Counts:
    """Count the first `upto` plays of a history as seen at `now` (seconds). Memory: a few arrays of tracks."""
    plays, size, tracks = heard.plays.part(slice(0, upto)), len(catalogue.tracks), heard.tracks
    item, ended = heard.item[:upto], plays.ended
    used, first, place = np.unique(item, return_index=True, return_inverse=True)
    liked = (~was_skipped(plays)).astype(np.float64)
    age_s = np.maximum(now - ended, 60.0)

    def per_track(weights: Floats) -> Floats:
        return np.bincount(place, weights=weights, minlength=len(used)).astype(np.float64)

    plays_count, listened = per_track(np.ones(len(item))), per_track(liked)
    listens, last_ended, hour_listens = np.zeros(tracks), np.full(tracks, -np.inf), np.zeros(tracks)
    listens[used] = listened
    np.maximum.at(last_ended, item, ended)
    season_weight = np.exp(-age_s / (SEASON_DAYS * DAY_S))
    just_played = np.zeros(len(used))
    recent = place[-RECENT_PLAYS:][::-1]
    np.maximum.at(just_played, recent, 1.0 / (1.0 + np.arange(len(recent))))
    same_hour = _at_this_hour(ended, now, zone)
    hour_listens[used] = per_track(liked * same_hour)
    opens = begins_session(plays)
    personal = {
        "base_level": np.log1p(10 * per_track(liked * (age_s / 3600) ** -0.5)),
        "week": np.log1p(per_track(liked * np.exp(-age_s / (WEEK_DAYS * DAY_S)))),
        "month": np.log1p(per_track(liked * np.exp(-age_s / (MONTH_DAYS * DAY_S))) / RARE),
        "season": np.log1p(per_track(liked * season_weight)),
        "total": np.log1p(listened),
        "heard": np.ones(len(used)),
        "just_played": just_played,
        "skip_rate": (plays_count - listened + 0.5) / (plays_count + 2) - 0.25,
        "own_next": np.log1p(10 * own_next(place, liked, len(used))),
        "hour": np.log1p(per_track(liked * season_weight * same_hour)),
        "opener": np.log1p(per_track(liked * season_weight * opens)),
    }
    return Counts(
        listens,
        last_ended,
        hour_listens,
        {name: (used, values) for name, values in personal.items()}
        | _by_artist(heard, item, liked, season_weight, catalogue)
        | _met(heard, used, np.exp(-age_s[first] / (YEAR_DAYS * DAY_S)), catalogue)
        | _of_all(item, liked, catalogue)
        | {"unlearned": (np.append(np.flatnonzero(~catalogue.learned), np.arange(size, tracks)), np.ones(1))},
    )


def own_next(item: Indices, liked: Floats, tracks: int) -> Floats:
    """(tracks,) How often each track came where the plays before it were like the last ones now: of the eight before
    both, each that is the same counts, the nearer ones more. Several in a row speak far louder than one."""
    alike = np.zeros(len(item))
    for back in range(1, min(SEQUENCE_PLAYS + 1, len(item))):
        alike[back:] += SEQUENCE_DECAY ** (back - 1) * (item[:-back] == item[-back])
    return np.bincount(item, weights=liked * alike**SEQUENCE_POWER, minlength=tracks).astype(np.float64)


def _at_this_hour(ended: Floats, now: float, zone: tzinfo) -> NDArray[np.bool_]:
    """(n,) Whether plays ended within two hours of this time of day."""
    hours = hours_of_week(np.append(ended, now), zone) % 24
    apart = np.abs(hours[:-1] - hours[-1])
    return np.asarray(np.minimum(apart, 24 - apart) <= CLOCK_HOURS)


def _by_artist(
    heard: Heard, item: Indices, liked: Floats, season_weight: Floats, catalogue: Catalogue
) -> dict[str, Column]:
    """Listens of the track's artist: decayed, and among the last ten plays."""
    artists = max(int(heard.artist_of.max(initial=0)) + 1, len(catalogue.artists) + 1)
    artist_item = heard.artist_of[item]
    lately = np.bincount(artist_item, weights=liked * season_weight, minlength=artists).astype(np.float64)
    just_now = np.bincount(artist_item[-10:], weights=liked[-10:], minlength=artists).astype(np.float64)
    return {"artist": np.log1p(lately)[heard.artist_of], "artist_now": np.log1p(just_now)[heard.artist_of]}


def _met(heard: Heard, used: Indices, lately: Floats, catalogue: Catalogue) -> dict[str, Column]:
    """How much of the track's artist, and of what sounds like it, was met for the first time in the past year, against
    what is expected: 0 where nothing is known, above it where somebody works their way through."""
    size, artists = len(catalogue.tracks), max(int(heard.artist_of.max(initial=0)) + 1, len(catalogue.artists) + 1)
    tracks_by = np.bincount(heard.artist_of[size:], minlength=artists)
    tracks_by[: len(catalogue.artists)] += catalogue.artist_sizes
    met_by = np.bincount(heard.artist_of[used], weights=lately, minlength=artists)
    known = used < size
    group = catalogue.sound_group[used[known]]
    heard_sound, groups = group >= 0, len(catalogue.sound_sizes)
    met_of = np.bincount(group[heard_sound], weights=lately[known][heard_sound], minlength=groups)
    by_sound = np.append(_against_expected(met_of, catalogue.sound_sizes), 0.0)  # -1, no sound, reads the last
    return {
        "artist_met": _against_expected(met_by, tracks_by)[heard.artist_of],
        "sound_met": (slice(size), by_sound[catalogue.sound_group]),
    }


def _against_expected(met: NDArray[Any], tracks: Indices) -> Floats:
    return np.asarray(np.log((met + MET_SHARE * MET_TRACKS) / (tracks + MET_TRACKS) / MET_SHARE))


def _of_all(item: Indices, liked: Floats, catalogue: Catalogue) -> dict[str, Column]:
    """What all listeners do, and how tracks sound. Tracks that the catalogue lacks come last in every order, with 0."""
    size = len(catalogue.tracks)
    known = slice(size)
    next_track, next_share = [np.empty(0, np.int64)], [np.empty(0)]
    for back, weight in ((1, 1.0), (2, 0.5), (3, 0.25)):
        if len(item) >= back:
            followers, shares = catalogue.followers(int(item[-back]))
            next_track.append(followers)
            next_share.append(weight * shares)
    followers, place = np.unique(np.concatenate(next_track), return_inverse=True)
    share = np.bincount(place, weights=np.concatenate(next_share), minlength=len(followers))
    recent = item[-RECENT_PLAYS:]
    profile = catalogue.audio[recent[recent < size]].sum(axis=0)
    length = float(np.linalg.norm(profile))
    sound = catalogue.audio @ (profile / length) if length > 1e-6 else np.zeros(size)
    companions = np.unique(item[liked > 0][-PROFILE_PLAYS:])
    return {
        "others_next": (followers, np.log1p(100 * share)),
        "together": (known, 10 * catalogue.companions(companions[companions < size])),
        "popularity": (known, catalogue.popularity),
        "sound": (known, sound.astype(np.float64)),
    }
