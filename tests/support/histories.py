"""Made-up exports in Spotify's shapes, and the worker that imports them."""

import io
import json
import time
import uuid
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from platform_api import models
from platform_api.core.settings import Settings
from platform_api.crud import imports, incoming
from platform_api.crud.imports import NewFile
from platform_api.services.importing import batches
from platform_api.services.importing.formats import BY_NAME
from platform_api.utils.clock import utc_now
from platform_api.worker import Worker
from tests.support.people import Listener

FIRST_DAY = datetime(2024, 3, 1, 8, 0, tzinfo=UTC)


def track_uri(number: int) -> str:
    return f"spotify:track:{number:022d}"


def extended_row(end: datetime, track: int = 1, ms_played: int = 200_000, **fields: Any) -> dict[str, Any]:
    """A row of extended streaming history. Ten tracks make an artist, five make an album."""
    return {
        "ts": end.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "platform": "ios",
        "ms_played": ms_played,
        "conn_country": "CZ",
        "ip_addr": "203.0.113.7",
        "username": "a-private-name",
        "master_metadata_track_name": f"Song {track}",
        "master_metadata_album_artist_name": f"Artist {track // 10}",
        "master_metadata_album_album_name": f"Album {track // 5}",
        "spotify_track_uri": track_uri(track),
        "episode_name": None,
        "episode_show_name": None,
        "spotify_episode_uri": None,
        "reason_start": "trackdone",
        "reason_end": "trackdone",
        "shuffle": False,
        "skipped": False,
        "offline": False,
        "offline_timestamp": 0,
        "incognito_mode": False,
        **fields,
    }


def account_row(end: datetime, track: int = 1, ms_played: int = 200_000) -> dict[str, Any]:
    """The same play as account data tells it."""
    return {
        "endTime": end.astimezone(UTC).strftime("%Y-%m-%d %H:%M"),
        "artistName": f"Artist {track // 10}",
        "trackName": f"Song {track}",
        "msPlayed": ms_played,
    }


def listen(
    start: datetime, track: int = 1, length_ms: int | None = None, spotify_id: str | None = None,
    player: str | None = "Navidrome",
) -> dict[str, Any]:  # fmt: skip
    """The same play as a scrobbler tells it: certain about its start, seldom about its length."""
    more = {"duration_ms": length_ms, "spotify_id": spotify_id, "media_player": player}
    return {
        "listened_at": int(start.timestamp()),
        "track_metadata": {
            "track_name": f"Song {track}",
            "artist_name": f"Artist {track // 10}",
            "release_name": f"Album {track // 5}",
            "additional_info": {name: value for name, value in more.items() if value is not None},
        },
    }


def a_day_of_plays(count: int, start: datetime = FIRST_DAY) -> list[dict[str, Any]]:
    return [extended_row(start + timedelta(minutes=4 * at), track=at % 7) for at in range(count)]


def zipped(files: Mapping[str, Sequence[object] | bytes]) -> bytes:
    """A ZIP as Spotify sends it; lists are written as JSON."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    return packed.getvalue()


def extended_zip(rows: Sequence[object], name: str = "Streaming_History_Audio_2024_0.json") -> bytes:
    return zipped({f"Spotify Extended Streaming History/{name}": rows})


def bring(listener: Listener, body: bytes, file_name: str = "my_spotify_data.zip") -> dict[str, Any]:
    """Uploads; the worker has not run yet."""
    answer = listener.post(f"/imports?file_name={file_name}", content=body)
    assert answer.status_code == 202, answer.text
    accepted: dict[str, Any] = answer.json()
    return accepted


def until_done(listener: Listener, began: dict[str, Any], patience_s: float = 60) -> None:
    """Waits for a worker that runs by itself."""
    deadline = time.monotonic() + patience_s
    while listener.get(f"/imports/{began['id']}").json()["state"] != "done":
        assert time.monotonic() < deadline
        time.sleep(0.05)


def work(settings: Settings) -> None:
    """Does every job that is due, as the worker does."""
    worker = Worker(settings)
    while worker.do_one():
        pass


def bring_and_work(
    listener: Listener, settings: Settings, body: bytes, file_name: str = "my_spotify_data.zip"
) -> dict[str, Any]:
    """The import as its ledger tells it in the end."""
    began = bring(listener, body, file_name)
    work(settings)
    done: dict[str, Any] = listener.get(f"/imports/{began['id']}").json()
    return done


def write_rows(
    session: Session,
    user_id: int,
    rows: Sequence[object],
    history_format: str = "extended",
    batch_rows: int = 1000,
    sha256: str = "",
) -> models.ImportFile:
    """Imports rows inside the session's own transaction, without upload and job. Returns the file of the ledger."""
    body = json.dumps(rows).encode()
    found = NewFile(name="rows.json", format=history_format, state="queued", error=None, total_rows=None)
    created = imports.create(
        session, user_id, file_name="rows.json", stored_name=uuid.uuid4().hex, size=len(body), sha256=sha256,
        source=BY_NAME[history_format].source, files=[found],
    )  # fmt: skip
    (file,) = imports.files_of(session, [created.id])
    known = batches.Catalogue()
    target = batches.Target(user_id, file.id, BY_NAME[history_format].source)
    for batch in batches.prepare(io.BytesIO(body), BY_NAME[history_format], utc_now(), 0, batch_rows):
        incoming.hold_history(session, user_id)
        known.learn(session, batch.plays)
        batches.write(session, batches.lay_out(batch, known), target, known)
    imports.finish_file(session, file.id, "done")
    session.refresh(file)
    return file


def new_user(session: Session, time_zone: str = "Europe/Prague") -> models.User:
    name = f"listener-{uuid.uuid4().hex[:12]}"
    user = models.User(firebase_uid=name, handle=name, handle_key=name, display_name=name, time_zone=time_zone)
    session.add(user)
    session.flush()
    session.refresh(user)
    return user
