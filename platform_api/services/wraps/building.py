"""Puts a wrap together from the sums and a few questions to the plays."""

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from platform_api.crud import catalogue, wrap_moments, wraps
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
from platform_api.services.analytics.spans import Span, previous_span
from platform_api.services.sound.references import track_refs
from platform_api.services.wraps import moments as unusual

TOP = 5
FOUND_SHOWN = 5
SILENCE_DAYS = 60
COMEBACKS_SHOWN = 3
COMPARABLE_LISTENS = 50
"""Fewer in the span before say nothing about its hours."""
COMEBACK_LISTENS = 3
SKIPPED_PLAYS = 3


def build_wrap(session: Session, user: User, span_text: str) -> Wrap:
    """The wrap of any span that `parse_span` knows. Raises SpanNotUnderstood (an AppError, 422)."""
    span = questions.resolve(session, user, span_text)
    return Builder(session, user, span).build()


class Builder:
    """Asks everything first and the tracks' names once at the end of asking."""

    def __init__(self, session: Session, user: User, span: Span) -> None:
        self.session = session
        self.user = user
        self.span = span
        self.days = questions.days_of(span)

    def build(self) -> Wrap:
        session, user, span, days = self.session, self.user, self.span, self.days
        moments = span.moments(ZoneInfo(user.time_zone))
        totals = questions.totals(session, user, span)
        clock = questions.clock(session, user, span)
        calendar = questions.calendar(session, user, span)
        artists = questions.top(session, user, span, "artists", "time", TOP).items
        peak = max(calendar.days, key=lambda day: (day.ms_played, day.listens), default=None)
        peak_track = wraps.favourite_of_day(session, user.id, peak.day) if peak else None
        lives = wraps.lives(
            session,
            user.id,
            days,
            found=FOUND_SHOWN,
            back=COMEBACKS_SHOWN,
            min_silent_days=SILENCE_DAYS,
            min_listens=COMEBACK_LISTENS,
        )
        skipped = wraps.most_skipped(session, user.id, days, SKIPPED_PLAYS)
        finished = wraps.most_finished(session, user.id, *moments)
        repeated = wraps.most_repeated_day(session, user.id, days)
        first, last = (ask(session, user.id, *moments) for ask in (wraps.first_listen, wraps.last_listen))
        endings = wraps.endings(session, user.id, *moments)
        burst = unusual.burst(session, user, span)
        kept = wrap_moments.never_skipped(session, user.id, days, min_plays=unusual.FAITHFUL_PLAYS)
        mentioned = [peak_track, *(each.id for each in lives.tracks_back)]
        mentioned += [each and each.track_id for each in (skipped, finished, repeated, first, last, burst, kept)]
        tracks = self._names([*mentioned, *(each.track_id for each in lives.found)])
        comebacks = self._comebacks(lives, tracks)
        parts = day_parts(clock)
        return Wrap(
            span=questions.shown(span),
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
            discovery=_discovery(totals, lives, tracks),
            comeback=comebacks[0] if comebacks else None,
            comebacks=comebacks,
            phases=unusual.phases(session, user, span),
            burst=burst
            and Burst(
                track=tracks[burst.track_id], first_day=burst.first_day, listens=burst.listens, in_all=burst.in_all
            ),
            strange_day=unusual.strange_day(session, user, span),
            fell_silent=unusual.fell_silent(session, user, span),
            shift=unusual.shift(parts, self._parts_before(totals)),
            never_skipped=kept and Faithful(tracks=kept.tracks, track=tracks[kept.track_id], plays=kept.plays),
            longest_streak=longest_streak(calendar),
            finished_share=_share(endings.finished, endings.known_ends),
            skipped_share=_share(totals.skips, totals.plays) or 0.0,
            shuffled_share=_share(endings.shuffled, endings.known_shuffle),
            most_skipped=skipped and Skipped(track=tracks[skipped.track_id], skips=skipped.skips, plays=skipped.plays),
            most_finished=finished
            and FinishedTrack(track=tracks[finished.track_id], finished=finished.finished, plays=finished.plays),
            obsession=repeated
            and Obsession(track=tracks[repeated.track_id], day=repeated.day, listens=repeated.listens),
            first_song=first and ListenedAt(track=tracks[first.track_id], started_at=first.started_at),
            last_song=last and ListenedAt(track=tracks[last.track_id], started_at=last.started_at),
            top_artist_share=(_share(artists[0].ms_played, totals.ms_played) or 0.0) if artists else 0.0,
            palette=palette([artist.name for artist in artists]),
        )

    def _names(self, track_ids: Iterable[int | None]) -> dict[int, TrackRef]:
        return track_refs(self.session, [track_id for track_id in track_ids if track_id is not None])

    def _comebacks(self, lives: wraps.Lives, tracks: dict[int, TrackRef]) -> list[Comeback]:
        """An artist who came back says more than one of their tracks that did."""
        artists = {each.id: catalogue.artist_by_id(self.session, each.id) for each in lives.artists_back}
        told = [
            Comeback(
                track=None,
                artist=NamedRef(id=row.id, name=row.name),
                silent_days=each.silent_days,
                back_on=each.back_on,
                listens=each.listens,
            )
            for each in lives.artists_back
            if (row := artists[each.id])
        ]
        told += [
            Comeback(
                track=tracks[each.id],
                artist=None,
                silent_days=each.silent_days,
                back_on=each.back_on,
                listens=each.listens,
            )
            for each in lives.tracks_back
            if tracks[each.id].artist.id not in artists
        ]
        return sorted(told, key=lambda comeback: -comeback.silent_days)[:COMEBACKS_SHOWN]

    def _parts_before(self, totals: Totals) -> DayParts | None:
        before = previous_span(self.span)
        if before is None or totals.previous is None or totals.previous.listens < COMPARABLE_LISTENS:
            return None
        return day_parts(questions.clock(self.session, self.user, before))


def palette(artists: list[str]) -> Palette:
    first, second = [*artists[:2], None, None][:2]
    return Palette(
        style=first, second=second, bright=unusual.hue_number(first), deep=unusual.hue_number(second or first)
    )


def _discovery(totals: Totals, lives: wraps.Lives, tracks: dict[int, TrackRef]) -> Discovery:
    return Discovery(
        count=totals.first_listens,
        artists=lives.new_artists,
        first=[tracks[each.track_id] for each in lives.found],
        favourites=[
            FoundTrack(track=tracks[each.track_id], day=each.day, listens=each.listens) for each in lives.found
        ],
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
