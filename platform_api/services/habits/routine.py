"""How much of what one listens to is routine, and how much a phase. Songs only.

Each listen is one of four: it lies in a phase of its artist (an obsession, as `services/analytics/obsessions.py` says
what that is); its artist is routine (listened to in at least half of the twelve weeks before); its artist is new (first
heard within these weeks); or it is a visit: somebody known, now and then. The first twelve weeks have nothing before
them to be judged by.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from platform_api.services.analytics.obsessions import ARTIST, Stretch, stretches

WEEKS_BEFORE = 12
ROUTINE_WEEKS = 6
MONDAY = 3
"""1970-01-01 was a Thursday, the fourth day of its week."""
KINDS = ("phase", "routine", "new", "visit")

Numbers = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Judged:
    """Listens by what they were; `kind` is a place in KINDS, −1 where it cannot be judged."""

    kind: npt.NDArray[np.int8]
    phases: list[Stretch]
    """All of them, oldest first."""


def judged(artist: npt.NDArray[np.int64], day: npt.NDArray[np.int64]) -> Judged:
    """One entry a listen, in any order; days as `analytics/history.py: day_number` counts them."""
    phases = sorted(stretches(artist, day, ARTIST, most=None), key=lambda each: (each.first_day, each.last_day))
    kind = np.full(len(artist), -1, dtype=np.int8)
    if not len(artist):
        return Judged(kind, phases)
    week = (day + MONDAY) // 7
    artists, weeks = int(artist.max()) + 1, int(week.max()) - int(week.min()) + 1
    place = week - week.min()
    pairs = np.unique(artist * weeks + place)
    heard_artist, heard_week = pairs // weeks, pairs % weeks
    # among the sorted pairs of an artist, those of the twelve weeks before a listen's week lie side by side
    own = artist * weeks
    begin = np.searchsorted(pairs, own + np.maximum(place - WEEKS_BEFORE, 0))
    before = np.searchsorted(pairs, own + place) - begin
    first_week = np.full(artists, -1, dtype=np.int64)
    first_week[heard_artist[::-1]] = heard_week[::-1]
    is_new = place - first_week[artist] < WEEKS_BEFORE
    known = place >= WEEKS_BEFORE
    kind[known] = np.select([before >= ROUTINE_WEEKS, is_new], [1, 2], default=3)[known]
    by_artist = np.argsort(artist, kind="stable")
    begins = np.searchsorted(artist[by_artist], np.arange(artists + 1))
    for phase in phases:
        places = by_artist[begins[phase.item] : begins[phase.item + 1]]
        inside = places[(day[places] >= phase.first_day) & (day[places] <= phase.last_day)]
        kind[inside[known[inside]]] = 0
    return Judged(kind, phases)
