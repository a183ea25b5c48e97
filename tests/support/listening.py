"""Plays as the models' wire carries them, for tests of the habit model and the recommender."""

from datetime import UTC, datetime, timedelta
from typing import Any

BEGIN = datetime(2026, 1, 5, 18, tzinfo=UTC)
"""A Monday evening."""


def play(
    track: str, artist: str, ended: datetime, *, ms: int = 180_000, skipped: bool | None = False
) -> dict[str, Any]:
    """One play with every field of the habit model's wire."""
    return {
        "track": track, "artist": artist, "started_at": (ended - timedelta(milliseconds=ms)).isoformat(),
        "ended_at": ended.isoformat(), "ms_played": ms, "reason_start": "trackdone",
        "reason_end": "fwdbtn" if skipped else "trackdone", "shuffle": False, "skipped": skipped,
    }  # fmt: skip


def evenings(tracks: list[tuple[str, str]], days: int, begin: datetime = BEGIN) -> list[dict[str, Any]]:
    """The same tracks in the same order on so many evenings, four minutes apart."""
    return [
        play(track, artist, begin + timedelta(days=day, minutes=4 * (place + 1)))
        for day in range(days)
        for place, (track, artist) in enumerate(tracks)
    ]


def only(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}


def recommender_row(row: dict[str, Any]) -> dict[str, Any]:
    return only(row, "track", "artist", "ended_at", "ms_played", "skipped")
