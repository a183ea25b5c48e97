"""Search over what a listener has played."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.utils.text import name_key


class Match(NamedTuple):
    kind: str
    """track, artist or album."""
    id: int
    name: str
    artist_id: int | None
    artist_name: str | None
    listens: int
    plays: int
    last_ms: int


# names that begin with what was typed come first, then those with a word that does; of equals the most listened to
_SEARCH = text("""
    WITH mine AS MATERIALIZED (
        SELECT t.id, t.name, t.search_key, t.artist_id, t.album_id, played.listens, played.plays, played.last_ms
        FROM unnest(CAST(:ids AS bigint[]), CAST(:listens AS bigint[]), CAST(:plays AS bigint[]),
                    CAST(:last AS bigint[])) AS played (id, listens, plays, last_ms)
        JOIN tracks t ON t.id = played.id
    ),
    by_artist AS (
        SELECT artist_id, sum(listens) AS listens, sum(plays) AS plays, max(last_ms) AS last_ms FROM mine GROUP BY 1
    ),
    by_album AS (
        SELECT album_id, sum(listens) AS listens, sum(plays) AS plays, max(last_ms) AS last_ms FROM mine
        WHERE album_id IS NOT NULL GROUP BY 1
    ),
    found AS (
        SELECT 'track' AS kind, mine.id, mine.name, mine.search_key AS key, a.id AS artist_id, a.name AS artist_name,
               listens, plays, last_ms
        FROM mine JOIN artists a ON a.id = mine.artist_id
        WHERE mine.search_key || ' ' || a.search_key LIKE ALL (CAST(:words AS text[]))
        UNION ALL
        SELECT 'artist', a.id, a.name, a.search_key, NULL, NULL, listens, plays, last_ms
        FROM by_artist JOIN artists a ON a.id = by_artist.artist_id
        WHERE a.search_key LIKE ALL (CAST(:words AS text[]))
        UNION ALL
        SELECT 'album', al.id, al.name, al.search_key, a.id, a.name, listens, plays, last_ms
        FROM by_album JOIN albums al ON al.id = by_album.album_id JOIN artists a ON a.id = al.artist_id
        WHERE al.search_key || ' ' || a.search_key LIKE ALL (CAST(:words AS text[]))
    ),
    placed AS (
        SELECT *, row_number() OVER (
            PARTITION BY kind
            ORDER BY CASE WHEN key LIKE :typed || '%' THEN 0 WHEN key LIKE '% ' || :typed || '%' THEN 1
                          WHEN key LIKE '%' || :typed || '%' THEN 2 ELSE 3 END, listens DESC, plays DESC, id
        ) AS place
        FROM found
    )
    SELECT kind, id, name, artist_id, artist_name, listens, plays, last_ms FROM placed
    WHERE place <= :limit ORDER BY kind, place
""")


def search(
    session: Session, typed: str, *, ids: Sequence[int], listens: Sequence[int], plays: Sequence[int],
    last_ms: Sequence[int], limit: int,
) -> list[Match]:  # fmt: skip
    """Among these tracks, their artists and albums, at most `limit` of each. Case and accents do not matter; every word
    has to be found in the name or, for tracks and albums, in the artist's name."""
    folded = session.scalar(text("SELECT search_folded(:typed)"), {"typed": name_key(typed)})
    escaped = "".join(f"\\{letter}" if letter in "%_\\" else letter for letter in folded or "")
    words = escaped.split()
    if not words:
        return []
    found = session.execute(
        _SEARCH,
        {
            "ids": list(ids), "listens": list(listens), "plays": list(plays), "last": list(last_ms),
            "words": [f"%{word}%" for word in words], "typed": " ".join(words), "limit": limit,
        },
    )  # fmt: skip
    return [
        Match(kind, id_, name, artist_id, artist_name, int(heard), int(played), int(last))
        for kind, id_, name, artist_id, artist_name, heard, played, last in found
    ]
