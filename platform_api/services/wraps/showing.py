"""From a wrap to what is shown of it. Nothing is copied that was not chosen: each field names what it needs."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from platform_api.schemas.analysis import Clock, Day, Span, TopItem
from platform_api.schemas.shown_wraps import (
    EVERYTHING,
    Amounts,
    Choice,
    ShownBurst,
    ShownComeback,
    ShownDay,
    ShownEndings,
    ShownFaithful,
    ShownFound,
    ShownItem,
    ShownMoment,
    ShownObsession,
    ShownPeakDay,
    ShownPhase,
    ShownQuiet,
    ShownSkipped,
    ShownStrangeDay,
    ShownTrack,
    ShownWrap,
)
from platform_api.schemas.tracks import TrackRef
from platform_api.schemas.wraps import Comeback, ListenedAt, Wrap
from platform_api.services.analytics.spans import lasting
from platform_api.services.wraps import moments

MS_PER_MINUTE = 60_000


def shown(wrap: Wrap, chosen: Collection[Choice], time_zone: str | None) -> ShownWrap:
    return _Showing(wrap, frozenset(chosen), time_zone).wrap_shown()


def shown_snapshot(kept: dict[str, Any], kept_at: datetime) -> ShownWrap:
    """What a link or a post kept. Links made before there was a choice kept the whole wrap, and their makers knew it;
    older releases kept neither the day of counting nor the days that "last-28-days" meant then."""
    wrap = ShownWrap.model_validate(kept) if "shows" in kept else shown(Wrap.model_validate(kept), EVERYTHING, None)
    told_on = wrap.told_on or kept_at.astimezone(ZoneInfo(wrap.time_zone or "UTC")).date()
    text = lasting(wrap.span.text, wrap.span.first_day, wrap.span.last_day)
    return wrap.model_copy(update={"told_on": told_on, "span": wrap.span.model_copy(update={"text": text})})


class _Showing:
    def __init__(self, wrap: Wrap, chosen: frozenset[Choice], time_zone: str | None) -> None:
        self.wrap = wrap
        self.chosen = chosen
        self.time_zone = time_zone

    def has(self, *needed: Choice) -> bool:
        return self.chosen.issuperset(needed)

    def wrap_shown(self) -> ShownWrap:
        wrap, has = self.wrap, self.has
        return ShownWrap(
            span=wrap.span if has("days") else _years(wrap.span),
            told_on=wrap.told_on,
            shows=[choice for choice in EVERYTHING if choice in self.chosen],
            silent=wrap.totals.listens == 0,
            bright=wrap.palette.bright,
            deep=wrap.palette.deep,
            time_zone=self.time_zone if has("hours") else None,
            name=wrap.listener.display_name if has("name") else None,
            amounts=self._amounts() if has("amounts") else None,
            top_artists=self._items(wrap.top_artists) if has("artists") else [],
            top_tracks=self._items(wrap.top_tracks) if has("tracks") else [],
            top_albums=self._items(wrap.top_albums) if has("tracks") else [],
            top_artist_share=wrap.top_artist_share if has("artists", "amounts") else None,
            longest_streak=wrap.longest_streak if has("days") else None,
            days=_days(wrap.calendar.days) if has("days") else [],
            hours=_hours(wrap.clock) if has("hours") else [],
            peak_hour=moments.usual_hour(wrap.clock) if has("hours") else None,
            day_parts=wrap.day_parts if has("hours") else None,
            shift=wrap.shift if has("hours") else None,
            **self._days_told(),
            **self._new_and_back(),
            **self._ends(),
        )

    def _days_told(self) -> dict[str, Any]:
        wrap, has = self.wrap, self.has
        phases = wrap.phases if has("artists", "days") else []
        peak = wrap.peak_day if has("days", "amounts") else None
        strange = wrap.strange_day if has("artists", "days", "amounts") else None
        burst = wrap.burst if has("tracks", "days", "amounts") else None
        obsession = wrap.obsession if has("tracks", "days", "amounts") else None
        return {
            "phases": [
                ShownPhase(
                    artist=phase.artist.name,
                    first_day=phase.first_day,
                    last_day=phase.last_day,
                    share=phase.share if has("amounts") else None,
                )
                for phase in phases
            ],
            "peak_day": peak
            and ShownPeakDay(
                day=peak.day,
                ms_played=peak.ms_played,
                track=self._track(peak.track) if peak.track and has("tracks") else None,
            ),
            "strange_day": strange
            and ShownStrangeDay(
                day=strange.day,
                listens=strange.listens,
                in_all=strange.in_all,
                artists=strange.artists,
                artist=strange.artist.name,
            ),
            "burst": burst
            and ShownBurst(
                track=self._track(burst.track), first_day=burst.first_day, listens=burst.listens, in_all=burst.in_all
            ),
            "obsession": obsession
            and ShownObsession(track=self._track(obsession.track), day=obsession.day, listens=obsession.listens),
        }

    def _new_and_back(self) -> dict[str, Any]:
        wrap, has = self.wrap, self.has
        quiet = wrap.fell_silent if has("artists", "amounts") else None
        return {
            "found": [
                ShownFound(
                    track=self._track(found.track),
                    day=found.day if has("days") else None,
                    listens=found.listens if has("amounts") else None,
                )
                for found in (wrap.discovery.favourites if has("tracks") else [])
            ],
            "comebacks": [
                comeback
                for one in (wrap.comebacks or filter(None, [wrap.comeback]))
                if has("days") and (comeback := self._comeback(one))
            ],
            "fell_silent": quiet
            and ShownQuiet(
                artist=quiet.artist.name,
                rank_before=quiet.rank_before,
                listens_before=quiet.listens_before,
                listens=quiet.listens,
            ),
        }

    def _ends(self) -> dict[str, Any]:
        wrap, has = self.wrap, self.has
        skipped = wrap.most_skipped if has("skips", "tracks", "amounts") else None
        kept = wrap.never_skipped if has("skips", "tracks", "amounts") else None
        dated = has("tracks", "days", "hours")
        return {
            "endings": ShownEndings(finished=wrap.finished_share, skipped=wrap.skipped_share) if has("skips") else None,
            "most_skipped": skipped
            and ShownSkipped(track=self._track(skipped.track), skips=skipped.skips, plays=skipped.plays),
            "never_skipped": kept
            and ShownFaithful(tracks=kept.tracks, track=self._track(kept.track), plays=kept.plays),
            "first_song": self._moment(wrap.first_song) if dated else None,
            "last_song": self._moment(wrap.last_song) if dated else None,
        }

    def _amounts(self) -> Amounts:
        totals = self.wrap.totals
        return Amounts(
            minutes=totals.minutes,
            listens=totals.listens,
            tracks=totals.tracks,
            artists=totals.artists,
            days_active=totals.days_active,
            first_listens=totals.first_listens,
            new_artists=self.wrap.discovery.artists,
            minutes_before=totals.previous.minutes if totals.previous else None,
            previous_span=totals.previous_span,
            minutes_at_most=totals.uncertain.by_track_ms // MS_PER_MINUTE,
        )

    def _items(self, items: Iterable[TopItem]) -> list[ShownItem]:
        counted = self.has("amounts")
        return [
            ShownItem(
                rank=item.rank,
                name=item.name,
                artist=item.artist.name if item.artist and self.has("artists") else None,
                listens=item.listens if counted else None,
                ms_played=item.ms_played if counted else None,
                previous_rank=item.previous_rank,
            )
            for item in items
        ]

    def _track(self, track: TrackRef) -> ShownTrack:
        return ShownTrack(name=track.name, artist=track.artist.name if self.has("artists") else None)

    def _comeback(self, one: Comeback) -> ShownComeback | None:
        if not self.has("artists" if one.artist else "tracks"):
            return None
        return ShownComeback(
            track=self._track(one.track) if one.track else None,
            artist=one.artist.name if one.artist else None,
            silent_days=one.silent_days,
            back_on=one.back_on,
            listens=one.listens if self.has("amounts") else None,
        )

    def _moment(self, moment: ListenedAt | None) -> ShownMoment | None:
        return ShownMoment(track=self._track(moment.track), started_at=moment.started_at) if moment else None


def _years(span: Span) -> Span:
    """The first and the last day of a whole history are days on which somebody listened."""
    if span.text != "all":
        return span
    first, last = date(span.first_day.year, 1, 1), date(span.last_day.year, 12, 31)
    return span.model_copy(update={"first_day": first, "last_day": last})


def _days(days: list[Day]) -> list[ShownDay]:
    loudest = max((day.ms_played for day in days), default=0)
    return [ShownDay(day=day.day, share=round(day.ms_played / loudest, 3)) for day in days if day.ms_played]


def _hours(clock: Clock) -> list[float]:
    sums = [0] * 24
    for cell in clock.cells:
        sums[cell.hour] += cell.ms_played
    loudest = max(sums)
    return [round(one / loudest, 3) for one in sums] if loudest else []
