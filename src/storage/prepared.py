"""Core statements that are compiled once and, on PostgreSQL, run by the driver itself.

SQLAlchemy's own execution of a statement costs twice what the driver's does. A statement of the
path of every answer is wrapped in `Prepared`; `run` executes it on the connection of a session, in
the session's transaction: docs/decisions/0018 says what it saves. On SQLite, SQLAlchemy
executes it.
"""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from time import perf_counter
from typing import Any, NamedTuple, NoReturn

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Delete,
    Dialect,
    Float,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    column,
    insert,
    table,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine
from sqlalchemy.util.concurrency import await_

from src.storage import timings

Statement = Select[Any] | Insert | Update | Delete
Rows = Sequence[Sequence[Any]]
Convert = Callable[[Any], Any]
_NUMBER = re.compile(r"\$(\d+)")
# What the last write of `run_chain` returns, for the one that refers to it.
SAVED = table("saved", column("id"))
# Set in a session whose transaction is cut as a whole: its statements need no timers of their own.
UNTIMED = "one timer for all"
_OPENED = "opened by the first prepared statement"


class Prepared:
    """A statement that is built once, with `bindparam` for what differs.

    Args:
        statement: Must hold no list that is expanded, such as of ``IN``.
    """

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self._compiled: dict[tuple[str, ...], _Compiled] = {}

    def compiled(self, dialect: Dialect, names: tuple[str, ...]) -> "_Compiled":
        """Return the statement for the driver, given parameters of these names."""
        key = (dialect.name, dialect.driver, *names)
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = _Compiled(self.statement, dialect, names)
        return found


Bound = tuple[Prepared, Mapping[str, Any]]


def saved_id(dialect: str) -> ColumnElement[int]:
    """Return what stands for the id of the row to which a write of `run_chain` refers."""
    return SAVED.c.id if dialect == "postgresql" else bindparam(SAVED.name)


class _Opened(NamedTuple):
    """What a transaction runs on."""

    transaction: SessionTransaction | None
    connection: Connection
    driver: Any
    timers: Any = None


