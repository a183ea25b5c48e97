"""Streaks and sessions."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session as Database

from platform_api.crud import analytics
from platform_api.models import User
from platform_api.schemas.rhythm import (
    ArtistRun,
    DayRun,
    LengthBand,
    Session,
    SessionEdge,
    Sessions,
    Streaks,
    TrackRun,
)
from platform_api.schemas.tracks import NamedRef
from platform_api.services.analytics.facts import facts_of
from platform_api.services.analytics.history import History, day_number, day_of, different_days, history_of
from platform_api.services.analytics.questions import shown, today_of
from platform_api.services.analytics.runs import Runs, item_days, runs_of
from platform_api.services.analytics.spans import Span
from platform_api.services.sound.references import track_refs

GAP_MINUTES = 30
"""Nothing begins for this long: the session is over. The gap of Yambda and of most research on listening."""
BANDS = (0, 15, 30, 60, 120, 240)
SHOWN = 10
LONGEST_SHOWN = 5

Numbers = npt.NDArray[np.int64]


def streaks(session: Database, user: User, span: Span) -> Streaks:
    history = history_of(session, user)
    facts = facts_of(session, history)
    every = runs_of(different_days(history.songs.listens.day))
    listens = history.between(span.first_day, span.last_day).songs.listens
    own = runs_of(different_days(listens.day)).longest()
    tracks = runs_of(item_days(listens.track, listens.day)).longest_of_each()
    artists = runs_of(item_days(facts.artist[listens.track], listens.day)).longest_of_each()
    track_ids = history.track_ids[tracks.item[:SHOWN]].tolist()
    artist_ids = facts.artist_ids[artists.item[:SHOWN]].tolist()
    refs, names = track_refs(session, track_ids), analytics.artist_names(session, artist_ids)
    return Streaks(
        span=shown(span),
        current=_current(every, day_number(today_of(user))),
        longest=_shown(own),
        tracks=[TrackRun(track=refs[id_], **dict(run)) for id_, run in zip(track_ids, _shown(tracks), strict=True)],
        artists=[
            ArtistRun(artist=NamedRef(id=id_, name=names[id_]), **dict(run))
            for id_, run in zip(artist_ids, _shown(artists), strict=True)
        ],
    )


def _shown(runs: Runs) -> list[DayRun]:
    columns = (runs.days[:SHOWN], runs.first_day[:SHOWN], runs.last_day[:SHOWN])
    return [
        DayRun(days=int(days), first_day=day_of(first), last_day=day_of(last))
        for days, first, last in zip(*columns, strict=True)
    ]


def _current(runs: Runs, today: int) -> DayRun | None:
    """A day that is not over cannot break a streak."""
    if not len(runs.item) or runs.last_day[-1] < today - 1:
        return None
    first, last = int(runs.first_day[-1]), int(runs.last_day[-1])
    return DayRun(days=last - first + 1, first_day=day_of(first), last_day=day_of(last))


@dataclass(frozen=True)
class Sittings:
    """Sessions by start: places of their first and last play in the plays they were found in."""

    first: Numbers
    last: Numbers
    ended_ms: Numbers


def sittings(plays: History, gap_minutes: int = GAP_MINUTES) -> Sittings:
    """A session goes on while a play begins at most the gap after everything before it has ended."""
    if not len(plays):
        nothing = np.zeros(0, np.int64)
        return Sittings(nothing, nothing, nothing)
    ended = np.maximum.accumulate(plays.ended_ms)
    begins = np.ones(len(plays), np.bool_)
    begins[1:] = plays.started_ms[1:] - ended[:-1] > gap_minutes * 60_000
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(plays)) - 1
    return Sittings(first, last, ended[last])


def sessions(session: Database, user: User, span: Span) -> Sessions:
    plays = history_of(session, user).songs
    all_time = sittings(plays)
    day = plays.day[all_time.first]
    inside = (day >= day_number(span.first_day)) & (day <= day_number(span.last_day))
    found = Sittings(all_time.first[inside], all_time.last[inside], all_time.ended_ms[inside])
    lengths = found.ended_ms - plays.started_ms[found.first]
    counts = found.last - found.first + 1
    played = np.append(0, np.cumsum(plays.ms_played))
    longest = np.lexsort((found.first, -lengths))[:LONGEST_SHOWN]
    edges = [_most_frequent(plays, places) for places in (found.first, found.last)]
    mentioned = [plays.track[places[longest]] for places in (found.first, found.last)]
    ids = np.concatenate([*(tracks for tracks, _ in edges), *mentioned])
    refs = track_refs(session, plays.track_ids[ids].tolist())

    def ref_of(track: int) -> int:
        return int(plays.track_ids[track])

    return Sessions(
        span=shown(span),
        gap_minutes=GAP_MINUTES,
        count=len(counts),
        mean_minutes=_minutes(np.mean(lengths)) if len(counts) else None,
        median_minutes=_minutes(np.median(lengths)) if len(counts) else None,
        plays_per_session=round(float(np.mean(counts)), 2) if len(counts) else None,
        lengths=_bands(lengths),
        begins_by_hour=np.bincount(plays.hour[found.first], minlength=24).tolist(),
        begins_by_weekday=np.bincount(plays.weekday[found.first], minlength=7).tolist(),
        longest=[
            Session(
                started_at=_moment(plays.started_ms[found.first[at]]),
                ended_at=_moment(found.ended_ms[at]),
                minutes=int(lengths[at]) // 60_000,
                plays=int(counts[at]),
                ms_played=int(played[found.last[at] + 1] - played[found.first[at]]),
                first_track=refs[ref_of(plays.track[found.first[at]])],
                last_track=refs[ref_of(plays.track[found.last[at]])],
            )
            for at in longest
        ],
        first_tracks=[
            SessionEdge(track=refs[ref_of(track)], sessions=int(n)) for track, n in zip(*edges[0], strict=True)
        ],
        last_tracks=[
            SessionEdge(track=refs[ref_of(track)], sessions=int(n)) for track, n in zip(*edges[1], strict=True)
        ],
    )


def _most_frequent(plays: History, places: Numbers) -> tuple[Numbers, Numbers]:
    counts = np.bincount(plays.track[places], minlength=len(plays.track_ids))
    order = np.argsort(-counts, kind="stable")[:SHOWN]
    order = order[counts[order] > 0]
    return order, counts[order]


def _bands(lengths: Numbers) -> list[LengthBand]:
    minutes = lengths // 60_000
    return [
        LengthBand(
            from_minutes=begin, to_minutes=end, sessions=int(((minutes >= begin) & (minutes < (end or np.inf))).sum())
        )
        for begin, end in zip(BANDS, [*BANDS[1:], None], strict=True)
    ]


def _minutes(ms: np.floating) -> float:
    return round(float(ms) / 60_000, 1)


def _moment(ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(ms))
