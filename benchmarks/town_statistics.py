"""How like real listening the demo town is: the same statistics of its exports, of two real histories, of any export.

    python -m benchmarks.town_statistics [--town FOLDER] [--history FILE.json …]

Reads the exports alone, not the simulation. A session ends with a pause of 30 minutes. "New" is the share of plays
in the last fifth that are the first of their track (artist). "Top 10" is how often the next track is among ten
candidates: the last ten different tracks (recency), or these after what followed the present one before (Markov).
"""

import argparse
import json
import os
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

SESSION_GAP_MS = 30 * 60_000
SHORT_MS = 30_000


@dataclass(frozen=True)
class Statistics:
    """One history in numbers. Hours, shares and counts; a field's name is a column of the table."""

    plays: int
    sessions: int
    per_session: float
    short: float
    short_least: float
    short_most: float
    new_tracks: float
    new_artists: float
    gap_median_h: float
    gap_mean_h: float
    next_recency: float
    next_markov: float
    skip_auc: float


REAL = (
    ("real, 1st", {"sessions": 1685, "per_session": 17.2, "short": 0.403, "new_tracks": 0.066, "new_artists": 0.014,
                   "gap_median_h": 2.18, "gap_mean_h": 4.47}),
    ("real, 2nd", {"sessions": 1195, "per_session": 15.7, "short": 0.103, "new_tracks": 0.101, "new_artists": 0.042,
                   "gap_median_h": 2.32, "gap_mean_h": 7.66, "next_recency": 0.073, "next_markov": 0.219,
                   "skip_auc": 0.623}),
)  # fmt: skip
"""Two real histories, as measured elsewhere; the machine that makes the demo has neither."""


@dataclass(frozen=True)
class PlainPlay:
    """What the statistics need of a row."""

    started_ms: int
    ms_played: int
    track: str
    artist: str

    @property
    def ended_ms(self) -> int:
        """When it ended."""
        return self.started_ms + self.ms_played


def read_zip(path: Path) -> list[PlainPlay]:
    """Every named track of an extended export once, in order of time."""
    rows: list[dict[str, Any]] = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".json") and "Video" not in name:
                rows += json.loads(archive.read(name))
    return _ordered(play for play in map(_extended, rows) if play is not None)


