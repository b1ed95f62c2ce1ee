"""What statements must know about our two databases, and statements that are built once.

Building a statement costs more than running it, so those on the path of every answer are built
once for each dialect and set of columns, and then run with parameters.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Executable, Row, Table, bindparam, event, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from src.models.base import Base
from src.storage.prepared import Bound, Prepared, run

KEY = "key_"
AnyRow = Row[*tuple[Any, ...]]


def dialect_of(db: AsyncSession) -> str:
    """Return ``postgresql`` or ``sqlite``."""
    return db.get_bind().dialect.name


def insert_for(db: AsyncSession) -> Callable[..., postgresql.Insert]:
    """Return the dialect's own ``insert``, which knows ON CONFLICT."""
    return dialect_insert(dialect_of(db))


def dialect_insert(dialect: str) -> Callable[..., postgresql.Insert]:
    """Return the ``insert`` of a dialect by its name.

    Both spell the methods alike; the PostgreSQL type stands for both.
    """
    if dialect == "sqlite":
        return sqlite.insert  # type: ignore[return-value]  # same methods, no common base
    return postgresql.insert


def table_of(model: type[Base]) -> Table:
    """Return the table of a model, for Core statements."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


@cache
def upsert(
    dialect: str, table: Table, keys: tuple[str, ...], columns: tuple[str, ...], returning: str
) -> Prepared:
    """Return an INSERT that updates the given columns where the keys are taken.

    Args:
        dialect: Name of the dialect.
        table: The table.
        keys: Columns of the unique constraint.
        columns: Columns that are inserted, and updated on conflict.
        returning: The column to return.
    """
    statement = dialect_insert(dialect)(table)
    changed = {name: statement.excluded[name] for name in columns if name not in keys}
    if "updated_at" in table.c:
        changed["updated_at"] = statement.excluded["updated_at"]
    statement = statement.on_conflict_do_update(index_elements=list(keys), set_=changed)
    return Prepared(statement.returning(table.c[returning]))


@cache
def update_by_id(table: Table, columns: tuple[str, ...]) -> Prepared:
    """Return an UPDATE of columns of one row, whose id is the parameter `KEY`."""
    values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in columns}
    return Prepared(update(table).where(table.c.id == bindparam(KEY)).values(values))


async def fetch(
    db: AsyncSession, statement: Executable, values: Mapping[str, Any]
) -> Sequence[AnyRow]:
    """Run a Core statement in the transaction of a session and return its rows.

    The session's own ``execute`` is there for entities and costs twice as much a statement.
    """
    return await db.run_sync(_fetch, statement, values)


def _fetch(session: Session, statement: Executable, values: Mapping[str, Any]) -> Sequence[AnyRow]:
    result = session.connection().execute(statement, values)
    return result.all() if result.returns_rows else ()


async def save(
    db: AsyncSession, model: type[Base], keys: Sequence[str], values: Mapping[str, Any]
) -> Any:
    """Insert a row, or update the one with the same keys; return the first primary key."""
    return (await run(db, *saving(db, model, keys, values)))[0][0]


async def change(
    db: AsyncSession, model: type[Base], row_id: int, values: Mapping[str, Any]
) -> None:
    """Set columns of the row with an id."""
    await run(db, *changing(model, row_id, values))


def saving(
    db: AsyncSession, model: type[Base], keys: Sequence[str], values: Mapping[str, Any]
) -> Bound:
    """Return what `save` runs."""
    table = table_of(model)
    returning = next(iter(table.primary_key.columns)).name
    return upsert(dialect_of(db), table, tuple(keys), tuple(values), returning), values


def changing(model: type[Base], row_id: int, values: Mapping[str, Any]) -> Bound:
    """Return what `change` runs."""
    statement = update_by_id(table_of(model), tuple(values))
    return statement, {KEY: row_id} | {f"new_{k}": v for k, v in values.items()}


async def empty_log_at_commit(db: AsyncSession) -> None:
    """Let nothing of what this transaction deletes stay in SQLite's write-ahead log.

    Where another process reads at that moment the log stays until the next time.
    """
    if dialect_of(db) != "sqlite":
        return
    raw = await (await db.connection()).get_raw_connection()

    def empty(_session: Session) -> None:
        cursor = raw.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()

    event.listen(db.sync_session, "after_commit", empty, once=True)
