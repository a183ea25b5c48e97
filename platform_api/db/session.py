"""Engine and sessions. Nobody commits but the session dependency of a request and a job's batch."""

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

from platform_api.core.settings import DatabaseSettings

Sessions = sessionmaker[Session]

CONNECT_TIMEOUT_S = 3
POOL_TIMEOUT_S = 5
REQUEST_STATEMENT_TIMEOUT_MS = 30_000


def make_engine(
    settings: DatabaseSettings,
    *,
    application_name: str,
    pool_size: int | None = None,
    statement_timeout_ms: int = REQUEST_STATEMENT_TIMEOUT_MS,
) -> Engine:
    """An engine that connects at first use. The pool never grows: a request waits POOL_TIMEOUT_S, then answers 503.

    `pool_pre_ping` costs a round trip and spares every request after a restart of the database its failure.
    """
    return create_engine(
        settings.url.get_secret_value(),
        pool_size=pool_size or settings.pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=True,
        pool_use_lifo=True,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "application_name": application_name,
            "options": f"-c timezone=UTC -c statement_timeout={statement_timeout_ms}",
        },
    )


def make_sessions(engine: Engine) -> Sessions:
    return sessionmaker(engine, expire_on_commit=False)
