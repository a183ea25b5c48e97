"""Questions over a span of local days, answered from the sums. Songs only, unless the name says otherwise.

A track, artist, album or day counts once it was listened to: at least one play of 30 seconds.
"""

from datetime import date
from typing import Literal, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

TopKind = Literal["tracks", "artists", "albums"]
Measure = Literal["listens", "time"]

_DAYS = "user_id = :user_id AND day BETWEEN :first AND :last"


class DayRange(NamedTuple):
    """Local days, both included."""

    first: date
    last: date


class Numbers(NamedTuple):
    plays: int
    listens: int
    skips: int
    ms_played: int
    tracks: int
    artists: int
    albums: int
    days_active: int
    first_listens: int
    spoken_plays: int
    spoken_ms_played: int


class TopRow(NamedTuple):
    """`artist_*` and `album_name` are None where the item is itself one."""

    rank: int
    id: int
    name: str
    artist_id: int | None
    artist_name: str | None
    album_name: str | None
    listens: int
    plays: int
    ms_played: int
    previous_rank: int | None


class CellRow(NamedTuple):
    weekday: int
    hour: int
    listens: int
    ms_played: int


class PointRow(NamedTuple):
    start: date
    listens: int
    ms_played: int


_TIMES = text(f"""
    SELECT coalesce(sum(plays) FILTER (WHERE kind = 'song'), 0), coalesce(sum(listens) FILTER (WHERE kind = 'song'), 0),
           coalesce(sum(skips) FILTER (WHERE kind = 'song'), 0),
           coalesce(sum(ms_played) FILTER (WHERE kind = 'song'), 0),
           count(DISTINCT day) FILTER (WHERE kind = 'song' AND listens > 0),
           coalesce(sum(plays) FILTER (WHERE kind <> 'song'), 0),
           coalesce(sum(ms_played) FILTER (WHERE kind <> 'song'), 0)
    FROM daily_hours WHERE {_DAYS}
""")
_VARIETY = text(f"""
    WITH heard AS (
        SELECT track_id FROM daily_tracks WHERE {_DAYS} GROUP BY track_id HAVING sum(listens) > 0
    )
    SELECT count(*), count(DISTINCT tracks.artist_id), count(DISTINCT tracks.album_id)
    FROM heard JOIN tracks ON tracks.id = heard.track_id AND tracks.kind = 'song'
""")
_FIRST_LISTENS = text("""
    SELECT count(*) FROM (
        SELECT track_id FROM daily_tracks WHERE user_id = :user_id AND day <= :last AND listens > 0
        GROUP BY track_id HAVING min(day) >= :first
    ) AS found JOIN tracks ON tracks.id = found.track_id AND tracks.kind = 'song'
""")


def known_days(session: Session, user_id: int) -> DayRange | None:
    """The listener's first and last day with a play of any kind."""
    first, last = session.execute(
        text("SELECT min(day), max(day) FROM daily_hours WHERE user_id = :user_id"), {"user_id": user_id}
    ).one()
    return DayRange(first, last) if first is not None else None


def known_months(session: Session, user_id: int) -> list[date]:
    """First days of the months with plays of any kind, oldest first."""
    months = text("SELECT DISTINCT date_trunc('month', day)::date FROM daily_hours WHERE user_id = :user_id ORDER BY 1")
    return list(session.scalars(months, {"user_id": user_id}))


def numbers(session: Session, user_id: int, days: DayRange) -> Numbers:
    surroundings = _surroundings(user_id, days)
    plays, listens, skips, ms_played, days_active, spoken_plays, spoken_ms = session.execute(_TIMES, surroundings).one()
    tracks, artists, albums = session.execute(_VARIETY, surroundings).one()
    first_listens = session.scalars(_FIRST_LISTENS, surroundings).one()
    return Numbers(
        int(plays), int(listens), int(skips), int(ms_played), tracks, artists, albums, days_active, first_listens,
        int(spoken_plays), int(spoken_ms),
    )  # fmt: skip


_BY_DAY = """
    SELECT {item} AS id, sum(plays) AS plays, sum(listens) AS listens, sum(ms_played) AS ms_played
    FROM daily_tracks JOIN tracks ON tracks.id = track_id AND tracks.kind = 'song'
    WHERE user_id = :user_id AND day BETWEEN {first} AND {last}
    GROUP BY 1
"""
_ARTISTS_BY_MONTH = """
    SELECT artist_id AS id, sum(plays) AS plays, sum(listens) AS listens, sum(ms_played) AS ms_played
    FROM monthly_artists JOIN artists ON artists.id = artist_id AND artists.kind = 'artist'
    WHERE user_id = :user_id AND month BETWEEN date_trunc('month', CAST({first} AS date)) AND {last}
    GROUP BY 1
"""
_ITEMS = {"tracks": "track_id", "artists": "tracks.artist_id", "albums": "tracks.album_id"}
_KEYS = {
    "tracks": "JOIN tracks named ON named.id = sums.id",
    "artists": "JOIN artists named ON named.id = sums.id",
    "albums": "JOIN albums named ON named.id = sums.id",
}
_KEY_OF = {"tracks": "named.key", "artists": "named.key", "albums": "named.name_key, named.artist_id"}
_SHOWN = {
    "tracks": (
        "item.name, artists.id, artists.name, albums.name",
        "JOIN tracks item ON item.id = page.id JOIN artists ON artists.id = item.artist_id"
        " LEFT JOIN albums ON albums.id = item.album_id",
    ),
    "artists": ("item.name, NULL::bigint, NULL, NULL", "JOIN artists item ON item.id = page.id"),
    "albums": (
        "item.name, artists.id, artists.name, NULL",
        "JOIN albums item ON item.id = page.id JOIN artists ON artists.id = item.artist_id",
    ),
}
_ORDERS = {"listens": ("listens", "ms_played"), "time": ("ms_played", "listens")}


