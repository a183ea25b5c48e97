"""What is due for a comeback, and routine against phases: each definition by hand, then through the API."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy.orm import Session

from platform_api.models import User
from platform_api.services.analytics.discoveries import Items
from platform_api.services.analytics.history import day_number
from platform_api.services.habits.patterns import patterns
from platform_api.services.habits.returning import due
from platform_api.services.habits.routine import KINDS, judged
from tests.support.stored_history import Heard, put_history
from tests.support.surroundings import new_user

FIRST = date(2024, 1, 1)  # a Monday


def items(*days_of_items: list[int]) -> Items:
    item = np.repeat(np.arange(len(days_of_items)), [len(days) for days in days_of_items])
    day = np.concatenate([np.array(days, dtype=np.int64) for days in days_of_items])
    order = np.argsort(day, kind="stable")
    return Items(np.arange(len(days_of_items)) + 100, item[order], day[order], day[order] * 86_400_000)


def test_due_by_hand() -> None:
    steady = [0, 2, 40, 41, 80, 120, 161]  # visits that begin on 0, 40, 80, 120, 161: silences of 38, 39, 40, 41 days
    (late,) = due(items(steady), 161 + 55, 5)
    assert (late.visits, late.usual_days, late.silent_days, late.last_day) == (5, 40, 55, 161)
    assert due(items(steady), 161 + 40, 5) == [], "not yet: three of four silences are shorter than 40 and a quarter"
    assert due(items(steady), 161 + 41, 5) != []
    assert due(items(steady), 161 + 119, 5) == [], "given up after three times as long"
    assert due(items(steady[:-1]), 120 + 55, 5) == [], "three silences are no rhythm"
    assert due(items([0, 10, 100, 110, 200, 210]), 260, 5) == [], "nor are silences of 10 and 90 days"
    assert due(items([0, 150, 300, 450, 600]), 600 + 365, 5) == [], "a year of silence is a forgotten favourite's"
    assert due(items([]), 10, 5) == []
    often = [*steady, *[161] * 9]
    assert [each.item for each in due(items(steady, often), 161 + 55, 5)] == [1, 0], "the most listened to first"
    assert [each.item for each in due(items(steady, often), 161 + 55, 1)] == [1]


def test_routine_phases_and_what_is_new_by_hand() -> None:
    monday = day_number(FIRST)
    weekly = monday + 7 * np.arange(20)  # artist 0, every Monday
    phase = monday + 91 + np.arange(21) // 7  # artist 1, 21 listens in three days of week 13
    known = np.append(monday, monday + 7 * 15)  # artist 2, in the first week and again
    new = np.array([monday + 7 * 16])  # artist 3
    found = judged(
        np.repeat([0, 1, 2, 3], [20, 21, 2, 1]), np.concatenate([weekly, phase, known, new]).astype(np.int64)
    )
    told = [KINDS[kind] if kind >= 0 else None for kind in found.kind]
    assert told[:20] == [None] * 12 + ["routine"] * 8
    assert told[20:41] == ["phase"] * 21
    assert told[41:] == [None, "visit", "new"]
    (one,) = found.phases
    assert (one.item, one.first_day, one.last_day, one.listens) == (1, monday + 91, monday + 93, 21)
    assert judged(np.empty(0, np.int64), np.empty(0, np.int64)).phases == []


@pytest.fixture
def user(session: Session) -> User:
    return new_user(session)


def test_patterns_of_a_stored_history(session: Session, user: User) -> None:
    begin = datetime(2024, 1, 1, 19, tzinfo=UTC)
    every_week = [Heard("Grey Harbour", f"Salt {week % 3}", begin + timedelta(weeks=week)) for week in range(30)]
    now_and_then = [Heard("Tin Choir", "Loud", begin + timedelta(days=30 * visit)) for visit in range(6)]
    phase = [Heard("Nightjar", f"Song {at}", begin + timedelta(days=205, minutes=4 * at)) for at in range(24)]
    put_history(session, user.id, every_week + now_and_then + phase)
    session.refresh(user)
    told = patterns(session, user, date(2024, 7, 26))
    assert told.as_of == date(2024, 7, 26)
    (late,) = told.due_artists
    assert late.artist is not None
    assert (late.artist.name, late.usual_days, late.silent_days) == ("Tin Choir", 30, 57)
    assert late.why == "You came back to it 5 times, after some 30 days as a rule. Now it has been 57."
    assert [each.track.name for each in told.due_tracks if each.track] == ["Loud"]
    assert [each.artist.name for each in told.phases if each.artist] == ["Nightjar"]
    assert told.phase_now
    july = told.months[-1]
    assert (july.start, july.routine, july.phase, july.new, july.visit) == (date(2024, 7, 1), 4, 24, 0, 0)
    assert sum(month.routine for month in told.months) == 18
    assert told.told == (
        "40\xa0% of what you heard in the last 5 months was routine."
        " 53\xa0% belonged to a phase, nothing to artists new to you."
    )
    later = patterns(session, user, date(2026, 1, 1))
    assert (later.as_of, later.phase_now, len(later.due_artists)) == (date(2024, 7, 24), True, 1)


def test_without_a_listen_there_are_no_patterns(session: Session, user: User) -> None:
    told = patterns(session, user, date(2024, 7, 26))
    assert (told.as_of, told.months, told.phases, told.due_artists, told.due_tracks) == (None, [], [], [], [])
    assert "twelve weeks" in told.told
