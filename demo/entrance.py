"""Everybody of the town enters as anybody would: signs up, uploads the export, follows people, writes posts.

Safe to run again: what is there already is left as it is.
"""

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from demo.doors import Address, DoorClosed, Guest, sign_in
from demo.gossip import gossip

VERDICTS = ("accepted", "duplicate", "skipped", "broken")
FINISHED = ("done", "failed", "undone")
POLL_SECONDS = 0.5
LONGEST_IMPORT_SECONDS = 600


def enter_town(folder: Path, address: Address, console: Console) -> dict[str, Any]:
    """Bring everybody in and wait until all histories are imported. Returns the summed ledger. Raises DoorClosed."""
    people = json.loads((folder / "listeners.json").read_text(encoding="utf-8"))
    with httpx.Client(timeout=60.0) as http:
        guests = _open_accounts(http, address, people, console)
        pending = {person["handle"]: _hand_in(guests[person["handle"]], folder, person) for person in people}
        ledgers = _wait(guests, pending, console)
        totals = print_ledger(ledgers, console)
        gossip(guests, folder, main_person(people)["handle"], console)
    return totals


def main_person(people: list[dict[str, Any]]) -> dict[str, Any]:
    """The listener whose sign-in is offered."""
    return next((person for person in people if person["main"]), people[0])


def print_welcome(folder: Path, address: Address, console: Console) -> None:
    """The closing lines of `make demo`: the address to open and a sign-in."""
    people = json.loads((folder / "listeners.json").read_text(encoding="utf-8"))
    main = main_person(people)
    console.print()
    console.print(f"Tonearm is at   [bold]{address.public_url}[/bold]")
    console.print(f"Sign in as      [bold]{main['email']}[/bold]   ({main['display_name']})")
    console.print(f"with password   [bold]{main['password']}[/bold]")
    console.print(
        f"The other {len(people) - 1} listeners of the town have the same password; the sign-in page lists them."
    )
    console.print("Or make an account of your own and drop your Spotify export on the import page.")
    console.print("`make down` stops everything; `make demo` starts it again in a moment.")


def _open_accounts(
    http: httpx.Client, address: Address, people: list[dict[str, Any]], console: Console
) -> dict[str, Guest]:
    guests = {}
    for person in people:
        guest = sign_in(http, address, person)
        account = guest.send("POST", "/auth/session", {"time_zone": person["time_zone"]})
        wanted = {name: person[name] for name in ("handle", "display_name", "time_zone")}
        if any(account[name] != value for name, value in wanted.items()):
            guest.send("PATCH", "/me", wanted)
        guests[person["handle"]] = guest
    console.print(f"{len(guests)} listeners have signed in.")
    return guests


def _hand_in(guest: Guest, folder: Path, person: dict[str, Any]) -> int:
    """The id of the import of this person's export: the one that is there, or a new one."""
    export = folder / "exports" / f"{person['handle']}.zip"
    for known in guest.get("/imports"):
        if known["file_name"] == export.name and known["state"] not in ("failed", "undone"):
            return int(known["id"])
    return int(guest.upload("/imports", export)["id"])


def _wait(guests: dict[str, Guest], pending: dict[str, int], console: Console) -> dict[str, dict[str, Any]]:
    """Poll until every import has ended. Raises DoorClosed when one fails or none moves for too long."""
    ledgers: dict[str, dict[str, Any]] = {}
    deadline = time.monotonic() + LONGEST_IMPORT_SECONDS
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("Importing histories", total=len(pending), rows=0)
        while len(ledgers) < len(pending):
            rows = sum(ledger["totals"]["rows"] for ledger in ledgers.values())
            for handle in [handle for handle in pending if handle not in ledgers]:
                state = guests[handle].get(f"/imports/{pending[handle]}")
                rows += state["totals"]["rows"]
                if state["state"] not in FINISHED:
                    break
                if state["state"] != "done":
                    raise DoorClosed(f"The import of {handle} ended as {state['state']}: {state['error']}")
                ledgers[handle] = state
            progress.update(bar, completed=len(ledgers), rows=rows)
            if time.monotonic() > deadline:
                raise DoorClosed("The imports take longer than ten minutes. Is the worker up? See its log.")
            if len(ledgers) < len(pending):
                time.sleep(POLL_SECONDS)
    return ledgers


def print_ledger(ledgers: dict[str, dict[str, Any]], console: Console) -> dict[str, Any]:
    """What became of every row, summed over all listeners; the sum is exact or DoorClosed is raised."""
    totals: Counter[str] = Counter()
    reasons: Counter[tuple[str, str]] = Counter()
    for handle, ledger in ledgers.items():
        counted = ledger["totals"]
        if sum(counted[verdict] for verdict in VERDICTS) != counted["rows"]:
            raise DoorClosed(f"The ledger of {handle} does not add up: {counted}")
        totals.update({name: counted[name] for name in ("rows", *VERDICTS)})
        for reason in ledger["reasons"]:
            reasons[reason["verdict"], reason["reason"]] += reason["rows"]
    table = Table(title=f"Ledger of {len(ledgers)} imports", title_justify="left")
    table.add_column("verdict")
    table.add_column("rows", justify="right")
    for name in VERDICTS:
        table.add_row(name, f"{totals[name]:,}")
        for (verdict, reason), rows in sorted(reasons.items()):
            if verdict == name:
                table.add_row(f"  {reason.replace('_', ' ')}", f"{rows:,}")
    table.add_row("all rows", f"{totals['rows']:,}")
    console.print(table)
    return {
        "totals": dict(totals),
        "reasons": {f"{verdict}:{reason}": rows for (verdict, reason), rows in reasons.items()},
    }
