"""`python -m demo make` writes the town; `python -m demo enter` brings it in through the product's doors."""

import argparse
import os
import sys
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from demo.params import TownParams, yesterday
from demo.town import already_made, make_town


def main(arguments: list[str] | None = None) -> int:
    """Run one of the two commands; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    data = Path(os.environ.get("DATA_DIR", ".tonearm"))
    make = commands.add_parser("make", help="write audio and exports of the town")
    make.add_argument("--out", type=Path, default=data / "town")
    make.add_argument("--seed", type=int, default=7)
    make.add_argument("--end", type=date.fromisoformat, default=None, help="last day of the histories; default yesterday")
    make.add_argument("--listeners", type=int, default=None, help="only the first so many listeners")
    make.add_argument("--tracks", type=int, default=None, help="audio for only the first so many tracks")
    options = parser.parse_args(arguments)
    params = TownParams(
        end=options.end or yesterday(), seed=options.seed, listeners=options.listeners, audio_tracks=options.tracks
    )
    return make_command(options.out, params, any_end=options.end is None)


def make_command(folder: Path, params: TownParams, any_end: bool) -> int:
    """Make the town unless it is there."""
    console = Console()
    if already_made(folder, params, any_end):
        console.print(f"The town is already in {folder}.")
        return 0
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        bars: dict[str, TaskID] = {}
        for what, done, total in make_town(folder, params):
            if what not in bars:
                bars[what] = progress.add_task(f"Making {what}", total=total)
            progress.update(bars[what], completed=done)
    console.print(f"The town is in {folder}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
