"""Does the product count as a plain script counts? `python -m benchmarks.independent_check FILE… --zone Z --span S`.

Reads export files with json, datetime and zoneinfo only (no code of the product) and computes totals, top tracks and
artists, the hour × weekday heat map, the calendar and streaks for each span. `--api` and `--token` name an account in
that zone that imported the same files: its answers are compared, one line a question, and the exit status says whether
all agree. Without `--api` the script's own numbers are printed. What is counted is what docs/analytics.md says:

* a play belongs to the local day and hour of its start; a listen is a play of 30 s at least; songs only;
* rows of one track (its URI, or artist and title) with one end are one play, the longer one;
* a row that knows the minute only (account data) is the same play as an exact row of equal artist, title and length
  that ended in that minute, give or take 15 s; the exact row stays.
"""

import argparse
import json
import sys
import unicodedata
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

NEEDS = "export files and the address of a product that imported them"
LISTEN_MS = 30_000
TOP = 50


@dataclass(frozen=True)
class Play:
    track: str
    title: str
    artist: str
    end: datetime
    start: datetime
    ms: int
    is_exact: bool
    facts: int


def plays_of(paths: Iterable[Path]) -> list[Play]:
    """Each play once, whatever files tell of it."""
    exact: dict[tuple[str, datetime], Play] = {}
    coarse: dict[tuple[str, datetime, int], Play] = {}
    for path in paths:
        for row in json.loads(path.read_text(encoding="utf-8-sig")):
            if "ts" in row:
                play = of_extended(row)
                if play is not None:
                    known = exact.get((play.track, play.end))
                    if known is None or (play.ms, play.facts) > (known.ms, known.facts):
                        exact[play.track, play.end] = play
            elif "endTime" in row and row["artistName"] and row["trackName"]:
                play = of_account(row)
                coarse[play.track, play.end, play.ms] = play
    partners: defaultdict[tuple[str, str, int], list[datetime]] = defaultdict(list)
    for play in exact.values():
        partners[plain(play.artist), plain(play.title), play.ms].append(play.end)
    alone = [
        play for play in coarse.values()
        if not any(
            timedelta(seconds=-15) <= end - play.end < timedelta(seconds=75)
            for end in partners[plain(play.artist), plain(play.title), play.ms]
        )
    ]  # fmt: skip
    return [*exact.values(), *alone]


