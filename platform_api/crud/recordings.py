"""Which tracks a listener counts as one recording: the forest of `track_merges`, and what it makes of their plays.

Whoever changes something here holds the listener's history (`crud/incoming.py: hold_history`).
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

Why = Literal["isrc", "name", "by_hand"]

# the union of a walk needs a bound of its own only where rows form a ring, which merging roots cannot make
_ROOTS = text("""
    WITH RECURSIVE walk AS (
        SELECT track_id, merged_into AS at FROM track_merges
        WHERE user_id = :user_id AND counted_as = ANY(CAST(:roots AS bigint[]))
        UNION
        SELECT walk.track_id, edge.merged_into FROM walk
        JOIN track_merges edge ON edge.user_id = :user_id AND edge.track_id = walk.at
    )
    UPDATE track_merges merges SET counted_as = walk.at FROM walk
    WHERE merges.user_id = :user_id AND merges.track_id = walk.track_id AND merges.counted_as <> walk.at
      AND NOT EXISTS (SELECT FROM track_merges more WHERE more.user_id = :user_id AND more.track_id = walk.at)
""")
_MERGE = text("""
    INSERT INTO track_merges (user_id, track_id, merged_into, counted_as, why)
    SELECT :user_id, track_id, merged_into, counted_as, :why
    FROM unnest(CAST(:merged AS bigint[]), CAST(:targets AS bigint[]), CAST(:roots AS bigint[]))
        AS edge (track_id, merged_into, counted_as)
""")
_STANDING = """
    SELECT played.id AS track_id, merges.counted_as, CASE WHEN hidden.artist_id IS NOT NULL THEN true END AS hidden
    FROM tracks played
    LEFT JOIN track_merges merges ON merges.user_id = :user_id AND merges.track_id = played.id
    JOIN tracks shown ON shown.id = coalesce(merges.counted_as, played.id)
    LEFT JOIN hidden_artists hidden ON hidden.user_id = :user_id AND hidden.artist_id = shown.artist_id
"""
_SETTLE = text(f"""
    UPDATE plays p SET counted_as = standing.counted_as, hidden = standing.hidden
    FROM ({_STANDING} WHERE played.id = ANY(CAST(:track_ids AS bigint[]))) AS standing
    WHERE p.user_id = :user_id AND p.track_id = ANY(CAST(:track_ids AS bigint[])) AND p.track_id = standing.track_id
      AND (p.counted_as, p.hidden) IS DISTINCT FROM (standing.counted_as, standing.hidden)
""")
_SAID_SOMETHING = text("""
    SELECT EXISTS (SELECT FROM track_merges WHERE user_id = :user_id),
           EXISTS (SELECT FROM hidden_artists WHERE user_id = :user_id)
""")
_MARK_MERGED = text("""
    UPDATE incoming_plays i SET counted_as = merges.counted_as FROM track_merges merges
    WHERE merges.user_id = :user_id AND merges.track_id = i.track_id
""")
# whoever names one of them waits for these plays, and so finds them when it looks for all that are of it; in the order
# of ids, as there (`crud/catalogue.py`), so that the two cannot deadlock
_HOLD_UNNAMED = text("""
    SELECT shown.id FROM tracks shown
    WHERE shown.name_key = '' AND shown.id IN (SELECT coalesce(counted_as, track_id) FROM incoming_plays)
    ORDER BY shown.id FOR SHARE OF shown
""")
_MARK_HIDDEN = text("""
    UPDATE incoming_plays i SET hidden = true FROM tracks shown, hidden_artists hidden
    WHERE shown.id = coalesce(i.counted_as, i.track_id)
      AND hidden.user_id = :user_id AND hidden.artist_id = shown.artist_id
""")


class Merge(NamedTuple):
    track_id: int
    merged_into: int
    counted_as: int
    why: Why
    merged_at: datetime


def counted_track(session: Session, user_id: int, track_id: int) -> int:
    """The track that this one counts as to the listener; mostly itself."""
    found: int | None = session.scalar(
        text("SELECT counted_as FROM track_merges WHERE user_id = :user_id AND track_id = :track_id"),
        {"user_id": user_id, "track_id": track_id},
    )
    return track_id if found is None else found


def counted_tracks(session: Session, user_id: int, track_ids: Iterable[int]) -> dict[int, int]:
    """track → the track it counts as, for those that count as another one."""
    found = session.execute(
        text("""
            SELECT track_id, counted_as FROM track_merges
            WHERE user_id = :user_id AND track_id = ANY(CAST(:ids AS bigint[]))
        """),
        {"user_id": user_id, "ids": list(track_ids)},
    )
    return dict(found.all())


def recordings_of(session: Session, user_id: int, track_ids: Collection[int]) -> list[int]:
    """Every track whose plays count as one of these: what to ask for as `played_track_id`."""
    found = session.scalars(
        text("""
            SELECT id FROM unnest(CAST(:ids AS bigint[])) AS asked (id)
            WHERE NOT EXISTS (SELECT FROM track_merges WHERE user_id = :user_id AND track_id = asked.id)
            UNION ALL
            SELECT track_id FROM track_merges WHERE user_id = :user_id AND counted_as = ANY(CAST(:ids AS bigint[]))
        """),
        {"user_id": user_id, "ids": list(track_ids)},
    )
    return list(found)


def merges_of(session: Session, user_id: int, counted_as: int | None = None) -> list[Merge]:
    """The listener's merges, those of one recording where it is named; the newest first."""
    found = session.execute(
        text(f"""
            SELECT track_id, merged_into, counted_as, why, merged_at FROM track_merges
            WHERE user_id = :user_id {"AND counted_as = :counted_as" if counted_as is not None else ""}
            ORDER BY merged_at DESC, track_id
        """),
        {"user_id": user_id, "counted_as": counted_as},
    )
    return [Merge(*row) for row in found]


