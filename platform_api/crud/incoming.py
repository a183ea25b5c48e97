"""Rows on their way into `plays`: copied into a temporary table, told apart from what is known, merged.

Which of two rows of one play stays does not depend on the order in which they came:
* rows of the same listener, track and end are one play; the longer one stays, then the one with more facts;
* a row that the listener deleted by hand (`deleted_plays`) does not come back;
* a row known to the minute is the same play as one known to the second when artist, title and length are equal and the
  second lies in that minute, give or take 15 seconds (measured on a real pair of exports); the exact one stays;
* a scrobble gives way to whatever knows its play better (`incoming_scrobbles.py`);
* a play that Spotify's Web API told gives way to any other row of it (`captured.py`).
The row that does not stay is kept in `retold_plays`: undoing an import brings it back (`crud/undoing.py`).
Everything here runs while `hold_history` is held, so nobody else changes the plays of this listener meanwhile.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from psycopg import Connection, sql
from sqlalchemy import CursorResult, TextClause, text
from sqlalchemy.orm import Session

from platform_api.crud import captured, recordings
from platform_api.crud.corrections import deleted_by_hand
from platform_api.crud.incoming_rows import COLUMNS, FACTS
from platform_api.crud.incoming_scrobbles import merge_scrobbles
from platform_api.models.listening import MINUTE_S, TOLD_COLUMNS

_STORED = ", ".join(["user_id", "source", "import_file_id", *list(COLUMNS)[1:], "counted_as", "hidden"])
_TOLD = ", ".join(TOLD_COLUMNS)


class Merged(NamedTuple):
    """What became of the copied rows: positions of duplicates by reason and of plays that were deleted by hand."""

    duplicates: dict[int, str]
    deleted: set[int]


def hold_history(session: Session, user_id: int) -> bool:
    """Waits until nobody else changes this listener's plays or time zone, and keeps others waiting until the
    transaction ends. False where there is no such listener any more.

    Taken before a job's row, as the deletion of an account does: the other order could deadlock with it.
    """
    held = text("SELECT id FROM users WHERE id = :user_id FOR NO KEY UPDATE")
    return session.scalar(held, {"user_id": user_id}) is not None


def begin_incoming(session: Session) -> None:
    """Makes empty temporary tables for the rows that come in."""
    for table in ("incoming_plays", "known_plays"):
        session.execute(text(f"DROP TABLE IF EXISTS pg_temp.{table}"))
    session.execute(_INCOMING_TABLE)
    session.execute(_KNOWN_TABLE)


def copy_incoming(
    session: Session, rows: Iterable[bytes], *, user_id: int, source: str, import_file_id: int | None
) -> None:
    """Copies `packed` rows with different (track_id, ended_at) into a fresh `incoming_plays`, shaped like `plays`."""
    begin_incoming(session)
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, Connection)
    with connection.cursor() as cursor:
        # what all rows share is not copied with each of them
        for column, value in {"user_id": user_id, "source": source, "import_file_id": import_file_id}.items():
            default = sql.SQL("ALTER TABLE incoming_plays ALTER COLUMN {} SET DEFAULT {}")
            cursor.execute(default.format(sql.Identifier(column), sql.Literal(value)))
        statement = f"COPY incoming_plays ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)"
        with cursor.copy(statement.encode()) as copy:
            for piece in rows:
                copy.write(piece)


_INCOMING_TABLE = text("""
    CREATE TEMP TABLE incoming_plays (LIKE plays INCLUDING DEFAULTS INCLUDING GENERATED, position int) ON COMMIT DROP
""")
_KNOWN_TABLE = text("CREATE TEMP TABLE known_plays (LIKE incoming_plays) ON COMMIT DROP")
# a look for each row, by the key of `plays`: a join by recording alone compares every two rows of a song played often
_EXACT_ALREADY_KNOWN = text(f"""
    DELETE FROM incoming_plays i
    WHERE i.precision_s = {MINUTE_S} AND EXISTS (
        SELECT FROM tracks t, tracks same, LATERAL (
            SELECT * FROM plays
            WHERE plays.user_id = :user_id AND plays.track_id = same.id
            AND plays.ended_at >= date_trunc('minute', i.ended_at) - interval '15 s'
            AND plays.ended_at < date_trunc('minute', i.ended_at) + interval '75 s'
            OFFSET 0
        ) AS p
        WHERE t.id = i.track_id AND same.artist_id = t.artist_id AND same.name_key = t.name_key
        AND p.precision_s < i.precision_s AND p.ms_played = i.ms_played
    )
    RETURNING i.position
