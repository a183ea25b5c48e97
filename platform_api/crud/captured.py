"""Plays that Spotify's Web API told: which of them are the same as others, and how long they lasted at most.

The API tells one moment of a play. It is the end of the play on some clients and days and the start on others
(docs/decisions/what-the-web-api-knows-of-a-play.md), so it lies within the play either way, and a listener cannot play
one song twice at the same time. Everything here runs while `hold_history` is held.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import CursorResult, text
from sqlalchemy.orm import Session

from platform_api.crud.deleted_beside import PAIRS, TOLD_AND_DELETED
from platform_api.models.listening import CAPTURED_S, LONGEST_PLAY_MS, START_TO_THE_MINUTE_S, TOLD_COLUMNS

SOURCE = "spotify_api"
_TOLD = ", ".join(TOLD_COLUMNS)
SHORTEST_PLAY_MS = 30_000
"""Spotify lists a play once it lasted this long, so two moments of one song that lie closer are one play."""

_WITHIN = """{moment} >= {play}.started_at - interval '10 minutes'
    AND {moment} <= {play}.ended_at + make_interval(secs => 15 + {play}.precision_s)"""
"""A pause makes the true start earlier than end less time played; clocks of players and servers differ by seconds."""

_CREDITED = """{other}.name_key = {told}.name_key
    AND {other}.artist_id IN (SELECT artist_id FROM track_artists WHERE track_id = {told}.id)"""
"""Spotify tells every artist of a track; an export names the album's, a scrobble one of them."""

