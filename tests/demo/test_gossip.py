"""Who says what to whom: everybody named lives in the town, and only followers speak to an author."""

from datetime import date

import pytest

from demo.gossip import COMMENTS, MONTH, POSTS, REACTIONS, YEAR, follows, span_of
from demo.listeners import LISTENERS, MAIN_HANDLE

TASTES = {listener.handle: listener.tastes for listener in LISTENERS}


def test_everybody_who_speaks_follows_whom_they_speak_to() -> None:
    pairs = set(follows(TASTES, MAIN_HANDLE))
    for speaker, number, _ in (*COMMENTS, *REACTIONS):
        author = POSTS[number][0]
        assert speaker == author or (speaker, author) in pairs
    assert {author for author, _, _ in POSTS} <= TASTES.keys()


def test_nobody_follows_themselves_or_somebody_twice_or_a_stranger() -> None:
    pairs = follows(TASTES, MAIN_HANDLE)
    assert len(set(pairs)) == len(pairs)
    assert all(one != other and {one, other} <= TASTES.keys() for one, other in pairs)
    few = {handle: TASTES[handle] for handle in ("ray", "cass", "teuila")}
    assert {handle for pair in follows(few, "ray") for handle in pair} == few.keys()


@pytest.mark.parametrize(
    ("kind", "end", "span"),
    [
        (MONTH, date(2026, 11, 21), "2026-10"),
        (MONTH, date(2026, 10, 31), "2026-10"),
        (MONTH, date(2026, 1, 3), "2025-12"),
        (YEAR, date(2026, 11, 21), "2025"),
        (YEAR, date(2026, 12, 31), "2026"),
    ],
)
def test_a_post_tells_of_the_last_whole_month_or_year(kind: str, end: date, span: str) -> None:
    assert span_of(kind, end) == span
