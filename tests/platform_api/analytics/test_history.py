"""The columns that every question reads are the plays, at every moment, whoever changed them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api import models
from platform_api.crud import grooves, undoing, users
from platform_api.crud.grooves import DEVICES, OTHER_REASON, REASONS
from platform_api.services.analytics import questions, ways
from platform_api.services.analytics.history import History, history_of, of_one_moment, unpacked
from platform_api.services.analytics.spans import Span
from platform_api.utils.local_time import to_local
from tests.platform_api.importing.test_properties import DIRT, FEW, PART, ZONES, taken_back
from tests.support.histories import extended_row, new_user, write_rows

START = datetime(2024, 1, 31, 23, 58, tzinfo=UTC)


def read(session: Session, user: models.User) -> History:
    session.flush()
    return unpacked(grooves.read(session, user.id), ZoneInfo(user.time_zone))


def rows_of(history: History) -> list[tuple[int, int, int, int, int]]:
    """As the plays tell it: track, start in ms, length, local day, local hour."""
    columns = (history.track_ids[history.track], history.started_ms, history.ms_played, history.day, history.hour)
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


def rows_stored(session: Session, user: models.User) -> list[tuple[int, int, int, int, int]]:
    rows = session.execute(
        text("""
            SELECT track_id, floor(extract(epoch FROM started_at) * 1000)::int8, ms_played,
                   (started_at AT TIME ZONE :zone)::date - date '1970-01-01',
                   extract(hour FROM started_at AT TIME ZONE :zone)::int
            FROM plays WHERE user_id = :id
        """),
        {"id": user.id, "zone": user.time_zone},
    )
    return sorted(tuple(row) for row in rows)


@FEW
@given(parts=st.lists(PART, min_size=1, max_size=3), undone=st.lists(DIRT, max_size=20), zone=ZONES, pack=st.booleans())
def test_columns_are_the_plays(
    session: Session, parts: list[tuple[str, list[object]]], undone: list[object], zone: str, pack: bool
) -> None:
    """Through imports, packing and undoing; days and hours as the database's own clock tells them."""
    with taken_back(session):
        user = new_user(session, zone)
        for history_format, rows in parts:
            write_rows(session, user.id, rows, history_format)
            if pack:
                grooves.refresh(session, user.id)
        file = write_rows(session, user.id, undone)
        assert rows_of(read(session, user)) == rows_stored(session, user)
        undoing.take_back(session, user.id, file.import_id)
        assert rows_of(read(session, user)) == rows_stored(session, user)
        grooves.refresh(session, user.id)
        history = read(session, user)
        assert rows_of(history) == rows_stored(session, user)
        assert history.ms_played.sum() == history.songs.ms_played.sum() + history.spoken.ms_played.sum()


def test_the_parts_of_one_answer_are_of_one_moment(session: Session) -> None:
    user = new_user(session)
    write_rows(session, user.id, [extended_row(START)])
    with of_one_moment(session):
        before = history_of(session, user)
        write_rows(session, user.id, [extended_row(START + timedelta(hours=1))])
        users.bump_data_version(session, user.id)
        assert history_of(session, user) is before
        with of_one_moment(session):
            assert history_of(session, user) is before
        assert history_of(session, user) is before
    assert len(history_of(session, user)) == len(before) + 1 == 2


@FEW
@given(
    parts=st.lists(PART, min_size=1, max_size=3), zone=ZONES, cut=st.sampled_from([date(2024, 1, 1), date(2024, 3, 31)])
)
def test_every_way_of_summing_is_the_total(
    session: Session, parts: list[tuple[str, list[object]]], zone: str, cut: date
) -> None:
    """By hour, by day, by track, by artist, by ending and by country; and a span is the sum of its two parts."""
    with taken_back(session):
        user = new_user(session, zone)
        for history_format, rows in parts:
            write_rows(session, user.id, rows, history_format)
        whole = Span("days", "days", date(2020, 1, 1), date(2025, 12, 31))
        halves = (
            Span("a", "days", whole.first_day, cut - timedelta(days=1)),
            Span("b", "days", cut, whole.last_day),
        )
        total = questions.numbers(session, user, whole)
        sums = {
            "clock": [cell.ms_played for cell in questions.clock(session, user, whole).cells],
            "days": [day.ms_played for day in questions.calendar(session, user, whole).days],
            "months": [point.ms_played for point in questions.timeline(session, user, whole).points],
            "countries": [each.ms_played for each in ways.places(session, user, whole).countries],
            "halves": [questions.numbers(session, user, half).ms_played for half in halves],
        }
        for kind in ("tracks", "artists"):
            top = questions.top(session, user, whole, kind, "time", 200).items
            sums[kind] = [item.ms_played for item in top]
        assert {name: sum(parts) for name, parts in sums.items()} == dict.fromkeys(sums, total.ms_played)
        told = ways.ways(session, user, whole)
        assert sum(each.plays for each in told.ended) == sum(each.plays for each in told.began) == total.plays
        found = [questions.numbers(session, user, half).first_listens for half in halves]
        assert sum(found) == total.first_listens == total.tracks


