"""Reads the stream of plays, a line of JSON each, in pieces of constant size."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

import pandas

ROWS_PER_PIECE = 50_000
TIMEOUT_S = 120
MOMENTS = ("started_at", "ended_at")
WORDS = ("kind", "title", "artist", "album", "track_key", "source", "reason_start", "reason_end", "platform", "country")
FLAGS = ("shuffle", "offline", "incognito")
COLUMNS = (
    "started_at", "local_start", "ended_at", "ms_played", "is_listen", "is_skip", "kind", "title", "artist", "album",
    "track_key", "source", "precision_s", "reason_start", "reason_end", "shuffle", "offline", "incognito", "platform",
    "country",
)  # fmt: skip


class Refused(Exception):
    """The server said no; the text is its own sentence."""


class Tonearm:
    """One Tonearm and one listener. Address and token may come from TONEARM_ADDRESS and TONEARM_TOKEN instead."""

    def __init__(self, address: str | None = None, token: str | None = None) -> None:
        self._address = (address or os.environ["TONEARM_ADDRESS"]).rstrip("/")
        self._token = token or os.environ["TONEARM_TOKEN"]

    def plays(self, since: str | date | None = None, until: str | date | None = None) -> pandas.DataFrame:
        """One row per play that counts, oldest first, of these local days (both included).

        started_at, ended_at: UTC. local_start: the start on your own clock (no zone). ms_played: milliseconds.
        is_listen, is_skip: as the pages count them. kind: song, episode or chapter.
        """
        pieces = list(self.pieces(since, until))
        return pandas.concat(pieces, ignore_index=True) if pieces else frame([])

    def pieces(self, since: str | date | None = None, until: str | date | None = None) -> Iterator[pandas.DataFrame]:
        """The same in frames of at most ROWS_PER_PIECE rows, for histories that should not be in memory as a whole."""
        asked = {name: str(day) for name, day in (("since", since), ("until", until)) if day is not None}
        address = f"{self._address}/api/v1/plays.ndjson?{urllib.parse.urlencode(asked)}"
        request = urllib.request.Request(address, headers={"Authorization": f"Token {self._token}"})
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as lines:
                while rows := [json.loads(line) for line in islice(lines, ROWS_PER_PIECE)]:
                    yield frame(rows)
        except urllib.error.HTTPError as error:
            raise Refused(_sentence(error)) from error


def frame(rows: list[dict[str, Any]]) -> pandas.DataFrame:
    """The same columns and types whatever the rows hold, and also without any."""
    plays = pandas.DataFrame.from_records(rows, columns=list(COLUMNS))
    for name in MOMENTS:
        plays[name] = pandas.to_datetime(plays[name], utc=True, format="ISO8601").astype("datetime64[us, UTC]")
    local = pandas.to_datetime(plays["local_start"], format="ISO8601", utc=True)
    plays["local_start"] = local.dt.tz_localize(None).astype("datetime64[us]")
    return plays.astype(
        {
            **dict.fromkeys(WORDS, "string"),
            **dict.fromkeys(FLAGS, "boolean"),
            "ms_played": "int64",
            "precision_s": "int16",
            "is_listen": "bool",
            "is_skip": "bool",
        }
    )


def _sentence(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(error.read())["detail"])
    except (ValueError, KeyError, TypeError):
        return f"The server answered {error.code}."
