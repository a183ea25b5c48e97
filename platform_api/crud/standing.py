"""Which play stands in the history for a row that did not become one: what the ledger says beside a duplicate."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.crud.incoming_scrobbles import VARIOUS_ARTISTS

_CANDIDATES = """
    SELECT p.track_id, p.started_at, p.ended_at, p.source, p.import_file_id
    FROM {table} p
    WHERE p.user_id = :user_id AND p.track_id IN (
        SELECT same.id FROM tracks same
        WHERE same.name_key = told.name_key AND same.artist_id IN (told.artist_id, {various_artists})
    )
    AND p.ended_at BETWEEN wanted.ended_at - interval '1 day' AND wanted.ended_at + interval '1 day'
    AND {when}
"""
_STANDING = text(f"""
    SELECT wanted.position, tracks.name, artists.name, found.started_at, found.ended_at, found.source,
           files.name, imports.file_name, imports.id
    FROM unnest(CAST(:positions AS int[]), CAST(:track_ids AS bigint[]), CAST(:ends AS timestamptz[]),
                CAST(:took_place AS boolean[])) AS wanted (position, track_id, ended_at, took_place)
    JOIN tracks told ON told.id = wanted.track_id
    CROSS JOIN LATERAL (
        SELECT * FROM (
            {_CANDIDATES.format(table="plays", when="NOT wanted.took_place", various_artists=VARIOUS_ARTISTS)}
            UNION ALL
            {_CANDIDATES.format(table="retold_plays", when="wanted.took_place", various_artists=VARIOUS_ARTISTS)}
        ) AS candidates
        ORDER BY abs(extract(epoch FROM candidates.ended_at - wanted.ended_at)), candidates.track_id <> wanted.track_id,
                 candidates.import_file_id DESC
        LIMIT 1
    ) AS found
    JOIN tracks ON tracks.id = found.track_id
    JOIN artists ON artists.id = tracks.artist_id
    LEFT JOIN import_files files ON files.id = found.import_file_id
    LEFT JOIN imports ON imports.id = files.import_id
""")


class Wanted(NamedTuple):
    """A row that is a duplicate. Where it `took_place`, the play meant is the one that gave way to it."""

    position: int
    track_id: int
    ended_at: datetime
    took_place: bool


def standing_plays(session: Session, user_id: int, wanted: Sequence[Wanted]) -> dict[int, dict[str, Any]]:
    """By position: the play of the same recording next in time, and the file and import it came with."""
    if not wanted:
        return {}
    found = session.execute(
        _STANDING,
        {
            "user_id": user_id,
            "positions": [each.position for each in wanted],
            "track_ids": [each.track_id for each in wanted],
            "ends": [each.ended_at for each in wanted],
            "took_place": [each.took_place for each in wanted],
        },
    )
    return {
        position: {
            "title": title,
            "artist": artist,
            "started_at": started_at.isoformat(),
            "ended_at": ended_at.isoformat(),
            "source": source,
            "file": file,
            "import": import_name,
            "import_id": import_id,
        }
        for position, title, artist, started_at, ended_at, source, file, import_name, import_id in found
    }