""")
_COARSE_GIVE_WAY = text(f"""
    WITH matched AS (
        SELECT DISTINCT ON (p.track_id, p.ended_at) p.track_id, p.ended_at, p.import_file_id, i.position
        FROM incoming_plays i
        JOIN tracks t ON t.id = i.track_id
        JOIN tracks same ON same.artist_id = t.artist_id AND same.name_key = t.name_key
        CROSS JOIN LATERAL (
            SELECT * FROM plays
            WHERE plays.user_id = :user_id AND plays.track_id = same.id AND plays.precision_s = {MINUTE_S}
            AND plays.ended_at > i.ended_at - interval '76 s' AND plays.ended_at <= i.ended_at + interval '16 s'
            OFFSET 0
        ) AS p
        WHERE i.precision_s < {MINUTE_S} AND p.ms_played = i.ms_played
        AND i.ended_at >= date_trunc('minute', p.ended_at) - interval '15 s'
        AND i.ended_at < date_trunc('minute', p.ended_at) + interval '75 s'
        ORDER BY p.track_id, p.ended_at, i.position
    ),
    gone AS (
        DELETE FROM plays p USING matched m
        WHERE p.user_id = :user_id AND p.track_id = m.track_id AND p.ended_at = m.ended_at
        RETURNING p.*
    ),
    kept AS (INSERT INTO retold_plays ({_TOLD}) SELECT {_TOLD} FROM gone)
    SELECT DISTINCT position FROM matched
""")
# by index for each row, whatever the planner thinks of tables that changed a moment ago (OFFSET 0 holds it to that): a
# hash join reads the listener's whole history with every batch. INSERT … ON CONFLICT takes half as long again as INSERT
_OF_ROW = """
    SELECT * FROM plays
    WHERE plays.user_id = :user_id AND plays.track_id = i.track_id AND plays.ended_at = i.ended_at OFFSET 0
"""
_FIND_KNOWN = text(f"INSERT INTO known_plays SELECT i.* FROM incoming_plays i WHERE EXISTS ({_OF_ROW})")
_INSERT_NEW = text(f"INSERT INTO plays ({_STORED}) SELECT {_STORED} FROM incoming_plays")
_KEEP_NEW = text("DELETE FROM incoming_plays i USING known_plays k WHERE i.position = k.position")


def _facts_of(row: str) -> str:
    return ", ".join(f"{row}.{fact}" for fact in FACTS)


def _worth(row: str) -> str:
    """The order in which one of two rows of the same play stays; the last part only makes it total."""
    facts = _facts_of(row)
    return (
        f"(-{row}.precision_s, {row}.ms_played, num_nonnulls({facts}),"
        f" md5(ROW({row}.started_at, {row}.source, {facts})::text))"
    )


# a row that tells the same comes again with nearly every re-import: comparing it costs less than its digest
_COMPARE_KNOWN = text(f"""
    SELECT i.position, p.import_file_id IS NOT DISTINCT FROM i.import_file_id,
           CASE WHEN (p.precision_s, p.ms_played, p.started_at, p.source, {_facts_of("p")})
                     IS NOT DISTINCT FROM (i.precision_s, i.ms_played, i.started_at, i.source, {_facts_of("i")})
                THEN false
                ELSE {_worth("i")} > {_worth("p")} END
    FROM known_plays i CROSS JOIN LATERAL ({_OF_ROW}) p
