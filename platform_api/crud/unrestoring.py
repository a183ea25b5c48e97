"""What an import restored beside plays, taken back: all that it alone told and that the listener has not changed since.

`told_by` names the imports of each thing; what one of them still tells stays, and so does what is the listener's own.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.crud import recordings
from platform_api.models import Play

TABLES = (
    "playlists", "merge_refusals", "recommendation_feedback", "track_genres", "track_merges", "hidden_artists",
    "play_changes",
)  # fmt: skip
PLAIN = TABLES[:4]
"""Whose rows are taken away without any play that counts otherwise."""
PUT_BACK = ("display_name", "time_zone")
"""Settings. Consents are not among them: putting one back would allow what was forbidden."""

_UNTELL = [
    text(f"""
        UPDATE {table} SET told_by = ARRAY(
            SELECT file FROM unnest(told_by) WITH ORDINALITY AS told (file, at) WHERE file <> ALL(:files) ORDER BY at
        )
        WHERE user_id = :user_id AND told_by && CAST(:files AS bigint[])
    """)
    for table in TABLES
]
_FORGET = [text(f"DELETE FROM {table} WHERE user_id = :user_id AND told_by = '{{}}'") for table in PLAIN]
_MERGES = text("SELECT track_id FROM track_merges WHERE user_id = :user_id AND told_by = '{}'")
_TRACKS_OF_HIDDEN = text("""
    SELECT t.id FROM hidden_artists h JOIN tracks t ON t.artist_id = h.artist_id
    WHERE h.user_id = :user_id AND h.told_by = '{}'
""")
_SHOW = text("DELETE FROM hidden_artists WHERE user_id = :user_id AND told_by = '{}'")
# a deletion that stays, told by another import, does not go with the plays of this one
_TOLD_BY_ANOTHER = text("""
    UPDATE deleted_plays d SET play = jsonb_set(play, '{import_file_id}', to_jsonb(c.told_by[1]))
    FROM play_changes c
    WHERE d.user_id = :user_id AND c.id = d.change_id AND c.told_by <> '{}'
    AND (d.play ->> 'import_file_id')::bigint = ANY(CAST(:files AS bigint[]))
""")
_COLUMNS = ", ".join(column.name for column in Play.__table__.columns if column.computed is None)
# what another import brought, and this one's deletion took out, is there again; what nobody brought is forgotten
_RISE = text(f"""
    WITH back AS (
        DELETE FROM deleted_plays d USING play_changes c
        WHERE d.user_id = :user_id AND c.id = d.change_id AND c.told_by = '{{}}' RETURNING d.play
    ),
    risen AS (
        INSERT INTO plays ({_COLUMNS})
        SELECT {_COLUMNS} FROM back, jsonb_populate_record(NULL::plays, back.play)
        WHERE import_file_id IS NULL OR EXISTS (
            SELECT FROM import_files f JOIN imports i ON i.id = f.import_id
            WHERE f.id = import_file_id AND f.id <> ALL(:files) AND i.state <> 'undone'
        )
        ON CONFLICT (user_id, track_id, ended_at) DO NOTHING
        RETURNING track_id
    )
    SELECT DISTINCT track_id FROM risen
""")
_END_CHANGES = text("DELETE FROM play_changes WHERE user_id = :user_id AND told_by = '{}'")
_SETTINGS = text(
    "SELECT settings_before FROM import_files WHERE id = ANY(CAST(:files AS bigint[])) AND settings_before IS NOT NULL"
)


def take_back(session: Session, user_id: int, files: Sequence[int]) -> None:
    """The plays of these files are gone already."""
    whose = {"user_id": user_id, "files": list(files)}
    for statement in (*_UNTELL, *_FORGET):
        session.execute(statement, whose)
    if merged := list(session.scalars(_MERGES, whose)):
        recordings.split(session, user_id, merged)
    if own := list(session.scalars(_TRACKS_OF_HIDDEN, whose)):
        plays = recordings.recordings_of(session, user_id, own)
        session.execute(_SHOW, whose)
        recordings.settle(session, user_id, plays)
    session.execute(_SHOW, whose)
    session.execute(_TOLD_BY_ANOTHER, whose)
    recordings.settle(session, user_id, list(session.scalars(_RISE, whose)))
    session.execute(_END_CHANGES, whose)


def put_back_settings(session: Session, user_id: int, files: Sequence[int]) -> None:
    """Settings that were not changed since are as before the import, but those that would allow more."""
    filled: dict[str, list[Any]] = {}
    for told in session.scalars(_SETTINGS, {"files": list(files)}):
        filled.update(told)
    for name, (before, since) in filled.items():
        if name not in PUT_BACK:
            continue
        put = text(f"UPDATE users SET {name} = :before WHERE id = :user_id AND {name} = :since")
        session.execute(put, {"before": before, "since": since, "user_id": user_id})
