"""Sums of one listener's plays in two ways: from the columns that every page reads, and by SQL over the plays."""

from collections import defaultdict
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from platform_api.crud import grooves
from platform_api.crud.listening import IS_SKIP
from platform_api.models import User
from platform_api.services.analytics.history import History, unpacked

Sums = dict[tuple[Any, ...], tuple[int, int, int, int]]
"""(local day since 1970, hour, kind, track) → plays, listens, skips, time."""

_COUNTED = text(f"""
    SELECT local.started::date - date '1970-01-01', extract(hour FROM local.started)::int, p.kind, p.track_id, count(*),
           count(*) FILTER (WHERE p.is_listen), count(*) FILTER (WHERE {IS_SKIP}), sum(p.ms_played)::int8
    FROM counted_plays p JOIN users ON users.id = p.user_id
    CROSS JOIN LATERAL (SELECT p.started_at AT TIME ZONE users.time_zone AS started) AS local
    WHERE p.user_id = :user_id GROUP BY 1, 2, 3, 4
""")


def history_read(session: Session, user: User) -> History:
    return unpacked(grooves.read(session, user.id), ZoneInfo(user.time_zone))


def sums_read(session: Session, user: User) -> Sums:
    history = history_read(session, user)
    tracks = history.track_ids[history.track]
    columns = (history.day, history.hour, history.kind, tracks, history.is_listen, history.is_skip, history.ms_played)
    sums: defaultdict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for day, hour, kind, track, *more in zip(*(column.tolist() for column in columns), strict=True):
        row = sums[day, hour, grooves.KINDS[kind], track]
        for at, value in enumerate((1, *more)):
            row[at] += int(value)
    return {key: (row[0], row[1], row[2], row[3]) for key, row in sums.items()}


def sums_counted(session: Session, user: User) -> Sums:
    return {tuple(row[:4]): tuple(row[4:]) for row in session.execute(_COUNTED, {"user_id": user.id})}