def test_a_change_is_seen_whoever_makes_it(session: Session) -> None:
    user = new_user(session)
    write_rows(session, user.id, [extended_row(START + timedelta(minutes=5 * at), at) for at in range(4)])
    assert months_kept(session, user) == ["2024-01-01", "2024-02-01"]
    session.execute(
        text("""
            UPDATE plays SET started_at = '2023-05-01' WHERE user_id = :id
            AND track_id = (SELECT min(track_id) FROM plays WHERE user_id = :id)
        """),
        {"id": user.id},
    )
    assert rows_of(read(session, user)) == rows_stored(session, user)
    grooves.refresh(session, user.id)
    assert months_kept(session, user) == ["2023-05-01", "2024-01-01", "2024-02-01"]
    session.execute(text("DELETE FROM plays WHERE user_id = :id AND started_at < '2024-01-01'"), {"id": user.id})
    assert len(read(session, user)) == 3
    grooves.refresh(session, user.id)
    assert months_kept(session, user) == ["2024-01-01", "2024-02-01"]


def months_kept(session: Session, user: models.User) -> list[str]:
    months = text("SELECT month::text FROM grooves WHERE user_id = :id AND plays IS NOT NULL ORDER BY 1")
    return list(session.scalars(months, {"id": user.id}))


def test_what_a_play_tells_is_kept(session: Session) -> None:
    user = new_user(session)
    told: Sequence[dict[str, Any]] = [
        {"reason_start": "clickrow", "reason_end": "fwdbtn", "skipped": None, "shuffle": True, "offline": None,
         "incognito_mode": True, "platform": "Android OS 12 API 31 (samsung, SM-G991B)", "conn_country": "CZ"},
        {"reason_start": None, "reason_end": "a new reason", "skipped": False, "shuffle": False,
         "platform": "Partner sonos_imx6 Sonos;Play1", "conn_country": None},
        {"reason_start": "", "reason_end": "trackdone", "skipped": True, "platform": "iOS 8.0 (Watch6,1)",
         "conn_country": "ZZ"},
        {"platform": None}, {"platform": "Partner google cast_tv;Chromecast;;"}, {"platform": "something"},
        {"platform": "WebPlayer (websocket RFC6455)"}, {"platform": "Windows 10 (10.0.19043; x64)"},
        {"platform": "OS X 12.0.1 [arm 2]"}, {"platform": "Partner sony_tv Sony;PS4"}, {"platform": "ios"},
        {"platform": "web_player windows 10;chrome 96.0.4664.45;desktop"},
    ]  # fmt: skip
    write_rows(session, user.id, [extended_row(START + timedelta(minutes=5 * at), at, **each) for at, each in
                                  enumerate(told)])  # fmt: skip
    history = read(session, user)
    assert [DEVICES[number - 1] if number else None for number in history.device.tolist()] == [
        "android", "speaker", "watch", None, "tv", "other", "web", "windows", "mac", "console", "ios", "web",
    ]  # fmt: skip
    assert history.reason_start.tolist()[:3] == [REASONS.index("clickrow") + 1, 0, 0]
    assert history.reason_end.tolist()[:3] == [
        REASONS.index("fwdbtn") + 1,
        OTHER_REASON,
        REASONS.index("trackdone") + 1,
    ]
    assert history.is_skip.tolist()[:3] == [True, False, True]
    assert [history.told(bits)[0] for bits in (grooves.SHUFFLE_BITS, grooves.OFFLINE_BITS, grooves.PRIVATE_BITS)] == [
        2, 0, 2,
    ]  # fmt: skip
    assert history.country.tolist()[:3] == [(67 << 7) | 90, 0, (90 << 7) | 90]


@pytest.mark.parametrize(
    "zone", ["Europe/Prague", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati", "Etc/GMT+12",
             "America/Sao_Paulo", "Africa/Casablanca", "Asia/Kathmandu", "Europe/Dublin"]
)  # fmt: skip
def test_local_time_is_what_the_zone_says(zone: str) -> None:
    """Every half hour of two years, and every seventh of eight, beside one conversion after the other."""
    begin = datetime(2017, 1, 1, tzinfo=UTC)
    moments = [begin + timedelta(minutes=30 * at) for at in range(8 * 366 * 48) if at < 2 * 366 * 48 or at % 7 == 0]
    started = np.array([int(moment.timestamp()) * 1000 for moment in moments], dtype=np.int64)
    local = to_local(started, ZoneInfo(zone))
    for moment, shown in zip(moments, local.tolist(), strict=True):
        wall = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=UTC)
        assert int(wall.timestamp()) * 1000 == shown, moment