class _Compiled:
    """The text of a statement, and how values go in and come out."""

    def __init__(self, statement: Statement, dialect: Dialect, names: tuple[str, ...]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        assert isinstance(compiled, SQLCompiler)
        self.text = str(compiled)
        sources = [
            _source(compiled, dialect, name, given=name in names)
            for name in compiled.positiontup or ()
        ]
        self.size = len(sources)
        # What never changes stands in its place already.
        self._template = [source.constant for source in sources]
        self._given = [(n, s.name) for n, s in enumerate(sources) if s.name is not None]
        self._makers = [(n, s.make) for n, s in enumerate(sources) if s.make is not None]
        self._into = [(n, s.convert) for n, s in enumerate(sources) if s.convert is not None]
        types = [column.type for column in statement.exported_columns]
        converts = ((place, _out_of(type_, dialect)) for place, type_ in enumerate(types))
        self._converts = [(place, convert) for place, convert in converts if convert is not None]

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """Return the values in the order of the driver's numbers."""
        arguments = self._template.copy()
        for place, name in self._given:
            arguments[place] = values[name]
        for place, make in self._makers:
            arguments[place] = make()
        for place, convert in self._into:
            arguments[place] = convert(arguments[place])
        return arguments

    def row(self, record: Sequence[Any]) -> Sequence[Any]:
        """Return the values of a row as the types of its columns give them."""
        if not self._converts:
            return record
        row = list(record)
        for place, convert in self._converts:
            row[place] = convert(row[place])
        return row


class _Source(NamedTuple):
    """Where an argument comes from: the parameter of a name, the default of a column, a literal."""

    name: str | None = None
    make: Callable[[], Any] | None = None
    convert: Convert | None = None
    constant: Any = None


def _source(compiled: SQLCompiler, dialect: Dialect, name: str, *, given: bool) -> _Source:
    bind = compiled.binds[name]
    convert = _into(bind.type, dialect)
    if given:
        return _Source(name, convert=convert)
    make = _default(compiled, name)
    if make is not None:
        return _Source(make=make, convert=convert)
    # A literal of the statement: what the driver is given for it never changes.
    value = bind.effective_value
    return _Source(constant=value if convert is None else convert(value))


def _default(compiled: SQLCompiler, name: str) -> Callable[[], Any] | None:
    """Return what makes the default of a column; None where the name is no column's."""
    columns: dict[str, tuple[Column[Any], Any]] = {
        column.key: (column, column.default if compiled.isinsert else column.onupdate)
        for column in (*compiled.insert_prefetch, *compiled.update_prefetch)
    }
    if name not in columns:
        return None
    default = columns[name][1]
    return (lambda: default.arg(None)) if default.is_callable else (lambda: default.arg)


def _into(type_: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _out_of(type_: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    # The driver gives a float; SQLAlchemy's converter wants to know what the column was.
    if isinstance(type_, Float):
        return None
    return type_.dialect_impl(dialect).result_processor(dialect, None)


async def run(db: AsyncSession, prepared: Prepared, values: Mapping[str, Any]) -> Rows:
    """Run a statement in the transaction of a session and return its rows.

    Raises:
        DBAPIError: As SQLAlchemy raises it.
    """
    opened = await _opened(db)
    if opened.driver is None:
        return await db.run_sync(_execute, prepared, values)
    compiled = prepared.compiled(opened.connection.dialect, tuple(values))
    records = await _fetch(db, opened, compiled.text, compiled.arguments(values))
    return [compiled.row(record) for record in records]


async def run_chain(db: AsyncSession, *writes: Bound, referring: Bound | None = None) -> Any:
    """Run writes to different tables, on PostgreSQL in one round trip.

    None may read what another one writes: there they see the same snapshot. On SQLite they run one
    after the other: a caller that goes on after an error of a later one keeps the earlier.

    Args:
        db: The session in whose transaction they run.
        writes: The last of them returns an id.
        referring: One more, which refers to the row with that id by `saved_id`.

    Returns:
        That id.

    Raises:
        DBAPIError: As SQLAlchemy raises it.
    """
    opened = await _opened(db)
    if opened.driver is None:
        return await db.run_sync(_execute_chain, writes, referring)
    bound = writes if referring is None else (*writes, referring)
    dialect = opened.connection.dialect
    parts = [prepared.compiled(dialect, tuple(values)) for prepared, values in bound]
    arguments: list[Any] = []
    for part, (_, values) in zip(parts, bound, strict=True):
        arguments += part.arguments(values)
    return (await _fetch(db, opened, _join(*parts), arguments))[0][0]


@cache
def _join(*parts: _Compiled) -> str:
    """Put statements in front of the last, each as a WITH; their numbers follow one another."""
    texts, count = [], 0
    for part in parts:
        texts.append(_NUMBER.sub(partial(_shifted, by=count), part.text))
        count += part.size
    *before, last = texts
    names = [*(f"first_{place}" for place in range(1, len(before))), SAVED.name]
    named = [f"{name} AS ({text})" for name, text in zip(names, before, strict=False)]
    return f"WITH {', '.join(named)} {last}" if named else last


def _shifted(number: re.Match[str], by: int) -> str:
    return f"${int(number[1]) + by}"


async def _opened(db: AsyncSession) -> _Opened:
    session = db.sync_session
    # A statement sees what was changed before it, as with SQLAlchemy's own. The public `new`,
    # `dirty` and `deleted` build a set each time.
    if not session._is_clean():  # noqa: SLF001 - as said above
        await db.flush()
    opened: _Opened | None = session.info.get(_OPENED)
    if opened is None or opened.transaction is not session.get_transaction():
        opened = await db.run_sync(_open)
    return opened


async def _fetch(
    db: AsyncSession, opened: _Opened, text: str, arguments: Sequence[Any]
) -> Sequence[Sequence[Any]]:
    begun = perf_counter()
    try:
        records: Sequence[Sequence[Any]] = await opened.driver.fetch(text, *arguments)
    except Exception as error:  # noqa: BLE001 - raised again, as SQLAlchemy would
        await db.run_sync(_refuse, opened.connection, text, error)
    if timings.is_on():
        seconds = perf_counter() - begun
        timings.note(sys._getframe(1), text, seconds, len(records), arguments)  # noqa: SLF001
    return records


def _open(session: Session) -> _Opened:
    """Begin the transaction of the session on its connection, and remember both."""
    connection = session.connection()
    driver, timers = None, None
    if connection.dialect.driver == "asyncpg":
        adapter: Any = connection.connection.dbapi_connection
        driver = connection.connection.driver_connection
        if UNTIMED in session.info:
            timers = _stop_timers(driver)
        if adapter._transaction is None:  # noqa: SLF001 - it begins at the first statement
            try:
                await_(adapter._start_transaction())  # noqa: SLF001 - what a statement would do
            except Exception as error:  # noqa: BLE001 - raised again
                _refuse(session, connection, "BEGIN", error)
    opened = session.info[_OPENED] = _Opened(session.get_transaction(), connection, driver, timers)
    return opened


def _stop_timers(driver: Any) -> Any:
    """Let the driver start no timer for each statement; return what it would start them by."""
    timers = driver._config  # noqa: SLF001 - its public argument cannot say "never"
    driver._config = timers._replace(command_timeout=None)  # noqa: SLF001 - same
    return timers


def time_again(session: Session) -> None:
    """Let the driver start its timers again, before a connection is rolled back or given back."""
    opened: _Opened | None = session.info.get(_OPENED)
    if opened is not None and opened.timers is not None:
        opened.driver._config = opened.timers  # noqa: SLF001 - as in `_stop_timers`


def _execute(session: Session, prepared: Prepared, values: Mapping[str, Any]) -> Rows:
    result = session.connection().execute(prepared.statement, values)
    return result.all() if result.returns_rows else ()


def _execute_chain(session: Session, writes: Sequence[Bound], referring: Bound | None) -> Any:
    saved = [_execute(session, *write) for write in writes][-1][0][0]
    if referring is not None:
        prepared, values = referring
        _execute(session, prepared, {**values, SAVED.name: saved})
    return saved


def _refuse(_session: Session, connection: Connection, text: str, error: Exception) -> NoReturn:
    """Raise what SQLAlchemy makes of an error of the driver; drop a connection that is lost."""
    adapter: Any = connection.connection.dbapi_connection
    try:
        adapter._handle_exception(error)  # noqa: SLF001 - the only translation there is
    except Exception as translated:  # noqa: BLE001 - raised again
        connection._handle_dbapi_exception(translated, text, None, None, None)  # noqa: SLF001 - same
    raise error


async def add_many(
    db: AsyncSession, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert many rows in the transaction of a session, on PostgreSQL by COPY.

    The values must be what the driver takes: no column may have a type of ours that converts.

    Args:
        db: The open transaction.
        table: Where to.
        columns: Those that are given; the others have a default of the database.
        rows: Values in that order.

    Raises:
        DBAPIError: As SQLAlchemy raises it.
    """
    opened = await _opened(db)
    if opened.driver is None:
        named = [dict(zip(columns, row, strict=True)) for row in rows]
        await db.run_sync(lambda session: session.connection().execute(insert(table), named))
        return
    try:
        await opened.driver.copy_records_to_table(table.name, records=rows, columns=columns)
    except Exception as error:  # noqa: BLE001 - raised again, as SQLAlchemy would
        await db.run_sync(_refuse, opened.connection, f"COPY {table.name}", error)
