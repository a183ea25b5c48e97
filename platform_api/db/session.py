"""Engine and sessions. Nobody commits but the session dependency of a request and a job's batch."""

from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

from platform_api.core.settings import DatabaseSettings

Sessions = sessionmaker[Session]

CONNECT_TIMEOUT_S = 3
POOL_TIMEOUT_S = 5
REQUEST_STATEMENT_TIMEOUT_MS = 30_000
IDLE_IN_TRANSACTION_S = 300
"""No transaction of ours waits that long for anything but a machine that is gone; its locks would stay."""

NOTICES_ITS_END: dict[str, Any] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""How a connection learns that the machine at its other end is gone (in s, s, times, ms): the system would wait for a
quarter of an hour."""
_SERVER_NOTICES_OURS = {"tcp_keepalives_idle": 60, "tcp_keepalives_interval": 10, "tcp_keepalives_count": 3}


def make_engine(
    settings: DatabaseSettings,
    *,
    application_name: str,
    pool_size: int | None = None,
    statement_timeout_ms: int = REQUEST_STATEMENT_TIMEOUT_MS,
) -> Engine:
    """An engine that connects at first use. The pool never grows: a request waits POOL_TIMEOUT_S, then answers 503.

    `pool_pre_ping` costs a round trip and spares every request after a restart of the database its failure. What a
    question is about stays out of the logs.
    """
    told = {
        "timezone": "UTC",
        "statement_timeout": statement_timeout_ms,
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_S * 1000,
        **_SERVER_NOTICES_OURS,
    }
    return create_engine(
        settings.url.get_secret_value(),
        pool_size=pool_size or settings.pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=True,
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "application_name": application_name,
            "options": " ".join(f"-c {name}={value}" for name, value in told.items()),
            **NOTICES_ITS_END,
        },
    )


def make_sessions(engine: Engine) -> Sessions:
    return sessionmaker(engine, expire_on_commit=False)