# plays are looked up for each row through an index that knows their time: a join by recording alone compares every two
# rows of a song played often. OFFSET 0 holds the planner to that, whatever it thinks of a temporary table. Bounds of
# `ended_at` beside `_WITHIN` say nothing new, they only keep the search short
_KNOWN_BETTER = text(f"""
    DELETE FROM incoming_plays i
    WHERE i.source = '{SOURCE}' AND EXISTS (
        SELECT FROM tracks t, track_artists credited, tracks same, LATERAL (
            SELECT FROM plays
            WHERE plays.user_id = :user_id AND plays.track_id = same.id AND plays.source <> '{SOURCE}'
            AND {_WITHIN.format(moment="i.ended_at", play="plays")}
            AND plays.ended_at >= i.ended_at - interval '{15 + START_TO_THE_MINUTE_S} s'
            AND plays.ended_at <= i.ended_at + interval '{LONGEST_PLAY_MS // 60_000 + 11} minutes'
            OFFSET 0
        ) AS p
        WHERE t.id = i.track_id AND credited.track_id = t.id
        AND same.artist_id = credited.artist_id AND same.name_key = t.name_key
    )
    RETURNING i.position
""")
_CAPTURED = f"""
    SELECT * FROM plays WHERE plays.user_id = :user_id AND plays.source = '{SOURCE}' AND {{near}} OFFSET 0
"""
_TOLD_NEAR = _CAPTURED.format(
    near=f"""plays.ended_at > i.ended_at - interval '{SHORTEST_PLAY_MS} milliseconds'
             AND plays.ended_at < i.ended_at + interval '{SHORTEST_PLAY_MS} milliseconds'"""
)
_TOLD_BEFORE = text(f"""
    DELETE FROM incoming_plays i
    WHERE i.source = '{SOURCE}' AND EXISTS (
        SELECT FROM ({_TOLD_NEAR}) AS p JOIN tracks same ON same.id = p.track_id JOIN tracks t ON t.id = i.track_id
        WHERE same.artist_id = t.artist_id AND same.name_key = t.name_key
    )
    RETURNING i.position
""")
_GIVE_WAY = text(f"""
    WITH told AS MATERIALIZED (
        SELECT DISTINCT p.track_id, p.ended_at
        FROM incoming_plays i
        CROSS JOIN LATERAL ({_CAPTURED.format(near=_WITHIN.format(moment="plays.ended_at", play="i"))}) AS p
        JOIN tracks t ON t.id = i.track_id
        JOIN tracks same ON same.id = p.track_id AND {_CREDITED.format(told="same", other="t")}
        WHERE i.source <> '{SOURCE}'
    ),
    gone AS (
        DELETE FROM plays p USING told
        WHERE p.user_id = :user_id AND p.track_id = told.track_id AND p.ended_at = told.ended_at
        RETURNING p.*
    ),
    kept AS (INSERT INTO retold_plays ({_TOLD}) SELECT {_TOLD} FROM gone)
    SELECT min(ended_at) FROM gone
""")
# once: the same rows are told with every look for as long as they are among the last fifty
_KEEP_KNOWN = text(f"""
    INSERT INTO retold_plays ({_TOLD})
    SELECT {_TOLD} FROM told_plays told
    WHERE told.position = ANY(CAST(:positions AS int[])) AND NOT EXISTS (
        SELECT FROM retold_plays kept
        WHERE kept.user_id = told.user_id AND kept.track_id = told.track_id AND kept.ended_at = told.ended_at
        AND kept.source = '{SOURCE}'
    )
""")
_HAS_DELETED = text("SELECT EXISTS (SELECT FROM deleted_plays WHERE user_id = :user_id)")
_DELETED_BY_HAND = text(f"""
    {PAIRS} AND CASE
        WHEN i.source = '{SOURCE}'
        THEN {_CREDITED.format(told="t", other="d")} AND {_WITHIN.format(moment="i.ended_at", play="d")}
        ELSE d.play ->> 'source' = '{SOURCE}' AND {_CREDITED.format(told="d", other="t")}
             AND {_WITHIN.format(moment="d.ended_at", play="i")} END
    RETURNING i.position
""")
_HAS_DELETED_CAPTURED = text(
    f"SELECT EXISTS (SELECT FROM deleted_plays WHERE user_id = :user_id AND play ->> 'source' = '{SOURCE}')"
)
_TELLS_DELETED = f"""
    FROM told t JOIN deleted d USING (name_key, day)
    JOIN play_changes c ON c.id = d.change_id AND c.kind = 'deleted'
    WHERE (t.incoming).source <> '{SOURCE}' AND d.play ->> 'source' = '{SOURCE}'
    AND {_CREDITED.format(told="d", other="t")} AND {_WITHIN.format(moment="d.ended_at", play="(t.incoming)")}
"""
_TAKE_PLACE_OF_DELETED = [
    text(f"""
        {TOLD_AND_DELETED}
        INSERT INTO deleted_plays (user_id, track_id, ended_at, started_at, ms_played, precision_s, play, change_id)
        SELECT DISTINCT ON (i.track_id, i.ended_at)
            i.user_id, i.track_id, i.ended_at, i.started_at, i.ms_played, i.precision_s,
            to_jsonb(i) - '{{position,change_id}}'::text[], change_id
        FROM (SELECT (t.incoming).*, d.change_id {_TELLS_DELETED}) AS i
        ORDER BY i.track_id, i.ended_at, change_id
        ON CONFLICT (user_id, track_id, ended_at) DO UPDATE
        SET started_at = excluded.started_at, ms_played = excluded.ms_played, precision_s = excluded.precision_s,
            play = excluded.play, change_id = excluded.change_id
        WHERE deleted_plays.play ->> 'source' = '{SOURCE}'
    """),
    text(f"""
        {TOLD_AND_DELETED}, gone AS (
            DELETE FROM deleted_plays USING (SELECT d.track_id, d.ended_at {_TELLS_DELETED}) AS worse
            WHERE deleted_plays.user_id = :user_id AND deleted_plays.track_id = worse.track_id
            AND deleted_plays.ended_at = worse.ended_at
            RETURNING deleted_plays.play
        )
        INSERT INTO retold_plays ({_TOLD}) SELECT {_TOLD} FROM gone, jsonb_populate_record(NULL::plays, gone.play)
    """),
]
_ESTIMATE = text(f"""
    WITH near AS (
        SELECT p.track_id, p.ended_at, p.started_at, p.ms_played,
               p.source = '{SOURCE}' AND p.precision_s = {CAPTURED_S} AS is_open,
               lag(p.ended_at) OVER (ORDER BY p.ended_at, p.track_id) AS before
        FROM plays p WHERE p.user_id = :user_id AND p.started_at >= CAST(:since AS timestamptz) - interval '1 day'
    ),
    lasting AS (
        SELECT near.*,
               least(coalesce(t.duration_ms, near.ms_played),
                     greatest({SHORTEST_PLAY_MS},
                              1000 * extract(epoch FROM near.ended_at - coalesce(near.before, '-infinity'))))::int AS ms
        FROM near JOIN tracks t ON t.id = near.track_id
        WHERE near.is_open AND near.ended_at >= :since
    ),
    changed AS MATERIALIZED (
        SELECT track_id, ended_at, ms, ended_at - make_interval(secs => ms / 1000.0) AS began
        FROM lasting WHERE ms_played <> ms OR started_at <> ended_at - make_interval(secs => ms / 1000.0)
    )
    UPDATE plays p SET ms_played = changed.ms, started_at = changed.began
    FROM changed
    WHERE p.user_id = :user_id AND p.track_id = changed.track_id AND p.ended_at = changed.ended_at
""")
_ANY = text(f"SELECT EXISTS (SELECT FROM plays WHERE user_id = :user_id AND source = '{SOURCE}')")
_SUMMARY = text(f"""
    SELECT count(*), coalesce(sum(ms_played), 0), min(ended_at)
    FROM plays WHERE user_id = :user_id AND source = '{SOURCE}'
""")
_IS_EXPORTED = text("""
    SELECT EXISTS (
        SELECT FROM plays WHERE user_id = :user_id AND started_at >= :moment AND source = 'spotify_export'
    )
""")
_FORGET_RETOLD = text(f"DELETE FROM retold_plays WHERE user_id = :user_id AND source = '{SOURCE}'")
# a change that held nothing else can not be taken back any more
_FORGET_DELETED = text(f"""
    WITH gone AS (
        DELETE FROM deleted_plays WHERE user_id = :user_id AND play ->> 'source' = '{SOURCE}' RETURNING change_id
    )
    UPDATE play_changes c SET undone_at = now()
    WHERE c.id IN (SELECT change_id FROM gone) AND c.undone_at IS NULL AND NOT EXISTS (
        SELECT FROM deleted_plays d WHERE d.change_id = c.id AND d.play ->> 'source' <> '{SOURCE}'
    )
""")
_FORGET = text(f"DELETE FROM plays WHERE user_id = :user_id AND source = '{SOURCE}'")


