"""`python -m demo make` writes the town, `enter` brings it in by the product's doors, `welcome` says where it is."""

import argparse
import os
import sys
from datetime import date
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from demo.doors import Address, DoorClosed
from demo.entrance import enter_town, print_welcome
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
    make.add_argument(
        "--end", type=date.fromisoformat, default=None, help="last day of the histories; default yesterday"
    )
    make.add_argument(
        "--listeners", type=int, default=None, help="only so many listeners, those with the shortest histories"
    )
    make.add_argument("--records", type=int, default=1, help="so many times as many records by every artist")
    make.add_argument("--tracks", type=int, default=None, help="audio for only the first so many tracks")
    for name, text in (
        ("enter", "bring everybody in through the product's doors"),
        ("welcome", "print address and sign-in"),
    ):
        door = commands.add_parser(name, help=text)
        door.add_argument("--town", type=Path, default=data / "town")
        door.add_argument("--url", default=os.environ.get("APP_PUBLIC_URL", "http://127.0.0.1:7700"))
        door.add_argument("--auth", default=os.environ.get("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:7702"))
    options = parser.parse_args(arguments)
    if options.command != "make":
        return doors_command(options.command, options.town, Address(options.url.rstrip("/"), options.auth))
    params = TownParams(
        end=options.end or yesterday(),
        seed=options.seed,
        listeners=options.listeners,
        audio_tracks=options.tracks,
        records=options.records,
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


def doors_command(command: str, folder: Path, address: Address) -> int:
    """Enter, or print the closing lines; a closed door is one clear line and status 1."""
    console = Console(soft_wrap=True)
    if not (folder / "town.json").is_file():
        console.print(f"There is no town in {folder}. Run `python -m demo make` first.")
        return 1
    try:
        if command == "enter":
            enter_town(folder, address, console)
        else:
            print_welcome(folder, address, console)
    except DoorClosed as closed:
        console.print(f"[red]{closed}[/red]")
        return 1
    except httpx.TransportError as error:
        asked = error.request.url.copy_with(path="/", query=None)
        console.print(f"[red]Nobody answers at {asked} ({error}). Is the stack up?[/red]")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
