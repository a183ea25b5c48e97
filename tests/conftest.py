"""Real parts for every test: PostgreSQL built by the real migrations, Valkey, the Firebase Auth emulator.

Servers start when the first test asks for them and live for the session, a set for each process of pytest. A test that
only reads or writes through its own session takes `session` (rolled back); one whose code commits takes
`fresh_database`, a copy of the migrated one.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
import redis
from alembic import command
from alembic.config import Config
from fastapi import FastAPI
from fastapi.testclient import TestClient
from psycopg import sql
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from platform_api.core.settings import Settings
from platform_api.db.session import Sessions, make_engine, make_sessions
from platform_api.main import create_app
from platform_api.utils.clock import use_locked_time_zones
from stack.postgres import other_database
from stack.temporary import temporary_auth_emulator, temporary_postgres, temporary_valkey
from tests.support.people import Emulator, Listener, sign_in_on

use_locked_time_zones()  # as every process of ours does when it starts
hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine is no defect of the code
hypothesis.settings.load_profile("untimed")
ROOT = Path(__file__).parent.parent
MIGRATED = "migrated"
LONGEST = ("test_pipeline.py", "test_accessibility.py")
"""They take minutes: first, so that nobody waits for them at the end while another process has nothing left to do."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(scope="session")
def servers_folder() -> Iterator[Path]:
    """Not pytest's own folder: PostgreSQL runs under another account when we are root, and must reach its data."""
    folder = Path(tempfile.mkdtemp(prefix="tonearm-tests-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url(servers_folder: Path) -> Iterator[str]:
    """A server's maintenance address, as a superuser."""
    with temporary_postgres(servers_folder / "postgres") as url:
        yield url


@pytest.fixture(scope="session")
def redis_server(servers_folder: Path) -> Iterator[str]:
    with temporary_valkey(servers_folder / "valkey") as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """Empty: people sign up once a session, so what one test counted would limit the next one's sign-ins."""
    with redis.Redis.from_url(redis_server) as connection:
        connection.flushall()
    return redis_server


@pytest.fixture(scope="session")
def emulator(servers_folder: Path) -> Iterator[Emulator]:
    with temporary_auth_emulator(servers_folder / "auth") as host:
        yield Emulator(host)


def migrate(url: str, revision: str = "head") -> None:
    """Runs the real migrations, as `alembic upgrade` does."""
    config = Config(str(ROOT / "alembic.ini"))
    engine = create_engine(url)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_url(postgres_url: str) -> str:
    """A migrated database that nothing writes to: fresh ones are copies of it."""
    url = other_database(postgres_url, MIGRATED)
    with _maintenance(postgres_url) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(MIGRATED)))
    migrate(url)
    return url


@pytest.fixture(scope="session")
def make_database(postgres_url: str, migrated_url: str) -> Callable[[], str]:
    """Each call answers the address of a new copy of the migrated database."""
    assert migrated_url
    count = 0

    def make() -> str:
        nonlocal count
        count += 1
        name = f"copy_{count}"
        with _maintenance(postgres_url) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(MIGRATED))
            )
        return other_database(postgres_url, name)

    return make


@pytest.fixture
def fresh_database(make_database: Callable[[], str], postgres_url: str) -> Iterator[str]:
    url = make_database()
    yield url
    with _maintenance(postgres_url) as connection:
        name = sql.Identifier(url.rpartition("/")[2])
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


@pytest.fixture(scope="session")
def shared_database(make_database: Callable[[], str]) -> str:
    """For tests that roll back."""
    return make_database()


@pytest.fixture
def session(shared_database: str) -> Iterator[Session]:
    """Everything done in it is rolled back; `commit()` inside only ends a savepoint."""
    engine = create_engine(shared_database, connect_args={"options": "-c timezone=UTC"})
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        transaction.rollback()
    engine.dispose()


@pytest.fixture
def settings(fresh_database: str, redis_url: str, emulator: Emulator, tmp_path: Path) -> Settings:
    """Of an application on a database of its own. TorchServe is away, unless a test says where it is."""
    return Settings.model_validate(
        {
            "app": {"environment": "test"},
            "database": {"url": fresh_database, "pool_size": 45},
            "redis": {"url": redis_url},
            "firebase": {"auth_emulator_host": emulator.host},
            "inference": {
                "url": "http://127.0.0.1:9",
                "management_url": "http://127.0.0.1:9",
                "key_file": tmp_path / "key_file.json",
                "manifest": tmp_path / "manifest.json",
            },
            "uploads": {"dir": tmp_path / "uploads"},
        }
    )


@pytest.fixture
def sessions(settings: Settings) -> Iterator[Sessions]:
    """Sessions on the application's database, for looking behind it and for jobs."""
    engine = make_engine(settings.database, application_name="tonearm-tests", pool_size=5)
    yield make_sessions(engine)
    engine.dispose()


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    return create_app(settings)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


@pytest.fixture
def sign_in(client: TestClient, emulator: Emulator) -> Callable[..., Listener]:
    """`sign_in("ada")` is a listener with an account in this test's database; `time_zone=` is Europe/Prague."""
    return sign_in_on(client, emulator)


@pytest.fixture
def listener(sign_in: Callable[..., Listener]) -> Listener:
    return sign_in("ada")


def _maintenance(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1), autocommit=True)