def _ranked(kind: TopKind, by: Measure, first: str, last: str, *, by_month: bool) -> str:
    sums = _ARTISTS_BY_MONTH if by_month and kind == "artists" else _BY_DAY
    measure, then = _ORDERS[by]
    return f"""
        SELECT sums.*, row_number() OVER (ORDER BY {measure} DESC, {then} DESC, {_KEY_OF[kind]}) AS rank
        FROM ({sums.format(item=_ITEMS[kind], first=first, last=last)}) AS sums {_KEYS[kind]}
        WHERE {measure} > 0
    """


def top(
    session: Session, user_id: int, kind: TopKind, by: Measure, days: DayRange, previous: DayRange | None,
    limit: int, offset: int, *, whole_months: bool,
) -> tuple[list[TopRow], int]:  # fmt: skip
    """A page of the ranking and how many items it ranks. Ties are broken by the other measure, then by key.

    `whole_months`: both ranges begin and end with a month, so sums by month can be read.
    """
    surroundings = {**_surroundings(user_id, days), "limit": limit, "offset": offset}
    ranked = _ranked(kind, by, ":first", ":last", by_month=whole_months)
    before = "SELECT NULL::bigint AS id, NULL::bigint AS rank"
    if previous is not None:
        before = _ranked(kind, by, ":previous_first", ":previous_last", by_month=whole_months)
        surroundings |= {"previous_first": previous.first, "previous_last": previous.last}
    names, joins = _SHOWN[kind]
    rows = session.execute(
        text(f"""
            WITH ranked AS MATERIALIZED ({ranked}), before AS ({before}),
            page AS (SELECT * FROM ranked ORDER BY rank LIMIT :limit OFFSET :offset)
            SELECT page.rank, page.id, {names}, page.listens, page.plays, page.ms_played,
                   before.rank AS previous_rank, (SELECT count(*) FROM ranked) AS total
            FROM page {joins} LEFT JOIN before ON before.id = page.id
            ORDER BY page.rank
        """),
        surroundings,
    ).all()
    if not rows:
        total = session.scalars(text(f"SELECT count(*) FROM ({ranked}) AS ranked"), surroundings).one()
        return [], total
    items = [
        TopRow._make((*row[:6], int(row.listens), int(row.plays), int(row.ms_played), row.previous_rank))
        for row in rows
    ]
    return items, rows[0].total


def clock(session: Session, user_id: int, days: DayRange) -> list[CellRow]:
    """Cells that hold something; weekday 0 is Monday. An hour that a clock change repeats counts both times."""
    rows = session.execute(
        text(f"""
            SELECT extract(isodow FROM day)::int - 1, hour, sum(listens), sum(ms_played)
            FROM daily_hours WHERE {_DAYS} AND kind = 'song' GROUP BY 1, 2 ORDER BY 1, 2
        """),
        _surroundings(user_id, days),
    )
    return [CellRow(weekday, hour, int(listens), int(ms_played)) for weekday, hour, listens, ms_played in rows]


def by_day(session: Session, user_id: int, days: DayRange) -> list[PointRow]:
    """Days with plays, oldest first."""
    return _points(session, "day", user_id, days)


def by_month(session: Session, user_id: int, days: DayRange) -> list[PointRow]:
    """Months with plays, oldest first; only the days of the range count."""
    return _points(session, "date_trunc('month', day)::date", user_id, days)


def _points(session: Session, start: str, user_id: int, days: DayRange) -> list[PointRow]:
    rows = session.execute(
        text(f"""
            SELECT {start}, sum(listens), sum(ms_played) FROM daily_hours WHERE {_DAYS} AND kind = 'song'
            GROUP BY 1 ORDER BY 1
        """),
        _surroundings(user_id, days),
    )
    return [PointRow(day, int(listens), int(ms_played)) for day, listens, ms_played in rows]


def _surroundings(user_id: int, days: DayRange) -> dict[str, object]:
    return {"user_id": user_id, "first": days.first, "last": days.last}
