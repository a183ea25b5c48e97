"""Is the ledger right? `python -m benchmarks.ledger_by_hand FILE…` imports exports and counts them by plain lines.

The counting shares no line with the product: it loads each file whole and keeps sets. Spotify's extended history and
account data only. Ends with an error where the two differ.
"""

import argparse
import json
import tempfile
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text

from benchmarks.import_speed import add_listener, database
from platform_api.core.settings import Settings
from platform_api.db.session import make_sessions
from platform_api.services.importing import ledger, uploads
from platform_api.services.importing.job import limits_of
from platform_api.worker import Worker

NEEDS = "export files"


def counted_by_hand(files: list[Path]) -> tuple[dict[str, int], int, int]:
    """Rows of each file, plays that must be there in the end, and their milliseconds."""
    rows: dict[str, int] = {}
    exact: dict[tuple[str, str], int] = {}
    named: dict[tuple[str, str, int], list[datetime]] = defaultdict(list)
    coarse: set[tuple[str, str, str, int]] = set()
    for path in files:
        told = json.loads(path.read_text())
        rows[path.name] = len(told)
        for row in told:
            if "ts" in row:
                track = row["spotify_track_uri"] or row["spotify_episode_uri"]
                if not track:
                    continue
                exact[track, row["ts"]] = max(row["ms_played"], exact.get((track, row["ts"]), 0))
                artist, title = row["master_metadata_album_artist_name"], row["master_metadata_track_name"]
                end = datetime.fromisoformat(row["ts"]).replace(tzinfo=None)
                named[folded(artist), folded(title), row["ms_played"]].append(end)
            elif row["trackName"]:
                coarse.add((folded(row["artistName"]), folded(row["trackName"]), row["endTime"], row["msPlayed"]))
    alone = [row for row in coarse if not is_known(row, named)]
    return rows, len(exact) + len(alone), sum(exact.values()) + sum(row[3] for row in alone)


def is_known(row: tuple[str, str, str, int], named: dict[tuple[str, str, int], list[datetime]]) -> bool:
    artist, title, end, ms = row
    minute = datetime.fromisoformat(end)
    ends = named.get((artist, title, ms), [])
    return any(minute - timedelta(seconds=15) <= found < minute + timedelta(seconds=75) for found in ends)


def folded(name: str | None) -> str:
    return " ".join((name or "").casefold().split())


def imported(settings: Settings, engine: Engine, files: list[Path]) -> tuple[list[dict[str, Any]], int, int]:
    """The ledgers, one file after the other, and the plays and milliseconds in the sums."""
    user_id = add_listener(engine, "listener")
    settings.uploads.dir.mkdir(parents=True, exist_ok=True)
    sessions = make_sessions(engine)
    worker = Worker(settings)
    told = []
    for number, path in enumerate(files):
        stored = settings.uploads.dir / f"upload-{number}"
        stored.write_bytes(path.read_bytes())
        upload = uploads.StoredUpload(stored, stored.stat().st_size, "")
        with sessions.begin() as session:
            found = uploads.examine(upload, path.name, limits_of(settings.uploads))
            import_id = ledger.begin(session, user_id, upload, path.name, found).id
        while worker.do_one():
            pass
        with sessions.begin() as session:
            told.append(ledger.one_of(session, user_id, import_id).model_dump())
    with engine.connect() as connection:
        plays, ms = connection.execute(text("SELECT count(*), sum(ms_played) FROM counted_plays")).one()
    return told, int(plays), int(ms)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    files: list[Path] = parser.parse_args().files
    rows, plays, ms = counted_by_hand(files)
    with tempfile.TemporaryDirectory(prefix="tonearm-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with database(folder) as settings:
            engine = create_engine(settings.database.url.get_secret_value())
            told, stored_plays, stored_ms = imported(settings, engine, files)
            engine.dispose()
    for one in told:
        totals = one["totals"]
        print(one["file_name"], {name: totals[name] for name in ("rows", "accepted", "duplicate", "skipped", "broken")})
        print("   ", {f"{each['verdict']} {each['reason']}": each["rows"] for each in one["reasons"]})
        assert totals["rows"] == rows[one["file_name"]]
        assert totals["rows"] == sum(totals[name] for name in ("accepted", "duplicate", "skipped", "broken"))
    for label, count, listened in (("by hand", plays, ms), ("Tonearm", stored_plays, stored_ms)):
        print(f"{label}: {count:,} plays, {listened / 3_600_000:,.2f} h")
    assert (plays, ms) == (stored_plays, stored_ms)


if __name__ == "__main__":
    main()
