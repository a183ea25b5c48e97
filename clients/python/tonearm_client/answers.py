"""The product's own answers, made from a frame of plays: the same numbers as its pages show for the same days."""

from __future__ import annotations

from typing import Literal

import pandas

MS_PER_MINUTE = 60_000
NAMED = {"tracks": ["track_key", "title", "artist"], "artists": ["artist"], "albums": ["album", "artist"]}


def music(plays: pandas.DataFrame) -> pandas.DataFrame:
    """Songs only: podcasts and audiobooks are counted apart."""
    return plays[plays["kind"] == "song"]


def totals(plays: pandas.DataFrame) -> dict[str, int]:
    """plays, listens, skips, minutes, tracks, artists and days of music; something counts once it was a listen."""
    songs = music(plays)
    listens = songs[songs["is_listen"]]
    return {
        "plays": len(songs),
        "listens": len(listens),
        "skips": int(songs["is_skip"].sum()),
        "minutes": int(songs["ms_played"].sum()) // MS_PER_MINUTE,
        "tracks": listens["track_key"].nunique(),
        "artists": listens["artist"].nunique(),
        "days_active": listens["local_start"].dt.date.nunique(),
    }


def top(
    plays: pandas.DataFrame, kind: Literal["tracks", "artists", "albums"] = "tracks", count: int = 50
) -> pandas.DataFrame:
    """The most heard by listens, then by time, then what was heard first: `plays` are in the order of their starts."""
    songs = music(plays)
    by = songs.groupby(NAMED[kind], observed=True, dropna=True, sort=False)
    ranked = by.agg(listens=("is_listen", "sum"), plays=("is_listen", "size"), ms_played=("ms_played", "sum"))
    ranked = ranked[ranked["listens"] > 0].sort_values(["listens", "ms_played"], ascending=False)
    return ranked.reset_index().head(count)


def clock(plays: pandas.DataFrame) -> pandas.DataFrame:
    """Listens by weekday (0 is Monday) and local hour: 7 rows, 24 columns."""
    listens = music(plays).query("is_listen")
    start = listens["local_start"].dt
    counted = pandas.crosstab(start.day_of_week, start.hour)
    return counted.reindex(index=range(7), columns=range(24), fill_value=0).rename_axis(index="weekday", columns="hour")


def calendar(plays: pandas.DataFrame) -> pandas.Series:
    """Listens by local day; days without any are 0."""
    days = music(plays).query("is_listen").set_index("local_start").resample("D").size()
    return days.rename("listens")
