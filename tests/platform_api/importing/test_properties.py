"""What holds for any history, however dirty: the properties of CHECKS, found false or not by Hypothesis."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api import models
from platform_api.crud import corrections, imports, undoing
from tests.support.histories import a_day_of_plays, account_row, extended_row, listen, new_user, track_uri, write_rows
from tests.support.nasty import LONG, nasty_rows
from tests.support.scrobble_files import Heard, maloja_scrobble, recent_track
from tests.support.sums import sums_counted, sums_read

EXAMPLES = os.environ.get("PROPERTY_EXAMPLES")
"""More examples, other ones each time: PROPERTY_EXAMPLES=1000. Without it the same forty."""
FEW = settings(
    max_examples=int(EXAMPLES or 40),
    derandomize=EXAMPLES is None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
ZONES = st.sampled_from(["Europe/Prague", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
AROUND = [
    datetime(2024, 3, 31, 1, tzinfo=UTC),
    datetime(2024, 10, 27, 1, tzinfo=UTC),
    datetime(2023, 12, 31, 23, tzinfo=UTC),
]
# few moments and few tracks, so that rows meet
ENDS = st.builds(
    lambda around, minutes, seconds: around + timedelta(minutes=minutes, seconds=seconds),
    st.sampled_from(AROUND),
    st.integers(-90, 90),
    st.sampled_from([0, 1, 14, 59]),
)
TRACKS = st.integers(0, 5)
LENGTHS = st.sampled_from([0, 29_999, 30_000, 200_000, 5_400_000])
EXTENDED = st.builds(
    extended_row,
    ENDS,
    TRACKS,
    LENGTHS,
    reason_end=st.sampled_from(["trackdone", "fwdbtn", None]),
    skipped=st.sampled_from([True, False, None]),
    platform=st.sampled_from(["ios", None]),
)
OFFLINE = st.builds(
    lambda end, track, length, before: extended_row(
        end, track, length, offline=True, offline_timestamp=int((end - timedelta(minutes=before)).timestamp())
    ),
    ENDS,
    TRACKS,
    LENGTHS,
    st.integers(0, 200),
)


def of_compilation(end: datetime, track: int, ms_played: int) -> dict[str, Any]:
    """How Spotify tells a track of a compilation: it names the album's artist, and scrobblers who sings."""
    whose = {
        "master_metadata_track_name": f"Song {track}",
        "master_metadata_album_artist_name": "Various Artists",
        "spotify_track_uri": track_uri(100 + track),
    }
    return extended_row(end, track, ms_played, **whose)


COMPILATION = st.builds(of_compilation, ENDS, TRACKS, LENGTHS)
ACCOUNT = st.builds(account_row, ENDS, TRACKS, LENGTHS)
LISTENS = st.builds(
    listen,
    ENDS,
    TRACKS,
    st.sampled_from([None, 200_000, 5_400_000]),
    spotify_id=st.one_of(st.none(), TRACKS.map(lambda track: f"https://open.spotify.com/track/{track:022d}")),
    player=st.sampled_from(["Navidrome", None]),
)
HEARD = st.builds(Heard, ENDS, TRACKS)
MALOJA = st.builds(maloja_scrobble, HEARD, st.sampled_from([None, 29, 200]))
LASTFM = HEARD.map(recent_track)
TABLE = st.builds(
    lambda heard, to_the_minute: {
        "artist": heard.artist,
        "track": heard.name,
        "date": heard.minute if to_the_minute else str(heard.seconds),
    },
    HEARD,
    st.booleans(),
)
DIRT = st.one_of(
    st.none(),
    st.integers(),
    st.text(max_size=5),
    st.dictionaries(
        st.sampled_from(["ts", "ms_played", "x"]), st.one_of(st.none(), st.integers(), st.text(max_size=30))
    ),
    EXTENDED.map(lambda row: {**row, "master_metadata_track_name": None, "spotify_track_uri": None}),
    EXTENDED.map(lambda row: {**row, "ms_played": -1}),
)
HISTORY = st.lists(st.one_of(EXTENDED, OFFLINE, COMPILATION), max_size=25)
PART = st.one_of(
    st.tuples(st.just("extended"), HISTORY),
    st.tuples(st.just("account_music"), st.lists(ACCOUNT, max_size=25)),
    st.tuples(st.just("listenbrainz"), st.lists(LISTENS, max_size=25)),
    st.tuples(st.just("maloja"), st.lists(MALOJA, max_size=25)),
    st.tuples(st.just("lastfm_api"), st.lists(LASTFM, max_size=25)),
    st.tuples(st.just("scrobbles"), st.lists(TABLE, max_size=25)),
)

