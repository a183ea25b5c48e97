"""`python -m demo.spotify --port 7706`: serves the stand-in on this machine's loopback."""

import argparse
import os
from pathlib import Path

import uvicorn

from demo.spotify.accounts import Account, Accounts
from demo.spotify.app import create_stand_in
from demo.spotify.music import Music

PEOPLE = ("Night owl", "Kitchen radio", "Long train ride")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m demo.spotify", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--town", type=Path, default=Path(os.environ.get("DATA_DIR", ".tonearm")) / "town")
    options = parser.parse_args()
    data = Path(os.environ.get("DATA_DIR", ".tonearm"))
    accounts = Accounts(Music(options.town), kept_in=data / "spotify.json")
    for number, name in enumerate(PEOPLE, start=1):
        accounts.add(Account(f"stand-in-{number}", name, always_playing=True))
    accounts.read_kept()
    stand_in = create_stand_in(accounts)
    # one process, whatever WEB_CONCURRENCY asks of the API: what it knows is in its memory
    uvicorn.run(stand_in, host="127.0.0.1", port=options.port, workers=1, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
