"""What every table shares: names of constraints, types, defaults, timestamps."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, MetaData, inspect, text
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeEngine

from src import clock
from src.models.enums import ENUM_NAMES
from src.models.types import BigId, UtcDateTime, enum_type

NAMING_CONVENTION = {
    "ix": "idx_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


_COLUMN_TYPES: dict[Any, TypeEngine[Any]] = {
    datetime: UtcDateTime(),
    **{values: enum_type(values, name) for values, name in ENUM_NAMES.items()},
}


class Base(AsyncAttrs, DeclarativeBase):
    """The root of all models. A new row has its defaults at once, not only after the flush."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = _COLUMN_TYPES

    def __init__(self, **values: Any) -> None:
        mapper = inspect(type(self))
        for name, column in mapper.columns.items():
            if column.default is not None and name not in values:
                default: Any = column.default
                values[name] = default.arg(None) if default.is_callable else default.arg
        for name, value in values.items():
            if name not in mapper.attrs:
                raise TypeError(f"{type(self).__name__} has no column {name!r}")
            setattr(self, name, value)

    def __repr__(self) -> str:
        """Name the row by its key: no data of a pupil ends up in a log."""
        key = ", ".join(
            f"{column.name}={getattr(self, column.name)}"
            for column in inspect(type(self)).primary_key
        )
        return f"{type(self).__name__}({key})"


class CreatedAt:
    """The instant at which the row was made."""

    created_at: Mapped[datetime] = mapped_column(
        default=clock.now, server_default=text("CURRENT_TIMESTAMP"), sort_order=900
    )


class Timestamps(CreatedAt):
    """The instants at which the row was made and last changed.

    An upsert has to set ``updated_at`` itself: SQLAlchemy fills it in for UPDATE only.
    """

    updated_at: Mapped[datetime] = mapped_column(
        default=clock.now,
        onupdate=clock.now,
        server_default=text("CURRENT_TIMESTAMP"),
        sort_order=901,
    )


class OfConnection:
    """A row that belongs to one connection to Canvas: two people see different dates and things.

    Other rows of Canvas are named by the number that Canvas gave them, never by ours, so that
    history and notes outlive the rows that they are about.
    """

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    connection_id: Mapped[int] = mapped_column(
        ForeignKey("canvas_connections.id", ondelete="CASCADE"), doc="whose view of the school"
    )
