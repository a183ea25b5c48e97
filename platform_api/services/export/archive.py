"""The export of one listener: its files, in the order in which they are written and sent."""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Table
from sqlalchemy.orm import Session

from platform_api.crud import export, users
from platform_api.crud.export import PlayRow
from platform_api.db.session import Sessions
from platform_api.models import User
from platform_api.services.export import plays, zipping
from platform_api.services.export.plays import Row
from platform_api.services.importing.own_export import MARK, PLAYS, YOURS
from platform_api.services.keepsakes import telling
from platform_api.services.keepsakes.rows import CONSENTS
from platform_api.utils.clock import utc_now

FOLDER = "tonearm-export"
SPOOLED_IN_MEMORY = 4 * 1024 * 1024
FORMAT = 2
"""2: with the folder `yours`. Of 1 an import reads the plays."""
ACCOUNT = ("handle", "display_name", "email", "time_zone", "created_at", *CONSENTS)
README = """\
What Tonearm kept about {handle}, as it was on {made_at:%Y-%m-%d at %H:%M} UTC.

plays/          Every play, as JSON. Streaming_History_Audio_*.json are in the shape of Spotify's own extended
                streaming history and nothing else, so whatever reads that reads these. Plays which that shape cannot
                tell without losing something (scrobbles, account data, what was entered by hand) lie in
                Streaming_History_Tonearm_*.json: the same shape, with the rest in the field "tonearm".
yours/          What you made and said beside it, a line each: playlists, what counts as one recording and what does
                not, hidden artists, what you deleted, corrected and added by hand, what you said to recommendations,
                genres of your own files, settings. Music is named, never numbered.
plays*.csv      The same plays as a table, with their local start in {zone}. is_listen: half a minute or more.
listens*.jsonl  What counts as a listen, a line each, as ListenBrainz writes its exports.
account.json    Your account and your choices, to read.
tables/         Every table that names you, to read: imports and their ledgers, playlists, posts, comments, reactions,
                follows, recommendations and what you said to them, stories, merges, and whatever else is kept.

Bring this ZIP to any Tonearm: every play of plays/ is there again, to the microsecond, counted once, and so is
everything of yours/. What is there already stays as it is. Settings fill only an account that nobody has used yet, and
what you allow is never made more by an import, only less.
Not brought back: posts, comments, reactions, follows and blocks (others are part of them), shared links and
notifications, the ledgers of earlier imports, what was recommended, stories (they are written anew), audio files.

Left out: your sign-in (it is not kept here), secrets (of tokens, of your link to Spotify), what is made from
the plays, and what belongs to others, such as their comments on your posts.
"""


def stream(sessions: Sessions, user_id: int) -> Iterator[bytes]:
    """The ZIP, in pieces. All of it is of one moment: one transaction reads it, whatever is written meanwhile."""
    made_at = utc_now()
    with sessions() as session:
        export.hold_still(session)
        user = users.by_id(session, user_id)
        if user is not None:
            yield from zipping.stream(_entries(session, user, made_at), made_at)
        session.rollback()


def _entries(session: Session, user: User, made_at: datetime) -> Iterator[tuple[str, Iterable[bytes]]]:
    zone = ZoneInfo(user.time_zone)
    readme = README.format(handle=user.handle, made_at=made_at, zone=user.time_zone)
    yield f"{FOLDER}/README.txt", [readme.encode()]
    yield f"{FOLDER}/{MARK}", [_json({"made_by": "Tonearm", "format": FORMAT, "made_at": made_at, "of": user.handle})]
    yield f"{FOLDER}/account.json", [_json({name: getattr(user, name) for name in ACCOUNT})]
    for source in export.sources_of(session, user.id):
        yield from _plays_of(session, user.id, source)
    for number, pieces in enumerate(plays.tables(export.plays(session, user.id), zone)):
        yield f"{FOLDER}/plays{_number(number)}.csv", pieces
    for number, pieces in enumerate(plays.scrobbles(export.plays(session, user.id))):
        yield f"{FOLDER}/listens{_number(number)}.jsonl", pieces
    for name, pieces in telling.files(session, user):
        yield f"{FOLDER}/{YOURS}/{name}", pieces
    for table in export.tables():
        yield f"{FOLDER}/tables/{table.name}.json", _table(session, table, user.id)


def _plays_of(session: Session, user_id: int, source: str) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Rows in Spotify's shape as they come; the others wait in a file of their own until those are written."""
    with tempfile.SpooledTemporaryFile(SPOOLED_IN_MEMORY) as others:
        told = _told_by_spotifys_shape(export.plays(session, user_id, source), others)
        for number, pieces in enumerate(plays.json_lists(told)):
            yield f"{FOLDER}/{PLAYS}/Streaming_History_Audio_{number}.json", pieces
        others.seek(0)
        waiting = (orjson.loads(line) for line in others)
        for number, pieces in enumerate(plays.json_lists(waiting)):
            yield f"{FOLDER}/{PLAYS}/Streaming_History_Tonearm_{source}_{number}.json", pieces


def _told_by_spotifys_shape(found: Iterable[PlayRow], others: IO[bytes]) -> Iterator[Row]:
    for play in found:
        row = plays.spotify_row(play)
        if row is not None:
            yield row
        else:
            others.write(orjson.dumps(plays.own_row(play), option=orjson.OPT_APPEND_NEWLINE))


def _table(session: Session, table: Table, user_id: int) -> Iterator[bytes]:
    start = b"["
    for row in export.rows(session, table, user_id):
        yield start + orjson.dumps(row, default=str)
        start = b",\n"
    yield b"]\n" if start != b"[" else b"[]\n"


def _number(number: int) -> str:
    return f"_{number}" if number else ""


def _json(value: dict[str, Any]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
