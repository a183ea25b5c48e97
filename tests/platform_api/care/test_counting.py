"""What counts after merges, hidden artists and changes by hand: every page says it at once, and undoing undoes it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api import models
from platform_api.crud import corrections, hiding, recordings
from tests.platform_api.importing.test_properties import (
    ENDS,
    EXAMPLES,
    HISTORY,
    LENGTHS,
    PART,
    TRACKS,
    ZONES,
    plays_of,
    taken_back,
)
from tests.support.histories import FIRST_DAY, account_row, extended_row, new_user, track_uri, write_rows
from tests.support.sums import history_read, sums_counted, sums_read

FEW = settings(
    max_examples=int(EXAMPLES or 15),
    derandomize=EXAMPLES is None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
MERGES = st.lists(st.tuples(TRACKS, TRACKS), max_size=5)
WHAT_COUNTS = "SELECT played_track_id, ended_at, track_id FROM counted_plays WHERE user_id = :id ORDER BY 1, 2"


def state(session: Session, user: models.User) -> dict[str, Any]:
    """Everything that a listener could notice. What pages read is what counts, and settling again changes nothing."""
    found = {
        "plays": plays_of(session, user),
        "counted": session.execute(text(WHAT_COUNTS), {"id": user.id}).all(),
        "sums": sums_read(session, user),
        "merges": sorted(recordings.merges_of(session, user.id)),
    }
    recordings.settle_all(session, user.id)
    assert sums_counted(session, user) == found["sums"]
    assert session.execute(text(WHAT_COUNTS), {"id": user.id}).all() == found["counted"]
    return found


def ids_of(session: Session, numbers: Iterable[int]) -> dict[int, int]:
    """Number of a made-up track → its id, for those in the catalogue."""
    known: dict[str, int] = dict(map(tuple, session.execute(text("SELECT key, id FROM tracks"))))
    return {number: known[track_uri(number)] for number in numbers if track_uri(number) in known}


@FEW
@given(rows=HISTORY, later=HISTORY, first=MERGES, then=MERGES, zone=ZONES)
def test_merge_then_split_is_before(
    session: Session, rows: list[Any], later: list[Any], first: list[tuple[int, int]], then: list[tuple[int, int]],
    zone: str,
) -> None:  # fmt: skip
    with taken_back(session):
        user = new_user(session, zone)
        write_rows(session, user.id, rows)
        ids = ids_of(session, range(6))

        def merge(pairs: list[tuple[int, int]]) -> list[int]:
            known = [(ids[one], ids[other]) for one, other in pairs if one in ids and other in ids]
            return recordings.merge(session, user.id, known, "by_hand")

        merge(first)
        before = state(session, user)
        merged = merge(then)
        after = state(session, user)
        assert after["plays"] == before["plays"]
        assert recordings.split(session, user.id, merged) == len(merged)
        assert state(session, user) == before
        merge(then)
        write_rows(session, user.id, later)
        counted = {(key, end): track for key, end, track in state(session, user)["counted"]}
        roots = recordings.counted_tracks(session, user.id, {track_id for track_id, _ in counted})
        assert all(track == roots.get(played, played) for (played, _), track in counted.items())


def artists_read(session: Session, user: models.User) -> set[int]:
    tracks = history_read(session, user).track_ids.tolist()
    return set(session.scalars(text("SELECT artist_id FROM tracks WHERE id = ANY(:ids)"), {"ids": tracks}))


@FEW
@given(rows=HISTORY.filter(bool), later=HISTORY, merges=MERGES)
def test_hidden_artists_do_not_count_and_come_back_exactly(
    session: Session, rows: list[Any], later: list[Any], merges: list[tuple[int, int]]
) -> None:
    with taken_back(session):
        user, other = new_user(session), new_user(session)
        shifted = [
            {**row, "master_metadata_album_artist_name": f"A{int(row['spotify_track_uri'][-1]) % 3}"} for row in rows
        ]
        write_rows(session, user.id, shifted)
        ids = ids_of(session, range(6))
        pairs = [(ids[one], ids[two]) for one, two in merges if one in ids and two in ids]
        recordings.merge(session, user.id, pairs, "name")
        before = state(session, user)
        for artist_id in session.scalars(text("SELECT id FROM artists ORDER BY id LIMIT 1")).all():
            assert hiding.hide(session, user.id, artist_id)
            assert artist_id not in artists_read(session, user)
            write_rows(session, user.id, later)
            assert artist_id not in artists_read(session, user)
            assert hiding.show(session, user.id, artist_id)
        if not later:
            assert state(session, user) == before
        write_rows(session, other.id, shifted)
        recordings.merge(session, other.id, pairs, "name")
        write_rows(session, other.id, later)
        assert state(session, user) == state(session, other), "as if nobody had ever been hidden"


@FEW
@given(part=PART, zone=ZONES, chosen=st.sets(st.integers(0, 24), max_size=6))
def test_deleted_plays_stay_away_until_they_are_taken_back(
    session: Session, part: tuple[str, list[Any]], zone: str, chosen: set[int]
) -> None:
    with taken_back(session):
        user = new_user(session, zone)
        write_rows(session, user.id, part[1], part[0])
        before = state(session, user)
        keys = [
            (track_id, ended_at) for number, (track_id, ended_at, _) in enumerate(before["counted"]) if number in chosen
        ]
        change = corrections.begin_change(session, user.id, "deleted", len(keys))
        assert corrections.bury(session, user.id, change, keys) == len(keys)
        without = state(session, user)
        assert len(without["plays"]) == len(before["plays"]) - len(keys)
        file = write_rows(session, user.id, part[1], part[0])
        assert file.accepted == 0
        assert file.rows == file.duplicate + file.skipped + file.broken
        assert state(session, user) == without
        corrections.bring_back(session, user.id, change)
        assert state(session, user) == before
        assert write_rows(session, user.id, part[1], part[0]).reasons.get("skipped", {}).get("deleted_by_you") is None


@FEW
@given(rows=HISTORY.filter(bool), track=TRACKS, end=ENDS, length=LENGTHS, merges=MERGES)
def test_a_correction_is_counted_and_taken_back(
    session: Session, rows: list[Any], track: int, end: Any, length: int, merges: list[tuple[int, int]]
) -> None:
    with taken_back(session):
        user = new_user(session)
        write_rows(session, user.id, rows)
        ids = ids_of(session, range(6))
        recordings.merge(
            session, user.id, [(ids[one], ids[two]) for one, two in merges if one in ids and two in ids], "by_hand"
        )
        before = state(session, user)
        played, ended_at, _ = before["counted"][0]
        original = corrections.play_of(session, user.id, (played, ended_at))
        assert original is not None
        target = ids.get(track, played)
        new = corrections.NewPlay(target, end - timedelta(milliseconds=length), end, length, "song")
        change = corrections.begin_change(session, user.id, "corrected", 1, (new.track_id, new.ended_at))
        assert corrections.bury(session, user.id, change, [(played, ended_at)]) == 1
        if corrections.add_corrected(session, original, new, is_timed=True):
            state(session, user)
            assert corrections.remove(session, user.id, (new.track_id, new.ended_at))
        corrections.bring_back(session, user.id, change)
        assert state(session, user) == before


def test_a_row_deleted_by_hand_says_so_in_the_ledger(session: Session) -> None:
    user = new_user(session)
    rows = [extended_row(FIRST_DAY + timedelta(minutes=5 * number, seconds=7), number) for number in range(3)]
    write_rows(session, user.id, rows)
    (first, *_) = session.execute(text(WHAT_COUNTS), {"id": user.id}).all()
    change = corrections.begin_change(session, user.id, "deleted", 1)
    corrections.bury(session, user.id, change, [(first[0], first[1])])
    again = write_rows(session, user.id, rows)
    assert (again.accepted, again.duplicate, again.skipped) == (0, 2, 1)
    assert again.reasons["skipped"] == {"deleted_by_you": 1}
    coarse = write_rows(session, user.id, [account_row(FIRST_DAY, 0)], "account_music")
    assert coarse.reasons == {"skipped": {"deleted_by_you": 1}}