def merged_away(session: Session, user_id: int) -> dict[int, str]:
    """Tracks that count as another one: id → key."""
    found = session.execute(
        text("""
            SELECT t.id, t.key FROM track_merges m JOIN tracks t ON t.id = m.track_id
            WHERE m.user_id = :user_id ORDER BY t.id
        """),
        {"user_id": user_id},
    )
    return dict(found.all())


def merge(session: Session, user_id: int, pairs: Iterable[tuple[int, int]], why: Why) -> list[int]:
    """From now on the recording of the first of each pair counts as the recording of the second.

    Returns the tracks merged: what `split` takes back. A pair that counts together already changes nothing.
    """
    pairs = list(pairs)
    named = {track_id for pair in pairs for track_id in pair}
    counted = counted_tracks(session, user_id, named)
    # both sides: an earlier pair may have made the second of one the root of the first of another
    plays = recordings_of(session, user_id, {counted.get(track_id, track_id) for track_id in named})
    joined: dict[int, int] = {}

    def root(track_id: int) -> int:
        at = counted.get(track_id, track_id)
        while at in joined:
            at = joined[at]
        return at

    for track_id, into in pairs:
        one, target = root(track_id), root(into)
        if one != target:
            joined[one] = target
    merged, targets = list(joined), list(joined.values())
    roots = [root(target) for target in targets]
    session.execute(_MERGE, {"user_id": user_id, "merged": merged, "targets": targets, "roots": roots, "why": why})
    session.execute(_ROOTS, {"user_id": user_id, "roots": merged})
    settle(session, user_id, plays)
    return merged


def split(session: Session, user_id: int, track_ids: Collection[int]) -> int:
    """Takes back the merges of these tracks, each with whatever was merged into it before. Returns how many there were.

    Merging and then splitting leaves everything as it was.
    """
    roots = list(set(counted_tracks(session, user_id, track_ids).values()))
    plays = recordings_of(session, user_id, roots)
    gone = session.scalars(
        text("""
            DELETE FROM track_merges WHERE user_id = :user_id AND track_id = ANY(CAST(:ids AS bigint[]))
            RETURNING track_id
        """),
        {"user_id": user_id, "ids": list(track_ids)},
    ).all()
    session.execute(_ROOTS, {"user_id": user_id, "roots": roots})
    settle(session, user_id, plays)
    return len(gone)


def settle(session: Session, user_id: int, track_ids: Collection[int]) -> None:
    """What the plays of these tracks count as, made equal to what the listener said."""
    session.execute(_SETTLE, {"user_id": user_id, "track_ids": list(track_ids)})


def settle_all(session: Session, user_id: int) -> None:
    """The same for every play of the listener, for instance after a track got its name and with it its artist."""
    changed = text("""
        SELECT track_id FROM track_merges WHERE user_id = :user_id
        UNION
        SELECT tracks.id FROM tracks JOIN hidden_artists hidden
        ON hidden.user_id = :user_id AND hidden.artist_id = tracks.artist_id
        UNION
        SELECT DISTINCT track_id FROM plays
        WHERE user_id = :user_id AND (counted_as IS NOT NULL OR hidden IS NOT NULL)
    """)
    settle(session, user_id, list(session.scalars(changed, {"user_id": user_id})))


def mark_incoming(session: Session, user_id: int) -> None:
    """Gives the rows of `incoming_plays` what they count as. Costs one look where the listener said nothing."""
    has_merged, has_hidden = session.execute(_SAID_SOMETHING, {"user_id": user_id}).one()
    if has_merged:
        session.execute(_MARK_MERGED, {"user_id": user_id})
    if has_hidden:
        session.execute(_HOLD_UNNAMED)
        session.execute(_MARK_HIDDEN, {"user_id": user_id})
