"""Rows of every format in which some fields, at any depth, hold what no exporter should write."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from tests.support.histories import account_row, extended_row, listen
from tests.support.scrobble_files import Heard, maloja_scrobble, recent_track

THEN = datetime(2024, 5, 17, 20, 30, 15, tzinfo=UTC)
LONG = "".join(random.Random(5).choices([chr(point) for point in range(0x4E00, 0x9000)], k=3000))
"""PostgreSQL cannot pack it small, and an index holds 2,704 bytes."""
VALUES = st.one_of(
    st.sampled_from([
        "--5", "-", "9" * 5000, "1e400", "²", "1_0", "NaN", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:60Z", "\0",
        LONG, "spotify:track:" + LONG, "\u200b", "", " ", None, True, False, [], {}, [None], {"uts": "--5"},
        {"#text": LONG}, -1, 0, 1715977815, 2**31, 2**53, 2**63, -(2**63), 10**40, 1e308, -0.0, 0.5, float("nan"),
        float("inf"),
    ]),
    st.text(max_size=10),
    st.integers(),
)  # fmt: skip


def own_row(moment: datetime = THEN) -> dict[str, Any]:
    told = {
        "source": "manual", "kind": "song", "uri": None, "title": "Song", "artist": "Artist", "album": "Album",
        "started_at": moment.isoformat(), "ended_at": moment.isoformat(), "precision_s": 1, "offline_timestamp": None,
    }  # fmt: skip
    return {"ms_played": 0, "reason_start": None, "platform": None, "conn_country": None, "tonearm": told}


SOUND: dict[str, Callable[[], dict[str, Any]]] = {
    "extended": lambda: extended_row(THEN, offline=True, audiobook_title=None, audiobook_chapter_title=None),
    "account_music": lambda: account_row(THEN),
    "account_podcast": lambda: {"endTime": "2024-05-17 20:30", "podcastName": "P", "episodeName": "E", "msPlayed": 1},
    "account_audiobook": lambda: {
        "endTime": "2024-05-17 20:30", "audiobookName": "B", "chapterName": "C", "authorName": "A", "msPlayed": 1,
    },
    "listenbrainz": lambda: listen(THEN, length_ms=200_000, spotify_id="https://open.spotify.com/track/x"),
    "maloja": lambda: maloja_scrobble(Heard(THEN), 187),
    "lastfm_api": lambda: recent_track(Heard(THEN)),
    "scrobbles": lambda: {"artist": "A", "track": "T", "album": "B", "uts": "1715977815"},
    "tonearm_manual": own_row,
}  # fmt: skip


def _spoilt(row: dict[str, Any], draw: Callable[[], Any], chance: random.Random) -> dict[str, Any]:
    spoilt = {}
    for name, value in row.items():
        if chance.random() < 0.25:
            spoilt[name] = draw()
        else:
            spoilt[name] = _spoilt(value, draw, chance) if isinstance(value, dict) else value
    return spoilt


@st.composite
def nasty_rows(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """The name of a format and a row of it."""
    name = draw(st.sampled_from(sorted(SOUND)))
    chance = draw(st.randoms(use_true_random=False))
    return name, _spoilt(SOUND[name](), lambda: draw(VALUES), chance)
