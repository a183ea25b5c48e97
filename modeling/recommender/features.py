"""Raw plays → numbers: what the network reads per play and moment, and what is counted per track."""

from dataclasses import dataclass
from datetime import tzinfo

import numpy as np
from numpy.typing import NDArray

from modeling.plays import SESSION_GAP_S, Floats, Plays, begins_session, hours_of_week, was_skipped
from modeling.recommender.catalogue import Catalogue, Heard
from modeling.recommender.spec import FEATURES

DAY_S = 86400.0
WEEK_DAYS, MONTH_DAYS, SEASON_DAYS = 7.0, 30.0, 60.0
"""Time constants of the decayed counts."""
RARE = 0.05
"""A decayed count below this is as good as none; above it the logarithm is taken, so that a weight is an exponent."""
RECENT_PLAYS = 50
PROFILE_PLAYS = 200
"""What the companions of are looked for."""
CLOCK_HOURS = 2.0

Matrix = NDArray[np.float32]


def play_features(plays: Plays) -> Matrix:
    """(n, PLAY_FEATURES): pause before it, time played, skipped, session begin, shuffle, whether a skip is recorded,
    how often the track had been played before, and how long ago."""
    before, since_s = _repetition(plays)
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


def _repetition(plays: Plays) -> tuple[Floats, Floats]:
    """(n,) (n,) How many earlier plays of the same track there are, and seconds since the last of them."""
    order = np.argsort(plays.track, kind="stable")
    track, ended = plays.track[order], plays.ended[order]
    same = np.append(False, track[1:] == track[:-1]) if len(track) else np.empty(0, np.bool_)
    place = np.arange(len(track))
    begin = np.maximum.accumulate(np.where(same, 0, place)) if len(track) else place
    before, since = np.zeros(len(track)), np.zeros(len(track))
    before[order] = place - begin
    since[order] = np.where(same, np.diff(ended, prepend=ended[:1]), 0.0)
    return before, np.maximum(since, 0.0)


def moment_features(pause_s: Floats, when: Floats, zone: tzinfo) -> Matrix:
    """(n, MOMENT_FEATURES) of moments to play something: pause since the last play, hour and weekday by the clock."""
    hour = hours_of_week(when, zone)
    day, week = hour * (2 * np.pi / 24), hour * (2 * np.pi / 168)
    columns = [_log_hours(pause_s), pause_s >= SESSION_GAP_S, np.sin(day), np.cos(day), np.sin(week), np.cos(week)]
    return np.stack(columns, axis=1).astype(np.float32)


def _log_hours(seconds: Floats) -> Floats:
    return np.asarray(np.log1p(np.maximum(seconds, 0.0) / 60) / 4 - 0.5)


@dataclass(frozen=True)
class Counts:
    """What was counted, kept for the reasons: an answer may only claim what stands here."""

    listens: Floats
    """(tracks,) plays that were not skipped."""
    last_ended: Floats
    """(tracks,) end of the last play; -inf where never heard."""
    own_next: Floats
    """(tracks,) how often it followed the track that is playing now, in this listener's own sessions."""
    artist_recent: Floats
    """(artists,) decayed listens."""
    matrix: Matrix
    """(tracks, features without the network's score), columns as FEATURES[1:]."""


