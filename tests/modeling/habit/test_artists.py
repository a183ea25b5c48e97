"""What is counted of a listener's own artists, by hand and beside itself."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from modeling.habit.artists import ARTIST_FEATURES, own_artists
from modeling.plays import read_plays
from tests.support.listening import BEGIN, evenings, play

PRAGUE = ZoneInfo("Europe/Prague")
X, Y, Z = "artist:x", "artist:y", "artist:z"


def counted(rows: list[dict[str, object]], minutes_later: float) -> dict[str, dict[str, float]]:
    """feature → artist → value, so long after the last play."""
    plays = read_plays(rows)
    own = own_artists(plays, float(plays.ended[-1]) + 60 * minutes_later, PRAGUE)
    names = [plays.artist_keys[code] for code in own.codes]
    return {
        name: dict(zip(names, map(float, own.features[:, place]), strict=True))
        for place, name in enumerate(ARTIST_FEATURES)
    }


def test_counts_within_a_session_by_hand() -> None:
    rows = evenings([("a", X), ("b", X), ("c", Y)], 4)
    session = BEGIN + timedelta(days=4)
    rows += [play("a", X, session + timedelta(minutes=4)), play("b", X, session + timedelta(minutes=8))]
    told = counted(rows, 1)
    assert told["last"] == {X: 1, Y: 0}
    assert told["before_last"] == {X: 1, Y: 0}
    assert told["run"][X] == pytest.approx(np.log(3)), "two plays in a row"
    assert told["in_session"] == pytest.approx({X: np.log(3), Y: 0})
    assert told["total"] == pytest.approx({X: np.log1p(10), Y: np.log1p(4)})
    # after track b came artist y each of the four evenings, each evening fading by its age over 120 days
    faded = sum(np.exp(-(4 - evening) / 120) for evening in range(4))
    assert told["after_track"][Y] == pytest.approx(np.log1p(faded / 0.05), abs=1e-3)
    assert told["after_pair"] == pytest.approx(told["after_track"], abs=1e-6), "b always came after a"
    assert told["after_track"][X] == 0
    assert told["opener"][X] > 0
    assert told["opener"][Y] == 0


def test_between_sessions_nothing_of_the_last_one_is_under_way() -> None:
    told = counted(evenings([("a", X), ("c", Y)], 3), 45)
    for name in (
        "last",
        "before_last",
        "run",
        "in_session",
        "after_track",
        "after_pair",
        "after_artist",
        "after_shares",
    ):
        assert set(told[name].values()) == {0.0}
    assert told["just_played"] == {X: 0.5, Y: 1.0}
    plays = read_plays(evenings([("a", X), ("c", Y)], 3))
    assert not own_artists(plays, float(plays.ended[-1]) + 45 * 60, PRAGUE).within


def test_what_followed_in_another_session_did_not_follow() -> None:
    told = counted([*evenings([("a", X), ("c", Y)], 3), play("c", Y, BEGIN + timedelta(days=5))], 1)
    assert told["after_artist"] == {X: 0, Y: 0}, "after y the session ended every time"


def test_plays_of_others_change_no_count_of_an_artist_but_the_places() -> None:
    rows = evenings([("a", X), ("c", Y)], 3)
    more = sorted([*rows, play("z", Z, BEGIN + timedelta(days=1, hours=6))], key=lambda row: row["ended_at"])
    one, two = counted(rows, 45), counted(more, 45)
    for name in set(ARTIST_FEATURES) - {"just_played"}:
        assert {X: two[name][X], Y: two[name][Y]} == one[name]


def test_nobody_is_known_before_the_first_play() -> None:
    own = own_artists(read_plays([]), BEGIN.timestamp(), PRAGUE)
    assert (len(own.codes), own.features.shape, own.within) == (0, (0, len(ARTIST_FEATURES)), False)
