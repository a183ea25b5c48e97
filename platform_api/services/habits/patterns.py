"""Routine against phases, and what is due for a comeback: from the listener's own plays, no model in it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.orm import Session

from platform_api.crud import analytics
from platform_api.models import User
from platform_api.schemas.habits import DueBack, HabitPatterns, PatternMonth
from platform_api.schemas.tracks import NamedRef, TrackRef
from platform_api.services.analytics.discoveries import Items, items_until
from platform_api.services.analytics.history import day_number, day_of
from platform_api.services.analytics.obsessions import WINDOW_DAYS, shown_stretch
from platform_api.services.habits import whys
from platform_api.services.habits.returning import Due, due
from platform_api.services.habits.routine import KINDS, Judged, judged
from platform_api.services.sound.references import track_refs
from platform_api.utils.cache import Cache

FRESH_DAYS = 7
"""An export is days old when it arrives: past this, everything is told of the day where the history ends."""
SHOWN_DUE = 6
SHOWN_MONTHS = 24
SHOWN_PHASES = 12
TOLD_MONTHS = 6


def habit_patterns(session: Session, cache: Cache, user: User, *, now: datetime) -> bytes:
    """HabitPatterns as JSON, kept until the data or the day change."""
    today = now.astimezone(ZoneInfo(user.time_zone)).date()
    asked = {"today": today, "zone": user.time_zone}
    return cache.cached_json(user, "habit patterns", asked, lambda: patterns(session, user, today))


def patterns(session: Session, user: User, today: date) -> HabitPatterns:
    tracks, artists = items_until(session, user, today)
    last = day_of(tracks.day.max()) if len(tracks.day) else None
    as_of = last if last and (today - last).days > FRESH_DAYS else today
    late_artists, late_tracks = (due(items, day_number(as_of), SHOWN_DUE) for items in (artists, tracks))
    found = judged(artists.item, artists.day)
    months = _months(found, artists)
    recent = {
        kind: sum(getattr(month, kind) for month in months if _months_ago(month.start, as_of) < TOLD_MONTHS)
        for kind in KINDS
    }
    phases = found.phases[-SHOWN_PHASES:]
    named = [each.item for each in late_artists] + [each.item for each in phases]
    names = analytics.artist_names(session, artists.ids[named].tolist())
    refs = track_refs(session, [int(tracks.ids[each.item]) for each in late_tracks])
    return HabitPatterns(
        as_of=as_of if last else None,
        told=whys.routine_and_phases(recent, min(TOLD_MONTHS, max(1, len(months)))),
        months=months[-SHOWN_MONTHS:],
        phases=[shown_stretch(each, artist=_named(artists, each.item, names)) for each in phases],
        phase_now=any(day_number(as_of) - each.last_day < WINDOW_DAYS for each in phases),
        due_artists=[_due(each, artist=_named(artists, each.item, names)) for each in late_artists],
        due_tracks=[_due(each, track=refs[int(tracks.ids[each.item])]) for each in late_tracks],
    )


def _months(found: Judged, artists: Items) -> list[PatternMonth]:
    """Months that hold anything that can be judged, oldest first."""
    known = found.kind >= 0
    if not known.any():
        return []
    month = artists.day[known].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    numbers, place = np.unique(month, return_inverse=True)
    counts = np.bincount(place * len(KINDS) + found.kind[known], minlength=len(numbers) * len(KINDS))
    return [
        PatternMonth(
            start=date(1970 + int(number) // 12, int(number) % 12 + 1, 1),
            **{kind: int(row[at]) for at, kind in enumerate(KINDS)},
        )
        for number, row in zip(numbers, counts.reshape(-1, len(KINDS)), strict=True)
    ]


def _months_ago(start: date, today: date) -> int:
    return (today.year - start.year) * 12 + today.month - start.month


def _named(artists: Items, item: int, names: dict[int, str]) -> NamedRef:
    id_ = int(artists.ids[item])
    return NamedRef(id=id_, name=names[id_])


def _due(late: Due, track: TrackRef | None = None, artist: NamedRef | None = None) -> DueBack:
    return DueBack(
        track=track,
        artist=artist,
        visits=late.visits,
        usual_days=late.usual_days,
        silent_days=late.silent_days,
        last_day=day_of(late.last_day),
        why=whys.why_due(late.visits, late.usual_days, late.silent_days),
    )
