"""The same answers computed another way: plain Python over the rows of an export, no sums, no SQL."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LISTEN_MS = 30_000


@dataclass(frozen=True)
class Heard:
    start: datetime
    track: str
    artist: str
    album: str
    ms_played: int
    is_skip: bool
    tells_skip: bool

    @property
    def is_listen(self) -> bool:
        return self.ms_played >= LISTEN_MS


def heard(rows: Sequence[dict[str, Any]], zone: str) -> list[Heard]:
    """Online song rows of extended history, in local time, each play once."""
    once = {(row["ts"], row["spotify_track_uri"]): row for row in rows}
    return [
        Heard(
            (datetime.fromisoformat(row["ts"]) - timedelta(milliseconds=row["ms_played"])).astimezone(ZoneInfo(zone)),
            row["spotify_track_uri"],
            row["master_metadata_album_artist_name"],
            row["master_metadata_album_album_name"],
            row["ms_played"],
            row["reason_end"] == "fwdbtn" if row["skipped"] is None else row["skipped"],
            row["skipped"] is not None or bool(row["reason_end"]),
        )
        for row in once.values()
    ]


def within(plays: Sequence[Heard], first: date, last: date) -> list[Heard]:
    return [play for play in plays if first <= play.start.date() <= last]


def totals(plays: Sequence[Heard], first: date, last: date) -> dict[str, int]:
    span = within(plays, first, last)
    listens = [play for play in span if play.is_listen]
    earlier = {play.track for play in plays if play.is_listen and play.start.date() < first}
    return {
        "plays": len(span),
        "listens": len(listens),
        "skips": sum(play.is_skip for play in span),
        "skips_known": sum(play.tells_skip for play in span),
        "ms_played": sum(play.ms_played for play in span),
        "minutes": sum(play.ms_played for play in span) // 60_000,
        "tracks": len({play.track for play in listens}),
        "artists": len({play.artist for play in listens}),
        "albums": len({(play.artist, play.album) for play in listens}),
        "days_active": len({play.start.date() for play in listens}),
        "first_listens": len({play.track for play in listens} - earlier),
    }


def clock(plays: Sequence[Heard], first: date, last: date) -> Counter[tuple[int, int]]:
    """Milliseconds by (weekday, hour)."""
    cells: Counter[tuple[int, int]] = Counter()
    for play in within(plays, first, last):
        cells[play.start.weekday(), play.start.hour] += play.ms_played
    return cells


def time_by(plays: Sequence[Heard], field: str, first: date, last: date) -> Counter[str]:
    """Milliseconds by track, artist or day."""
    sums: Counter[str] = Counter()
    for play in within(plays, first, last):
        sums[str(play.start.date() if field == "day" else getattr(play, field))] += play.ms_played
    return sums


def longest_streak(plays: Sequence[Heard], first: date, last: date) -> int:
    days = {play.start.date() for play in within(plays, first, last) if play.is_listen}
    best = 0
    for day in days:
        if day - timedelta(days=1) not in days:
            length = 1
            while day + timedelta(days=length) in days:
                length += 1
            best = max(best, length)
    return best
