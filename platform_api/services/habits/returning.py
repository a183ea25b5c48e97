"""What a listener keeps coming back to, and what is due by its own rhythm. Songs only.

A visit is a run of days with listens that lie at most a week apart. The silences between the visits of one track or
artist are its rhythm, where there are enough of them and they are alike. It is due once it has been silent for longer
than three out of four of them, and given up once the silence is three times the usual one; what has been silent for a
year is a forgotten favourite (`services/analytics/discoveries.py`), not a late one.
"""

from typing import NamedTuple

import numpy as np

from platform_api.services.analytics.discoveries import FORGOTTEN_DAYS, Items
from platform_api.services.analytics.runs import DAY_BITS, DAYS, item_days

VISIT_DAYS = 7
FEWEST_SILENCES = 4
LATEST_SILENCES = 12
"""Old habits do not count for ever."""
ALIKE = 2.0
"""Three out of four silences are at most so many times the usual one: else there is no rhythm to be late by."""
GIVEN_UP = 3.0


class Due(NamedTuple):
    item: int
    visits: int
    usual_days: int
    """The median silence between two visits."""
    silent_days: int
    last_day: int
    listens: int


def due(items: Items, today: int, limit: int) -> list[Due]:
    """As of the day number `today`; what was listened to most first."""
    pairs = item_days(items.item, items.day)
    if not len(pairs):
        return []
    item, day = pairs >> DAY_BITS, pairs & (DAYS - 1)
    same = item[1:] == item[:-1]
    silence = np.diff(day)
    listens = items.listens
    last = np.flatnonzero(np.append(~same, True))
    first = np.append(0, last[:-1] + 1)
    silent = today - day[last]
    waiting = np.flatnonzero((silent > VISIT_DAYS) & (silent < FORGOTTEN_DAYS) & (last - first >= FEWEST_SILENCES))
    found = []
    for at in waiting[np.argsort(-listens[item[last[waiting]]], kind="stable")].tolist():
        between = silence[first[at] : last[at]]
        between = between[between > VISIT_DAYS]
        if len(between) < FEWEST_SILENCES:
            continue
        usual, long = np.quantile(between[-LATEST_SILENCES:], [0.5, 0.75])
        if long <= ALIKE * usual and long < silent[at] <= GIVEN_UP * usual:
            which = int(item[last[at]])
            found.append(
                Due(
                    which,
                    len(between) + 1,
                    round(float(usual)),
                    int(silent[at]),
                    int(day[last[at]]),
                    int(listens[which]),
                )
            )
            if len(found) == limit:
                break
    return found
