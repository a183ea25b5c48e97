"""Plays that could have happened, like those of real people."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks.town_statistics import PlainPlay, measure
from demo.catalogue import Catalogue
from demo.history import History, make_history
from demo.listeners import LISTENERS, Listener
from demo.params import TownParams
from demo.rhythms import RHYTHMS


def test_plays_follow_one_another_within_the_history(history: History, params: TownParams) -> None:
    ended = [play.ended_ms for play in history.plays]
    started = [play.started_ms for play in history.plays]
    assert all(end <= start for end, start in zip(ended, started[1:], strict=False))
    assert ended[-1] < params.end_instant.timestamp() * 1000
    years = (ended[-1] - started[0]) / 1000 / 86_400 / 365.25
    assert abs(years - history.listener.years) < 0.1


def test_only_released_tracks_are_played_and_some_never(history: History, catalogue: Catalogue) -> None:
    for play in history.plays:
        track = catalogue.tracks[play.track]
        assert not track.never_played
        day = datetime.fromtimestamp(play.started_ms / 1000, UTC).date()
        assert day >= (track.single[1] if track.single else catalogue.album_of(track).released)


def test_the_same_seed_is_the_same_history(
    history: History, townsperson: Listener, catalogue: Catalogue, params: TownParams
) -> None:
    assert make_history(townsperson, catalogue, params).plays == history.plays


def test_statistics_lie_between_or_near_the_two_real_histories(history: History, catalogue: Catalogue) -> None:
    numbers = measure([
        PlainPlay(play.started_ms, play.ms_played, str(play.track), str(catalogue.tracks[play.track].artist))
        for play in history.plays
    ])  # fmt: skip
    assert abs(numbers.plays - history.listener.plays) < 0.35 * history.listener.plays
    assert 10 < numbers.per_session < 22
    assert abs(numbers.short - history.listener.skipping) < 0.08
    assert numbers.short_most > 1.4 * numbers.short_least
    assert 1.5 < numbers.gap_median_h < 4.5
    assert 0.004 < numbers.new_tracks < 0.101


def test_a_skip_can_be_foreseen_but_not_for_certain(history: History, catalogue: Catalogue) -> None:
    plays = [
        PlainPlay(play.started_ms, play.ms_played, str(play.track), str(catalogue.tracks[play.track].artist))
        for play in history.plays
    ]
    assert 0.6 < measure(plays).skip_auc < 0.9


def test_people_listen_at_their_own_hours() -> None:
    assert {listener.rhythm for listener in LISTENERS} == set(RHYTHMS)
    zones = {listener.time_zone for listener in LISTENERS}
    assert len(zones) == len(LISTENERS) == 24
    assert all(ZoneInfo(zone) for zone in zones)


def test_a_students_night_is_later_than_a_morning(history: History) -> None:
    zone = ZoneInfo(history.listener.time_zone)
    hours = np.bincount(
        [datetime.fromtimestamp(play.started_ms / 1000, zone).hour for play in history.plays], minlength=24
    )
    assert hours[21:24].sum() > 4 * hours[4:7].sum()


def test_tastes_drift(history: History, catalogue: Catalogue) -> None:
    styles = np.array([catalogue.tracks[play.track].style for play in history.plays])
    half = len(styles) // 2
    grown = next(iter(history.listener.later))
    assert (styles[half:] == grown).mean() > (styles[:half] == grown).mean()
