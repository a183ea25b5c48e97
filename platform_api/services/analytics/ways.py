"""What is skipped and finished, how plays begin and end, on what and where."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from platform_api.crud import grooves
from platform_api.models import User
from platform_api.schemas.ways import (
    Completion,
    Country,
    Device,
    Places,
    PlayReason,
    ShareTold,
    SkipPoint,
    TrackCount,
    Ways,
)
from platform_api.services.analytics.facts import Facts, facts_of
from platform_api.services.analytics.history import History, day_of, different_days, history_of, month_starts
from platform_api.services.analytics.questions import LONGEST_BY_DAY, shown
from platform_api.services.analytics.spans import Span
from platform_api.services.sound.references import track_refs

FINISHED = 0.95
"""A play that reaches this part of the track is finished: fade-outs and crossfades end before the file does."""
AGREE = 0.98
"""Two plays of at least this part of the longest one agree on how long the track is."""
SHOWN = 10
UNLOVED_PLAYS = 10
"""As if each track had this many more plays without a skip: one bad afternoon makes no track unloved."""
UNLOVED_SKIPS = 3
"""Fewer are not again and again."""

Numbers = npt.NDArray[np.int64]


def ways(session: Session, user: User, span: Span) -> Ways:
    history = history_of(session, user)
    plays = history.between(span.first_day, span.last_day).songs
    lengths, is_known = track_lengths(history.songs, facts_of(session, history))
    part = reached(plays, lengths)
    ended_well = part >= FINISHED
    skips, known, counts, finished = (
        plays.per_track(weights) for weights in (plays.is_skip, plays.tells_skips, None, ended_well)
    )
    skipped_most = unloved(plays)[:SHOWN]
    loved = np.argsort(-finished, kind="stable")[:SHOWN]
    refs = track_refs(session, plays.track_ids[np.concatenate([skipped_most, loved])].tolist())
    told = plays.told(grooves.SKIPPED_BITS)
    return Ways(
        span=shown(span),
        plays=len(plays),
        skips=int(skips.sum()),
        skips_known=int(known.sum()),
        skip_share=_share(int(skips.sum()), int(known.sum())),
        skips_told=int((told == 2).sum()),
        points=_points(plays, by_day=span.days <= LONGEST_BY_DAY),
        completion=_completion(part, counts, lengths, is_known),
        began=reasons(plays.reason_start),
        ended=reasons(plays.reason_end),
        shuffled=share_told(plays.told(grooves.SHUFFLE_BITS)),
        offline=share_told(plays.told(grooves.OFFLINE_BITS)),
        private=share_told(plays.told(grooves.PRIVATE_BITS)),
        most_skipped=[
            TrackCount(track=refs[int(plays.track_ids[at])], times=int(skips[at]), plays=int(known[at]))
            for at in skipped_most
        ],
        most_finished=[
            TrackCount(track=refs[int(plays.track_ids[at])], times=int(finished[at]), plays=int(counts[at]))
            for at in loved
            if finished[at]
        ],
    )


def unloved(plays: History) -> Numbers:
    """Tracks skipped again and again, by the share of skips among the plays of which it is known, as if each had ten
    more without: neither a favourite played all day nor one bad afternoon makes a track unloved."""
    skips, known = plays.per_track(plays.is_skip), plays.per_track(plays.tells_skips)
    chosen = np.flatnonzero(skips >= UNLOVED_SKIPS)
    return chosen[np.lexsort((chosen, -skips[chosen], -skips[chosen] / (known[chosen] + UNLOVED_PLAYS)))]


def track_lengths(songs: History, facts: Facts) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """For each track its length in ms (0: unknown), and whether the catalogue knows it.

    Without the catalogue the longest play tells it, where a second one of the whole history comes as far.
    """
    longest = np.zeros(len(songs.track_ids), dtype=np.int64)
    np.maximum.at(longest, songs.track, songs.ms_played)
    agree = songs.per_track(songs.ms_played >= AGREE * longest[songs.track])
    estimated = np.where((agree >= 2) & (longest >= 30_000), longest, 0)
    is_known = facts.duration_ms > 0
    return np.where(is_known, facts.duration_ms, estimated), is_known


def reached(plays: History, lengths: Numbers) -> npt.NDArray[np.float64]:
    """The part of its track that each play reached, at most 1; 0 where the length is unknown."""
    length = lengths[plays.track]
    return np.minimum(np.divide(plays.ms_played, length, out=np.zeros(len(plays)), where=length > 0), 1.0)


def _completion(
    part: npt.NDArray[np.float64], counts: Numbers, lengths: Numbers, is_known: npt.NDArray[np.bool_]
) -> Completion:
    """`part` as from `reached`; `counts`, the plays of each track, tell how many of them have no length."""
    measured = int(counts[lengths > 0].sum())
    known = int(counts[(lengths > 0) & is_known].sum())
    finished = int((part >= FINISHED).sum())
    tenths = np.bincount(np.minimum(part * 10, 9).astype(np.int8), minlength=10)
    tenths[0] -= len(part) - measured
    return Completion(
        known_length=known,
        estimated_length=measured - known,
        unknown_length=len(part) - measured,
        finished=finished,
        finished_share=_share(finished, measured),
        mean_share=round(float(part.sum()) / measured, 4) if measured else None,
        tenths=tenths.tolist(),
    )


def _points(plays: History, *, by_day: bool) -> list[SkipPoint]:
    if not len(plays):
        return []
    days = different_days(plays.day)
    first, last = days[0], days[-1]
    starts = days if by_day else month_starts(days)
    begins = np.flatnonzero(np.diff(starts, prepend=-1))
    counts, known, skips = (
        np.add.reduceat(np.bincount(day - first, minlength=last - first + 1)[days - first], begins)
        for day in (plays.day, plays.day[plays.tells_skips], plays.day[plays.is_skip])
    )
    return [
        SkipPoint(start=day_of(starts[begin]), plays=int(counts[at]), known=int(known[at]), skips=int(skips[at]))
        for at, begin in enumerate(begins)
    ]


def reasons(numbers: npt.NDArray[np.int32]) -> list[PlayReason]:
    """The most frequent first; what the export does not tell last."""
    counts = np.bincount(numbers, minlength=grooves.REASON_MASK + 1)
    order = [int(at) for at in np.argsort(-counts, kind="stable") if counts[at]]
    order.sort(key=lambda at: at == 0)
    return [
        PlayReason(reason=_reason_name(at), plays=int(counts[at]), share=round(int(counts[at]) / len(numbers), 4))
        for at in order
    ]


def _reason_name(number: int) -> str | None:
    if number == 0:
        return None
    return grooves.REASONS[number - 1] if number <= len(grooves.REASONS) else "other"


def share_told(told: npt.NDArray[np.int32]) -> ShareTold:
    known, yes = int((told > 0).sum()), int((told == 2).sum())
    return ShareTold(told=known, yes=yes, share=_share(yes, known))


def places(session: Session, user: User, span: Span) -> Places:
    plays = history_of(session, user).between(span.first_day, span.last_day).songs
    time = max(int(plays.ms_played.sum()), 1)
    devices = [
        Device(
            device=grooves.DEVICES[number - 1] if number else None,
            plays=len(there),
            listens=int(there.is_listen.sum()),
            ms_played=int(there.ms_played.sum()),
            share=round(int(there.ms_played.sum()) / time, 4),
        )
        for number, there in _split(plays, plays.device)
    ]
    countries = [
        Country(
            country=country_code(number),
            plays=len(there),
            listens=int(there.is_listen.sum()),
            ms_played=int(there.ms_played.sum()),
            share=round(int(there.ms_played.sum()) / time, 4),
            days=len(different_days(there.day)),
            first_day=day_of(there.day.min()),
            last_day=day_of(there.day.max()),
        )
        for number, there in _split(plays, _real_countries(plays.country))
    ]
    return Places(
        span=shown(span),
        devices=sorted(devices, key=lambda each: (-each.ms_played, -each.plays)),
        countries=sorted(countries, key=lambda each: (-each.ms_played, -each.plays)),
    )


def _split(plays: History, by: npt.NDArray[np.integer]) -> Sequence[tuple[int, History]]:
    return [(int(number), plays.where(by == number)) for number in np.flatnonzero(np.bincount(by))]


def country_code(number: int) -> str | None:
    """ZZ is what the export writes where Spotify did not know."""
    code = chr(number >> 7) + chr(number & 127)
    return code if code.isalpha() and code.isupper() and code != "ZZ" else None


def _real_countries(countries: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    unreal = [number for number in np.flatnonzero(np.bincount(countries)) if country_code(int(number)) is None]
    return np.where(np.isin(countries, unreal), np.int16(0), countries)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