PLAYS = """
    SELECT tracks.key, ended_at, started_at, ms_played, plays.kind, precision_s, reason_start, reason_end, shuffle,
           skipped, offline, offline_timestamp, incognito, platform, country, source
    FROM plays JOIN tracks ON tracks.id = track_id WHERE user_id = :id ORDER BY 1, 2
"""


@contextmanager
def taken_back(session: Session) -> Iterator[None]:
    """Each example leaves nothing, not even its locks: a batch makes temporary tables, and thousands of them add up."""
    with session.begin_nested() as savepoint:
        yield
        savepoint.rollback()


def plays_of(session: Session, user: models.User) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.execute(text(PLAYS), {"id": user.id})]


@FEW
@given(rows=st.lists(st.one_of(EXTENDED, OFFLINE, DIRT), max_size=40), batch_rows=st.integers(1, 50))
def test_every_row_of_any_dirt_has_one_verdict(session: Session, rows: list[object], batch_rows: int) -> None:
    with taken_back(session):
        user = new_user(session)
        file = write_rows(session, user.id, rows, batch_rows=batch_rows)
        assert file.rows == file.total_rows == len(rows)
        assert file.accepted + file.duplicate + file.skipped + file.broken == len(rows)
        assert file.accepted == len(plays_of(session, user))
        for verdict in ("duplicate", "skipped", "broken"):
            assert sum(file.reasons.get(verdict, {}).values()) == getattr(file, verdict)


@FEW
@given(rows=st.lists(nasty_rows(), min_size=20, max_size=60))
def test_whatever_is_accepted_can_be_stored(session: Session, rows: list[tuple[str, dict[str, Any]]]) -> None:
    with taken_back(session):
        user = new_user(session)
        for name in sorted({name for name, _ in rows}):
            write_rows(session, user.id, [row for of_format, row in rows if of_format == name], name)
        assert all(play[1].year < 2100 for play in plays_of(session, user))


def test_an_address_too_long_for_an_index_is_no_obstacle(session: Session) -> None:
    user = new_user(session)
    bare: dict[str, Any] = {"master_metadata_track_name": None, "spotify_track_uri": LONG}
    assert write_rows(session, user.id, [extended_row(AROUND[0], **bare), extended_row(AROUND[1])]).accepted == 2


@FEW
@given(part=PART, batch_rows=st.integers(1, 50))
def test_twice_is_once(session: Session, part: tuple[str, list[object]], batch_rows: int) -> None:
    with taken_back(session):
        history_format, rows = part
        user = new_user(session)
        write_rows(session, user.id, rows, history_format)
        before = plays_of(session, user), sums_read(session, user)
        again = write_rows(session, user.id, rows, history_format, batch_rows)
        assert again.accepted == 0
        assert (plays_of(session, user), sums_read(session, user)) == before


