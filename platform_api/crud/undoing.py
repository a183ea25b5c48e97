"""An import taken back: its rows go, and what they kept out comes in again.

What stands in `plays` follows from all rows told, in whatever order they came (`crud/incoming.py`). So the rows of
`retold_plays` that may have lost to a row of this import are told once more; those that still lose go back there.
Where the same bytes were imported twice, nothing was kept of the second time: it takes over what the first one told.
What an export restored beside plays goes before they are told again (`crud/unrestoring.py`).
"""

from collections.abc import Collection

from sqlalchemy import CursorResult, text
from sqlalchemy.orm import Session

from platform_api.crud import captured, imports, unrestoring
from platform_api.crud.incoming import begin_incoming, merge_incoming
from platform_api.crud.incoming_scrobbles import VARIOUS_ARTISTS
from platform_api.models.listening import MINUTE_S, TOLD_COLUMNS

_TOLD = ", ".join(TOLD_COLUMNS)
_RANKS = (
    f"source <> '{captured.SOURCE}' AND precision_s < {MINUTE_S}",
    f"precision_s = {MINUTE_S}",
    f"precision_s > {MINUTE_S}",
    f"source = '{captured.SOURCE}'",
)
"""Exports, account data, scrobbles, what the Web API told: each is merged after what it may give way to."""
_RANK = f"CASE {' '.join(f'WHEN {rank} THEN {number}' for number, rank in enumerate(_RANKS))} END"

_HAND_OVER = [
    text(f"""
        UPDATE {table} SET import_file_id = heir.id
        FROM unnest(CAST(:files AS bigint[]), CAST(:heirs AS bigint[])) AS heir (of, id)
        WHERE user_id = :user_id AND import_file_id = heir.of
    """)
    for table in ("plays", "retold_plays")
]
_HAND_OVER_SETTINGS = text("""
    UPDATE import_files SET settings_before = told.settings_before
    FROM unnest(CAST(:files AS bigint[]), CAST(:heirs AS bigint[])) AS heir (of, id)
    JOIN import_files told ON told.id = heir.of AND told.settings_before IS NOT NULL
    WHERE import_files.id = heir.id
""")
_FORGET_SETTINGS = text("UPDATE import_files SET settings_before = NULL WHERE id = ANY(CAST(:files AS bigint[]))")
_HAND_OVER_DELETED = text("""
    UPDATE deleted_plays SET play = jsonb_set(play, '{import_file_id}', to_jsonb(heir.id))
    FROM unnest(CAST(:files AS bigint[]), CAST(:heirs AS bigint[])) AS heir (of, id)
    WHERE user_id = :user_id AND (play ->> 'import_file_id')::bigint = heir.of
""")
_LOST = text("""
    CREATE TEMP TABLE lost_plays ON COMMIT DROP AS
    WITH files AS (SELECT id FROM import_files WHERE import_id = :import_id),
    gone AS (
        DELETE FROM plays WHERE user_id = :user_id AND import_file_id IN (SELECT id FROM files)
        RETURNING track_id
    ),
    untold AS (
        DELETE FROM retold_plays WHERE user_id = :user_id AND import_file_id IN (SELECT id FROM files)
    )
    SELECT track_id FROM gone
""")
_THESE_LOST = text("""
    CREATE TEMP TABLE lost_plays ON COMMIT DROP AS SELECT unnest(CAST(:track_ids AS bigint[])) AS track_id
""")
# what was corrected goes with its import, and importing again begins with what the file says; what was deleted by hand
# stays deleted
_CORRECTED = text("""
    DELETE FROM deleted_plays d USING play_changes c, import_files f
    WHERE d.user_id = :user_id AND c.id = d.change_id AND c.kind = 'corrected'
    AND f.import_id = :import_id AND (d.play ->> 'import_file_id')::bigint = f.id
""")
# a row can have lost only to one of the same recording: the same track, or the same artist and title; a scrobble also
# to a compilation's of that title, and what the Web API told to that title of any artist whom it credits
_AGAIN = text(f"""
    CREATE TEMP TABLE again_plays ON COMMIT DROP AS
    WITH recordings AS (
        SELECT DISTINCT tracks.artist_id, tracks.name_key FROM lost_plays JOIN tracks ON tracks.id = lost_plays.track_id
    ),
    told AS (
        DELETE FROM retold_plays r
        USING tracks t, recordings
        WHERE r.user_id = :user_id AND t.id = r.track_id
        AND t.name_key = recordings.name_key AND (
            recordings.artist_id IN (t.artist_id, {VARIOUS_ARTISTS})
            OR r.source = '{captured.SOURCE}'
               AND recordings.artist_id IN (SELECT artist_id FROM track_artists WHERE track_id = t.id)
        )
        RETURNING r.*
    )
    SELECT {_TOLD}, (row_number() OVER ())::int AS position,
           row_number() OVER (PARTITION BY track_id, ended_at, {_RANK} ORDER BY id) AS layer
    FROM told
""")


def take_back(session: Session, user_id: int, import_id: int) -> None:
    """Removes the plays that an import brought, and brings back those that others told. `hold_history` is held."""
    surroundings = {"user_id": user_id, "import_id": import_id}
    if heirs := imports.heirs_of(session, import_id):
        files = {"user_id": user_id, "files": list(heirs), "heirs": list(heirs.values())}
        for statement in (*_HAND_OVER, _HAND_OVER_DELETED, _HAND_OVER_SETTINGS, _FORGET_SETTINGS):
            session.execute(statement, files)
    for table in ("lost_plays", "again_plays"):
        session.execute(text(f"DROP TABLE IF EXISTS pg_temp.{table}"))
    session.execute(_LOST, surroundings)
    unrestoring.take_back(session, user_id, [file.id for file in imports.files_of(session, [import_id])])
    session.execute(_CORRECTED, surroundings)
    _tell_all_again(session, user_id)


def tell_again(session: Session, user_id: int, lost: Collection[int]) -> None:
    """Plays of these tracks are told by nobody any more: brings back what lost to them. `hold_history` is held."""
    if not lost:
        return
    for table in ("lost_plays", "again_plays"):
        session.execute(text(f"DROP TABLE IF EXISTS pg_temp.{table}"))
    session.execute(_THESE_LOST, {"track_ids": list(lost)})
    _tell_all_again(session, user_id)


def _tell_all_again(session: Session, user_id: int) -> None:
    """Whatever may have lost to the plays in `lost_plays`."""
    session.execute(_AGAIN, {"user_id": user_id})
    for rank in _RANKS:
        are_captured = rank == _RANKS[-1]
        layer = 1
        while _tell_again(session, rank, layer):
            since = session.scalar(text("SELECT min(ended_at) FROM incoming_plays"))
            merge_incoming(session, user_id, has_coarse=True, may_replace_coarse=True, are_captured=are_captured)
            if are_captured and since is not None:
                captured.estimate(session, user_id, since)
            layer += 1


def _tell_again(session: Session, rank: str, layer: int) -> bool:
    """Fills `incoming_plays` with rows of different (track_id, ended_at); False where none are left."""
    begin_incoming(session)
    filled = session.execute(
        text(f"""
            INSERT INTO incoming_plays ({_TOLD}, position)
            SELECT {_TOLD}, position FROM again_plays WHERE {rank} AND layer = :layer
        """),
        {"layer": layer},
    )
    assert isinstance(filled, CursorResult)
    return filled.rowcount > 0
