"""First listens, comebacks and what was forgotten."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from platform_api.crud import analytics
from platform_api.models import User
from platform_api.schemas.discoveries import (
    ArtistComeback,
    Discoveries,
    DiscoveryPoint,
    ForgottenArtist,
    ForgottenTrack,
    NewArtist,
    Newness,
    NewTrack,
    Rediscovery,
    TrackComeback,
)
from platform_api.schemas.tracks import NamedRef
from platform_api.services.analytics.facts import facts_of
from platform_api.services.analytics.history import day_number, day_of, different_days, history_of
from platform_api.services.analytics.questions import LONGEST_BY_DAY, shown
from platform_api.services.analytics.runs import DAY_BITS, DAYS, ascending
from platform_api.services.analytics.spans import Span
from platform_api.services.sound.references import track_refs

SHOWN = 10
SILENCE_DAYS = 180
COMEBACK_LISTENS = 3
FORGOTTEN_DAYS = 365
FAVOURITE_LISTENS = 10
"""Listened to this often, it was a favourite of some time."""

Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Items:
    """Listens of one listener told by item (track or artist): by start, one entry a listen."""

    ids: Numbers
    item: Numbers
    day: Numbers
    started_ms: Numbers

    @property
    def count(self) -> int:
        return len(self.ids)

    @cached_property
    def listens(self) -> Numbers:
        return np.bincount(self.item, minlength=self.count)

    @cached_property
    def first(self) -> Numbers:
        """Place of each item's first listen, −1 where there is none."""
        places = np.full(self.count, -1, dtype=np.int64)
        places[self.item[::-1]] = np.arange(len(self.item) - 1, -1, -1)
        return places

    @cached_property
    def first_day(self) -> Numbers:
        """Day of each item's first listen, −1 where there is none."""
        return np.where(self.first >= 0, self.day[self.first], -1) if len(self.day) else self.first


@dataclass(frozen=True)
class Since:
    """The part of `items` from a day on."""

    items: Items
    begins: int

    @cached_property
    def inside(self) -> Mask:
        """Which listens are of it."""
        inside: Mask = self.items.day >= self.begins
        return inside

    @cached_property
    def listens(self) -> Numbers:
        """Of each item."""
        if self.inside.all():
            return self.items.listens
        return np.bincount(self.items.item[self.inside], minlength=self.items.count)

    @cached_property
    def is_new(self) -> Mask:
        """Which items were never heard before."""
        new: Mask = self.items.first_day >= self.begins
        return new & (self.items.first >= 0)


def items_until(session: Session, user: User, last: date) -> tuple[Items, Items]:
    """Tracks and artists over all listens up to that day: what is new is new beside all that came before."""
    history = history_of(session, user)
    facts = facts_of(session, history)
    listens = history.until(last).songs.listens
    track, day = listens.track.astype(np.int64), listens.day.astype(np.int64)
    tracks = Items(history.track_ids, track, day, listens.started_ms)
    return tracks, Items(facts.artist_ids, facts.artist[track], day, listens.started_ms)


def discovery(session: Session, user: User, span: Span) -> Discoveries:
    first = day_number(span.first_day)
    tracks, artists = (Since(items, first) for items in items_until(session, user, span.last_day))
    found_tracks, found_artists = (_found(items) for items in (tracks, artists))
    refs = track_refs(session, [id_ for id_, _, _ in found_tracks])
    names = analytics.artist_names(session, [id_ for id_, _, _ in found_artists])
    return Discoveries(
        span=shown(span),
        tracks=_newness(tracks),
        artists=_newness(artists),
        points=_points(tracks, artists, by_day=span.days <= LONGEST_BY_DAY),
        found_tracks=[NewTrack(track=refs[id_], first_at=at, listens=n) for id_, at, n in found_tracks],
        found_artists=[
            NewArtist(artist=NamedRef(id=id_, name=names[id_]), first_at=at, listens=n) for id_, at, n in found_artists
        ],
    )


def _newness(part: Since) -> Newness:
    heard, new = int((part.listens > 0).sum()), int(part.is_new.sum())
    return Newness(
        heard=heard,
        new=new,
        new_share=_share(new, heard),
        listens_share=_share(int(part.listens[part.is_new].sum()), int(part.listens.sum())),
    )


def _found(part: Since) -> list[tuple[int, datetime, int]]:
    """(id, first moment, listens since), the most listened to first."""
    items, listens, new = part.items, part.listens, np.flatnonzero(part.is_new)
    order = new[np.lexsort((items.first[new], -listens[new]))][:SHOWN]
    return [(int(items.ids[at]), moment(items.started_ms[items.first[at]]), int(listens[at])) for at in order]