@FEW
@given(parts=st.lists(PART, min_size=2, max_size=3), zone=ZONES, batch_rows=st.integers(1, 50))
def test_the_order_of_imports_does_not_matter(
    session: Session, parts: list[tuple[str, list[object]]], zone: str, batch_rows: int
) -> None:
    with taken_back(session):
        forwards, backwards = new_user(session, zone), new_user(session, zone)
        for history_format, rows in parts:
            write_rows(session, forwards.id, rows, history_format)
        for history_format, rows in reversed(parts):
            write_rows(session, backwards.id, list(reversed(rows)), history_format, batch_rows)
        assert plays_of(session, forwards) == plays_of(session, backwards)
        assert sums_read(session, forwards) == sums_read(session, backwards)


@FEW
@given(parts=st.lists(PART, min_size=1, max_size=3), zone=ZONES)
def test_what_pages_read_is_what_was_played(session: Session, parts: list[tuple[str, list[object]]], zone: str) -> None:
    with taken_back(session):
        user = new_user(session, zone)
        for history_format, rows in parts:
            write_rows(session, user.id, rows, history_format)
        read, plays = sums_read(session, user), plays_of(session, user)
        assert read == sums_counted(session, user)
        assert sum(row[0] for row in read.values()) == len(plays)
        assert sum(row[3] for row in read.values()) == sum(play[3] for play in plays)


@FEW
@given(parts=st.lists(PART, min_size=1, max_size=4), at=st.integers(0, 3), zone=ZONES, batch_rows=st.integers(1, 50))
def test_after_undo_it_is_as_if_the_import_had_never_been(
    session: Session, parts: list[tuple[str, list[object]]], at: int, zone: str, batch_rows: int
) -> None:
    with taken_back(session):
        undone = at % len(parts)
        with_it, without = new_user(session, zone), new_user(session, zone)
        files = [write_rows(session, with_it.id, rows, name, batch_rows) for name, rows in parts]
        for name, rows in parts[:undone] + parts[undone + 1 :]:
            write_rows(session, without.id, rows, name)
        undoing.take_back(session, with_it.id, files[undone].import_id)
        assert plays_of(session, with_it) == plays_of(session, without)
        assert sums_read(session, with_it) == sums_read(session, without)
        for user in (with_it, without):
            files.append(write_rows(session, user.id, parts[undone][1], parts[undone][0], batch_rows))
        assert plays_of(session, with_it) == plays_of(session, without)
        for file in files[:-1]:
            undoing.take_back(session, with_it.id, file.import_id)
        left = session.execute(text("SELECT count(*) FROM retold_plays WHERE user_id = :id"), {"id": with_it.id})
        assert (plays_of(session, with_it), left.scalar_one()) == ([], 0)
        assert sums_read(session, with_it) == {}


@FEW
@given(
    parts=st.lists(PART, min_size=1, max_size=3),
    again=st.lists(st.integers(0, 2), min_size=1, max_size=3),
    undone=st.randoms(use_true_random=False),
    batch_rows=st.integers(1, 50),
)
def test_the_same_bytes_again_keep_nothing_and_undo_is_still_exact(
    session: Session, parts: list[tuple[str, list[object]]], again: list[int], undone: random.Random, batch_rows: int
) -> None:
    def retold() -> int:
        counted = text("SELECT count(*) FROM retold_plays WHERE user_id = :id")
        return int(session.execute(counted, {"id": user.id}).scalar_one())

    with taken_back(session):
        user = new_user(session)
        told = [*range(len(parts)), *(number % len(parts) for number in again)]
        imported: list[tuple[int, int]] = []
        for number in told:
            name, rows = parts[number]
            kept = retold()
            file = write_rows(session, user.id, rows, name, batch_rows, sha256=f"part {number}")
            if number in {before for before, _ in imported}:
                assert (file.accepted, retold()) == (0, kept)
            imported.append((number, file.import_id))
        undone.shuffle(imported)
        while imported:
            _, import_id = imported.pop()
            imports.move(session, import_id, "undoing")
            undoing.take_back(session, user.id, import_id)
            imports.move(session, import_id, "undone")
            without = new_user(session)
            for number in sorted({number for number, _ in imported}):
                write_rows(session, without.id, parts[number][1], parts[number][0])
            assert plays_of(session, user) == plays_of(session, without)
            assert sums_read(session, user) == sums_read(session, without)
        assert retold() == 0


