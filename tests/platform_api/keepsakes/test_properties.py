"""Whatever a listener makes and says, an export restores it, twice is once, and undo leaves nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api import models
from platform_api.core.errors import AppError
from platform_api.crud import genres, imports, recommendations, undoing
from platform_api.schemas.care import NewPlayByHand, PlayCorrection, PlayRef, RecordingPair
from platform_api.schemas.playlists import NewPlaylist
from platform_api.services import playlists
from platform_api.services.care import corrections, hiding, recordings
from tests.platform_api.export.test_export import rows_of
from tests.platform_api.importing.test_properties import EXAMPLES, EXTENDED, FEW, PART, plays_of, taken_back
from tests.support.histories import extended_row, new_user, track_uri, write_rows
from tests.support.keepsakes import in_turn, told, write_lines
from tests.support.sums import sums_read

TRACK, PLAY = st.integers(0, 5), st.integers(0, 30)
DONE = st.one_of(
    st.tuples(st.just("merge"), TRACK, TRACK),
    st.tuples(st.just("split"), TRACK, TRACK),
    st.tuples(st.just("refuse"), TRACK, TRACK),
    st.tuples(st.just("hide"), st.integers(0, 2), st.booleans()),
    st.tuples(st.just("say"), TRACK, st.sampled_from(["love", "hide"])),
    st.tuples(st.just("genre"), TRACK, st.sampled_from(["Dub", "dub", "Ambient"])),
    st.tuples(st.just("list"), st.lists(TRACK, max_size=4), st.sampled_from(["a", "b"])),
    st.tuples(st.just("delete"), PLAY, st.integers(1, 3)),
    st.tuples(st.just("correct"), PLAY, TRACK),
    st.tuples(st.just("add"), TRACK, st.integers(0, 5)),
    st.tuples(st.just("take back"), st.integers(0, 5), st.none()),
)


@dataclass
class Here:
    """What there is to do something with."""

    tracks: list[int]
    refs: list[PlayRef]
    at: datetime

    def pairs(self, one: int, other: int) -> list[RecordingPair]:
        return [RecordingPair(track_id=self.tracks[one], into=self.tracks[other])] if one != other else []


def hide(session: Session, user: models.User, here: Here, one: int, hidden: bool) -> None:
    artists = text("SELECT DISTINCT artist_id FROM tracks WHERE id = ANY(:ids) ORDER BY 1")
    found = list(session.scalars(artists, {"ids": here.tracks}))
    (hiding.hide if hidden else hiding.show_again)(session, user, found[one % len(found)])


def correct(session: Session, user: models.User, here: Here, one: int, track: int) -> None:
    if here.refs:
        play = here.refs[one % len(here.refs)]
        corrections.correct_play(session, user, PlayCorrection(play=play, track_id=here.tracks[track]))


def add(session: Session, user: models.User, here: Here, one: int, days: int) -> None:
    began = here.at + timedelta(days=days)
    corrections.add_play(session, user, NewPlayByHand(track_id=here.tracks[one], started_at=began))


def take_change_back(session: Session, user: models.User, _here: Here, one: int, _none: None) -> None:
    if changes := corrections.changes(session, user, None, 50).items:
        corrections.take_back(session, user, changes[one % len(changes)].id)


_DO: dict[str, Callable[..., object]] = {
    "merge": lambda s, u, here, one, other: recordings.merge(s, u, here.pairs(one, other), "by_hand"),
    "split": lambda s, u, here, one, _: recordings.split(s, u, [here.tracks[one]]),
    "refuse": lambda s, u, here, one, other: recordings.refuse(s, u, here.pairs(one, other)),
    "hide": hide,
    "say": lambda s, u, here, one, said: recommendations.give_feedback(s, u.id, here.tracks[one], said),
    "genre": lambda s, u, here, one, said: genres.told(s, [here.tracks[one]], u.id, [said]),
    "list": lambda s, u, here, ones, name: playlists.make_playlist(
        s, u, NewPlaylist(name=name, track_ids=[here.tracks[each] for each in ones])
    ),
    "delete": lambda s, u, here, one, count: corrections.delete_plays(
        s, u, here.refs[one % max(1, len(here.refs)) :][:count]
    ),
    "correct": correct,
    "add": add,
    "take back": take_change_back,
}


def do(session: Session, user: models.User, what: str, one: Any, other: Any, at: datetime) -> None:
    """One thing done through the services that the pages use; what they refuse is not done."""
    keys = [track_uri(number) for number in range(6)]
    known = session.execute(text("SELECT key, id FROM tracks WHERE key = ANY(:keys)"), {"keys": keys}).all()
    ids: dict[str, int] = dict(map(tuple, known))
    tracks = [ids[key] for key in keys]
    found = session.execute(
        text("""SELECT track_id, ended_at FROM plays JOIN tracks ON tracks.id = track_id
                WHERE user_id = :id ORDER BY ended_at, key"""),
        {"id": user.id},
    ).all()
    refs = [PlayRef(track_id=track_id, ended_at=ended_at) for track_id, ended_at in found]
    _DO[what](session, user, Here(tracks, refs, at), one, other)
    # all of it happens in one transaction here, so every moment would be the same
    for table, moment in {"playlists": "created_at", "play_changes": "made_at", "track_merges": "merged_at"}.items():
        session.execute(
            text(f"UPDATE {table} SET {moment} = :at WHERE user_id = :id AND {moment} = now()"),
            {"id": user.id, "at": at},
        )
    session.expire_all()


@settings(FEW, max_examples=int(EXAMPLES or 12), phases=[Phase.explicit, Phase.generate])
@given(
    rows=st.lists(EXTENDED, max_size=20),
    parts=st.lists(PART, max_size=1),
    done=st.lists(DONE, min_size=1, max_size=12),
    before=st.booleans(),
)
def test_all_that_was_made_and_said_is_restored(
    session: Session, rows: list[object], parts: Sequence[tuple[str, list[object]]], done: list[Any], before: bool
) -> None:
    with taken_back(session):
        begun = datetime.fromisoformat("2024-11-01T12:00:00Z")
        all_tracks = [extended_row(begun, track) for track in range(6)]
        user, other = new_user(session), new_user(session)
        history = [("extended", [*rows, *all_tracks]), *parts]
        for name, told_rows in history:
            write_rows(session, user.id, told_rows, name)
        for number, (what, one, more) in enumerate(done):
            with session.begin_nested() as savepoint:
                try:
                    do(session, user, what, one, more, begun + timedelta(minutes=number + 1))
                except AppError:
                    savepoint.rollback()
        kept = told(session, user)
        own = {name: lines for name, lines in kept.items() if name != "own_settings"}
        if before:  # the same history had come from elsewhere already: deletions have to reach it
            for name, told_rows in history:
                write_rows(session, other.id, told_rows, name)
        plays_before = plays_of(session, other)
        imported = [write_lines(session, other.id, name, own[name]) for name in in_turn(own, behind_plays=False)]
        imported += [write_rows(session, other.id, lines, name) for name, lines in rows_of(session, user).items()]
        imported += [write_lines(session, other.id, name, own[name]) for name in in_turn(own, behind_plays=True)]
        assert all(file.broken == file.skipped == 0 for file in imported)
        again = told(session, other)
        assert {name: lines for name, lines in again.items() if name != "own_settings"} == own
        assert plays_of(session, other) == plays_of(session, user)
        assert sums_read(session, other) == sums_read(session, user)
        counted = "SELECT track_id, ended_at, counted_as, hidden FROM plays WHERE user_id = :id ORDER BY 1, 2"
        assert (
            session.execute(text(counted), {"id": other.id}).all()
            == session.execute(text(counted), {"id": user.id}).all()
        )
        for name, lines in own.items():
            twice = write_lines(session, other.id, name, lines)
            assert (twice.accepted, twice.broken) == (0, 0)
            imported.append(twice)
        assert told(session, other) == again
        for file in reversed(imported):
            undoing.take_back(session, other.id, file.import_id)
            imports.move(session, file.import_id, "undone")
        assert told(session, other).keys() == {"own_settings"}
        assert plays_of(session, other) == plays_before