def _points(tracks: Since, artists: Since, *, by_day: bool) -> list[DiscoveryPoint]:
    first_day, day = tracks.begins, tracks.items.day[tracks.inside]
    days = different_days(day)
    starts = [day_of(number) if by_day else day_of(number).replace(day=1) for number in days]
    bucket_of_day = np.zeros(int(days[-1]) + 1 - first_day if starts else 0, dtype=np.int64)
    bucket_of_day[days - first_day] = np.unique([day_number(start) for start in starts], return_inverse=True)[1]
    count = int(bucket_of_day.max(initial=-1)) + 1

    def firsts(part: Since) -> Numbers:
        return np.bincount(bucket_of_day[part.items.first_day[part.is_new] - first_day], minlength=count)

    bucket_of_first = np.full(tracks.items.count, -1, dtype=np.int64)
    bucket_of_first[tracks.is_new] = bucket_of_day[tracks.items.first_day[tracks.is_new] - first_day]
    own_bucket = bucket_of_day[day - first_day]
    to_new = np.bincount(own_bucket[bucket_of_first[tracks.items.item[tracks.inside]] == own_bucket], minlength=count)
    columns = (np.bincount(own_bucket, minlength=count), firsts(tracks), firsts(artists), to_new)
    return [
        DiscoveryPoint(
            start=start, listens=int(listens), new_tracks=int(new), new_artists=int(artist), to_new_tracks=int(times)
        )
        for start, listens, new, artist, times in zip(dict.fromkeys(starts), *columns, strict=True)
    ]


def rediscovery(session: Session, user: User, span: Span) -> Rediscovery:
    history = history_of(session, user)
    known = history.days
    as_of = min(span.last_day, known[1]) if known else span.last_day
    since = as_of - timedelta(days=FORGOTTEN_DAYS - 1)
    tracks, artists = items_until(session, user, span.last_day)
    back_tracks, back_artists = (comebacks(items, span.first_day) for items in (tracks, artists))
    lost_tracks, lost_artists = (_forgotten(items, day_number(since)) for items in (tracks, artists))
    refs = track_refs(session, [*(each.id for each in back_tracks), *(each["id"] for each in lost_tracks)])
    names = analytics.artist_names(
        session, [*(each.id for each in back_artists), *(each["id"] for each in lost_artists)]
    )

    def track(id: int, **told: Any) -> dict[str, Any]:
        return {"track": refs[id], **told}

    def artist(id: int, **told: Any) -> dict[str, Any]:
        return {"artist": NamedRef(id=id, name=names[id]), **told}

    return Rediscovery(
        span=shown(span),
        silence_days=SILENCE_DAYS,
        tracks=[TrackComeback(**track(**each._asdict())) for each in back_tracks],
        artists=[ArtistComeback(**artist(**each._asdict())) for each in back_artists],
        forgotten_since=since,
        forgotten_tracks=[ForgottenTrack(**track(**each)) for each in lost_tracks],
        forgotten_artists=[ForgottenArtist(**artist(**each)) for each in lost_artists],
    )


class Returned(NamedTuple):
    """A track or an artist that came back; `silent_days` lie between, `listens` are those since."""

    id: int
    silent_days: int
    left_on: date
    back_on: date
    listens: int


def comebacks(items: Items, first_day: date, shown: int = SHOWN) -> list[Returned]:
    """Each item's longest silence that ended on `first_day` or later; the longest first."""
    keys = ascending(items.item * DAYS + items.day)
    silent = np.diff(keys) - 1  # days without a listen where both are of one item, else more than any history has
    ended = np.flatnonzero(silent >= SILENCE_DAYS) + 1
    is_same = keys[ended] >> DAY_BITS == keys[ended - 1] >> DAY_BITS
    ended = ended[is_same & (keys[ended] % DAYS >= day_number(first_day))]
    listens = np.cumsum(items.listens)[keys[ended] >> DAY_BITS] - ended
    ended = ended[listens >= COMEBACK_LISTENS]
    order = ended[np.lexsort((-(keys[ended] % DAYS), -silent[ended - 1]))]
    told: dict[int, Returned] = {}
    for at in order:
        which = int(keys[at] // DAYS)
        if len(told) == shown:
            break
        if which not in told:
            told[which] = Returned(
                id=int(items.ids[which]),
                silent_days=int(silent[at - 1]),
                left_on=day_of(keys[at - 1] % DAYS),
                back_on=day_of(keys[at] % DAYS),
                listens=int(items.listens[: which + 1].sum() - at),
            )
    return list(told.values())


def _forgotten(items: Items, since: int) -> list[dict[str, Any]]:
    """Favourites without a listen from `since` on."""
    listens = items.listens
    last = np.full(items.count, -1, dtype=np.int64)
    last[items.item] = items.day
    lost = np.flatnonzero((listens >= FAVOURITE_LISTENS) & (last < since))
    order = lost[np.lexsort((-last[lost], -listens[lost]))][:SHOWN]
    return [{"id": int(items.ids[at]), "listens": int(listens[at]), "last_day": day_of(last[at])} for at in order]


def moment(ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(ms))


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
