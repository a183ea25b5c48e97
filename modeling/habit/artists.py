"""Which of their own artists a listener plays next: what their plays say of each artist, counted at one moment."""

from dataclasses import dataclass
from datetime import tzinfo

import numpy as np
from numpy.typing import NDArray

from modeling.plays import SESSION_GAP_S, Floats, Plays, begins_session, hours_of_week, was_skipped

DAY_S, HOUR_S = 86400.0, 3600.0
TIME_CONSTANTS_DAYS = (1.0, 7.0, 30.0, 120.0)
CLOCK_HOURS = 2.0
RARE = 0.05
"""A decayed count below this is as good as none; above it the logarithm is taken."""
STEPS_BACK = 3

ARTIST_FEATURES = (
    "day", "week", "month", "season", "base_level", "total", "since", "skip_rate", "hour", "opener",
    "last", "before_last", "run", "in_session", "just_played",
    "after_track", "after_pair", "after_artist", "after_artist_two", "after_artist_three", "after_shares",
)  # fmt: skip

Matrix = NDArray[np.float32]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class OwnArtists:
    """The artists of a history, and what was counted of each."""

    codes: Indices
    """(k,) artist codes of the plays."""
    features: Matrix
    """(k, ARTIST_FEATURES)"""
    within: bool
    """Whether a session is under way."""


def own_artists(plays: Plays, now: float, zone: tzinfo) -> OwnArtists:
    """Count all of `plays` as seen at `now` (seconds); an artist who was never played is none of them."""
    codes, artist = np.unique(plays.artist.astype(np.int64), return_inverse=True)
    n, k = len(plays), len(codes)
    if not n:
        return OwnArtists(codes, np.empty((0, len(ARTIST_FEATURES)), np.float32), within=False)
    skipped, opens = was_skipped(plays).astype(np.float64), begins_session(plays)
    liked = 1.0 - skipped
    age_s = np.maximum(now - plays.ended, 60.0)
    age_days = age_s / DAY_S

    def per_artist(weights: Floats) -> Floats:
        return np.bincount(artist, weights=weights, minlength=k).astype(np.float64)

    def following(places: Indices) -> Floats:
        """(k,) How often each artist was next after these places, within a session."""
        after = places[places + 1 < n] + 1
        after = after[~opens[after]]
        return np.bincount(artist[after], weights=np.exp(-age_days[after] / 120.0), minlength=k).astype(np.float64)

    total = per_artist(np.ones(n))
    last_ended = np.zeros(k)
    np.maximum.at(last_ended, artist, plays.ended)
    within = now - float(plays.ended.max()) <= SESSION_GAP_S
    begin = int(np.flatnonzero(opens)[-1]) if within else n
    hours = hours_of_week(np.append(plays.ended, now), zone) % 24
    apart = np.abs(hours[:-1] - hours[-1])
    same_hour = np.minimum(apart, 24 - apart) <= CLOCK_HOURS
    season = np.exp(-age_days / TIME_CONSTANTS_DAYS[-1])
    order = np.argsort(-last_ended)
    just_played = np.zeros(k)
    just_played[order] = 1.0 / (1.0 + np.arange(k))
    last, before_last, run = np.zeros(k), np.zeros(k), np.zeros(k)
    after_track, after_pair = np.zeros(k), np.zeros(k)
    after = [np.zeros(k)] * STEPS_BACK
    shares = np.zeros(k)
    if within:
        last[artist[-1]] = 1.0
        changed = np.flatnonzero(artist[begin:] != artist[-1])
        run[artist[-1]] = np.log1p(n - begin - (int(changed[-1]) + 1 if len(changed) else 0))
        if n - begin >= 2:
            before_last[artist[-2]] = 1.0
        same_track = np.flatnonzero(plays.track[:-1] == plays.track[-1])
        after_track = following(same_track)
        if n - begin >= 2:
            after_pair = following(same_track[plays.track[same_track - 1] == plays.track[-2]])
        for back in range(1, min(STEPS_BACK, n - begin) + 1):
            counted = following(np.flatnonzero(artist[:-back] == artist[-back]) + back - 1)
            after[back - 1] = counted
            shares = shares + 0.5 ** (back - 1) * counted / (counted.sum() + 1.0)
    columns = [
        *(np.log1p(per_artist(liked * np.exp(-age_days / days)) / RARE) for days in TIME_CONSTANTS_DAYS),
        np.log1p(10 * per_artist((age_s / HOUR_S) ** -0.5)),
        np.log1p(total),
        np.log1p((now - last_ended) / HOUR_S) / 4,
        (total - per_artist(liked) + 0.5) / (total + 2),
        np.log1p(per_artist(season * same_hour) / RARE),
        np.log1p(per_artist(season * opens) / RARE),
        last, before_last, run,
        np.log1p(np.bincount(artist[begin:], minlength=k)),
        just_played,
        np.log1p(after_track / RARE), np.log1p(after_pair / RARE),
        *(np.log1p(each / RARE) for each in after),
        np.log1p(100 * shares),
    ]  # fmt: skip
    return OwnArtists(codes, np.stack(columns, axis=1).astype(np.float32), within)
