"""What was unusual in a span: phases, an obsession, the day unlike the others, what fell silent, an hour that moved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, get_args

from platform_api.schemas.analysis import Clock, Peak
from platform_api.schemas.discoveries import LedUnit
from platform_api.schemas.tracks import NamedRef
from platform_api.schemas.wraps import DayParts, Phase, Quiet, Shift, StrangeDay
from platform_api.services.analytics.facts import Facts
from platform_api.services.analytics.history import History
from platform_api.services.analytics.leaders import Leader, following, in_a_row, leaders
from platform_api.services.analytics.spans import Span
from platform_api.services.wraps import unusual

FEWEST_DAYS = 21
"""In less time a week is not a part of the span but most of it."""
A_HABIT = 3
"""Listens in one hour of the week from which on it is more than chance."""
BY_MONTH_FROM_DAYS = 120
BURST_LISTENS = 6
BURST_SHARE = 0.35
STRANGE_LISTENS = 5
STRANGE_SHARE = 0.3
QUIET_LISTENS = 10
QUIET_LEFT = 0.25
SHIFT_LEAST = 0.03

Part = Literal["night", "morning", "afternoon", "evening"]


@dataclass(frozen=True)
class Unusual:
    """Found, with ids; the names are asked for once, with all others of the wrap."""

    unit: LedUnit
    leaders: list[Leader]
    burst: unusual.Burst | None
    strange_day: unusual.StrangeDay | None
    fell_silent: unusual.Quiet | None

    @property
    def artist_ids(self) -> list[int]:
        others = [each.artist_id for each in (self.strange_day, self.fell_silent) if each]
        return [*{leader.id for leader in self.leaders}, *others]


def look(listens: History, facts: Facts, span: Span, before: History | None) -> Unusual:
    """`span` ends today where it still runs. `before`: the listens of the span before, where it can be told from them
    who fell silent."""
    unit: LedUnit = "month" if span.days >= BY_MONTH_FROM_DAYS else "week"
    quiet = before and unusual.fell_silent(listens, before, facts, min_listens=QUIET_LISTENS, max_left=QUIET_LEFT)
    if span.days < FEWEST_DAYS:
        return Unusual(unit, [], None, None, quiet or None)
    return Unusual(
        unit,
        leaders(listens, facts, "artists", unit, "time"),
        unusual.week_obsession(listens, span.last_day, min_listens=BURST_LISTENS, min_share=BURST_SHARE),
        unusual.day_unlike_the_others(listens, facts, min_listens=STRANGE_LISTENS, min_share=STRANGE_SHARE),
        quiet or None,
    )


def reigns(told: Iterable[Leader], names: dict[int, str], unit: LedUnit, span: Span) -> list[Phase]:
    """Neighbouring months or weeks of the same artist become one phase."""
    return [
        Phase(
            artist=NamedRef(id=reign[0].id, name=names[reign[0].id]),
            first_day=max(reign[0].start, span.first_day),
            last_day=min(following(reign[-1].start, unit) - timedelta(days=1), span.last_day),
            listens=sum(one.listens for one in reign),
            ms_played=sum(one.ms_played for one in reign),
            share=round(sum(one.ms_played for one in reign) / max(1, sum(one.ms_in_all for one in reign)), 4),
        )
        for reign in in_a_row(told, unit)
    ]


def strange_day(found: unusual.StrangeDay | None, names: dict[int, str]) -> StrangeDay | None:
    return found and StrangeDay(
        day=found.day,
        listens=found.listens,
        in_all=found.in_all,
        artists=found.artists,
        artist=NamedRef(id=found.artist_id, name=names[found.artist_id]),
    )


def fell_silent(found: unusual.Quiet | None, names: dict[int, str]) -> Quiet | None:
    return found and Quiet(
        artist=NamedRef(id=found.artist_id, name=names[found.artist_id]),
        rank_before=found.rank_before,
        listens_before=found.listens_before,
        listens=found.listens,
    )


def shift(now: DayParts | None, before: DayParts | None) -> Shift | None:
    """The largest change of a share, where one is worth telling."""
    if now is None or before is None:
        return None
    part: Part = max(get_args(Part), key=lambda name: abs(getattr(now, name) - getattr(before, name)))
    told = Shift(part=part, share=getattr(now, part), before=getattr(before, part))
    return told if abs(told.share - told.before) >= SHIFT_LEAST else None


def usual_hour(clock: Clock) -> Peak | None:
    """The hour of the week with most time, where music was on in it often enough to be a habit."""
    peak = clock.peak
    if peak is None:
        return None
    listens = sum(cell.listens for cell in clock.cells if (cell.weekday, cell.hour) == (peak.weekday, peak.hour))
    return peak if listens >= A_HABIT else None


def hue_number(name: str | None) -> int:
    """One of the eight hues of the page's tokens, always the same for the same name."""
    hashed = 0
    for letter in (name or "").strip().lower():
        hashed = (hashed * 31 + ord(letter)) & 0xFFFFFFFF
    return hashed % 8 + 1
