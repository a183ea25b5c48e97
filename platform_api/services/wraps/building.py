"""Puts a wrap together from the columns of a history and a few questions to the plays."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy.orm import Session

from platform_api.crud import analytics
from platform_api.models import User
from platform_api.schemas.analysis import Calendar, Clock, Day, Totals
from platform_api.schemas.tracks import NamedRef, TrackRef
from platform_api.schemas.wraps import (
    Burst,
    Comeback,
    DayParts,
    Discovery,
    Faithful,
    FinishedTrack,
    FoundTrack,
    ListenedAt,
    Obsession,
    Palette,
    PeakDay,
    Skipped,
    Streak,
    Wrap,
    WrapListener,
)
from platform_api.services.analytics import questions
from platform_api.services.analytics.discoveries import Returned, comebacks, items_until
from platform_api.services.analytics.facts import facts_of
from platform_api.services.analytics.history import history_of, of_one_moment
from platform_api.services.analytics.spans import Span, lived, previous_span
from platform_api.services.sound.references import track_refs
from platform_api.services.wraps import counting, moments

TOP = 5
FOUND_SHOWN = 5
COMEBACKS_SHOWN = 3
COMPARABLE_LISTENS = 50
"""Fewer in the span before say nothing about its hours."""
FAITHFUL_PLAYS = 5


def build_wrap(session: Session, user: User, span_text: str) -> Wrap:
    """The wrap of any span that `parse_span` knows. Raises SpanNotUnderstood (an AppError, 422)."""
    with of_one_moment(session):
        span = questions.resolve(session, user, span_text)
        return Builder(session, user, span).build()


class Builder:
    """Asks everything first and the tracks' names once at the end of asking."""

    def __init__(self, session: Session, user: User, span: Span) -> None:
        self.session = session
        self.user = user
        self.span = span

    def build(self) -> Wrap:
        session, user, span = self.session, self.user, self.span
        history = history_of(session, user)
        facts = facts_of(session, history)
        today = questions.today_of(user)
        so_far = lived(span, today)
        plays = history.between(span.first_day, span.last_day).songs
        totals = questions.totals(session, user, span)
        clock = questions.clock(session, user, span)
        calendar = questions.calendar(session, user, span)
        artists = questions.top(session, user, span, "artists", "time", TOP).items
        peak = max(calendar.days, key=lambda day: (day.ms_played, day.listens), default=None)
        peak_track = counting.favourite_of_day(plays, peak.day) if peak else None
        found, new_artists = counting.finds(history, facts, span.first_day, span.last_day, FOUND_SHOWN)
        tracks_back, artists_back = (
            comebacks(items, span.first_day, COMEBACKS_SHOWN) for items in items_until(session, user, span.last_day)
        )
        skipped = counting.most_skipped(plays)
        finished = counting.most_finished(plays)
        repeated = counting.most_repeated_day(plays)
        ends = counting.first_and_last(plays)
        first, last = ends or (None, None)
        endings = counting.endings(plays)
        never, kept = counting.never_skipped(plays, FAITHFUL_PLAYS) or (0, None)
        before = previous_span(span)
        # in a span that goes on, nobody has fallen silent yet
        is_over = before is not None and span.last_day < today
        unusual = moments.look(
            plays.listens,
            facts,
            so_far,
            history.between(before.first_day, before.last_day).songs.listens if before and is_over else None,
        )
        burst = unusual.burst
        mentioned = [peak_track, *(each.id for each in tracks_back)]
        mentioned += [each and each.track_id for each in (skipped, finished, repeated, first, last, burst, kept)]
        tracks = self._names([*mentioned, *(each.track_id for each in found)])
        names = analytics.artist_names(session, [*unusual.artist_ids, *(each.id for each in artists_back)])
        returned = _returned(tracks_back, artists_back, tracks, names)
        parts = day_parts(clock)
        return Wrap(
            span=questions.shown(span),
            told_on=today,
            listener=WrapListener(handle=user.handle, display_name=user.display_name),
            totals=totals,
            top_tracks=questions.top(session, user, span, "tracks", "listens", TOP).items,
            top_artists=artists,
            top_albums=questions.top(session, user, span, "albums", "time", TOP).items,
            clock=clock,
            calendar=calendar,
            timeline=questions.timeline(session, user, span),
            day_parts=parts,
            peak_day=_peak_day(peak, tracks.get(peak_track or 0)),
            discovery=_discovery(totals, found, new_artists, tracks),
            comeback=returned[0] if returned else None,
            comebacks=returned,
            phases=moments.reigns(unusual.leaders, names, unusual.unit, so_far),
            burst=burst
            and Burst(
                track=tracks[burst.track_id], first_day=burst.first_day, listens=burst.listens, in_all=burst.in_all
            ),
            strange_day=moments.strange_day(unusual.strange_day, names),
            fell_silent=moments.fell_silent(unusual.fell_silent, names),
            shift=moments.shift(parts, self._parts_before(totals)),
            never_skipped=kept and Faithful(tracks=never, track=tracks[kept.track_id], plays=kept.plays),
            longest_streak=longest_streak(calendar),
            finished_share=_share(endings.finished, endings.known_ends),
            skipped_share=_share(totals.skips, totals.skips_known),
            shuffled_share=_share(endings.shuffled, endings.known_shuffle),
            most_skipped=skipped and Skipped(track=tracks[skipped.track_id], skips=skipped.times, plays=skipped.plays),
            most_finished=finished
            and FinishedTrack(track=tracks[finished.track_id], finished=finished.times, plays=finished.plays),
            obsession=repeated
            and Obsession(track=tracks[repeated.track_id], day=repeated.day, listens=repeated.listens),
            first_song=first and ListenedAt(track=tracks[first.track_id], started_at=first.started_at),
            last_song=last and ListenedAt(track=tracks[last.track_id], started_at=last.started_at),
            top_artist_share=(_share(artists[0].ms_played, totals.ms_played) or 0.0) if artists else 0.0,
            palette=palette([artist.name for artist in artists]),
        )

    def _names(self, track_ids: Iterable[int | None]) -> dict[int, TrackRef]:
        return track_refs(self.session, [track_id for track_id in track_ids if track_id is not None])

    def _parts_before(self, totals: Totals) -> DayParts | None:
        before = previous_span(self.span)
        if before is None or totals.previous is None or totals.previous.listens < COMPARABLE_LISTENS:
            return None
        return day_parts(questions.clock(self.session, self.user, before))


