"""Which tracks of a library look like one recording, and what the listener said about it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from platform_api.crud.recordings import Why
from platform_api.models import MergeRefusal

CLOSE_MS = 5_000
"""Lengths of one recording differ by less: other albums have other silences at the end."""

# `titles` may be one recording where artist and title agree (recording_title in the migrations says what is taken off a
# title) and no length says otherwise; the same ISRC is one by its meaning. The most listened of a group leads it.
_SUGGESTED = text(f"""
    WITH mine AS MATERIALIZED (
        SELECT t.id, t.artist_id, t.isrc, t.duration_ms, t.name_key, played.listens
        FROM unnest(CAST(:ids AS bigint[]), CAST(:listens AS bigint[])) AS played (id, listens)
        JOIN tracks t ON t.id = played.id AND t.kind = 'song' AND t.name_key <> ''
    ),
    grouped AS (
        SELECT 'isrc' AS why, isrc AS of, id, listens, duration_ms FROM mine WHERE isrc IS NOT NULL
        UNION ALL
        SELECT 'name', artist_id || ' ' || recording_title(name_key), id, listens, duration_ms FROM mine
    ),
    led AS (
        SELECT why, id, listens, duration_ms, first_value(id) OVER first AS leader,
               first_value(duration_ms) OVER first AS leader_ms
        FROM grouped WINDOW first AS (PARTITION BY why, of ORDER BY listens DESC, id)
    ),
    pairs AS (
        SELECT DISTINCT ON (led.id) led.id AS track_id, leader, why, listens FROM led
        WHERE led.id <> leader
          AND (why = 'isrc' OR coalesce(abs(duration_ms - leader_ms) < {CLOSE_MS}, true))
          AND NOT EXISTS (
              SELECT FROM merge_refusals said WHERE said.user_id = :user_id
              AND said.track_id = least(led.id, leader) AND said.other_id = greatest(led.id, leader)
          )
        ORDER BY led.id, why
    )
    SELECT track_id, leader, why FROM pairs ORDER BY sum(listens) OVER (PARTITION BY leader) DESC, leader, listens DESC,
           track_id LIMIT :limit
""")


class Suggestion(NamedTuple):
    """`track_id` may be the recording that `into` is."""

    track_id: int
    into: int
    why: Why


def suggested(
    session: Session, user_id: int, track_ids: Sequence[int], listens: Sequence[int], limit: int
) -> list[Suggestion]:
    """Among the tracks that the listener's plays count as; the recordings listened to most first."""
    found = session.execute(
        _SUGGESTED, {"user_id": user_id, "ids": list(track_ids), "listens": list(listens), "limit": limit}
    )
    return [Suggestion(*row) for row in found]


def refuse(session: Session, user_id: int, pairs: Collection[tuple[int, int]]) -> None:
    """These are not one recording; it is not suggested again."""
    session.execute(
        text("""
            INSERT INTO merge_refusals (user_id, track_id, other_id)
            SELECT DISTINCT CAST(:user_id AS bigint), least(one, other), greatest(one, other)
            FROM unnest(CAST(:ones AS bigint[]), CAST(:others AS bigint[])) AS pairs (one, other) WHERE one <> other
            ON CONFLICT DO NOTHING
        """),
        {"user_id": user_id, "ones": [one for one, _ in pairs], "others": [other for _, other in pairs]},
    )


class Refusal(NamedTuple):
    track_id: int
    other_id: int
    refused_at: datetime


def refusals_of(session: Session, user_id: int, limit: int) -> list[Refusal]:
    """What the listener said is not one recording, the newest first."""
    said = select(MergeRefusal.track_id, MergeRefusal.other_id, MergeRefusal.refused_at).where(
        MergeRefusal.user_id == user_id
    )
    newest = said.order_by(MergeRefusal.refused_at.desc(), MergeRefusal.track_id, MergeRefusal.other_id)
    return [Refusal(*row) for row in session.execute(newest.limit(limit))]


def forget_refusals(session: Session, user_id: int, pairs: Collection[tuple[int, int]]) -> None:
    for one, other in pairs:
        session.execute(
            delete(MergeRefusal).where(
                MergeRefusal.user_id == user_id,
                MergeRefusal.track_id == min(one, other),
                MergeRefusal.other_id == max(one, other),
            )
        )
