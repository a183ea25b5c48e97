"""The declarative base: one naming convention, so that migrations name constraints the same everywhere."""

from datetime import datetime
from typing import Annotated, ClassVar

from sqlalchemy import BigInteger, DateTime, Identity, MetaData, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar = {datetime: DateTime(timezone=True)}


class ViewBase(DeclarativeBase):
    """Of what is read through a view: the migrations make it, Alembic's comparison does not know it."""

    type_annotation_map: ClassVar = {datetime: DateTime(timezone=True)}


BigKey = Annotated[int, mapped_column(BigInteger, Identity(always=False), primary_key=True)]
CreatedAt = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]
ToldBy = Annotated[
    list[int] | None,
    mapped_column(
        ARRAY(BigInteger), nullable=True, comment="files of imports that brought it; NULL: the listener's own hand"
    ),
]
"""Of what an export brings back (`crud/restoring.py`). It goes with the last import that told it, unless the listener
has changed it since, which makes it theirs."""
