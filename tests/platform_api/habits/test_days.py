"""What hours of the week and single days were like, beside the plainest computation over the same plays."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import fmean, pstdev
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from platform_api.crud import recordings
from platform_api.services.habits import days
from tests.support.histories import new_user
from tests.support.stored_history import Heard, put_history

ARTISTS = ("Mira Sol", "Grey Harbour", "Ola")
ZONE = "America/New_York"
BEGAN = datetime(2023, 9, 4, 3, 30, tzinfo=UTC)  # the day before, by the listener's clock
LAST = date(2024, 3, 20)


def some_plays(random: Random) -> list[Heard]:
    """Half a year with clock changes on both ends: weekends are louder, and a month is nearly silent."""
    plays = []
    for day in range((LAST - BEGAN.date()).days):
        often = 12 if day % 7 in (5, 6) else 4
        for _ in range(random.randrange(often) if day // 30 != 3 else random.randrange(2)):
            title, seconds = f"Song {random.randrange(40)}", random.choice([12, 31, 200])
            moment = BEGAN + timedelta(days=day, seconds=random.randrange(86_400))
            plays.append(Heard(ARTISTS[number_of(title)], title, moment, seconds=seconds))
    return sorted(plays, key=lambda play: play.started_at)


def number_of(title: str) -> int:
    return int(title.split()[1]) % len(ARTISTS)


@pytest.mark.parametrize("seed", [1, 2])
def test_hours_and_days_are_what_the_plays_say(session: Session, seed: int) -> None:
    user, plays = new_user(session, ZONE), some_plays(Random(seed))
    ids = put_history(session, user.id, plays)
    recordings.merge(session, user.id, [(ids["Song 3"], ids["Song 6"])], "by_hand")  # both by one artist
    counts_as = {"Song 3": "Song 6"}
    local = [play.started_at.astimezone(ZoneInfo(ZONE)) for play in plays]
    listens = [
        (at, counts_as.get(play.title, play.title), play.artist)
        for at, play in zip(local, plays, strict=True)
        if play.seconds >= 30
    ]
    per_day = Counter(at.date() for at, *_ in listens)
    first = min(per_day)

    since = max(first, LAST - timedelta(days=181))
    span = [since + timedelta(days=at) for at in range((LAST - since).days + 1)]
    worth = {day: 0.5 ** ((LAST - day).days / 42) for day in span}
    heard = {(at.date(), at.hour) for at, *_ in listens}
    shares = {(each.weekday, each.hour): each.share for each in days.hours_of_week(session, user, LAST)}
    assert len(shares) == 168
    for (weekday, hour), share in shares.items():
        same = [day for day in span if day.weekday() == weekday]
        with_music = sum(worth[day] for day in same if (day, hour) in heard)
        assert share == pytest.approx(with_music / sum(worth[day] for day in same))

    def before(day: date) -> list[int]:
        weeks = min(8, (day - first).days // 7)
        return [per_day[day - timedelta(weeks=week)] for week in range(1, weeks + 1)]

    asked = [LAST - timedelta(days=at) for at in range(60)]
    far = []
    for day in asked:
        usual = before(day)
        spread = max(pstdev(usual), fmean(usual) ** 0.5, 3)
        far.append((day, abs(per_day[day] - fmean(usual)) / spread))
    far.sort(key=lambda each: (-round(each[1], 9), -each[0].toordinal()))
    told = days.unusual_days(session, user, asked[-1], LAST, 12)
    assert [day for day, _ in told] == [day for day, _ in far[:12]]
    assert [deviation for _, deviation in told] == pytest.approx([deviation for _, deviation in far[:12]])

    wanted = [
        first,
        first + timedelta(days=13),
        first + timedelta(days=15),
        LAST - timedelta(days=95),
        LAST,
        *asked[5:9],
    ]
    facts = days.facts_of_days(session, user, wanted)
    assert facts.keys() == set(wanted)
    for day in wanted:
        here = [(at, title, artist) for at, title, artist in listens if at.date() == day]
        usual = before(day)
        told_of = facts[day]
        assert told_of.listens == len(here)
        assert told_of.ms_played == sum(
            play.seconds * 1000 for at, play in zip(local, plays, strict=True) if at.date() == day
        )
        assert list(told_of.hours) == sorted({at.hour for at, *_ in here})
        assert told_of.usual_listens == (pytest.approx(fmean(usual)) if len(usual) >= 2 else None)
        earlier = {title for at, title, _ in listens if at.date() < day}
        assert told_of.new_tracks == len({title for _, title, _ in here} - earlier)
        by_artist = Counter(artist for *_, artist in here)
        assert told_of.top_artist_listens == max(by_artist.values(), default=0)
        assert told_of.top_artist is None or by_artist[told_of.top_artist] == told_of.top_artist_listens


def test_nobody_has_no_hours_and_no_days(session: Session) -> None:
    user = new_user(session)
    assert days.hours_of_week(session, user, LAST) == []
    assert days.unusual_days(session, user, LAST - timedelta(days=27), LAST, 5) == []
    assert days.facts_of_days(session, user, []) == {}
    silent = days.facts_of_days(session, user, [LAST])[LAST]
    assert (silent.listens, list(silent.hours), silent.usual_listens, silent.top_artist) == (0, [], None, None)
