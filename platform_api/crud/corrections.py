"""Plays that a listener deletes, corrects or adds by hand. Each change can be taken back, exactly.

A deleted play is kept whole in `deleted_plays`: it can come back, and no import brings it back unasked.
Whoever changes something here holds the listener's history (`crud/incoming.py: hold_history`).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import CursorResult, delete, func, insert, select, text, tuple_, update
from sqlalchemy.orm import Session

from platform_api.crud import recordings
from platform_api.crud.deleted_beside import PAIRS
from platform_api.crud.incoming_scrobbles import VARIOUS_ARTISTS, meets, meets_of_compilation, same_moment
from platform_api.models import DeletedPlay, Play, PlayChange
from platform_api.models.listening import MINUTE_S

PlayKey = tuple[int, datetime]
"""Which of a listener's plays: the track that was played and the end."""

_COLUMNS = ", ".join(column.name for column in Play.__table__.columns if column.computed is None)
_BURY = text("""
    WITH wanted AS (
        SELECT * FROM unnest(CAST(:track_ids AS bigint[]), CAST(:ends AS timestamptz[])) AS wanted (track_id, ended_at)
    ),
    gone AS (
        DELETE FROM plays p USING wanted w
        WHERE p.user_id = :user_id AND p.track_id = w.track_id AND p.ended_at = w.ended_at
        RETURNING p.*
    ),
    kept AS (
        INSERT INTO deleted_plays (user_id, track_id, ended_at, started_at, ms_played, precision_s, play, change_id)
        SELECT user_id, track_id, ended_at, started_at, ms_played, precision_s, to_jsonb(gone), :change_id FROM gone
        ON CONFLICT (user_id, track_id, ended_at) DO UPDATE
        SET started_at = excluded.started_at, ms_played = excluded.ms_played, precision_s = excluded.precision_s,
            play = excluded.play, change_id = excluded.change_id
    )
    SELECT count(*) FROM gone
""")
# what came with an import that was undone since is told by nobody: only its track comes back
_RISE = text(f"""
    WITH back AS (DELETE FROM deleted_plays WHERE user_id = :user_id AND change_id = :change_id RETURNING play),
    told AS (
        SELECT p.*, p.import_file_id IS NULL OR EXISTS (
            SELECT FROM import_files f JOIN imports i ON i.id = f.import_id
            WHERE f.id = p.import_file_id AND i.state <> 'undone'
        ) AS stands
        FROM back, jsonb_populate_record(NULL::plays, back.play) p
    ),
    risen AS (
        INSERT INTO plays ({_COLUMNS})
        SELECT {_COLUMNS} FROM told WHERE stands
        ON CONFLICT (user_id, track_id, ended_at) DO NOTHING
        RETURNING track_id
    )
    SELECT track_id, true FROM risen UNION SELECT track_id, false FROM told WHERE NOT stands
""")
_HAS_DELETED = text("SELECT EXISTS (SELECT FROM deleted_plays WHERE user_id = :user_id)")
_DELETED_AGAIN = text("""
    DELETE FROM incoming_plays i USING deleted_plays d
    WHERE d.user_id = :user_id AND d.track_id = i.track_id AND d.ended_at = i.ended_at
    RETURNING i.position
""")
# the same play told by another package, under the rules of crud/incoming.py and crud/incoming_scrobbles.py
_DELETED_OTHERWISE = text(f"""
    {PAIRS} AND name_key <> '' AND CASE
        WHEN d.artist_id <> t.artist_id THEN
            i.precision_s > {MINUTE_S} AND d.artist_id = {VARIOUS_ARTISTS} AND {meets_of_compilation("i", "d")}
            OR d.precision_s > {MINUTE_S} AND t.artist_id = {VARIOUS_ARTISTS} AND {meets_of_compilation("d", "i")}
        WHEN i.precision_s > {MINUTE_S} AND d.precision_s > {MINUTE_S} THEN {same_moment("i", "d")}
        WHEN i.precision_s > {MINUTE_S} THEN {meets("i", "d")}
        WHEN d.precision_s > {MINUTE_S} THEN {meets("d", "i")}
        WHEN i.precision_s > d.precision_s THEN d.ms_played = i.ms_played
            AND d.ended_at >= date_trunc('minute', i.ended_at) - interval '15 s'
            AND d.ended_at < date_trunc('minute', i.ended_at) + interval '75 s'
        WHEN d.precision_s > i.precision_s THEN d.ms_played = i.ms_played
            AND i.ended_at >= date_trunc('minute', d.ended_at) - interval '15 s'
            AND i.ended_at < date_trunc('minute', d.ended_at) + interval '75 s'
        END
    RETURNING i.position
""")


class NewPlay(NamedTuple):
    """A play told by its listener."""

    track_id: int
    started_at: datetime
    ended_at: datetime
    ms_played: int
    kind: str


def deleted_by_hand(session: Session, user_id: int) -> set[int]:
    """Takes the plays that the listener deleted before out of `incoming_plays`. Returns their positions.

    Costs one look where nothing was deleted.
    """
    if not session.scalar(_HAS_DELETED, {"user_id": user_id}):
        return set()
    again = set(session.scalars(_DELETED_AGAIN, {"user_id": user_id}))
    return again | set(session.scalars(_DELETED_OTHERWISE, {"user_id": user_id}))


