"""Stretches of days that one track or artist dominated.

A stretch goes on while, again and again, `listens` listens of the same one fall into some `WINDOW_DAYS` days in a row.
It counts where the one had at least `share` of everything listened to in it.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from platform_api.crud import analytics
from platform_api.models import User
from platform_api.schemas.discoveries import Obsessions, ObsessionStretch
from platform_api.schemas.tracks import NamedRef, TrackRef
from platform_api.services.analytics.facts import facts_of
from platform_api.services.analytics.history import day_of, history_of
from platform_api.services.analytics.questions import shown
from platform_api.services.analytics.runs import DAYS
from platform_api.services.analytics.spans import Span
from platform_api.services.sound.references import track_refs

WINDOW_DAYS = 7
SHOWN = 20

Numbers = npt.NDArray[np.int64]


class Rule(NamedTuple):
    listens: int
    share: float


TRACK = Rule(10, 0.1)
ARTIST = Rule(20, 1 / 3)


class Stretch(NamedTuple):
    item: int
    first_day: int
    last_day: int
    listens: int
    share: float


def stretches(
    item: Numbers, day: Numbers, rule: Rule, everything_on: Numbers | None = None, *, most: int | None = SHOWN
) -> list[Stretch]:
    """Of listens in any order, the most listens first, at most `most`.

    `everything_on`: the days of all listens, where `item` and `day` are not all of them.
    """
    keys = np.sort(item * DAYS + day)
    ends = keys[rule.listens - 1 :]
    starts = keys[: len(ends)]
    dense = ends - starts < WINDOW_DAYS
    starts, ends = starts[dense], ends[dense]
    if not len(starts):
        return []
    # windows that share a day belong together; another item is far beyond any window's end
    begins = np.append(0, np.flatnonzero(starts[1:] > ends[:-1]) + 1)
    first, last = starts[begins], ends[np.append(begins[1:], len(ends)) - 1]
    listens = np.searchsorted(keys, last, side="right") - np.searchsorted(keys, first, side="left")
    days = np.sort(day if everything_on is None else everything_on)
    everything = np.searchsorted(days, last % DAYS, side="right") - np.searchsorted(days, first % DAYS, side="left")
    share = listens / everything
    chosen = np.flatnonzero(share >= rule.share)
    order = chosen[np.lexsort((-first[chosen] % DAYS, -listens[chosen]))][:most]
    return [
        Stretch(int(first[at] // DAYS), int(first[at] % DAYS), int(last[at] % DAYS), int(listens[at]), float(share[at]))
        for at in order
    ]


def obsessions(session: Session, user: User, span: Span) -> Obsessions:
    history = history_of(session, user)
    facts = facts_of(session, history)
    listens = history.between(span.first_day, span.last_day).songs.listens
    day = listens.day.astype(np.int64)
    of_tracks = stretches(listens.track.astype(np.int64), day, TRACK)
    of_artists = stretches(facts.artist[listens.track], day, ARTIST)
    track_ids = history.track_ids[[each.item for each in of_tracks]].tolist() if of_tracks else []
    artist_ids = facts.artist_ids[[each.item for each in of_artists]].tolist() if of_artists else []
    refs, names = track_refs(session, track_ids), analytics.artist_names(session, artist_ids)
    return Obsessions(
        span=shown(span),
        tracks=[shown_stretch(each, track=refs[id_]) for id_, each in zip(track_ids, of_tracks, strict=True)],
        artists=[
            shown_stretch(each, artist=NamedRef(id=id_, name=names[id_]))
            for id_, each in zip(artist_ids, of_artists, strict=True)
        ],
    )


def shown_stretch(stretch: Stretch, track: TrackRef | None = None, artist: NamedRef | None = None) -> ObsessionStretch:
    """As the API tells it, of a track or of an artist."""
    return ObsessionStretch(
        track=track,
        artist=artist,
        first_day=day_of(stretch.first_day),
        last_day=day_of(stretch.last_day),
        days=stretch.last_day - stretch.first_day + 1,
        listens=stretch.listens,
        share=round(stretch.share, 4),
    )
