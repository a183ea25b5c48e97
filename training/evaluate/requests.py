"""The same bytes that the product would send, made from an exported history."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from modeling.bundle import Predictor
from modeling.errors import RequestError
from modeling.plays import REASONS, SHORT_PLAY_MS, Plays, begins_session
from training.data.sequences import DAY_S, Listener

EARLIER_DAYS = 366
"""As `platform_api/services/habits/wire.py`: what the model remembers, and a little more."""

SILENT_DAYS, SILENT_LISTENS, SILENT_TRACKS, PLAYS_OF_SILENT = 60, 3, 100, 30
"""As `platform_api/services/recommendations/wire.py`: what is told for `rediscover` from before the latest plays."""

_FLAG = {-1: None, 0: False, 1: True}


class RefusedRequest(Exception):
    """The predictor refused a request of the evaluation: a model that cannot answer is not measured."""


def instant(seconds: float) -> str:
    """ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def plays_on_the_wire(plays: Plays) -> list[dict[str, Any]]:
    """Plays as the product names them to both models."""
    return [
        {
            "track": plays.track_keys[plays.track[place]], "artist": plays.artist_keys[plays.artist[place]],
            "started_at": instant(plays.started[place]), "ended_at": instant(plays.ended[place]),
            "ms_played": int(plays.ms_played[place]), "skipped": _FLAG[int(plays.skipped[place])],
            "reason_start": REASONS[plays.reason_start[place]] or None,
            "reason_end": REASONS[plays.reason_end[place]] or None, "shuffle": _FLAG[int(plays.shuffle[place])],
        }
        for place in range(len(plays))
    ]  # fmt: skip


class Rows:
    """A listener's plays written once, so that a thousand requests cost little more than one."""

    def __init__(self, listener: Listener, rows: Sequence[dict[str, Any]], cap: int) -> None:
        self.zone, self.cap = listener.zone.key, cap
        self.plays, self.opens = listener.plays, np.flatnonzero(begins_session(listener.plays))
        self.quiet_since = np.maximum.accumulate(listener.plays.ended)
        self.texts = [json.dumps(row) for row in rows]

    def earlier(self, upto: int, now: float, last: int | None = None) -> list[tuple[int, int]]:
        """The sessions before the plays that `request` tells, as the product tells them: of EARLIER_DAYS before now."""
        told = max(0, upto - (self.cap if last is None else last))
        opens = self.opens[self.opens < told]
        ends = self.quiet_since[np.append(opens[1:], told)[: len(opens)] - 1]
        starts = self.plays.started[opens]
        recent = ends >= now - EARLIER_DAYS * DAY_S
        return list(zip(starts[recent].astype(int).tolist(), ends[recent].astype(int).tolist(), strict=True))

    def silent(self, upto: int, now: float) -> list[int]:
        """Places of the plays before the latest `cap` of the first `upto` that are told for `rediscover`: of what was
        loved once and fell silent."""
        first, size = max(0, upto - self.cap), len(self.plays.track_keys)
        track, ended = self.plays.track[:upto], self.plays.ended[:upto]
        listens = np.bincount(track, weights=self.plays.ms_played[:upto] >= SHORT_PLAY_MS, minlength=size)
        last = np.full(size, -np.inf)
        np.maximum.at(last, track, ended)
        silent = np.where((last < now - SILENT_DAYS * DAY_S) & (listens >= SILENT_LISTENS), listens, 0)
        loved = np.argsort(-silent, kind="stable")[:SILENT_TRACKS]
        places = [
            place
            for each in loved[silent[loved] > 0]
            for place in np.flatnonzero(track[:first] == each)[-PLAYS_OF_SILENT:].tolist()
        ]
        return sorted(places)

    def request(
        self, upto: int, now: float, more: dict[str, Any], last: int | None = None, older: Sequence[int] = ()
    ) -> bytes:
        """The request with the last `last`, otherwise `cap`, of the first `upto` plays, and before them the ones at the
        places `older`."""
        latest = self.texts[max(0, upto - (self.cap if last is None else last)) : upto]
        plays = ",".join([*(self.texts[place] for place in older), *latest])
        rest = json.dumps({"now": instant(now), "time_zone": self.zone, **more})
        return f'{{"plays":[{plays}],{rest[1:]}'.encode()


def ask(predictor: Predictor, request: bytes) -> dict[str, Any]:
    """One answer. Raises RefusedRequest."""
    answer = predictor.predict([request])[0]
    if isinstance(answer, RequestError):
        raise RefusedRequest(f"{answer.status}: {answer.detail}")
    content: dict[str, Any] = json.loads(answer)
    return content
