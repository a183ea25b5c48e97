"""Round numbers: the thousandth listen, the hundredth hour, the five-hundredth artist."""

from itertools import count, takewhile

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from platform_api.models import User
from platform_api.schemas.discoveries import Milestone, MilestoneKind, Milestones, NextMilestone
from platform_api.services.analytics.discoveries import moment
from platform_api.services.analytics.facts import facts_of
from platform_api.services.analytics.history import History, day_number, day_of, history_of
from platform_api.services.analytics.questions import shown
from platform_api.services.analytics.spans import Span
from platform_api.services.sound.references import track_refs

HOUR_MS = 3_600_000

Numbers = npt.NDArray[np.int64]


def rounds(reached: int) -> list[int]:
    """100, 500, 1,000, 5,000, then every 10,000, up to the first beyond `reached`."""
    few = [100, 500, 1000, 5000]
    every = [*few, *takewhile(lambda number: number <= reached + 10_000, count(10_000, 10_000))]
    return [number for at, number in enumerate(every) if at == 0 or every[at - 1] <= reached]


def progress(songs: History, artist: Numbers) -> dict[MilestoneKind, Numbers]:
    """How many of each there were with each listen, this one included."""
    listens = songs.listens
    return {
        "listens": np.arange(1, len(listens) + 1),
        "hours": np.cumsum(songs.ms_played)[songs.is_listen] // HOUR_MS,
        "tracks": _different(listens.track.astype(np.int64), len(songs.track_ids)),
        "artists": _different(artist[listens.track], int(artist.max(initial=-1)) + 1),
    }


def _different(item: Numbers, items: int) -> Numbers:
    first = np.full(items, len(item), dtype=np.int64)
    first[item[::-1]] = np.arange(len(item) - 1, -1, -1)
    is_first = np.zeros(len(item), np.int64)
    is_first[first[first < len(item)]] = 1
    return np.cumsum(is_first)


def milestones(session: Session, user: User, span: Span) -> Milestones:
    history = history_of(session, user)
    listens = history.songs.listens
    reached: list[tuple[int, MilestoneKind, int]] = [(0, "first_listen", 1)] if len(listens) else []
    upcoming: list[NextMilestone] = []
    for kind, numbers in progress(history.songs, facts_of(session, history).artist).items():
        so_far = int(numbers[-1]) if len(numbers) else 0
        *passed, following = rounds(so_far)
        places = np.searchsorted(numbers, passed)
        reached += [(int(place), kind, number) for place, number in zip(places, passed, strict=True)]
        upcoming.append(NextMilestone(kind=kind, number=following, reached=so_far))
    first, last = day_number(span.first_day), day_number(span.last_day)
    inside = sorted(each for each in reached if first <= listens.day[each[0]] <= last)
    refs = track_refs(session, [int(listens.track_ids[listens.track[place]]) for place, _, _ in inside])
    return Milestones(
        span=shown(span),
        items=[
            Milestone(
                kind=kind,
                number=number,
                at=moment(listens.started_ms[place]),
                day=day_of(listens.day[place]),
                track=refs[int(listens.track_ids[listens.track[place]])],
            )
            for place, kind, number in inside
        ],
        upcoming=upcoming,
    )
