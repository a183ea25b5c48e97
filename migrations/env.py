"""Runs migrations against DATABASE_URL, or against the connection a test hands over in `config.attributes`."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine

from platform_api.core.settings import Settings
from platform_api.models import Base

PARTITION_OF_PLAYS = "plays_p"


def is_ours(_: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """Partitions exist only in the database: they are parts of `plays`, not tables of the models."""
    return not (kind == "table" and name is not None and name.startswith(PARTITION_OF_PLAYS))


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=is_ours,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    engine = create_engine(Settings().database.url.get_secret_value())
    with engine.connect() as connection:
        migrate(connection)
    engine.dispose()
