"""An account ends while its owner imports, scrobbles, posts, exports and looks at pages from many places at once."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import redis
from fastapi.testclient import TestClient
from sqlalchemy import select, text

from platform_api.core.settings import Settings
from platform_api.db.session import Sessions
from platform_api.models import Base, User
from platform_api.worker import Worker
from tests.support.histories import a_day_of_plays, bring, extended_zip, listen, work
from tests.support.people import Emulator, Listener

START = datetime(2024, 3, 1, tzinfo=UTC)
OWNERS = ("user_id", "author_id", "follower_id", "followed_id", "blocker_id", "blocked_id")


def test_nothing_is_left_of_an_account_that_ended_under_load(
    client: TestClient, emulator: Emulator, sign_in: Callable[..., Listener], settings: Settings, sessions: Sessions
) -> None:
    leaving = sign_in(emulator.sign_up_somebody())
    witness = sign_in("ben")
    with sessions() as session:
        ml_key = session.scalars(select(User.ml_key).where(User.id == leaving.id)).one()
    tokens = [leaving.post("/tokens", {"name": str(at)}).json()["token"] for at in range(2)]
    for at in range(3):
        bring(leaving, extended_zip(a_day_of_plays(3000, START + timedelta(days=20 * at))))
    stop, started, broken = threading.Event(), threading.Barrier(6), []

    def keep(doing: Callable[[int], int]) -> threading.Thread:
        def run() -> None:
            started.wait(timeout=60)
            for number in count():
                if stop.is_set():
                    return
                status = doing(number)
                if status >= 500:
                    broken.append(status)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def scrobble(token: str) -> Callable[[int], int]:
        def send(number: int) -> int:
            listens = [listen(START + timedelta(days=number, minutes=5 * at), at) for at in range(20)]
            body = {"listen_type": "import", "payload": listens}
            headers = {"Authorization": f"Token {token}"}
            return client.post("/1/submit-listens", json=body, headers=headers).status_code

        return send

    def playing(number: int) -> int:
        told = {"track_name": f"{number}", "artist_name": "x"}
        body = {"listen_type": "playing_now", "payload": [{"track_metadata": told}]}
        return client.post("/1/submit-listens", json=body, headers={"Authorization": f"Token {tokens[0]}"}).status_code

    worker = Worker(settings)
    working = threading.Thread(target=worker.run)
    threads = [
        keep(scrobble(tokens[0])),
        keep(scrobble(tokens[1])),
        keep(playing),
        keep(lambda number: leaving.get(f"/wraps/{2023 + number % 3}").status_code),
        keep(lambda _: leaving.get("/export").status_code),
        keep(lambda number: leaving.post("/playlists", {"name": f"{number}", "track_ids": []}).status_code),
    ]
    working.start()
    try:
        while not leaving.get("/me").json()["plays"]:
            pass
        assert leaving.delete("/me").status_code == 204
        assert leaving.get("/me").status_code in {401, 403}
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=60)
        worker.stop()
        working.join(timeout=60)
    with sessions.begin() as session:
        session.execute(text("UPDATE jobs SET run_after = now() WHERE state = 'queued'"))
    work(settings)

    assert not broken
    nothing_is_left(sessions, leaving.id)
    with redis.Redis.from_url(settings.redis.url.get_secret_value()) as kept:
        assert list(kept.scan_iter(match=f"*{ml_key}*")) == []
    assert not [path for path in settings.uploads.dir.rglob("*") if path.is_file()]
    assert witness.get("/me").status_code == 200


def nothing_is_left(sessions: Sessions, user_id: int) -> None:
    """In no table, nor in what the next training would read."""
    with sessions() as session:
        for table in Base.metadata.sorted_tables:
            for column in OWNERS:
                if column in table.columns:
                    left = session.scalar(text(f"SELECT count(*) FROM {table.name} WHERE {column} = {user_id}"))
                    assert left == 0, f"{table.name}.{column}"
        assert session.scalar(text("SELECT count(*) FROM ml.plays")) == 0
        assert session.scalar(text("SELECT count(*) FROM users")) == 1
