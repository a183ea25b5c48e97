"""Scrobbles on their way into `plays`, and other plays on their way to where scrobbles are.

Part of `crud/incoming.py: merge_incoming`, with the same promise: what stays does not depend on what came first.
* A scrobble is the play of an export, and gives way to it, when both name the same recording and the scrobble's moment
  lies within 90 s of where that play began or ended (some clients send the end). Against account data, which know the
  minute, it is the same minute give or take 15 s: narrow enough that whoever meets such a row meets its exact one too.
* Of a compilation an export names "Various Artists" and a scrobble who sings. There the title is the same, and the
  scrobble's moment lies within 5 s of where a play of half a minute or more, known to the second, began.
* Two scrobbles of one recording at the same second (or minute, where one knows no more) are one; the one that knows
  more of its time stays, then the one that knows its length, then the longer, then the one with more facts.
Only the moment of a scrobble decides, never its assumed end, so both rules give the same answer in any order.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.models.listening import LISTEN_MS, MINUTE_S, START_TO_THE_MINUTE_S, TOLD_COLUMNS

TOLD = ", ".join(TOLD_COLUMNS)
SAME_RECORDING = (
    "t.id = {one}.track_id AND t.name_key <> '' AND same.artist_id = t.artist_id AND same.name_key = t.name_key"
)

VARIOUS_ARTISTS = "(SELECT id FROM artists WHERE key = 'artist:various artists')"
OR_OF_COMPILATION = (
    "t.id = {one}.track_id AND t.name_key <> '' AND same.name_key = t.name_key"
    f" AND same.artist_id IN (t.artist_id, {VARIOUS_ARTISTS})"
)


def meets(scrobble: str, play: str) -> str:
    """Whether the scrobble tells this better known play. The first line only keeps the search short."""
    moment = f"{scrobble}.started_at"
    ended = f"CASE WHEN {play}.precision_s > 1 THEN date_trunc('minute', {play}.ended_at) ELSE {play}.ended_at END"
    before = f"(CASE WHEN {play}.precision_s > 1 THEN interval '15 s' ELSE interval '90 s' END + {_early(scrobble)})"
    after = f"CASE WHEN {play}.precision_s > 1 THEN interval '75 s' ELSE interval '90 s' END"
    return f"""
        {play}.ended_at >= {moment} - interval '3 min' AND {play}.ended_at <= {moment} + interval '1 day'
        AND ({moment} BETWEEN {play}.started_at - {before} AND {play}.started_at + {after}
             OR {moment} BETWEEN {ended} - {before} AND {ended} + {after})
    """


def meets_of_compilation(scrobble: str, play: str) -> str:
    """Whether it tells this play of "Various Artists" with the same title."""
    moment = f"{scrobble}.started_at"
    return f"""
        {play}.precision_s = 1 AND {play}.ms_played >= {LISTEN_MS}
        AND {play}.ended_at >= {moment} - interval '3 min' AND {play}.ended_at <= {moment} + interval '1 day'
        AND {moment} BETWEEN {play}.started_at - interval '5 s' - {_early(scrobble)}
                         AND {play}.started_at + interval '5 s'
    """


def _early(scrobble: str) -> str:
    return f"CASE WHEN {scrobble}.precision_s = {START_TO_THE_MINUTE_S} THEN interval '60 s' ELSE interval '0 s' END"


def _tells(scrobble: str, play: str) -> str:
    """Either, where `t` is the scrobble's track and `same` the play's. The first line only keeps the search short."""
    moment = f"{scrobble}.started_at"
    return f"""
        {play}.ended_at >= {moment} - interval '3 min' AND {play}.ended_at <= {moment} + interval '1 day'
        AND CASE WHEN same.artist_id = t.artist_id THEN {meets(scrobble, play)}
                 ELSE {meets_of_compilation(scrobble, play)} END
    """


def _worth(row: str, key: str) -> str:
    """The order in which one of two scrobbles of a moment stays; the last parts only make it total."""
    facts = f"{row}.platform, {row}.source"
    return (
        f"(-{row}.precision_s, {row}.ms_played, ({key} LIKE 'spotify:%')::int, num_nonnulls({facts}),"
        f" md5(ROW({key}, {facts})::text))"
    )


def same_moment(one: str, other: str) -> str:
    """Whether two scrobbles of one recording tell one play; where one knows the minute only, the other lies in it."""
    minute = START_TO_THE_MINUTE_S
    return f"""(
        {one}.started_at = {other}.started_at
        OR ({one}.precision_s = {minute} AND {other}.precision_s < {minute}
            AND date_trunc('minute', {other}.started_at) = {one}.started_at)
        OR ({other}.precision_s = {minute} AND {one}.precision_s < {minute}
            AND date_trunc('minute', {one}.started_at) = {other}.started_at)
    )"""


def _give_way(matched: str) -> str:
    """Removes stored scrobbles: better known rows take their place."""
    return f"""
        WITH matched AS ({matched}),
        gone AS (
            DELETE FROM plays p USING matched m
            WHERE p.user_id = :user_id AND p.track_id = m.track_id AND p.ended_at = m.ended_at
            RETURNING p.*
        ),
        kept AS (INSERT INTO retold_plays ({TOLD}) SELECT {TOLD} FROM gone)
        SELECT DISTINCT position FROM matched
    """


_STORED_SCROBBLES = text(f"SELECT EXISTS (SELECT FROM plays WHERE user_id = :user_id AND precision_s > {MINUTE_S})")
_INCOMING_SCROBBLES = text(f"SELECT EXISTS (SELECT FROM incoming_plays WHERE precision_s > {MINUTE_S})")
# plays are looked up for each row through an index that knows their time: a join by recording alone compares every two
# rows of a song played often. OFFSET 0 and EXISTS hold the planner to that, whatever it thinks of a temporary table
_SCROBBLES_NEAR = f"""
    SELECT * FROM plays
    WHERE plays.user_id = :user_id AND plays.precision_s > {MINUTE_S}
    AND plays.started_at > i.started_at - interval '1 min' AND plays.started_at < i.started_at + interval '1 min'
    OFFSET 0
