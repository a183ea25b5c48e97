"""Schema `ml`: the role reads two views and nothing else; consent and provenance are decided there."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from platform_api.models import Artist, Base, Play, Track, User

NOON = datetime(2024, 5, 17, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def database(make_database: Callable[[], str]) -> Iterator[Engine]:
    """One consenting listener with a play of each kind that matters, one who said no."""
    engine = create_engine(make_database())
    with Session(engine) as session, session.begin():
        artist = Artist(key="artist:nina", name="Nina")
        session.add(artist)
        session.flush()
        track = Track(key="spotify:track:1", name="One", name_key="one", artist_id=artist.id)
        consenting, refusing = (
            User(firebase_uid=name, handle=name, handle_key=name, display_name=name, time_zone="UTC", may_train=may)
            for name, may in (("yes", True), ("no", False))
        )
        session.add_all([track, consenting, refusing])
        session.flush()
        for hour, (user, source, incognito) in enumerate(
            [
                (consenting, "spotify_export", False),
                (consenting, "listenbrainz", None),
                (consenting, "spotify_export", True),
                (consenting, "spotify_api", False),
                (consenting, "a source nobody decided about", False),
                (refusing, "spotify_export", False),
            ]
        ):
            ended = NOON + timedelta(hours=hour)
            session.add(
                Play(
                    user_id=user.id,
                    track_id=track.id,
                    started_at=ended - timedelta(minutes=3),
                    ended_at=ended,
                    ms_played=180_000,
                    source=source,
                    incognito=incognito,
                )
            )
    yield engine
    engine.dispose()


@pytest.fixture
def as_trainer(database: Engine) -> Iterator[Connection]:
    with database.connect() as connection:
        connection.execute(text("SET ROLE trainer"))
        yield connection


def test_only_permitted_plays_are_shown(as_trainer: Connection) -> None:
    rows = as_trainer.execute(text("SELECT source, ended_at, is_listen FROM ml.plays ORDER BY ended_at")).all()
    assert [(source, ended_at) for source, ended_at, _ in rows] == [
        ("spotify_export", NOON),
        ("listenbrainz", NOON + timedelta(hours=1)),
    ]
    assert all(is_listen for *_, is_listen in rows)


def test_a_withdrawn_consent_is_obeyed_at_once(database: Engine) -> None:
    with database.begin() as connection:
        connection.execute(text("UPDATE users SET may_train = false"))
        assert connection.scalar(text("SELECT count(*) FROM ml.plays")) == 0
        connection.rollback()


def test_columns_name_nobody(as_trainer: Connection) -> None:
    columns = set(as_trainer.execute(text("SELECT * FROM ml.plays LIMIT 0")).keys())
    assert columns == {
        "user_key", "time_zone", "track_key", "artist_key", "kind", "started_at", "ended_at", "ms_played", "is_listen",
        "reason_start", "reason_end", "shuffle", "skipped", "offline", "source",
    }  # fmt: skip
    columns = set(as_trainer.execute(text("SELECT * FROM ml.tracks LIMIT 0")).keys())
    assert columns == {
        "track_key", "kind", "title", "artist_key", "artist_name", "album_name", "duration_ms", "isrc",
    }  # fmt: skip


@pytest.mark.parametrize("table", [*sorted(Base.metadata.tables), "plays_p00", "alembic_version"])
def test_no_table_can_be_read(as_trainer: Connection, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        as_trainer.execute(text(f"SELECT 1 FROM public.{table}"))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ml.plays",
        "INSERT INTO ml.tracks (title) VALUES ('x')",
        "CREATE TABLE public.mine (id int)",
        "CREATE TABLE ml.mine (id int)",
        "CREATE ROLE another",
    ],
)
def test_nothing_can_be_written(as_trainer: Connection, statement: str) -> None:
    with pytest.raises(Exception, match=r"permission denied|cannot|must be"):
        as_trainer.execute(text(statement))
