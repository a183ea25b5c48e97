"""Scrobbles on their way into `plays`, and other plays on their way to where scrobbles are.

Part of `crud/incoming.py: merge_incoming`, with the same promise: what stays does not depend on what came first.
* A scrobble is the play of an export, and gives way to it, when both name the same recording and the scrobble's moment
  lies within 90 s of where that play began or ended (some clients send the end). Against account data, which know the
  minute, it is the same minute give or take 15 s: narrow enough that whoever meets such a row meets its exact one too.
* Two scrobbles of the same recording at the same second are one; the one that knows its length stays, then the longer,
  then the one with more facts.
Only the moment of a scrobble decides, never its assumed end, so both rules give the same answer in any order.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.models.listening import MINUTE_S

SAME_RECORDING = (
    "t.id = {one}.track_id AND t.name_key <> '' AND same.artist_id = t.artist_id AND same.name_key = t.name_key"
)


def meets(scrobble: str, play: str) -> str:
    """Whether the scrobble tells this better known play. The first line only keeps the search short."""
    moment = f"{scrobble}.started_at"
    ended = f"CASE WHEN {play}.precision_s > 1 THEN date_trunc('minute', {play}.ended_at) ELSE {play}.ended_at END"
    before = f"CASE WHEN {play}.precision_s > 1 THEN interval '15 s' ELSE interval '90 s' END"
    after = f"CASE WHEN {play}.precision_s > 1 THEN interval '75 s' ELSE interval '90 s' END"
    return f"""
        {play}.ended_at >= {moment} - interval '2 min' AND {play}.ended_at <= {moment} + interval '1 day'
        AND ({moment} BETWEEN {play}.started_at - {before} AND {play}.started_at + {after}
             OR {moment} BETWEEN {ended} - {before} AND {ended} + {after})
    """


def _worth(row: str, key: str) -> str:
    """The order in which one of two scrobbles of a moment stays; the last parts only make it total."""
    facts = f"{row}.platform"
    return (
        f"(-{row}.precision_s, {row}.ms_played, ({key} LIKE 'spotify:%')::int, num_nonnulls({facts}),"
        f" md5(ROW({key}, {facts})::text))"
    )


def _give_way(matched: str) -> str:
    """Removes stored scrobbles; the rows that take their place belong to the import that first brought the play."""
    return f"""
        WITH matched AS ({matched}),
        gone AS (
            DELETE FROM plays p USING matched m
            WHERE p.user_id = :user_id AND p.track_id = m.track_id AND p.ended_at = m.ended_at
            RETURNING p.started_at
        ),
        heirs AS (
            UPDATE incoming_plays i SET import_file_id = m.import_file_id
            FROM (SELECT position, min(import_file_id) AS import_file_id FROM matched GROUP BY position) m
            WHERE i.position = m.position
            RETURNING i.position
        )
        SELECT (SELECT array_agg(DISTINCT (started_at AT TIME ZONE :zone)::date) FROM gone),
               (SELECT array_agg(position) FROM heirs)
    """


_STORED_SCROBBLES = text(f"SELECT EXISTS (SELECT FROM plays WHERE user_id = :user_id AND precision_s > {MINUTE_S})")
_INCOMING_SCROBBLES = text(f"SELECT EXISTS (SELECT FROM incoming_plays WHERE precision_s > {MINUTE_S})")
_TOLD_TWICE = text(f"""
    DELETE FROM incoming_plays i
    USING tracks t, tracks same, incoming_plays k
    WHERE i.precision_s > {MINUTE_S} AND k.precision_s > {MINUTE_S} AND k.position <> i.position
    AND k.started_at = i.started_at AND {SAME_RECORDING.format(one="i")} AND k.track_id = same.id
    AND {_worth("k", "same.key")} > {_worth("i", "t.key")}
    RETURNING i.position
""")
_BETTER_KNOWN = text(f"""
    DELETE FROM incoming_plays i
    USING tracks t, tracks same, plays p
    WHERE i.precision_s > {MINUTE_S} AND {SAME_RECORDING.format(one="i")}
    AND p.user_id = :user_id AND p.track_id = same.id AND p.precision_s <= {MINUTE_S} AND {meets("i", "p")}
    RETURNING i.position
""")
_ALREADY_KNOWN = text(f"""
    DELETE FROM incoming_plays i
    USING tracks t, tracks same, plays p
    WHERE i.precision_s > {MINUTE_S} AND {SAME_RECORDING.format(one="i")}
    AND p.user_id = :user_id AND p.precision_s > {MINUTE_S} AND p.started_at = i.started_at AND p.track_id = same.id
    AND {_worth("p", "same.key")} >= {_worth("i", "t.key")}
    RETURNING i.position
""")
_WORSE_GIVE_WAY = text(
    _give_way(f"""
        SELECT p.track_id, p.ended_at, p.import_file_id, i.position
        FROM incoming_plays i
        JOIN tracks t ON t.id = i.track_id
        JOIN tracks same ON {SAME_RECORDING.format(one="i")}
        JOIN plays p ON p.user_id = :user_id AND p.track_id = same.id AND p.precision_s > {MINUTE_S}
            AND p.started_at = i.started_at
        WHERE i.precision_s > {MINUTE_S}
    """)
)
_SCROBBLES_GIVE_WAY = text(
    _give_way(f"""
        SELECT p.track_id, p.ended_at, p.import_file_id, i.position
        FROM plays p
        JOIN tracks t ON t.id = p.track_id
        JOIN tracks same ON {SAME_RECORDING.format(one="p")}
        JOIN incoming_plays i ON i.track_id = same.id AND i.precision_s <= {MINUTE_S} AND {meets("p", "i")}
        WHERE p.user_id = :user_id AND p.precision_s > {MINUTE_S}
        AND p.started_at >= (SELECT min(started_at) FROM incoming_plays) - interval '1 day'
        AND p.started_at <= (SELECT max(ended_at) FROM incoming_plays) + interval '1 day'
    """)
)


class MergedScrobbles(NamedTuple):
    duplicates: dict[int, str]
    days: set[date]


def merge_scrobbles(session: Session, surroundings: Mapping[str, Any]) -> MergedScrobbles:
    """Tells scrobbles and better known plays apart, before `incoming_plays` goes into `plays`. Costs two looks where
    nobody scrobbles. `surroundings` are the listener's `user_id` and `zone`.
    """
    merged = MergedScrobbles({}, set())
    stored = session.scalar(_STORED_SCROBBLES, surroundings)
    if session.scalar(_INCOMING_SCROBBLES):
        merged.duplicates.update(dict.fromkeys(session.scalars(_TOLD_TWICE), "repeated_in_file"))
        merged.duplicates.update(dict.fromkeys(session.scalars(_BETTER_KNOWN, surroundings), "known_in_more_detail"))
        if stored:
            merged.duplicates.update(dict.fromkeys(session.scalars(_ALREADY_KNOWN, surroundings), "already_known"))
            _take(merged, session.execute(_WORSE_GIVE_WAY, surroundings).one())
    elif stored:
        _take(merged, session.execute(_SCROBBLES_GIVE_WAY, surroundings).one())
    return merged


def _take(merged: MergedScrobbles, gone_and_heirs: Any) -> None:
    gone_days, heirs = gone_and_heirs
    merged.days.update(gone_days or ())
    merged.duplicates.update(dict.fromkeys(heirs or (), "adds_detail"))
