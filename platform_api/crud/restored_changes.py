"""Changes to plays by hand, brought back: what was deleted stays out of the history, and can still be taken back.

A play that is there is taken out as the listener's own deletion would take it; one that is not there is only
remembered, so that no import brings it. `hold_history` is held.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from platform_api.crud import corrections
from platform_api.crud.corrections import PlayKey
from platform_api.crud.restoring import ALREADY, REPEATED, Outcome, Outcomes, Target
from platform_api.models import PlayChange


class RestoredDeletion(NamedTuple):
    """`play` is the row of `plays`. `stands`: such a play was told again after it had been deleted, and stays."""

    key: PlayKey
    play: dict[str, Any]
    stands: bool


class RestoredChange(NamedTuple):
    position: int
    kind: str
    plays: int
    made_at: datetime
    brought: PlayKey | None
    deleted: list[RestoredDeletion]


_DELETED_HERE = text("""
    SELECT d.track_id, d.ended_at FROM deleted_plays d
    JOIN unnest(CAST(:track_ids AS bigint[]), CAST(:ends AS timestamptz[])) AS asked (track_id, ended_at)
    ON d.user_id = :user_id AND d.track_id = asked.track_id AND d.ended_at = asked.ended_at
""")
_STANDING = text("""
    SELECT p.track_id, p.ended_at FROM plays p
    JOIN unnest(CAST(:track_ids AS bigint[]), CAST(:ends AS timestamptz[])) AS asked (track_id, ended_at)
    ON p.user_id = :user_id AND p.track_id = asked.track_id AND p.ended_at = asked.ended_at
""")
_REMEMBER = text("""
    INSERT INTO deleted_plays (user_id, track_id, ended_at, started_at, ms_played, precision_s, play, change_id)
    SELECT :user_id, p.track_id, p.ended_at, p.started_at, p.ms_played, p.precision_s, to_jsonb(p), :change_id
    FROM jsonb_populate_recordset(NULL::plays, CAST(:plays AS jsonb)) p
    ON CONFLICT (user_id, track_id, ended_at) DO NOTHING
""")


def add_changes(session: Session, target: Target, rows: Sequence[RestoredChange]) -> Outcomes:
    """Known by their moment and kind."""
    outcomes: Outcomes = {}
    for row in rows:
        outcome = _add(session, target, row)
        if outcome is not None:
            outcomes[row.position] = outcome
    return outcomes


def _add(session: Session, target: Target, row: RestoredChange) -> Outcome | None:
    same = select(PlayChange).where(
        PlayChange.user_id == target.user_id, PlayChange.made_at == row.made_at, PlayChange.kind == row.kind
    )
    known = session.scalars(same.order_by(PlayChange.id).limit(1).execution_options(populate_existing=True)).first()
    if known is not None and known.undone_at is not None:
        return ("skipped", "taken_back_here")
    if known is not None and known.told_by != [target.file_id]:
        if known.told_by is not None and target.file_id not in known.told_by:
            known.told_by = [*known.told_by, target.file_id]
            session.flush()
        return ALREADY
    change_id = _begin(session, target, row) if known is None else known.id
    deleted = _delete(session, target.user_id, change_id, row.deleted)
    if deleted or (known is None and (row.kind != "deleted" or not row.deleted)):
        return None
    if known is not None:
        return REPEATED
    # all of it is deleted here already
    session.execute(delete(PlayChange).where(PlayChange.id == change_id))
    return ALREADY


def _begin(session: Session, target: Target, row: RestoredChange) -> int:
    track_id, ended_at = row.brought or (None, None)
    made = insert(PlayChange).values(
        user_id=target.user_id, kind=row.kind, plays=row.plays, track_id=track_id, ended_at=ended_at,
        made_at=row.made_at, told_by=[target.file_id],
    )  # fmt: skip
    return session.scalars(made.returning(PlayChange.id)).one()


def _delete(session: Session, user_id: int, change_id: int, plays: Sequence[RestoredDeletion]) -> int:
    """How many were deleted that were not."""
    gone = _among(session, _DELETED_HERE, user_id, plays)
    new = {play.key: play for play in plays if play.key not in gone}
    if not new:
        return 0
    standing = _among(session, _STANDING, user_id, [play for play in new.values() if not play.stands])
    if standing:
        corrections.bury(session, user_id, change_id, standing)
    only_told = [play.play for key, play in new.items() if key not in standing]
    told = {"user_id": user_id, "change_id": change_id, "plays": orjson.dumps(only_told).decode()}
    session.execute(_REMEMBER, told)
    return len(new)


def _among(session: Session, question: Any, user_id: int, plays: Sequence[RestoredDeletion]) -> set[PlayKey]:
    asked = {"track_ids": [play.key[0] for play in plays], "ends": [play.key[1] for play in plays]}
    return {(track_id, ended_at) for track_id, ended_at in session.execute(question, {"user_id": user_id, **asked})}
