"""A listener's plays: sessions filled with tracks, some of them skipped for a reason.

A skip comes of music too lively or too calm for the moment, of little liking, of a track worn out, of a skip just
before, and less often in an album or of a track picked by hand. The sum passes through a logistic, so chance has a say.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from demo.catalogue import Catalogue
from demo.choosing import Memory, Segment, draw, new_segment
from demo.listeners import Listener
from demo.params import TownParams
from demo.randomness import stream
from demo.rhythms import DOING_ENERGY, DOING_STRICTNESS
from demo.sessions import Session, first_day, make_sessions
from demo.tastes import Array, Taste, Town, as_arrays

STARTING_LIBRARY = 28


@dataclass(frozen=True)
class Play:
    """One play of a track. Instants are UTC milliseconds since 1970."""

    track: int
    started_ms: int
    ms_played: int
    reason_start: str
    reason_end: str
    shuffle: bool
    session: int
    way: str

    @property
    def ended_ms(self) -> int:
        """When it ended."""
        return self.started_ms + self.ms_played

    @property
    def is_skip(self) -> bool:
        """Cut off by the listener before 30 s."""
        return self.ms_played < 30_000 and self.reason_end in ("fwdbtn", "backbtn")


@dataclass(frozen=True)
class History:
    """All plays of a listener in order of time, with the sessions they belong to."""

    listener: Listener
    sessions: tuple[Session, ...]
    plays: tuple[Play, ...]
    taste: Taste


def make_history(listener: Listener, catalogue: Catalogue, params: TownParams) -> History:
    """Simulate one listener from their first day to the town's end."""
    town = as_arrays(catalogue)
    mean_minutes = 3.55 * (1 - listener.skipping) + 0.35 * listener.skipping
    sessions = make_sessions(listener, params, mean_minutes)
    days = int(listener.years * 365.25)
    taste = Taste(listener, town, params, days)
    simulation = _Simulation(listener, town, taste, params, days)
    plays: list[Play] = []
    for number, session in enumerate(sessions):
        plays += simulation.play_session(number, session)
    return History(listener, tuple(sessions), tuple(plays), taste)


