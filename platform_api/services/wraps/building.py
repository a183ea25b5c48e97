"""Puts a wrap together from the sums and a few questions to the plays."""

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from platform_api.crud import catalogue, wraps
from platform_api.models import User
from platform_api.schemas.analysis import Calendar, Clock, Day, Totals
from platform_api.schemas.tracks import NamedRef, TrackRef
from platform_api.schemas.wraps import (
    Comeback,
    DayParts,
    Discovery,
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
from platform_api.services.analytics.spans import Span
from platform_api.services.sound.references import track_refs

TOP = 5
FOUND_SHOWN = 5
SILENCE_DAYS = 60
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
            session, user.id, days, found=FOUND_SHOWN, min_silent_days=SILENCE_DAYS, min_listens=COMEBACK_LISTENS
        )
        skipped = wraps.most_skipped(session, user.id, days, SKIPPED_PLAYS)
        finished = wraps.most_finished(session, user.id, *moments)
        repeated = wraps.most_repeated_day(session, user.id, days)
        first, last = (ask(session, user.id, *moments) for ask in (wraps.first_listen, wraps.last_listen))
        endings = wraps.endings(session, user.id, *moments)
        mentioned = [lives.track_back and lives.track_back.id, peak_track]
        mentioned += [each and each.track_id for each in (skipped, finished, repeated, first, last)]
        tracks = self._names([*mentioned, *(each.track_id for each in lives.found)])
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
            day_parts=day_parts(clock),
            peak_day=_peak_day(peak, tracks.get(peak_track or 0)),
            discovery=_discovery(totals, lives, tracks),
            comeback=self._comeback(lives.track_back, lives.artist_back, tracks),
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
            palette=Palette(
                style=artists[0].name if artists else None, second=artists[1].name if len(artists) > 1 else None
            ),
        )

    def _names(self, track_ids: Iterable[int | None]) -> dict[int, TrackRef]:
        return track_refs(self.session, [track_id for track_id in track_ids if track_id is not None])

    def _comeback(
        self, track: wraps.Returned | None, artist: wraps.Returned | None, tracks: dict[int, TrackRef]
    ) -> Comeback | None:
        """An artist who was silent at least as long says more than one of their tracks."""
        returned = artist if artist and (track is None or artist.silent_days >= track.silent_days) else track
        if returned is None:
            return None
        row = catalogue.artist_by_id(self.session, returned.id) if returned is artist else None
        return Comeback(
            track=None if row else tracks[returned.id],
            artist=NamedRef(id=row.id, name=row.name) if row else None,
            silent_days=returned.silent_days,
            back_on=returned.back_on,
            listens=returned.listens,
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