def play_of(session: Session, user_id: int, key: PlayKey) -> Play | None:
    return session.get(Play, (user_id, *key), populate_existing=True)


def begin_change(session: Session, user_id: int, kind: str, plays: int, brought: PlayKey | None = None) -> int:
    """The id under which the change can be taken back."""
    track_id, ended_at = brought or (None, None)
    change_id: int = session.scalars(
        insert(PlayChange)
        .values(user_id=user_id, kind=kind, plays=plays, track_id=track_id, ended_at=ended_at)
        .returning(PlayChange.id)
    ).one()
    return change_id


def set_plays(session: Session, change_id: int, plays: int) -> None:
    """How many plays the change touched, once it is known."""
    session.execute(update(PlayChange).where(PlayChange.id == change_id).values(plays=plays))


def change_of(session: Session, user_id: int, change_id: int) -> PlayChange | None:
    own = select(PlayChange).where(PlayChange.id == change_id, PlayChange.user_id == user_id)
    return session.scalar(own.execution_options(populate_existing=True))


def changes_of(session: Session, user_id: int, before: int | None, limit: int) -> list[PlayChange]:
    """What was done by hand and stands, the newest first; `before` the id that a page ended with."""
    standing = select(PlayChange).where(PlayChange.user_id == user_id, PlayChange.undone_at.is_(None))
    if before is not None:
        standing = standing.where(PlayChange.id < before)
    return list(session.scalars(standing.order_by(PlayChange.id.desc()).limit(limit)))


def count_changes(session: Session, user_id: int) -> int:
    """How many changes by hand stand."""
    standing = select(func.count()).where(PlayChange.user_id == user_id, PlayChange.undone_at.is_(None))
    return session.scalar(standing) or 0


def deletion_of(session: Session, user_id: int, keys: Collection[PlayKey]) -> PlayChange | None:
    """What deleted all of these plays at once, if something did and stands."""
    named = tuple_(DeletedPlay.track_id, DeletedPlay.ended_at).in_(keys)
    held = (
        select(DeletedPlay.change_id)
        .where(DeletedPlay.user_id == user_id, named)
        .group_by(DeletedPlay.change_id)
        .having(func.count() == len(keys))
    )
    standing = (PlayChange.kind == "deleted") & PlayChange.undone_at.is_(None)
    return session.scalar(select(PlayChange).where(PlayChange.id.in_(held), standing))


def forget_change(session: Session, change_id: int) -> None:
    session.execute(delete(PlayChange).where(PlayChange.id == change_id))


def end_change(session: Session, change_id: int) -> None:
    session.execute(update(PlayChange).where(PlayChange.id == change_id).values(undone_at=text("now()")))


def bury(session: Session, user_id: int, change_id: int, keys: Collection[PlayKey]) -> int:
    """Deletes these plays and remembers them. How many there were."""
    tracks, ends = [track_id for track_id, _ in keys], [ended_at for _, ended_at in keys]
    wanted = {"user_id": user_id, "change_id": change_id, "track_ids": tracks, "ends": ends}
    gone: int = session.execute(_BURY, wanted).scalar_one()
    return gone


def bring_back(session: Session, user_id: int, change_id: int) -> list[int]:
    """What a change deleted, as it was, except where the same play has come back already, and what an import brought
    that is undone. Tracks of the latter: others may have told those plays, too.
    """
    tracks = session.execute(_RISE, {"user_id": user_id, "change_id": change_id}).all()
    recordings.settle(session, user_id, [track_id for track_id, has_risen in tracks if has_risen])
    return [track_id for track_id, has_risen in tracks if not has_risen]


def remove(session: Session, user_id: int, key: PlayKey) -> bool:
    """Removes a play that a change brought, without remembering it. False where it is not there."""
    gone = session.execute(
        delete(Play).where(Play.user_id == user_id, Play.track_id == key[0], Play.ended_at == key[1])
    )
    assert isinstance(gone, CursorResult)
    return gone.rowcount == 1


def add(session: Session, user_id: int, play: NewPlay) -> bool:
    """Adds a play by hand. False where there is one of this track with this end."""
    return _insert(session, {"user_id": user_id, "source": "manual", **play._asdict()})


def add_corrected(session: Session, original: Play, play: NewPlay, *, is_timed: bool) -> bool:
    """The same play with another track, or (`is_timed`) another time; whatever else is known of it stays."""
    kept = {
        column.name: getattr(original, column.name)
        for column in Play.__table__.columns
        if column.computed is None and column.name not in ("counted_as", "hidden")
    }
    precision_s = 1 if is_timed else original.precision_s
    return _insert(session, {**kept, **play._asdict(), "precision_s": precision_s})


def _insert(session: Session, row: dict[str, Any]) -> bool:
    columns = ", ".join(row)
    values = ", ".join(f":{column}" for column in row)
    added = session.execute(
        text(f"INSERT INTO plays ({columns}) VALUES ({values}) ON CONFLICT (user_id, track_id, ended_at) DO NOTHING"),
        row,
    )
    assert isinstance(added, CursorResult)
    recordings.settle(session, row["user_id"], [row["track_id"]])
    return added.rowcount == 1