def read_account_data(paths: list[Path]) -> list[PlainPlay]:
    """The twelve-month format: `endTime` to the minute."""
    plays = []
    for path in paths:
        for row in json.loads(path.read_text(encoding="utf-8")):
            ended = datetime.strptime(row["endTime"], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
            started = int(ended.timestamp() * 1000) - row["msPlayed"]
            plays.append(
                PlainPlay(started, row["msPlayed"], f"{row['artistName']}\n{row['trackName']}", row["artistName"])
            )
    return _ordered(plays)


def _extended(row: dict[str, Any]) -> PlainPlay | None:
    artist, title = row["master_metadata_album_artist_name"], row["master_metadata_track_name"]
    if artist is None or row["ms_played"] == 0:
        return None
    ended = datetime.strptime(row["ts"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    started = int(ended.timestamp() * 1000) - row["ms_played"]
    stamp = row["offline_timestamp"]
    if row["offline"] and stamp:
        started = stamp if stamp > 10**11 else stamp * 1000
    return PlainPlay(started, row["ms_played"], f"{artist}\n{title}", artist)


def _ordered(plays: Iterable[PlainPlay]) -> list[PlainPlay]:
    return sorted(set(plays), key=lambda play: (play.started_ms, play.track))


def measure(plays: list[PlainPlay]) -> Statistics:
    """All statistics of one history."""
    started = np.array([play.started_ms for play in plays])
    ended = np.array([play.ended_ms for play in plays])
    short = np.array([play.ms_played < SHORT_MS for play in plays])
    gaps = (started[1:] - ended[:-1])[started[1:] - ended[:-1] > SESSION_GAP_MS] / 3_600_000
    tenths = [float(part.mean()) for part in np.array_split(short, 10)]
    recency, markov = _next_track(plays)
    return Statistics(
        plays=len(plays),
        sessions=len(gaps) + 1,
        per_session=len(plays) / (len(gaps) + 1),
        short=float(short.mean()),
        short_least=min(tenths),
        short_most=max(tenths),
        new_tracks=_new_share([play.track for play in plays]),
        new_artists=_new_share([play.artist for play in plays]),
        gap_median_h=float(np.median(gaps)),
        gap_mean_h=float(gaps.mean()),
        next_recency=recency,
        next_markov=markov,
        skip_auc=_skip_auc(plays, short),
    )


def _new_share(names: list[str]) -> float:
    """Share of first times within the last fifth."""
    border = int(len(names) * 0.8)
    known = set(names[:border])
    first = 0
    for name in names[border:]:
        first += name not in known
        known.add(name)
    return first / (len(names) - border)


def _next_track(plays: list[PlainPlay]) -> tuple[float, float]:
    """Top-10 hits in the last fifth of recency, and of recency mixed with what followed before."""
    border = int(len(plays) * 0.8)
    followed: defaultdict[str, Counter[str]] = defaultdict(Counter)
    latest: dict[str, None] = {}
    hits = np.zeros(2)
    for place, play in enumerate(plays):
        before = plays[place - 1].track if place else ""
        if place >= border:
            recent = list(latest)[::-1]
            likely = [track for track, _ in followed[before].most_common(7)]
            mixed = list(dict.fromkeys(likely + recent))[:10]
            hits += (play.track in recent[:10], play.track in mixed)
        followed[before][play.track] += 1
        latest.pop(play.track, None)
        latest[play.track] = None
        if len(latest) > 40:
            del latest[next(iter(latest))]
    shares = hits / (len(plays) - border)
    return float(shares[0]), float(shares[1])


def _skip_auc(plays: list[PlainPlay], short: np.ndarray) -> float:
    """Area under the curve, last fifth, of a logistic regression on what was known before each play began."""
    past: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    rate = float(short.mean())
    rows = []
    for place, play in enumerate(plays):
        begun, skipped = past[play.track]
        artist_begun, artist_skipped = past["artist:" + play.artist]
        hour = play.started_ms / 3_600_000 % 24
        rows.append((
            short[place - 1] if place else 0.0,
            short[max(0, place - 10) : place].mean() if place else rate,
            (skipped + 4 * rate) / (begun + 4),
            (artist_skipped + 4 * rate) / (artist_begun + 4),
            np.log1p(begun),
            np.sin(2 * np.pi * hour / 24),
            np.cos(2 * np.pi * hour / 24),
        ))  # fmt: skip
        for name in (play.track, "artist:" + play.artist):
            past[name][0] += 1
            past[name][1] += float(short[place])
    border = int(len(plays) * 0.8)
    features = np.array(rows, dtype=np.float64)
    spread = features[:border].std(axis=0) + 1e-9
    features = (features - features[:border].mean(axis=0)) / spread
    model = LogisticRegression(max_iter=400).fit(features[:border], short[:border])
    return float(roc_auc_score(short[border:], model.predict_proba(features[border:])[:, 1]))


def print_table(rows: list[tuple[str, dict[str, float]]], console: Console) -> None:
    """One line a history; a number that nobody measured is a dash."""
    names = [field.name for field in fields(Statistics)]
    table = Table(title="Listening histories", title_justify="left")
    table.add_column("history")
    for name in names:
        table.add_column(name.replace("_", " "), justify="right")
    for title, numbers in rows:
        cells = []
        for name in names:
            value = numbers.get(name)
            if value is None:
                cells.append("–")
            else:
                cells.append(
                    f"{value:,}" if isinstance(value, int) else f"{value:.3f}" if value < 1 else f"{value:.1f}"
                )
        table.add_row(title, *cells)
    console.print(table)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--town", type=Path, default=Path(os.environ.get("DATA_DIR", ".tonearm")) / "town")
    parser.add_argument("--history", type=Path, nargs="*", default=[], help="account data files of one real listener")
    options = parser.parse_args()
    rows = [(path.stem, vars(measure(read_zip(path)))) for path in sorted((options.town / "exports").glob("*.zip"))]
    middle = {
        name: float(np.median([numbers[name] for _, numbers in rows]))
        for name in (field.name for field in fields(Statistics))
    }
    rows += [("the town's median", middle), *REAL]
    if options.history:
        rows.append(("given here", vars(measure(read_account_data(options.history)))))
    print_table(rows, Console(width=190))


if __name__ == "__main__":
    main()
