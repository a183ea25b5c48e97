"""Whether habits and suggestions cost more the longer a history is: `python -m benchmarks.habit_years [--plays N …]`.

Starts a throw-away PostgreSQL with the real migrations, copies (COPY) the plays of listeners with the same days, 110
plays each, over more and more years, and asks for the page as the API does, with the model in this process. Parts: what
is read for the question, the request's JSON, the model, and the whole page with the words about it. Cold: nothing comes
from a cache. The model is the served network at its usual size, not trained: its weights do not change what it costs.
Behind it what suggestions, their fallback, an account and its link to Spotify read of a whole history, in a session of
its own each time, as a request has.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import psycopg
import torch
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from benchmarks.analytics_speed import COLUMNS, TYPES, catalogue, pack
from benchmarks.import_speed import database
from modeling.bundle import Bundle, load_predictor
from modeling.habit.artists import ARTIST_FEATURES
from modeling.habit.network import HabitNetwork
from modeling.habit.predictor import VOCABULARY, HabitPredictor
from modeling.habit.spec import HabitSpec
from platform_api.core.settings import Settings
from platform_api.crud import enrichment, recommendations, users
from platform_api.crud import habits as crud
from platform_api.crud.earlier import Stretch, earlier_sessions
from platform_api.crud.recommendations import last_day, recent_song_plays
from platform_api.db.session import Sessions, make_sessions
from platform_api.models import User
from platform_api.schemas.model_info import ModelInfo
from platform_api.schemas.recommendations import Wish
from platform_api.services.analytics.history import history_of
from platform_api.services.habits import days, wire
from platform_api.services.habits.page import CANDIDATES, habit_page
from platform_api.services.inference.client import Answered, InferenceClient
from platform_api.services.recommendations import fallback
from platform_api.services.recommendations.recommending import plays_told
from platform_api.services.scrobbling.reading import listen_count
from platform_api.utils.cache import Cache

NOW = datetime(2026, 1, 15, 12, 20, tzinfo=UTC)
A_DAY = 110
SIZES = (5_000, 50_000, 500_000)
TIMES = 12


def predictor(folder: Path) -> HabitPredictor:
    """The network at the size of params.yaml."""
    counts = tuple(float(name in ("base_level", "after_shares")) for name in ARTIST_FEATURES)
    spec = HabitSpec(
        hidden=64, window=128, artists=0, skip_rate=0.2, skip_scale=1.0, skip_shift=0.0, kind_residual=1.0,
        forecast_residual=1.0, forecast_shift=0.0, return_residual=1.0, return_shift=0.0,
        artist_within=counts, artist_opening=counts,
    )  # fmt: skip
    words = b'{"artists": [], "track_skip": {}, "artist_skip": {}}'
    Bundle.write(
        folder, model="habit", spec=vars(spec), tensors=HabitNetwork(spec).state_dict(), files={VOCABULARY: words}
    )
    return cast("HabitPredictor", load_predictor(folder))


class Inference:
    """Asks the model in this process."""

    def __init__(self, model: HabitPredictor) -> None:
        self.model = model

    def current_version(self, _: str) -> str:
        return "here"

    def ask(
        self, model: str, body: Callable[[], bytes], kind: type[wire.Habits], check: Callable[[wire.Habits], None]
    ) -> Answered[wire.Habits]:
        answer = self.model.predict([body()])[0]
        assert isinstance(answer, bytes), answer
        habits = kind.model_validate_json(answer)
        check(habits)
        return Answered(habits, ModelInfo(name=model, version="here", is_fallback=False, detail=None))


def rows(user_id: int, plays: int) -> Iterator[tuple[Any, ...]]:
    """The same kind of days as far back as there are plays: three sittings, few tracks often and most rarely."""
    chance = np.random.default_rng(1)
    for back in range(plays // A_DAY + 1):
        morning = NOW.replace(hour=0, minute=0) - timedelta(days=back)
        for number in range(min(A_DAY, plays - back * A_DAY)):
            began = morning + timedelta(hours=(7, 11, 18)[number % 3], minutes=4 * (number // 3) + int(back % 17))
            if began >= NOW:
                continue
            track, skipped = int(20_000 * chance.random() ** 3) + 1, chance.random() < 0.15
            ms = 12_000 if skipped else 200_001
            yield (
                user_id, track, began + timedelta(milliseconds=ms), began, ms, "song", "spotify_export", "trackdone",
                "fwdbtn" if skipped else "trackdone", bool(track % 2), "ios", "CZ",
            )  # fmt: skip


def listener(settings: Settings, address: str, plays: int) -> int:
    engine = create_engine(settings.database.url.get_secret_value())
    with make_sessions(engine).begin() as session:
        name = f"l{plays}"
        user = User(firebase_uid=name, handle=name, handle_key=name, display_name=name, time_zone="Europe/Prague")
        session.add(user)
        session.flush()
        user_id = user.id
    engine.dispose()
    with psycopg.connect(address, autocommit=True) as connection:
        unique = {(row[1], row[2]): row for row in rows(user_id, plays)}
        with connection.cursor().copy(f"COPY plays ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(TYPES)
            for row in unique.values():
                copy.write_row(row)
    pack(settings, user_id)
    return user_id


def measured(work: Callable[[], Any]) -> str:
    """Least and median milliseconds: what else the machine does only ever adds."""
    work()
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return f"{min(took):8.1f}{statistics.median(took):8.1f}"


def parts(session: Session, user: User, model: HabitPredictor) -> dict[str, str]:
    until = last_day(session, user.id)
    assert until is not None
    candidates = crud.played_lately(session, user.id, until, CANDIDATES)
    plays = recent_song_plays(session, user.id, wire.MAX_PLAYS)
    since, before = NOW - timedelta(days=wire.EARLIER_DAYS), plays[0].started_at

    def told_earlier() -> list[Stretch]:
        return earlier_sessions(session, user.id, since, before) if len(plays) == wire.MAX_PLAYS else []

    earlier = told_earlier()
    body = wire.request_body(plays, candidates, now=NOW, time_zone=user.time_zone, earlier=earlier)
    nothing_kept = cast("Cache", SimpleNamespace(cached=lambda _user, _name, _asked, compute: compute()))
    inference = cast("InferenceClient", Inference(model))
    five_days = [until - timedelta(days=back) for back in range(0, 25, 5)]
    return {
        "the last day": measured(lambda: last_day(session, user.id)),
        "songs played lately": measured(lambda: crud.played_lately(session, user.id, until, CANDIDATES)),
        "hours of the week": measured(lambda: days.hours_of_week(session, user, until)),
        f"the last {len(plays):,} plays": measured(lambda: recent_song_plays(session, user.id, wire.MAX_PLAYS)),
        f"{len(earlier):,} sessions before them": measured(told_earlier),
        f"the request, {len(body) / 1e6:.1f} MB": measured(
            lambda: wire.request_body(plays, candidates, now=NOW, time_zone=user.time_zone, earlier=earlier)
        ),
        "the model": measured(lambda: model.predict([body])),
        "facts of five days": measured(lambda: days.facts_of_days(session, user, five_days)),
        "unusual days of four weeks": measured(
            lambda: days.unusual_days(session, user, until - timedelta(days=27), until, 5)
        ),
        "unusual days of all time": measured(lambda: days.unusual_days(session, user, date(2010, 1, 1), until, 12)),
        "the whole page": measured(lambda: habit_page(session, nothing_kept, inference, user, now=NOW)),
    }


def suggested(wish: Wish, session: Session, user: User) -> Any:
    return fallback.suggest(session, user, wish, [], [], 30)


def told(wish: Wish, session: Session, user: User) -> Any:
    return plays_told(session, user, wish, [])


def other_parts(sessions: Sessions, user_id: int) -> dict[str, str]:
    def asked(question: Callable[[Session, User], Any]) -> str:
        def ask() -> Any:
            with sessions() as session:
                return question(session, session.get_one(User, user_id))

        return measured(ask)

    with sessions() as session:
        most_played = history_of(session, session.get_one(User, user_id)).most_played()
    rarely = most_played[-60:]
    wishes: tuple[Wish, ...] = ("comfort", "rediscover", "discover")
    return {
        "the whole history": asked(history_of),
        **{f"{wish} without a model": asked(partial(suggested, wish)) for wish in wishes},
        **{f"plays told for {wish}": asked(partial(told, wish)) for wish in wishes[:2]},
        "what is no discovery": asked(
            lambda session, user: recommendations.recordings_like(session, history_of(session, user).track_ids.tolist())
        ),
        "counts of the 60 most played": asked(
            lambda session, user: recommendations.counted_plays(session, user.id, most_played[:60])
        ),
        "counts of 60 rarely played": asked(
            lambda session, user: recommendations.counted_plays(session, user.id, rarely)
        ),
        "tracks to look up": asked(
            lambda session, user: enrichment.to_look_up(session, history_of(session, user).most_played(), 20)
        ),
        "tracks looked up": asked(
            lambda session, user: enrichment.progress(session, history_of(session, user).track_ids.tolist())
        ),
        "plays of an account": asked(lambda session, user: users.listening_summary(session, user.id)),
        "listens of a scrobbler": asked(listen_count),
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, nargs="+", default=list(SIZES))
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(prefix="tonearm-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        model = predictor(folder / "bundle")
        with database(folder) as settings:
            address = settings.database.url.get_secret_value().replace("+psycopg", "", 1)
            with psycopg.connect(address, autocommit=True) as connection:
                catalogue(connection)
            users = {plays: listener(settings, address, plays) for plays in arguments.plays}
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
            engine = create_engine(settings.database.url.get_secret_value())
            for plays, user_id in users.items():
                with make_sessions(engine)() as session:
                    user = session.get_one(User, user_id)
                    print(f"\n{plays:,} plays, {plays / A_DAY / 365:.1f} years   {'least':>10}{'median':>8}  ms")
                    for part, took in parts(session, user, model).items():
                        print(f"{part:28}{took}", flush=True)
                for part, took in other_parts(make_sessions(engine), user_id).items():
                    print(f"{part:28}{took}", flush=True)
            engine.dispose()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
