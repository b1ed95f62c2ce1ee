"""The process-wide engine and its transactions. No queries.

Only edges import this module. ``get_session`` is a plain async generator, so that FastAPI's
``Depends`` takes it; ``session_scope`` is the same as a context manager.
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from pydantic_core import from_json
from sqlalchemy import URL, Connection, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import Session
from sqlalchemy.pool import AsyncAdaptedQueuePool

from src.errors import DatabaseUnavailable, SettingsError, TransactionCut
from src.settings import DatabaseSettings, get_settings
from src.storage import files, prepared, schema, timings
from src.storage.url import choose_tls, normalise

# Wrong password, unknown role, unknown database: waiting does not help.
_HOPELESS_STATES = {"28000", "28P01", "3D000"}
_SQLITE_PRAGMAS = (
    # Less than an update is allowed: who waits for another process's lock is told so.
    "busy_timeout=4000",
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    # What is deleted is overwritten; otherwise an erased pupil stays in the free pages.
    "secure_delete=ON",
)

Fault = SQLAlchemyError | OSError


class _State:
    """The engine that this process uses now, made when it is first needed."""

    url: str | None = None
    engine: AsyncEngine | None = None
    sessions: async_sessionmaker[AsyncSession] | None = None


def configure(url: str | None = None) -> None:
    """Use another database from now on; call ``dispose`` first if one was in use.

    Args:
        url: In any form that ``normalise`` takes; None goes back to the settings.
    """
    _State.url, _State.engine, _State.sessions = url, None, None


def get_engine() -> AsyncEngine:
    """Return the engine of this process; nothing is connected yet when it is made.

    Raises:
        SettingsError: ``DATABASE_URL`` cannot be understood.
    """
    if _State.engine is None:
        _State.engine = create_engine(_current_url())
    return _State.engine


def create_migration_engine() -> AsyncEngine:
    """Make an engine for the database of this process whose statements may take hours.

    Raises:
        SettingsError: ``DATABASE_URL`` cannot be understood.
    """
    return create_engine(_current_url(), statement_timeout=None)


def get_url() -> URL:
    """Return the address of the database of this process, its password included.

    Raises:
        SettingsError: ``DATABASE_URL`` cannot be understood.
    """
    return normalise(_current_url())


def missing_file() -> Path | None:
    """Return the SQLite file of this process while there is none; nothing is made to find out.

    Raises:
        SettingsError: ``DATABASE_URL`` cannot be understood.
    """
    url = get_url()
    file = files.sqlite_file(url) if url.get_backend_name() == "sqlite" else None
    return None if file is None or file.is_file() else file


def _current_url() -> str:
    return _State.url or get_settings().database.url.get_secret_value()


async def get_session() -> AsyncGenerator[AsyncSession]:
    """Yield a session in a transaction of its own: committed at the end, rolled back on error."""
    if _State.sessions is None:
        _State.sessions = async_sessionmaker(get_engine(), expire_on_commit=False)
    db = _State.sessions()
    try:
        yield db
        await db.run_sync(_commit)
    except BaseException:
        prepared.time_again(db.sync_session)
        # To the end, also where this task is cancelled: a connection goes back to the pool whole.
        await asyncio.shield(db.close())
        raise


def _commit(session: Session) -> None:
    """Commit and close in one switch of greenlets: the context manager of the library takes six."""
    session.commit()
    prepared.time_again(session)
    session.close()


session_scope = asynccontextmanager(get_session)


@asynccontextmanager
async def short_scope(seconds: float) -> AsyncGenerator[AsyncSession]:
    """Yield a session as `session_scope` does, whose transaction is cut where it takes too long.

    On PostgreSQL this one timer stands for those of its statements.

    Raises:
        TransactionCut: It took longer, and was rolled back.
    """
    limit = asyncio.timeout(seconds)
    try:
        async with limit, session_scope() as db:
            db.info[prepared.UNTIMED] = True
            yield db
    except TimeoutError:
        if limit.expired():
            raise TransactionCut(f"a transaction took longer than {seconds:g} s") from None
        raise


@asynccontextmanager
async def read_scope() -> AsyncGenerator[AsyncSession]:
    """Yield a session that only reads and so waits for no writer; nothing is committed."""
    engine = get_engine().execution_options(read_only=True, postgresql_readonly=True)
    async with AsyncSession(engine, expire_on_commit=False) as db:
        yield db


async def init_db() -> None:
    """Bring the database to the newest schema, from nothing or from any older one."""
    await schema.upgrade(get_engine())


async def drop_db() -> None:
    """Remove every table of Dars and all that is in it."""
    await schema.remove(get_engine())


async def check_connection() -> bool:
    """Return whether the database answers now."""
    return await _find_fault() is None


async def wait_for_database(patience: float = 15.0) -> None:
    """Return when the database answers; ask again and again, with growing pauses.

    Args:
        patience: For how many seconds to go on asking.

    Raises:
        DatabaseUnavailable: It did not answer; one line with the reason and without the password.
    """
    pause, waited = 0.1, 0.0
    while fault := await _find_fault():
        if waited >= patience or _is_hopeless(fault):
            raise DatabaseUnavailable(_explain(get_engine().url, fault)) from None
        await asyncio.sleep(pause)
        waited, pause = waited + pause, min(pause * 2, 3.0)


async def dispose() -> None:
    """Close all connections; the engine opens new ones when it is used again."""
    if _State.engine is not None:
        await _State.engine.dispose()


async def _find_fault() -> Fault | None:
    """Return why the database does not answer; None when it does."""
    fault = await _ask()
    # A connection that the server had closed while it was idle says nothing about the server.
    stale = isinstance(fault, DBAPIError) and fault.connection_invalidated
    return await _ask() if stale else fault


async def _ask() -> Fault | None:
    try:
        async with get_engine().connect() as connection:
            await connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError) as fault:
        return fault
    return None


def _is_hopeless(fault: Fault) -> bool:
    cause = _cause_of(fault)
    if isinstance(cause, sqlite3.Error):
        return "locked" not in str(cause)
    return getattr(cause, "sqlstate", None) in _HOPELESS_STATES


def _cause_of(fault: Fault) -> BaseException:
    return fault.orig if isinstance(fault, DBAPIError) and fault.orig else fault


def _explain(url: URL, fault: Fault) -> str:
    cause = _cause_of(fault)
    reason = " ".join(str(cause).split()) or type(cause).__name__
    return f"the database {url.render_as_string(hide_password=True)} does not answer: {reason}"


def create_engine(
    url: str, settings: DatabaseSettings | None = None, *, statement_timeout: float | None = 60.0
) -> AsyncEngine:
    """Make an engine that nobody else uses; ``dispose`` of it when done.

    Args:
        url: In any form that ``normalise`` takes.
        settings: Sizes of the pool and PgBouncer; those of the process if None.
        statement_timeout: Seconds after which PostgreSQL is no longer waited for; None is never.

    Raises:
        SettingsError: The URL cannot be understood.
    """
    settings = settings or get_settings().database
    target = normalise(url)
    if target.get_backend_name() == "sqlite":
        engine = _create_sqlite_engine(target, settings)
    else:
        engine = _create_postgresql_engine(target, settings, statement_timeout)
    timings.watch(engine.sync_engine)
    return engine


def _create_postgresql_engine(
    url: URL, settings: DatabaseSettings, statement_timeout: float | None
) -> AsyncEngine:
    query = dict(url.query)
    server_settings = {"application_name": str(query.pop("application_name", "dars"))}
    options: dict[str, Any] = {
        "timeout": 5,
        "command_timeout": statement_timeout,
        "ssl": choose_tls(str(query.pop("ssl")), query.pop("sslrootcert", None)),
        "server_settings": server_settings,
    }
    if settings.pgbouncer:
        # In transaction mode the next transaction may be on another server connection.
        options |= {"statement_cache_size": 0, "prepared_statement_cache_size": 0}
    else:
        # PgBouncer refuses start-up parameters that it does not know; this is one.
        server_settings["jit"] = "off"
    return create_async_engine(
        url.set(query=query),
        connect_args=options,
        json_deserializer=from_json,
        pool_size=settings.pool_size,
        max_overflow=settings.max_overflow,
        pool_timeout=settings.pool_timeout_seconds,
        pool_recycle=settings.pool_recycle_seconds,
        pool_pre_ping=settings.pre_ping,
    )


def _create_sqlite_engine(url: URL, settings: DatabaseSettings) -> AsyncEngine:
    file = files.sqlite_file(url)
    if file is not None:
        _make_folder(file.parent)
    # One connection: sixteen writers that wait for SQLite's lock have ten times its p99.
    engine = create_async_engine(
        url,
        json_deserializer=from_json,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=settings.pool_timeout_seconds,
    )
    if file is not None and "mode" not in url.query:
        event.listen(engine.sync_engine, "do_connect", partial(_keep_private, file))
    event.listen(engine.sync_engine, "connect", _prepare_sqlite_connection)
    event.listen(engine.sync_engine, "begin", _begin_sqlite_transaction)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        files.make_folder(folder)
    except OSError as error:
        raise SettingsError(f"DATABASE_URL: no folder {folder}: {error.strerror}") from None


def _keep_private(file: Path, *_: object) -> None:
    files.keep_private(file)


def _prepare_sqlite_connection(dbapi_connection: Any, _record: object) -> None:
    # The driver's own transactions begin at the first write: what was read before it may be stale.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite_transaction(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