def of_extended(row: dict[str, Any]) -> Play | None:
    title, artist = row.get("master_metadata_track_name"), row.get("master_metadata_album_artist_name")
    uri = row.get("spotify_track_uri")
    if not uri or row["ms_played"] is None:
        return None
    end = datetime.fromisoformat(row["ts"].replace("Z", "+00:00"))
    ms = int(row["ms_played"])
    start = end - timedelta(milliseconds=ms)
    at = row.get("offline_timestamp")
    if row.get("offline") is True and at:
        told = datetime.fromtimestamp(at // 1000 if at >= 100_000_000_000 else at, UTC)
        if told.year > 2005 and told + timedelta(milliseconds=ms) <= end + timedelta(minutes=1):
            start, end = told, told + timedelta(milliseconds=ms)
    facts = sum(value not in (None, "") for value in row.values())
    return Play(uri, title or "", artist or "Unknown artist", end, start, ms, True, facts)


def of_account(row: dict[str, Any]) -> Play:
    end = datetime.strptime(row["endTime"], "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    track = f"{plain(row['artistName'])}\n{plain(row['trackName'])}"
    start = end - timedelta(milliseconds=row["msPlayed"])
    # the second is unknown; two plays of one length in one minute would be one
    start += timedelta(microseconds=row["msPlayed"] % 1000)
    return Play(track, row["trackName"], row["artistName"], end, start, row["msPlayed"], False, 0)


def plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


@dataclass(frozen=True)
class Told:
    """The answers of one span in one zone."""

    totals: dict[str, int]
    tracks: Counter[str]
    titles: set[str]
    artists: Counter[str]
    clock: Counter[tuple[int, int]]
    days: Counter[str]
    streak: int


def told(plays: list[Play], zone: ZoneInfo, first: date, last: date) -> Told:
    local = [(play, play.start.astimezone(zone)) for play in plays]
    inside = [(play, at) for play, at in local if first <= at.date() <= last]
    listens = [(play, at) for play, at in inside if play.ms >= LISTEN_MS]
    before = {play.track for play, at in local if play.ms >= LISTEN_MS and at.date() < first}
    clock: Counter[tuple[int, int]] = Counter()
    days: Counter[str] = Counter()
    for play, at in inside:
        clock[at.weekday(), at.hour] += play.ms
        days[at.date().isoformat()] += play.ms
    ms = sum(play.ms for play, _ in inside)
    return Told(
        totals={
            "plays": len(inside), "listens": len(listens), "ms_played": ms, "minutes": ms // 60_000,
            "tracks": len({play.track for play, _ in listens}),
            "artists": len({plain(play.artist) for play, _ in listens}),
            "days_active": len({at.date() for _, at in listens}),
            "first_listens": len({play.track for play, _ in listens} - before),
        },
        tracks=Counter(play.track for play, _ in listens),
        titles={play.title for play, _ in listens},
        artists=Counter(plain(play.artist) for play, _ in listens),
        clock=clock,
        days=days,
        streak=longest_run({at.date() for _, at in listens}),
    )  # fmt: skip


def longest_run(days: set[date]) -> int:
    best = 0
    for day in days:
        if day - timedelta(days=1) not in days:
            length = 1
            while day + timedelta(days=length) in days:
                length += 1
            best = max(best, length)
    return best


def days_of(span: str) -> tuple[date, date]:
    """Of the forms that this script needs: a year, a month, first..last and all."""
    if span == "all":
        return date(1970, 1, 1), date(2199, 12, 31)
    if ".." in span:
        first, _, last = span.partition("..")
        return date.fromisoformat(first), date.fromisoformat(last)
    if len(span) == 4:
        return date(int(span), 1, 1), date(int(span), 12, 31)
    first_day = date.fromisoformat(f"{span}-01")
    return first_day, (first_day + timedelta(days=31)).replace(day=1) - timedelta(days=1)


Ask = Callable[[str], Any]
"""(path below /api/v1) -> the answer as JSON"""


def differences(ask: Ask, span: str, mine: Told) -> Iterator[str]:
    """A line for each question, beginning with `same` or `DIFFERENT`."""
    totals = ask(f"/analysis/totals?span={span}")
    yield compared("totals", mine.totals, {name: totals[name] for name in mine.totals})
    tracks = ask(f"/analysis/top/tracks?span={span}&limit={TOP}")
    yield compared("how many tracks are ranked", len(mine.tracks), tracks["total"])
    listens = [item["listens"] for item in tracks["items"]]
    yield compared("top tracks", sorted(mine.tracks.values(), reverse=True)[:TOP], listens)
    strange = [item["name"] for item in tracks["items"] if item["name"] not in mine.titles]
    yield compared("their titles are in the files", [], strange)
    artists = ask(f"/analysis/top/artists?span={span}&limit={TOP}")
    yield compared("top artists", sorted(mine.artists.values(), reverse=True)[:TOP],
                   [item["listens"] for item in artists["items"]])  # fmt: skip
    named = [(plain(item["name"]), item["listens"]) for item in artists["items"]]
    yield compared("each artist's listens", [(name, mine.artists[name]) for name, _ in named], named)
    cells = ask(f"/analysis/clock?span={span}")["cells"]
    yield compared("hour × weekday", +mine.clock,
                   +Counter({(cell["weekday"], cell["hour"]): cell["ms_played"] for cell in cells}))  # fmt: skip
    days = ask(f"/analysis/calendar?span={span}")["days"]
    yield compared("calendar", +mine.days, +Counter({day["day"]: day["ms_played"] for day in days}))
    runs = ask(f"/analysis/streaks?span={span}")["longest"]
    yield compared("longest streak", mine.streak, runs[0]["days"] if runs else 0)


def compared(name: str, mine: object, theirs: object) -> str:
    if mine == theirs:
        return f"same       {name}"
    return f"DIFFERENT  {name}: script {str(mine)[:160]} product {str(theirs)[:160]}"


def asker(api: str, token: str) -> Ask:
    def ask(path: str) -> Any:
        request = urllib.request.Request(
            f"{api.rstrip('/')}/api/v1{path}", headers={"Authorization": f"Bearer {token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    return ask


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--zone", required=True, help="the zone of the account")
    parser.add_argument("--span", action="append", required=True)
    parser.add_argument("--api", help="http://127.0.0.1:PORT of a product that imported the same files")
    parser.add_argument("--token", default="", help="the account's ID token")
    arguments = parser.parse_args()
    plays = plays_of(arguments.files)
    lines = []
    for span in arguments.span:
        mine = told(plays, ZoneInfo(arguments.zone), *days_of(span))
        print(f"{arguments.zone} {span}: {mine.totals}, longest streak {mine.streak}")
        if arguments.api:
            for line in differences(asker(arguments.api, arguments.token), span, mine):
                print(f"  {line}")
                lines.append(line)
    return 1 if any(line.startswith("DIFFERENT") for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
