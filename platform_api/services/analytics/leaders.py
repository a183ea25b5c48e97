"""Who was number one of each week, month or year: the rule of the top lists, period by period. Songs only."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from platform_api.crud.analytics import Measure
from platform_api.models import User
from platform_api.schemas.discoveries import Leaders, Led, LedKind, LedUnit, Reign
from platform_api.services.analytics.facts import Facts, facts_of
from platform_api.services.analytics.history import EPOCH_DAY, History, history_of
from platform_api.services.analytics.naming import names
from platform_api.services.analytics.questions import shown
from platform_api.services.analytics.ranking import items_of
from platform_api.services.analytics.spans import Span

MONDAY = 3
"""1970-01-01 was a Thursday, the fourth day of its week."""

Numbers = npt.NDArray[np.int64]


class Leader(NamedTuple):
    """Who had most of one week, month or year; the sums in all are of everybody together."""

    start: date
    id: int
    listens: int
    ms_played: int
    listens_in_all: int
    ms_in_all: int


def leaders(plays: History, facts: Facts, kind: LedKind, unit: LedUnit, by: Measure) -> list[Leader]:
    """Oldest first; weeks (from Monday), months and years that have nothing of the measure are left out. Of equal ones
    leads the one that has more of the other measure, then the one heard first."""
    item, ids = items_of(plays, facts, kind)
    plays = plays.where(item[plays.track] >= 0)
    if not len(plays):
        return []
    told = _period(plays, unit) * len(ids) + item[plays.track]
    # each key with its place behind it: sorted in half the time of a stable argsort, in the same order
    bits = len(plays).bit_length()
    ordered = np.sort((told << bits) + np.arange(len(plays)))
    places, keys = ordered & ((1 << bits) - 1), ordered >> bits
    cuts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    listens = np.add.reduceat(plays.is_listen[places].astype(np.int64), cuts)
    ms_played = np.add.reduceat(plays.ms_played[places], cuts)
    period, which = np.divmod(keys[cuts], len(ids))
    measure, other = (listens, ms_played) if by == "listens" else (ms_played, listens)
    begins = np.flatnonzero(np.append(True, period[1:] != period[:-1]))
    most = np.repeat(np.maximum.reduceat(measure, begins), np.diff(np.append(begins, len(period))))
    first = np.flatnonzero((measure == most) & (most > 0))  # ordering these alone costs a hundredth of ordering all
    first = first[np.lexsort((places[cuts[first]], -other[first], period[first]))]
    first = first[np.append(True, np.diff(period[first]) != 0)] if len(first) else first
    part = np.searchsorted(period[begins], period[first])
    in_all = [np.add.reduceat(sums, begins)[part] for sums in (listens, ms_played)]
    return [
        Leader(
            _start(int(period[at]), unit), int(ids[which[at]]), int(listens[at]), int(ms_played[at]), *map(int, sums)
        )
        for at, *sums in zip(first, *in_all, strict=True)
    ]


def in_a_row(told: Iterable[Leader], unit: LedUnit) -> list[list[Leader]]:
    """Neighbouring periods of the same leader together; a silent one between them parts them."""
    grouped: list[list[Leader]] = []
    for leader in told:
        last = grouped[-1][-1] if grouped else None
        if last and last.id == leader.id and following(last.start, unit) == leader.start:
            grouped[-1].append(leader)
        else:
            grouped.append([leader])
    return grouped


def following(start: date, unit: LedUnit) -> date:
    """The first day of the next period."""
    if unit == "week":
        return start + timedelta(days=7)
    if unit == "month":
        return (start + timedelta(days=31)).replace(day=1)
    return start.replace(year=start.year + 1)


def number_ones(session: Session, user: User, span: Span, kind: LedKind, unit: LedUnit, by: Measure) -> Leaders:
    history = history_of(session, user)
    facts = facts_of(session, history)
    told = leaders(history.between(span.first_day, span.last_day).songs, facts, kind, unit, by)
    led = Counter(leader.id for leader in told)
    named = {id_: each._asdict() for id_, each in names(session, kind, led).items()}
    for each in named.values():
        del each["album"]
    return Leaders(
        span=shown(span),
        kind=kind,
        unit=unit,
        by=by,
        periods=len(told),
        leaders=[Led(**named[id_], periods=periods) for id_, periods in led.most_common()],
        reigns=[
            Reign(
                **named[reign[0].id],
                first_day=max(reign[0].start, span.first_day),
                last_day=min(following(reign[-1].start, unit) - timedelta(days=1), span.last_day),
                periods=len(reign),
                listens=sum(each.listens for each in reign),
                ms_played=sum(each.ms_played for each in reign),
                share=round(_share(reign, by), 4),
            )
            for reign in in_a_row(told, unit)
        ],
    )


def _share(reign: list[Leader], by: Measure) -> float:
    if by == "listens":
        return sum(each.listens for each in reign) / sum(each.listens_in_all for each in reign)
    return sum(each.ms_played for each in reign) / sum(each.ms_in_all for each in reign)


def _period(plays: History, unit: LedUnit) -> Numbers:
    if unit == "week":
        return (plays.day.astype(np.int64) + MONDAY) // 7
    return (
        plays.day.astype("datetime64[D]")
        .astype("datetime64[M]" if unit == "month" else "datetime64[Y]")
        .astype(np.int64)
    )


def _start(period: int, unit: LedUnit) -> date:
    if unit == "week":
        return EPOCH_DAY + timedelta(days=period * 7 - MONDAY)
    if unit == "month":
        return date(1970 + period // 12, period % 12 + 1, 1)
    return date(1970 + period, 1, 1)
