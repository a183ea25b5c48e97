"""`kill -9` for a real worker in the middle of a file of every format (CHECKS 9): nobody can tell afterwards."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from typing import Any, BinaryIO

from sqlalchemy import text

from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from platform_api.services.importing import batches
from platform_api.services.importing.formats import HistoryFormat
from platform_api.worker import Worker
from tests.support.histories import account_row, bring, extended_row, work, zipped
from tests.support.people import Listener
from tests.support.scrobble_files import EVERY_SHAPE, some_scrobbles

BATCH = 25
ROWS = 300
PLAYS = """
    SELECT track_id, ended_at, started_at, ms_played, precision_s, source, reason_end, platform FROM plays
    WHERE user_id = :id ORDER BY 1, 2
"""
READ = "SELECT month, plays FROM grooves WHERE user_id = :id ORDER BY 1"
KEPT = """
    SELECT f.name, r.row, r.verdict, r.reason FROM import_rejects r JOIN import_files f ON f.id = r.import_file_id
    JOIN imports i ON i.id = f.import_id WHERE i.user_id = :id ORDER BY 1, 2
"""
COUNTED = ("name", "state", "rows", "accepted", "duplicate", "skipped", "broken", "reasons")


def work_slowly(settings: Settings) -> None:
    """A worker whose batches are small and far enough apart to be hit between any two of them, or inside one."""
    prepare = batches.prepare

    def prepared(
        stream: BinaryIO, history_format: HistoryFormat, now: datetime, skip_rows: int
    ) -> Iterator[batches.PreparedBatch]:
        for batch in prepare(stream, history_format, now, skip_rows, BATCH):
            time.sleep(0.03)
            yield batch

    batches.prepare = prepared  # type: ignore[assignment]
    worker = Worker(settings)
    while worker.do_one():
        pass


def every_format() -> bytes:
    history = some_scrobbles(ROWS)
    ended = [(heard.at + timedelta(seconds=200), heard.track) for heard in history]
    account = [account_row(*play) for play in ended[::2]] * 2
    extended = [extended_row(*play) for play in ended]
    return zipped({
        "1/StreamingHistory_music_0.json": account,
        "2/Streaming_History_Audio_2024_0.json": extended,
        "3/listens/2024/3.jsonl": EVERY_SHAPE["ListenBrainz, lines"][2](history),
        "4/maloja_export_1.json": EVERY_SHAPE["Maloja"][2](history),
        "5/recenttracks.json": EVERY_SHAPE["Last.fm, pages"][2](history),
        "6/scrobbles.csv": EVERY_SHAPE["Last.fm, all columns"][2](history),
    })  # fmt: skip


def test_a_worker_killed_in_every_file_ends_as_one_that_lived(
    sign_in: Callable[..., Listener], settings: Settings, sessions: Sessions
) -> None:
    chance = random.Random(os.environ.get("KILL_SEED", "1"))
    calm, killed = sign_in("ada"), sign_in("bob")
    body = every_format()
    bring(calm, body)
    work(settings)
    began = bring(killed, body)
    for at, file in enumerate(began["files"]):
        until = chance.randrange(1, file["total_rows"] - BATCH)
        child = start(settings)
        while rows_of(killed, at) < until and child.is_alive():
            time.sleep(0.03)
        time.sleep(chance.random() * 0.05)
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        with sessions.begin() as session:
            # a job that six workers in a row died of is given up; here they die of the test
            session.execute(
                text(
                    "UPDATE jobs SET locked_until = now() - interval '1 s', attempts = 0"
                    " WHERE kind = 'import' AND state = 'running'"
                )
            )
    work(settings)
    first, second = (each.get("/imports").json()[0] for each in (calm, killed))
    assert second["state"] == "done"
    assert [told(file) for file in second["files"]] == [told(file) for file in first["files"]]
    assert second["totals"]["rows"] == ROWS * 6
    with sessions() as session:
        for question in (PLAYS, READ, KEPT):
            ours, theirs = (session.execute(text(question), {"id": each.id}).all() for each in (calm, killed))
            assert ours == theirs
            assert ours


def start(settings: Settings) -> BaseProcess:
    child = multiprocessing.get_context("spawn").Process(target=work_slowly, args=(settings,))
    child.start()
    return child


def rows_of(listener: Listener, at: int) -> int:
    rows: int = listener.get("/imports").json()[0]["files"][at]["rows"]
    return rows


def told(file: dict[str, Any]) -> list[Any]:
    return [file[name] for name in COUNTED]