def count_features(heard: Heard, upto: int, now: float, zone: tzinfo, catalogue: Catalogue) -> Counts:
    """Count the first `upto` plays of a history as seen at `now` (seconds). Memory: tracks × features."""
    plays, size, tracks = heard.plays, len(catalogue.tracks), heard.tracks
    item, ended = heard.item[:upto], plays.ended[:upto]
    skipped = was_skipped(plays.part(slice(0, upto)))
    liked = (~skipped).astype(np.float64)
    age_s = np.maximum(now - ended, 60.0)

    def per_track(weights: Floats, where: NDArray[np.int64] = item) -> Floats:
        return np.bincount(where, weights=weights, minlength=tracks)[:tracks].astype(np.float64)

    plays_count = per_track(np.ones(upto))
    listens = per_track(liked)
    last_ended = np.full(tracks, -np.inf)
    np.maximum.at(last_ended, item, ended)

    season_weight = np.exp(-age_s / (SEASON_DAYS * DAY_S))
    artists = max(int(heard.artist_of.max(initial=0)) + 1, len(catalogue.artists) + 1)
    artist_item = heard.artist_of[item]
    artist_recent = np.bincount(artist_item, weights=liked * season_weight, minlength=artists).astype(np.float64)
    artist_now = np.bincount(artist_item[-10:], weights=liked[-10:], minlength=artists)

    just_played = np.zeros(tracks)
    recent = item[-RECENT_PLAYS:][::-1]
    np.maximum.at(just_played, recent, 1.0 / (1.0 + np.arange(len(recent))))

    hours = hours_of_week(np.append(ended, now), zone) % 24
    apart = np.abs(hours[:-1] - hours[-1])
    same_hour = np.minimum(apart, 24 - apart) <= CLOCK_HOURS
    opens = begins_session(plays.part(slice(0, upto)))
    own_next = _own_next(item, liked, opens, tracks)
    others_next = np.zeros(tracks)
    for back, weight in ((1, 1.0), (2, 0.5), (3, 0.25)):
        if upto >= back:
            followers, shares = catalogue.followers(int(item[-back]))
            others_next[followers] += weight * shares

    sound = np.zeros(tracks)
    recent_sound = catalogue.audio[item[-RECENT_PLAYS:][item[-RECENT_PLAYS:] < size]]
    if len(recent_sound) and upto:
        profile = recent_sound.mean(axis=0)
        sound[:size] = catalogue.audio @ (profile / max(float(np.linalg.norm(profile)), 1e-6))
    together = np.zeros(tracks)
    profile_items = np.unique(item[liked > 0][-PROFILE_PLAYS:])
    together[:size] = catalogue.companions(profile_items[profile_items < size])
    popularity, unlearned = np.zeros(tracks), np.ones(tracks)
    popularity[:size], unlearned[:size] = catalogue.popularity, ~catalogue.learned

    columns = {
        "base_level": np.log1p(10 * per_track(liked * (age_s / 3600) ** -0.5)),
        "week": np.log1p(per_track(liked * np.exp(-age_s / (WEEK_DAYS * DAY_S)))),
        "month": np.log1p(per_track(liked * np.exp(-age_s / (MONTH_DAYS * DAY_S))) / RARE),
        "season": np.log1p(per_track(liked * season_weight)),
        "total": np.log1p(listens),
        "heard": plays_count > 0,
        "just_played": just_played,
        "skip_rate": np.where(plays_count > 0, (plays_count - listens + 0.5) / (plays_count + 2) - 0.25, 0),
        "own_next": np.log1p(own_next),
        "others_next": np.log1p(100 * others_next),
        "together": 10 * together,
        "artist": np.log1p(artist_recent)[heard.artist_of],
        "artist_now": np.log1p(artist_now)[heard.artist_of],
        "popularity": popularity,
        "sound": sound,
        "hour": np.log1p(per_track(liked * season_weight * same_hour)),
        "opener": np.log1p(per_track(liked * season_weight * opens)),
        "unlearned": unlearned,
    }
    matrix = np.stack([columns[name] for name in FEATURES[1:]], axis=1).astype(np.float32)
    return Counts(listens, last_ended, own_next, artist_recent, matrix)


def _own_next(item: NDArray[np.int64], liked: Floats, opens: NDArray[np.bool_], tracks: int) -> Floats:
    """(tracks,) How often each track came right after the last one, halved for one and two further steps back."""
    counted = np.zeros(tracks)
    for back, weight in ((1, 1.0), (2, 0.5), (3, 0.25)):
        if len(item) <= back:
            break
        before = np.flatnonzero(item[:-1] == item[-back])
        after = before + 1
        follows = after[~opens[after]]
        counted += weight * np.bincount(item[follows], weights=liked[follows], minlength=tracks)
    return counted