def _returned(
    tracks_back: list[Returned], artists_back: list[Returned], tracks: dict[int, TrackRef], names: dict[int, str]
) -> list[Comeback]:
    """An artist who came back says more than one of their tracks that did."""
    artists = {each.id for each in artists_back}
    both = [
        *((each, None, NamedRef(id=each.id, name=names[each.id])) for each in artists_back),
        *((each, tracks[each.id], None) for each in tracks_back if tracks[each.id].artist.id not in artists),
    ]
    told = [
        Comeback(track=track, artist=artist, silent_days=one.silent_days, back_on=one.back_on, listens=one.listens)
        for one, track, artist in both
    ]
    return sorted(told, key=lambda comeback: -comeback.silent_days)[:COMEBACKS_SHOWN]


def palette(artists: list[str]) -> Palette:
    first, second = [*artists[:2], None, None][:2]
    return Palette(
        style=first, second=second, bright=moments.hue_number(first), deep=moments.hue_number(second or first)
    )


def _discovery(totals: Totals, found: list[counting.Found], new_artists: int, tracks: dict[int, TrackRef]) -> Discovery:
    return Discovery(
        count=totals.first_listens,
        artists=new_artists,
        first=[tracks[each.track_id] for each in found],
        favourites=[FoundTrack(track=tracks[each.track_id], day=each.day, listens=each.listens) for each in found],
    )


def longest_streak(calendar: Calendar) -> Streak | None:
    """The longest run of days with at least one listen; of two equal ones the later."""
    best: Streak | None = None
    first: date | None = None
    last: date | None = None
    for day in (day.day for day in calendar.days if day.listens > 0):
        if first is None or last is None or day - last > timedelta(days=1):
            first = day
        last = day
        length = (last - first).days + 1
        if best is None or length >= best.days:
            best = Streak(days=length, first_day=first, last_day=last)
    return best


def day_parts(clock: Clock) -> DayParts | None:
    """How the time listened spreads over the day; None where there was none."""
    quarters = [0, 0, 0, 0]
    for cell in clock.cells:
        quarters[cell.hour // 6] += cell.ms_played
    total = sum(quarters)
    if total == 0:
        return None
    night, morning, afternoon, evening = (round(quarter / total, 4) for quarter in quarters)
    return DayParts(night=night, morning=morning, afternoon=afternoon, evening=evening)


def _peak_day(peak: Day | None, track: TrackRef | None) -> PeakDay | None:
    if peak is None:
        return None
    return PeakDay(day=peak.day, listens=peak.listens, ms_played=peak.ms_played, track=track)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
