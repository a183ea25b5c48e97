"""Everything that a history says about one track, artist or album, from the same columns as every other answer.

Of a span, if one is asked for; the first listen, the ranks of the years and the length of a silence are of all time.
Neighbours are plays that start within half an hour of the end of the one before, whatever they are.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from platform_api.crud import grooves
from platform_api.crud.analytics import TopKind
from platform_api.models import User
from platform_api.schemas.analysis import Cell, Peak
from platform_api.schemas.library import (
    CameBack,
    DaysInARow,
    FirstTime,
    Neighbour,
    PlayedAt,
    PlayStory,
    TakenOver,
    YearlyRank,
)
from platform_api.schemas.tracks import TrackRef
from platform_api.schemas.ways import ShareTold
from platform_api.services.analytics.discoveries import SILENCE_DAYS, moment
from platform_api.services.analytics.facts import Facts, facts_of
from platform_api.services.analytics.history import History, day_number, day_of, different_days, history_of
from platform_api.services.analytics.obsessions import ARTIST, TRACK, stretches
from platform_api.services.analytics.ranking import Placed, items_of, place_of
from platform_api.services.analytics.runs import DAYS, item_days, runs_of
from platform_api.services.analytics.spans import Span
from platform_api.services.analytics.ways import FINISHED, reached, reasons, share_told, track_lengths
from platform_api.services.sound.references import track_refs

NEIGHBOUR_MS = int(timedelta(minutes=30).total_seconds() * 1000)
AROUND_MS = int(timedelta(hours=2).total_seconds() * 1000)
AROUND, NEIGHBOURS, OBSESSIONS = 3, 5, 3

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Subject:
    """What is told about: the item `id` of this kind. `plays` are all plays it can have neighbours among."""

    kind: TopKind
    id: int
    plays: History
    facts: Facts
    is_own: Mask
    """Which tracks of the history are its own."""

    @cached_property
    def own(self) -> Mask:
        """Which of `plays` are its own."""
        return self.is_own[self.plays.track]

    def within(self, span: Span | None) -> "Subject":
        return self if span is None else replace(self, plays=self.plays.between(span.first_day, span.last_day))


def subject(session: Session, user: User, kind: TopKind, id_: int) -> Subject:
    """Among songs; a podcast or a book among all that was played."""
    history = history_of(session, user)
    facts = facts_of(session, history)
    item, ids = items_of(history, facts, kind)
    is_own = np.zeros(len(history.track_ids), np.bool_)
    place = np.flatnonzero(ids == id_)
    if len(place):
        is_own = item == place[0]
    songs = history.songs
    plays = songs if len(place) == 0 or is_own[songs.track].any() else history
    return Subject(kind, id_, plays, facts, is_own)


def play_story(session: Session, about: Subject, span: Span | None = None) -> dict[str, Any]:
    """The fields of PlayStory, for the answer of a track, an artist or an album."""
    inside, ever = about.within(span), about.plays.where(about.own)
    own = ever.between(span.first_day, span.last_day) if span else ever
    listens = own.listens
    after, before = _neighbours(inside)
    first = _first(about)
    refs = track_refs(session, [*(id_ for id_, _ in (*after, *before)), *(id_ for part in first for id_, _ in part)])
    lengths, _ = track_lengths(about.plays, about.facts)
    has_length = lengths[own.track] > 0
    known, finished = int(has_length.sum()), int((reached(own, lengths)[has_length] >= FINISHED).sum())
    years, overall, rank = _ranks(about, ever.listens, span)
    week = np.bincount(own.weekday * 24 + own.hour, weights=own.is_listen, minlength=168)
    spent = np.bincount(own.weekday * 24 + own.hour, weights=own.ms_played, minlength=168)
    told = PlayStory(
        first=_first_told(first, refs),
        overall_rank=overall,
        rank=rank,
        years=years,
        longest_streak=_streak(listens),
        obsessions=_obsessions(inside, listens),
        comebacks=_comebacks(ever.listens, span),
        week=[
            Cell(weekday=at // 24, hour=at % 24, listens=int(week[at]), ms_played=int(spent[at])) for at in range(168)
        ],
        peak=_peak(week),
        skip_share=round(int(own.is_skip.sum()) / int(own.tells_skips.sum()), 4) if own.tells_skips.any() else None,
        finished=ShareTold(told=known, yes=finished, share=round(finished / known, 4) if known else None),
        shuffled=share_told(own.told(grooves.SHUFFLE_BITS)),
        began=reasons(own.reason_start) if len(own) else [],
        ended=reasons(own.reason_end) if len(own) else [],
        played_after=[Neighbour(track=refs[id_], times=times) for id_, times in after],
        played_before=[Neighbour(track=refs[id_], times=times) for id_, times in before],
    )
    return dict(told)


def per_item(about: Subject, kind: TopKind) -> list[tuple[int, int, int, int]]:
    """(id, tracks listened to, listens, ms) of each item of another kind within it, the most listens first."""
    own = about.plays.where(about.own)
    item, ids = items_of(about.plays, about.facts, kind)
    listens, time = own.per_track(own.is_listen), own.per_track(own.ms_played)
    sums: dict[int, list[int]] = {}
    for track in np.flatnonzero(listens):
        if item[track] < 0:
            continue
        entry = sums.setdefault(int(ids[item[track]]), [0, 0, 0])
        entry[0] += 1
        entry[1] += int(listens[track])
        entry[2] += int(time[track])
    ordered = sorted(sums.items(), key=lambda each: (-each[1][1], -each[1][2], each[0]))
    return [(id_, tracks, heard, ms) for id_, (tracks, heard, ms) in ordered]


def _first(about: Subject) -> tuple[list[tuple[int, int]], list[tuple[int, int]], list[tuple[int, int]]]:
    """The first listen, what came before and what came after: (track, start in ms)."""
    places = np.flatnonzero(about.own & about.plays.is_listen)
    if not len(places):
        return [], [], []
    at, plays = int(places[0]), about.plays
    start = plays.started_ms[at]
    near = [
        place
        for place in range(max(0, at - AROUND), min(len(plays), at + AROUND + 1))
        if place != at and abs(int(plays.started_ms[place] - start)) <= AROUND_MS
    ]

    def told(place: int) -> tuple[int, int]:
        return int(plays.track_ids[plays.track[place]]), int(plays.started_ms[place])

    return [told(at)], [told(place) for place in near if place < at], [told(place) for place in near if place > at]


def _first_told(first: tuple[list[tuple[int, int]], ...], refs: dict[int, TrackRef]) -> FirstTime | None:
    listen, before, after = ([PlayedAt(track=refs[id_], started_at=moment(ms)) for id_, ms in part] for part in first)
    return FirstTime(listen=listen[0], before=before, after=after) if listen else None


def _neighbours(about: Subject) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """What its plays follow, and what follows them: (track, times). Its own plays are not their own neighbours."""
    plays, own = about.plays, about.own
    if len(plays) < 2:
        return [], []
    joined = plays.started_ms[1:] - plays.ended_ms[:-1] <= NEIGHBOUR_MS
    following = joined & own[1:] & ~own[:-1]
    followed = joined & own[:-1] & ~own[1:]
    return _most(plays, plays.track[:-1][following]), _most(plays, plays.track[1:][followed])


def _most(plays: History, tracks: Numbers) -> list[tuple[int, int]]:
    different, times = np.unique(tracks, return_counts=True)
    order = np.argsort(-times, kind="stable")[:NEIGHBOURS]
    return [(int(plays.track_ids[different[at]]), int(times[at])) for at in order]


def _ranks(about: Subject, listens: History, span: Span | None) -> tuple[list[YearlyRank], int | None, int | None]:
    """Of every year, of all time and of the span, among what is of its kind: a podcast among podcasts, a book among
    books."""
    if not len(listens):
        return [], None, None
    years = sorted({day_of(day).year for day in different_days(listens.day)})
    among = about.plays.where(np.isin(about.plays.kind, np.unique(listens.kind)))

    def place_among(plays: History) -> Placed | None:
        return place_of(about.id, plays, about.facts, about.kind, "listens")

    told = [
        YearlyRank(
            year=year,
            rank=placed.item.rank,
            among=placed.among,
            listens=placed.item.listens,
            ms_played=placed.item.ms_played,
        )
        for year in years
        if (placed := place_among(among.between(date(year, 1, 1), date(year, 12, 31))))
    ]
    overall = place_among(among)
    of_span = overall if span is None else place_among(among.between(span.first_day, span.last_day))
    return told, overall and overall.item.rank, of_span and of_span.item.rank


def _streak(listens: History) -> DaysInARow | None:
    if not len(listens):
        return None
    runs = runs_of(item_days(np.zeros(len(listens)), listens.day)).longest()
    return DaysInARow(days=int(runs.days[0]), first_day=day_of(runs.first_day[0]), last_day=day_of(runs.last_day[0]))


def _obsessions(about: Subject, listens: History) -> list[TakenOver]:
    if not len(listens):
        return []
    day = listens.day.astype(np.int64)
    rule = TRACK if about.kind == "tracks" else ARTIST
    everything = about.plays.listens.day.astype(np.int64)
    return [
        TakenOver(
            first_day=day_of(each.first_day),
            last_day=day_of(each.last_day),
            days=each.last_day - each.first_day + 1,
            listens=each.listens,
            share=round(each.share, 4),
        )
        for each in stretches(np.zeros_like(day), day, rule, everything)[:OBSESSIONS]
    ]


def _comebacks(listens: History, span: Span | None) -> list[CameBack]:
    """Silences that ended within the span, however long before it they began."""
    days = different_days(listens.day)
    begin, end = (day_number(span.first_day), day_number(span.last_day)) if span else (0, DAYS)
    gaps = np.flatnonzero(np.diff(days) - 1 >= SILENCE_DAYS)
    return [
        CameBack(silent_days=int(days[at + 1] - days[at] - 1), left_on=day_of(days[at]), back_on=day_of(days[at + 1]))
        for at in gaps
        if begin <= days[at + 1] <= end
    ]


def _peak(week: npt.NDArray[Any]) -> Peak | None:
    at = int(np.argmax(week))
    return Peak(weekday=at // 24, hour=at % 24) if week[at] else None