def test_what_a_failed_import_relied_on_stays_when_the_other_is_undone(session: Session) -> None:
    user, rows = new_user(session), a_day_of_plays(30)
    first = write_rows(session, user.id, rows, sha256="the same")
    failed = write_rows(session, user.id, rows, sha256="the same")
    imports.move(session, failed.import_id, "failed")
    imports.finish_file(session, failed.id, "queued")
    before = plays_of(session, user)
    undoing.take_back(session, user.id, first.import_id)
    assert plays_of(session, user) == before != []
    imports.move(session, first.import_id, "undone")
    undoing.take_back(session, user.id, failed.import_id)
    assert plays_of(session, user) == []


@pytest.mark.parametrize("zone", ["Europe/Prague", "America/New_York", "Australia/Lord_Howe"])
def test_each_play_of_a_clock_change_is_in_one_day(session: Session, zone: str) -> None:
    user = new_user(session, zone)
    rows = [extended_row(around + timedelta(minutes=at), at) for around in AROUND for at in range(-120, 120, 10)]
    write_rows(session, user.id, rows)
    read = sums_read(session, user)
    assert read == sums_counted(session, user)
    assert sum(row[0] for row in read.values()) == len(rows)


def test_an_undone_import_brought_again_counts_no_play_twice(session: Session) -> None:
    user, rows = new_user(session), a_day_of_plays(40)
    extended = write_rows(session, user.id, rows)
    account = [account_row(datetime.fromisoformat(row["ts"]), at % 7) for at, row in enumerate(rows)]
    assert write_rows(session, user.id, account, "account_music").accepted == 0
    undoing.take_back(session, user.id, extended.import_id)
    assert len(plays_of(session, user)) == 40
    write_rows(session, user.id, rows)
    assert len(plays_of(session, user)) == 40


def captured_row(moment: datetime, track: int) -> dict[str, Any]:
    """A play that Spotify's Web API told, as our own export tells it again."""
    facts = {
        "source": "spotify_api", "kind": "song", "uri": track_uri(track), "title": f"Song {track}",
        "artist": f"Artist {track // 10}", "album": f"Album {track // 5}", "precision_s": 30,
        "started_at": (moment - timedelta(seconds=30)).isoformat(), "ended_at": moment.isoformat(),
    }  # fmt: skip
    return {"ms_played": 30_000, "tonearm": facts}


# the API lists a play that lasted half a minute: no two of one song lie closer
CAPTURED = st.builds(captured_row, ENDS.map(lambda end: end.replace(second=0)), TRACKS)
WITH_CAPTURED = st.tuples(
    st.one_of(
        st.tuples(st.just("extended"), HISTORY), st.tuples(st.just("account_music"), st.lists(ACCOUNT, max_size=25))
    ),
    st.tuples(st.just("tonearm_spotify_api"), st.lists(CAPTURED, max_size=25)),
)


@FEW
@given(parts=WITH_CAPTURED, batch_rows=st.integers(1, 50))
def test_restoring_captured_plays_doubles_none_in_any_order(
    session: Session, parts: tuple[tuple[str, list[object]], ...], batch_rows: int
) -> None:
    with taken_back(session):
        forwards, backwards = new_user(session), new_user(session)
        for name, rows in parts:
            write_rows(session, forwards.id, rows, name)
        for name, rows in reversed(parts):
            write_rows(session, backwards.id, rows, name, batch_rows)
        assert plays_of(session, forwards) == plays_of(session, backwards)
        assert sums_read(session, forwards) == sums_read(session, backwards)