class _Simulation:
    """The state that runs through a history."""

    def __init__(self, listener: Listener, town: Town, taste: Taste, params: TownParams, days: int) -> None:
        self.listener, self.town, self.taste = listener, town, taste
        self.rng = stream(params.seed, "history", listener.handle)
        self.begin: date = first_day(listener, params)
        self.memory = Memory.empty(len(town.artist))
        self.skip_drift = _skip_drift(self.rng, listener.skipping, days)
        self.reasons_mean = 0.5
        self.last_day = 0
        attraction = np.exp(taste.on_day(0)) * self._out(self.begin)
        first = self.rng.choice(len(attraction), STARTING_LIBRARY, replace=False, p=attraction / attraction.sum())
        self.memory.known[first] = True

    def _out(self, day: date) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return self.town.playable & (self.town.released_day <= day.toordinal())

    def play_session(self, number: int, session: Session) -> list[Play]:
        """Fill one session until its time is up."""
        rng, town, memory = self.rng, self.town, self.memory
        today = session.starts_at.date()
        day = max(0, (today - self.begin).days)
        if day > self.last_day:
            memory.fade(day - self.last_day)
            self.last_day = day
        liking = self.taste.on_day(day)
        out = self._out(today)
        unfit = DOING_STRICTNESS[session.doing] * np.abs(town.energy - DOING_ENERGY[session.doing])
        wanting = 0.8 * liking - 1.1 * unfit + memory.pull()
        keenness = (liking - liking[memory.known].mean()) / (liking[memory.known].std() + 1e-6)
        attraction = np.exp(0.6 * (liking - liking.max())) * out
        unheard = float(attraction[~memory.known].sum() / attraction.sum())
        curiosity = min(0.35, 3600 * self.listener.adventure / self.listener.plays * unheard)
        now = int(session.starts_at.timestamp() * 1000)
        until = now + int(session.minutes * 60_000)
        in_session = np.zeros(len(liking))
        plays: list[Play] = []
        segment: Segment | None = None
        skipped_before = False
        reason_start = str(rng.choice(["clickrow", "playbtn", "appload", "clickrow"]))
        while now < until:
            if segment is None or segment.left <= 0:
                segment = new_segment(rng, town, memory, wanting, session.doing, day, out)
                if plays and rng.random() < 0.8:
                    reason_start = "clickrow"
            track = self._next_track(segment, liking, in_session, curiosity, out)
            if track is None:
                segment = None
                break
            first_time = not memory.known[track]
            reasons = (
                0.9 * float(unfit[track])
                - 0.75 * float(keenness[track])
                + 1.2 * float(memory.overplayed()[track])
                + 0.35 * float(memory.grudge[track])
                + 1.1 * skipped_before
                + 0.4 * first_time
                + (0.3 if segment.shuffle else 0.0)
                - (0.9 if segment.way == "album" else 0.0)
                - (1.1 if reason_start == "clickrow" else 0.0)
            )
            play = self._one_play(track, now, number, segment, reason_start, self._skips(reasons, day))
            if now + play.ms_played > until + 240_000 and play.ms_played > 60_000:
                play = _cut(rng, play, until)
            plays.append(play)
            memory.heard(track, play.ms_played < 30_000)
            in_session[track] += 3.0
            skipped_before = play.ms_played < 30_000
            reason_start = "fwdbtn" if play.reason_end == "fwdbtn" else "trackdone"
            if play.reason_end == "backbtn":
                reason_start = "backbtn"
            pause = 0 if rng.random() < 0.97 else int(rng.exponential(90_000))
            now = play.ended_ms + int(rng.integers(200, 1600)) + pause
            segment.left -= 1
        if plays and plays[-1].reason_end == "trackdone" and rng.random() < 0.7:
            plays[-1] = _last(rng, plays[-1])
        return plays

    def _next_track(
        self,
        segment: Segment,
        liking: Array,
        in_session: Array,
        curiosity: float,
        out: np.ndarray[tuple[int], np.dtype[np.bool_]],
    ) -> int | None:
        if segment.queue:
            return segment.queue.pop(0)
        if segment.log_weights is None:
            segment.left = 0
            return draw(self.rng, liking - in_session, self.memory.known & out)
        known = self.memory.known
        if self.rng.random() < curiosity * (1.6 if segment.way == "radio" else 0.8):
            found = draw(self.rng, 0.7 * liking + 0.2 * (segment.log_weights - liking), out & ~known)
            if found is not None:
                return found
        return draw(self.rng, segment.log_weights - in_session, known & out)

    def _skips(self, reasons: float, day: int) -> bool:
        self.reasons_mean += 0.002 * (reasons - self.reasons_mean)
        logit = float(self.skip_drift[min(day, len(self.skip_drift) - 1)]) + 1.15 * (reasons - self.reasons_mean)
        return bool(self.rng.random() < 1 / (1 + np.exp(-logit)))

    def _one_play(self, track: int, now: int, session: int, segment: Segment, reason_start: str, skips: bool) -> Play:
        rng = self.rng
        whole = int(self.town.duration_ms[track])
        if skips:
            ms = int(np.clip(rng.lognormal(1.9, 1.0) * 1000, 350, min(29_900, whole * 0.8)))
            end = "backbtn" if rng.random() < 0.04 else "fwdbtn"
        elif rng.random() < 0.035:
            ms = int(whole * rng.uniform(0.25, 0.9))
            end = "fwdbtn" if rng.random() < 0.8 else "endplay"
        else:
            ms, end = whole, "trackdone"
        return Play(track, now, ms, reason_start, end, segment.shuffle, session, segment.way)


def _skip_drift(rng: np.random.Generator, skipping: float, days: int) -> Array:
    """Logit of skipping by day: a listener's own rate that wanders over the months, as real ones do."""
    base = np.log(skipping / (1 - skipping)) - 0.35
    knots = np.cumsum(rng.normal(0, 0.28, days // 60 + 3))
    knots -= knots.mean()
    slow = np.interp(np.arange(days + 2), np.arange(len(knots)) * 60, knots)
    return np.asarray(base + np.clip(slow, -1.1, 1.1), dtype=np.float64)


def _cut(rng: np.random.Generator, play: Play, until: int) -> Play:
    """The session's time is up in the middle of a long track."""
    ms = max(31_000, until - play.started_ms + int(rng.integers(0, 60_000)))
    return replace(play, ms_played=min(play.ms_played, ms), reason_end="endplay")


def _last(rng: np.random.Generator, play: Play) -> Play:
    """The last play of a session often ends because the listener leaves."""
    reason = str(
        rng.choice(
            ["endplay", "logout", "unexpected-exit", "unexpected-exit-while-paused", "remote"],
            p=[0.5, 0.22, 0.16, 0.06, 0.06],
        )
    )
    ms = play.ms_played if rng.random() < 0.3 else int(play.ms_played * rng.uniform(0.2, 1.0))
    return replace(play, ms_played=ms, reason_end=reason)
