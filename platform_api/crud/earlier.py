"""When there was music before the plays that a model is told one by one."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

Stretch = tuple[int, int]
"""A session: seconds since 1970 of its begin and its end."""


def earlier_sessions(session: Session, user_id: int, since: datetime, before: datetime) -> list[Stretch]:
    """The sessions of songs that began from `since` on and before `before`, oldest first.

    More than half an hour without music parts two of them, as in training. Private sessions stay private.
    """
    rows = session.execute(
        text("""
            WITH heard AS (
                SELECT started_at, ended_at,
                       max(ended_at) OVER (ORDER BY started_at, ended_at
                                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS quiet_since
                FROM counted_plays
                WHERE user_id = :user_id AND kind = 'song' AND incognito IS NOT TRUE
                  AND started_at >= :since AND started_at < :before
            ),
            numbered AS (
                SELECT started_at, ended_at,
                       count(*) FILTER (WHERE started_at - quiet_since > interval '30 minutes')
                           OVER (ORDER BY started_at, ended_at ROWS UNBOUNDED PRECEDING) AS number
                FROM heard
            )
            SELECT floor(extract(epoch FROM min(started_at)))::bigint, floor(extract(epoch FROM max(ended_at)))::bigint
            FROM numbered GROUP BY number ORDER BY number
        """),
        {"user_id": user_id, "since": since, "before": before},
    )
    return [(begin, end) for begin, end in rows]