def test_a_backup_of_what_an_export_tells_adds_nothing(session: Session) -> None:
    rows = a_day_of_plays(10)
    backup = [captured_row(datetime.fromisoformat(row["ts"]), at % 7) for at, row in enumerate(rows)]
    user = new_user(session)
    write_rows(session, user.id, rows)
    assert write_rows(session, user.id, backup, "tonearm_spotify_api").accepted == 0
    assert [play[-1] for play in plays_of(session, user)] == ["spotify_export"] * 10


NINE = datetime(2024, 3, 1, 9, tzinfo=UTC)
SINGER = listen(NINE + timedelta(seconds=4), 3)
FOLLOWED = listen(NINE + timedelta(seconds=300), 3)
VARIOUS = of_compilation(NINE + timedelta(seconds=200), 3, 200_000)


@pytest.mark.parametrize("export_first", [True, False])
def test_a_compilations_track_and_who_sings_it_are_one_play(session: Session, *, export_first: bool) -> None:
    """Of two scrobbles the one that began with the play is it; the other one stays."""
    user = new_user(session)
    told: list[tuple[str, list[object]]] = [("extended", [VARIOUS]), ("listenbrainz", [SINGER, FOLLOWED])]
    files = [write_rows(session, user.id, rows, name) for name, rows in (told if export_first else told[::-1])]
    assert [play[-1] for play in plays_of(session, user)] == ["listenbrainz", "spotify_export"]
    undoing.take_back(session, user.id, files[0 if export_first else 1].import_id)
    assert [play[-1] for play in plays_of(session, user)] == ["listenbrainz"] * 2


def test_a_short_or_inexact_play_of_a_compilation_is_nobodys_scrobble(session: Session) -> None:
    user = new_user(session)
    write_rows(session, user.id, [of_compilation(NINE + timedelta(seconds=20), 3, 20_000)])
    account = {**account_row(NINE + timedelta(seconds=230), 3), "artistName": "Various Artists"}
    write_rows(session, user.id, [account], "account_music")
    assert write_rows(session, user.id, [SINGER], "listenbrainz").accepted == 1


@pytest.mark.parametrize("export_first", [True, False])
def test_a_deleted_compilations_track_does_not_come_back_by_its_singer(session: Session, *, export_first: bool) -> None:
    user = new_user(session)
    told: list[tuple[str, list[object]]] = [("extended", [VARIOUS]), ("listenbrainz", [SINGER])]
    if not export_first:
        told.reverse()
    write_rows(session, user.id, told[0][1], told[0][0])
    (key,) = session.execute(text("SELECT track_id, ended_at FROM plays WHERE user_id = :id"), {"id": user.id})
    change_id = corrections.begin_change(session, user.id, "deleted", 1)
    corrections.bury(session, user.id, change_id, [(key.track_id, key.ended_at)])
    again = write_rows(session, user.id, told[1][1], told[1][0])
    assert (again.accepted, again.reasons["skipped"]) == (0, {"deleted_by_you": 1})


@pytest.mark.parametrize("minute_first", [True, False])
def test_a_deleted_scrobble_does_not_come_back_by_its_minute(session: Session, *, minute_first: bool) -> None:
    user, heard = new_user(session), Heard(AROUND[0] + timedelta(seconds=40), 3)
    told = [("scrobbles", [{"artist": heard.artist, "track": heard.name, "date": heard.minute}]),
            ("listenbrainz", [listen(heard.at, heard.track)])]  # fmt: skip
    if not minute_first:
        told.reverse()
    write_rows(session, user.id, told[0][1], told[0][0])
    (key,) = session.execute(text("SELECT track_id, ended_at FROM plays WHERE user_id = :id"), {"id": user.id})
    change_id = corrections.begin_change(session, user.id, "deleted", 1)
    corrections.bury(session, user.id, change_id, [(key.track_id, key.ended_at)])
    again = write_rows(session, user.id, told[1][1], told[1][0])
    assert (again.accepted, again.reasons["skipped"]) == (0, {"deleted_by_you": 1})