def leave_out_known(session: Session, user_id: int) -> dict[int, str]:
    """Takes captured rows out of `incoming_plays` whose play is known; their positions, with the reason."""
    known = dict.fromkeys(session.scalars(_KNOWN_BETTER, {"user_id": user_id}), "known_in_more_detail")
    return known | dict.fromkeys(session.scalars(_TOLD_BEFORE, {"user_id": user_id}), "already_known")


def keep_known_better(session: Session, duplicates: Mapping[int, str]) -> None:
    """After a look was merged: the rows that gave way are kept, each once. Whatever import or ledger told those plays
    better may be undone when Spotify does not tell them any more.
    """
    positions = [position for position, reason in duplicates.items() if reason == "known_in_more_detail"]
    if positions:
        session.execute(_KEEP_KNOWN, {"positions": positions})


def deleted_by_hand(session: Session, user_id: int) -> set[int]:
    """Takes out of `incoming_plays` what the listener deleted as another source told it; the positions."""
    if not session.scalar(_HAS_DELETED, {"user_id": user_id}):
        return set()
    return set(session.scalars(_DELETED_BY_HAND, {"user_id": user_id}))


def let_better_stay_deleted(session: Session, user_id: int) -> None:
    """Among plays deleted by hand as well, a captured one gives way to a row of another source: what the listener
    deleted stays deleted when everything captured is forgotten, and comes back as the better row.
    """
    if session.scalar(_HAS_DELETED_CAPTURED, {"user_id": user_id}):
        for statement in _TAKE_PLACE_OF_DELETED:
            session.execute(statement, {"user_id": user_id})


def are_there(session: Session, user_id: int) -> bool:
    return bool(session.scalar(_ANY, {"user_id": user_id}))


def give_way(session: Session, user_id: int) -> datetime | None:
    """Removes captured plays that a row of `incoming_plays` tells better; the earliest moment of them."""
    earliest: datetime | None = session.scalar(_GIVE_WAY, {"user_id": user_id})
    return earliest


def estimate(session: Session, user_id: int, since: datetime) -> bool:
    """Lengths of captured plays from `since` on: never more than the track lasts (where nobody knows that, as after
    restoring an export elsewhere, than was known when it was written), nor than lies between this moment and
    the one before, nor less than what makes Spotify list a play. What was corrected by hand stays. Whether any of them
    changed.
    """
    changed = session.execute(_ESTIMATE, {"user_id": user_id, "since": since})
    assert isinstance(changed, CursorResult)
    return changed.rowcount > 0


def summary(session: Session, user_id: int) -> tuple[int, int, datetime | None]:
    """Captured plays that no better row replaced: how many, how long at most (ms), since when."""
    count, ms_played, since = session.execute(_SUMMARY, {"user_id": user_id}).one()
    return int(count), int(ms_played), since


def is_exported(session: Session, user_id: int, moment: datetime) -> bool:
    """Whether an export reaches beyond this moment, and so tells what was played before it."""
    return bool(session.scalar(_IS_EXPORTED, {"user_id": user_id, "moment": moment}))


def forget(session: Session, user_id: int) -> None:
    """Deletes every captured play, also those that gave way to another row or to the listener's hand."""
    for statement in (_FORGET_RETOLD, _FORGET_DELETED, _FORGET):
        session.execute(statement, {"user_id": user_id})