"""
_TOLD_TWICE = text(f"""
    WITH told AS (
        SELECT incoming_plays.*, t.key, t.artist_id, t.name_key, date_trunc('minute', started_at) AS minute
        FROM incoming_plays JOIN tracks t ON t.id = track_id
        WHERE precision_s > {MINUTE_S} AND t.name_key <> ''
    )
    DELETE FROM incoming_plays
    USING told i JOIN told k USING (artist_id, name_key, minute)
    WHERE incoming_plays.position = i.position AND k.position <> i.position
    AND {same_moment("k", "i")} AND {_worth("k", "k.key")} > {_worth("i", "i.key")}
    RETURNING i.position
""")
_BETTER_KNOWN = text(f"""
    DELETE FROM incoming_plays i
    WHERE i.precision_s > {MINUTE_S} AND EXISTS (
        SELECT FROM tracks t, tracks same, LATERAL (
            SELECT * FROM plays
            WHERE plays.user_id = :user_id AND plays.track_id = same.id AND plays.precision_s <= {MINUTE_S}
            AND plays.ended_at >= i.started_at - interval '3 min' AND plays.ended_at <= i.started_at + interval '1 day'
            OFFSET 0
        ) AS p
        WHERE {OR_OF_COMPILATION.format(one="i")} AND {_tells("i", "p")}
    )
    RETURNING i.position
""")
_ALREADY_KNOWN = text(f"""
    DELETE FROM incoming_plays i
    WHERE i.precision_s > {MINUTE_S} AND EXISTS (
        SELECT FROM ({_SCROBBLES_NEAR}) AS p
        JOIN tracks same ON same.id = p.track_id
        JOIN tracks t ON {SAME_RECORDING.format(one="i")}
        WHERE {same_moment("p", "i")} AND {_worth("p", "same.key")} >= {_worth("i", "t.key")}
    )
    RETURNING i.position
""")
_WORSE_GIVE_WAY = text(
    _give_way(f"""
        SELECT p.track_id, p.ended_at, p.import_file_id, i.position
        FROM incoming_plays i
        CROSS JOIN LATERAL ({_SCROBBLES_NEAR}) AS p
        JOIN tracks same ON same.id = p.track_id
        JOIN tracks t ON {SAME_RECORDING.format(one="i")}
        WHERE i.precision_s > {MINUTE_S} AND {same_moment("p", "i")}
    """)
)
_SCROBBLES_GIVE_WAY = text(
    _give_way(f"""
        SELECT p.track_id, p.ended_at, p.import_file_id, i.position
        FROM incoming_plays i
        CROSS JOIN LATERAL (
            SELECT * FROM plays
            WHERE plays.user_id = :user_id AND plays.precision_s > {MINUTE_S}
            AND plays.started_at >= least(i.started_at, i.ended_at) - interval '3 min'
            AND plays.started_at <= greatest(i.started_at, i.ended_at) + interval '3 min'
            OFFSET 0
        ) AS p
        JOIN tracks same ON same.id = i.track_id
        JOIN tracks t ON {OR_OF_COMPILATION.format(one="p")}
        WHERE i.precision_s <= {MINUTE_S} AND {_tells("p", "i")}
    """)
)


def merge_scrobbles(session: Session, user_id: int) -> dict[int, str]:
    """Tells scrobbles and better known plays apart, before `incoming_plays` goes into `plays`: positions of duplicates,
    with the reason. Costs two looks where nobody scrobbles.
    """
    whose = {"user_id": user_id}
    duplicates: dict[int, str] = {}
    stored = session.scalar(_STORED_SCROBBLES, whose)
    if session.scalar(_INCOMING_SCROBBLES):
        duplicates |= dict.fromkeys(session.scalars(_TOLD_TWICE), "repeated_in_file")
        duplicates |= dict.fromkeys(session.scalars(_BETTER_KNOWN, whose), "known_in_more_detail")
        if stored:
            duplicates |= dict.fromkeys(session.scalars(_ALREADY_KNOWN, whose), "already_known")
            duplicates |= dict.fromkeys(session.scalars(_WORSE_GIVE_WAY, whose), "adds_detail")
    elif stored:
        duplicates |= dict.fromkeys(session.scalars(_SCROBBLES_GIVE_WAY, whose), "adds_detail")
    return duplicates
