"""What decides every byte of the town. Two towns with equal parameters are equal files."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

TOWN_VERSION = 3
"""Raise it when the code would write other bytes for the same seed: `python -m demo make` then makes the town anew."""


@dataclass(frozen=True)
class TownParams:
    """Seed and last day of the town, with the few sizes that tests make smaller.

    `end` is the last day that holds plays (UTC). `listeners` (those with the shortest histories) and
    `audio_tracks` cut the town short (None: all of it). Artists have `records` times as many records as in the demo:
    more music than anybody can hear, for measuring how well new music is found.
    """

    end: date
    seed: int = 7
    sample_rate: int = 16_000
    seconds: float = 12.0
    listeners: int | None = None
    audio_tracks: int | None = None
    records: int = 1

    @property
    def end_instant(self) -> datetime:
        """The first instant after the town's last day."""
        return datetime(self.end.year, self.end.month, self.end.day, tzinfo=UTC) + timedelta(days=1)

    def stamp(self) -> dict[str, object]:
        """What is written beside the town to recognise it again."""
        return {
            "version": TOWN_VERSION,
            "seed": self.seed,
            "end": self.end.isoformat(),
            "sample_rate": self.sample_rate,
            "seconds": self.seconds,
            "listeners": self.listeners,
            "audio_tracks": self.audio_tracks,
            **({"records": self.records} if self.records > 1 else {}),
        }


def yesterday() -> date:
    """The day before today (UTC): the freshest whole day."""
    return datetime.now(UTC).date() - timedelta(days=1)
