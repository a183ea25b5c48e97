"""Plays deleted, corrected and added by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from platform_api.core.errors import Conflict, InvalidRequest, NotFound
from platform_api.crud import catalogue, corrections, grooves, incoming, told, undoing, users
from platform_api.crud.corrections import NewPlay
from platform_api.models import User
from platform_api.models.listening import EARLIEST_PLAY
from platform_api.schemas.care import NewPlayByHand, PlayChanges, PlayChangeShown, PlayCorrection, PlayRef
from platform_api.utils.clock import utc_now

USUAL_MS = 180_000
IMPOSSIBLE_TIME = "A play ends before now, and nothing was played before the year 2000."


class ThereAlready(Conflict):
    detail = "There is a play of this track with this end already."


class ChangedSince(Conflict):
    detail = "This play was changed again or is gone. Please take back the later change first."


def delete_plays(session: Session, user: User, plays: Sequence[PlayRef]) -> PlayChangeShown:
    """Where all of them were deleted before, that is what is told. Raises NotFound where none is there (any more)."""
    incoming.hold_history(session, user.id)
    keys = {(play.track_id, play.ended_at) for play in plays}
    change_id = corrections.begin_change(session, user.id, "deleted", len(plays))
    gone = corrections.bury(session, user.id, change_id, keys)
    if not gone:
        before = corrections.deletion_of(session, user.id, keys)
        if before is None:
            raise NotFound
        corrections.forget_change(session, change_id)
        return PlayChangeShown.model_validate(before)
    corrections.set_plays(session, change_id, gone)
    return _done(session, user, change_id)


def correct_play(session: Session, user: User, correction: PlayCorrection) -> PlayChangeShown:
    """Raises NotFound, InvalidRequest, ThereAlready."""
    incoming.hold_history(session, user.id)
    key = (correction.play.track_id, correction.play.ended_at)
    original = corrections.play_of(session, user.id, key)
    if original is None:
        raise NotFound
    ms_played = original.ms_played if correction.ms_played is None else correction.ms_played
    started_at = correction.started_at or original.started_at
    moved = correction.started_at is not None or correction.ms_played is not None
    ended_at = _end_of(started_at, ms_played) if moved else original.ended_at
    new = _new_play(session, user, correction.track_id or original.track_id, started_at, ended_at, ms_played)
    if (new.track_id, new.ended_at, new.ms_played) == (*key, original.ms_played):
        raise InvalidRequest("Nothing would change.")
    if (new.track_id, new.ended_at) != key and corrections.play_of(session, user.id, (new.track_id, new.ended_at)):
        raise ThereAlready
    session.expunge(original)
    change_id = corrections.begin_change(session, user.id, "corrected", 1, (new.track_id, new.ended_at))
    corrections.bury(session, user.id, change_id, [key])
    corrections.add_corrected(session, original, new, is_timed=moved)
    return _done(session, user, change_id)


def add_play(session: Session, user: User, play: NewPlayByHand) -> PlayChangeShown:
    """Raises InvalidRequest, ThereAlready."""
    incoming.hold_history(session, user.id)
    row = catalogue.track_row(session, play.track_id)
    ms_played = play.ms_played or (row and row.duration_ms) or USUAL_MS
    ended_at = _end_of(play.started_at, ms_played)
    new = _new_play(session, user, play.track_id, play.started_at, ended_at, ms_played)
    if not corrections.add(session, user.id, new):
        raise ThereAlready
    change_id = corrections.begin_change(session, user.id, "added", 1, (new.track_id, new.ended_at))
    return _done(session, user, change_id)


def take_back(session: Session, user: User, change_id: int) -> None:
    """Everything is as if the change had never been. Raises NotFound, ChangedSince; twice is once."""
    incoming.hold_history(session, user.id)
    change = corrections.change_of(session, user.id, change_id)
    if change is None:
        raise NotFound
    if change.undone_at is not None:
        return
    brought = (change.track_id, change.ended_at) if change.track_id is not None and change.ended_at else None
    if brought is not None and not corrections.remove(session, user.id, brought):
        raise ChangedSince
    undoing.tell_again(session, user.id, corrections.bring_back(session, user.id, change_id))
    corrections.end_change(session, change_id)
    _changed(session, user)


def changes(session: Session, user: User, before: int | None, limit: int) -> PlayChanges:
    """What stands, the latest first, page by page."""
    items = [PlayChangeShown.model_validate(row) for row in corrections.changes_of(session, user.id, before, limit)]
    next_before = items[-1].id if len(items) == limit else None
    return PlayChanges(items=items, total=corrections.count_changes(session, user.id), next_before=next_before)


def _end_of(started_at: datetime, ms_played: int) -> datetime:
    try:
        return started_at + timedelta(milliseconds=ms_played)
    except OverflowError as error:
        raise InvalidRequest(IMPOSSIBLE_TIME) from error


def _new_play(
    session: Session, user: User, track_id: int, started_at: datetime, ended_at: datetime, ms_played: int
) -> NewPlay:
    row = told.track(session, user.id, track_id)
    if row is None:
        raise InvalidRequest("This track does not exist.")
    if not started_at >= EARLIEST_PLAY or ended_at > utc_now():
        raise InvalidRequest(IMPOSSIBLE_TIME)
    return NewPlay(track_id, started_at, ended_at, ms_played, row.kind)


def _done(session: Session, user: User, change_id: int) -> PlayChangeShown:
    _changed(session, user)
    return PlayChangeShown.model_validate(corrections.change_of(session, user.id, change_id))


def _changed(session: Session, user: User) -> None:
    grooves.refresh(session, user.id)
    users.bump_data_version(session, user.id)