""")
_TAKEN = [*FACTS, "started_at", "ms_played", "precision_s", "source", "import_file_id"]
_TAKE_PLACE = text(f"""
    WITH places AS (
        SELECT i.position, p.track_id, p.ended_at, {", ".join(f"i.{column}" for column in _TAKEN)}
        FROM known_plays i CROSS JOIN LATERAL ({_OF_ROW}) p
        WHERE i.position = ANY(CAST(:positions AS int[]))
    ),
    kept AS (
        INSERT INTO retold_plays ({_TOLD})
        SELECT {", ".join(f"p.{column}" for column in TOLD_COLUMNS)}
        FROM plays p JOIN places i ON p.user_id = :user_id AND p.track_id = i.track_id AND p.ended_at = i.ended_at
    )
    UPDATE plays p
    SET ({", ".join(_TAKEN)}) = ROW({", ".join(f"i.{column}" for column in _TAKEN)})
    FROM places i
    WHERE p.user_id = :user_id AND p.track_id = i.track_id AND p.ended_at = i.ended_at
""")
_HAS_INEXACT = text("SELECT EXISTS (SELECT FROM incoming_plays WHERE precision_s > 1)")
_TELL_ALL = [
    text("DROP TABLE IF EXISTS pg_temp.told_plays"),
    text("CREATE TEMP TABLE told_plays ON COMMIT DROP AS SELECT * FROM incoming_plays"),
]


def _keep_retold(told: str) -> TextClause:
    return text(
        f"INSERT INTO retold_plays ({_TOLD}) SELECT {_TOLD} FROM {told} WHERE position = ANY(CAST(:positions AS int[]))"
    )


def merge_incoming(
    session: Session,
    user_id: int,
    *,
    has_coarse: bool,
    may_replace_coarse: bool,
    are_captured: bool = False,
    keep_retold: bool = True,
) -> Merged:
    """Moves the copied rows into `plays`. Afterwards `incoming_plays` holds exactly the rows that are new there.

    `keep_retold`: rows that are known already are kept for the day an import is undone; False where another file that
    is kept tells all of them (`crud/imports.py: has_twin`), or who asks keeps what is needed (`keep_known_better`).
    `has_coarse`: some of the rows are known to the minute only. `may_replace_coarse`: such plays may be stored already.
    `are_captured`: the rows come from Spotify's Web API. These searches cost one look per row, so they run only where
    they can find something.
    """
    surroundings = {"user_id": user_id}
    if not are_captured:
        captured.let_better_stay_deleted(session, user_id)
    deleted = deleted_by_hand(session, user_id) | captured.deleted_by_hand(session, user_id)
    merged = Merged({}, deleted)
    recordings.mark_incoming(session, user_id)
    inexact = session.scalar(_HAS_INEXACT)
    if inexact:
        for statement in _TELL_ALL:
            session.execute(statement)
    replaced_since = None
    if are_captured:
        merged.duplicates.update(captured.leave_out_known(session, user_id))
    elif captured.are_there(session, user_id):
        replaced_since = captured.give_way(session, user_id)
    if has_coarse:
        merged.duplicates.update(
            dict.fromkeys(session.scalars(_EXACT_ALREADY_KNOWN, surroundings), "known_in_more_detail")
        )
    if may_replace_coarse:
        merged.duplicates.update(dict.fromkeys(session.scalars(_COARSE_GIVE_WAY, surroundings), "adds_detail"))
    if not are_captured:
        merged.duplicates.update(merge_scrobbles(session, user_id))
    _insert_or_settle(session, surroundings, merged)
    if replaced_since is not None:
        captured.estimate(session, user_id, replaced_since)
    retold = [position for position, reason in merged.duplicates.items() if reason != "adds_detail"]
    if retold and keep_retold:
        session.execute(_keep_retold("told_plays" if inexact else "known_plays"), {"positions": retold})
    return merged


def _insert_or_settle(session: Session, surroundings: dict[str, Any], merged: Merged) -> None:
    """Inserts what is new; where a row has the place of another, the better one takes it."""
    known = session.execute(_FIND_KNOWN, surroundings)
    assert isinstance(known, CursorResult)
    if known.rowcount:
        session.execute(_KEEP_NEW)
    session.execute(_INSERT_NEW)
    if known.rowcount:
        richer = []
        for position, is_same_file, is_richer in session.execute(_COMPARE_KNOWN, surroundings):
            merged.duplicates[position] = "repeated_in_file" if is_same_file else "already_known"
            if is_richer:
                richer.append(position)
        if richer:
            merged.duplicates.update(dict.fromkeys(richer, "adds_detail"))
            session.execute(_TAKE_PLACE, {**surroundings, "positions": richer})
