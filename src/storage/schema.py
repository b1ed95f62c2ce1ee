"""Whether the database has the schema that this code was written for, and how to get it there.

Works from any directory: the migrations are found beside `src`.
"""

import io
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from src.errors import DatabaseError, SchemaMismatch
from src.storage import triggers

ROOT = Path(__file__).resolve().parents[2]
# Any number: it keeps two upgrades of one PostgreSQL database apart.
_LOCK = 7_305_113


class SchemaState(StrEnum):
    """How the schema of a database compares with this code."""

    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    AHEAD = "ahead"


async def schema_state(engine: AsyncEngine) -> SchemaState:
    """Compare the database with the newest migration of this code."""
    return judge(await get_revision(engine))


def judge(revision: str | None) -> SchemaState:
    """Return how a database at a revision compares with this code."""
    known = known_revisions()
    if revision is None:
        return SchemaState.EMPTY
    if revision == known[0]:
        return SchemaState.CURRENT
    return SchemaState.BEHIND if revision in known else SchemaState.AHEAD


@cache
def known_revisions() -> tuple[str, ...]:
    """Return the revisions that this code knows, the newest first; read from the files once."""
    return tuple(script.revision for script in _scripts().walk_revisions())


async def prepare_schema(engine: AsyncEngine) -> None:
    """Make sure at start that code and schema fit; a SQLite file is migrated, a server is not.

    Raises:
        SchemaMismatch: The schema does not fit; the message says what to do.
        DatabaseError: The database cannot store Bangla.
    """
    await _require_unicode(engine)
    state = await schema_state(engine)
    if state is SchemaState.CURRENT:
        return
    if state is SchemaState.AHEAD or engine.dialect.name != "sqlite":
        raise SchemaMismatch(explain(state))
    await upgrade(engine)


async def _require_unicode(engine: AsyncEngine) -> None:
    """Refuse a database in SQL_ASCII and the like: all would seem well until the first Bangla word.

    Raises:
        DatabaseError: It is such a one.
    """
    if engine.dialect.name != "postgresql":
        return
    async with engine.connect() as connection:
        encoding = await connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise DatabaseError(
            f"the database stores text as {encoding}, which has no Bangla: make one by "
            "`createdb --encoding=UTF8 --template=template0`"
        )


def explain(state: SchemaState) -> str:
    """Say in one line what is wrong with a schema and what to do."""
    return {
        SchemaState.EMPTY: "the database has no tables yet: run `dars db upgrade`",
        SchemaState.BEHIND: "the database is behind this version of Dars: run `dars db upgrade`",
        SchemaState.CURRENT: "the database is up to date",
        SchemaState.AHEAD: "the database is ahead of this version of Dars: install the newer one, "
        "or let that one run `dars db downgrade`",
    }[state]


async def get_revision(engine: AsyncEngine) -> str | None:
    """Return the revision of the database; None when it was never migrated."""
    async with engine.connect() as connection:
        return await connection.run_sync(read_revision)


def read_revision(connection: Connection) -> str | None:
    """Return the revision that a connection sees; None where nothing was ever migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def get_head() -> str | None:
    """Return the newest revision that this code knows."""
    return _scripts().get_current_head()


async def upgrade(engine: AsyncEngine, revision: str = "head") -> None:
    """Migrate upwards, all or nothing.

    Raises:
        SchemaMismatch: There is no such revision, or no way to it.
        DatabaseError: A row refers to nothing after the migration, or the database cannot store
            Bangla; nothing was changed.
    """
    await _require_unicode(engine)
    await _run(engine, lambda config: command.upgrade(config, revision))


async def downgrade(engine: AsyncEngine, revision: str = "-1") -> None:
    """Migrate downwards, all or nothing; ``base`` leaves no table.

    Raises:
        SchemaMismatch: There is no such revision, or no way to it.
        DatabaseError: A row refers to nothing after the migration; nothing was changed.
    """
    await _run(engine, lambda config: command.downgrade(config, revision))


async def remove(engine: AsyncEngine) -> None:
    """Drop every table of Dars, and what is known about its schema."""
    await downgrade(engine, "base")
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE IF EXISTS alembic_version"))


async def check(engine: AsyncEngine) -> None:
    """Compare the database at its newest schema with the models, and its triggers.

    Raises:
        SchemaMismatch: They differ, or the database is not at the newest schema.
    """
    await _run(engine, command.check)
    async with engine.connect() as connection:
        found = await connection.run_sync(triggers.list_triggers)
    differing = sorted({name for name, _ in found.items() ^ triggers.EXPECTED.items()})
    if differing:
        raise SchemaMismatch(f"triggers that are missing, or that nobody knows: {differing}")


def rows_after_migrations(revision: str, query: str) -> list[tuple[object, ...]]:
    """Return the rows of a query on a new SQLite database at a revision."""
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            _act(connection, lambda config: command.upgrade(config, revision))
            return [tuple(row) for row in connection.execute(text(query))]
    finally:
        engine.dispose()


def sql_of_migrations(revision: str) -> str:
    """Return the statements that lead PostgreSQL from nothing to a revision."""
    config, out = get_config(), io.StringIO()
    config.output_buffer = out
    command.upgrade(config, revision, sql=True)
    return out.getvalue()


async def _run(engine: AsyncEngine, action: Callable[[Config], None]) -> None:
    async with migration_connection(engine) as connection:
        await connection.run_sync(_act, action)


def _act(connection: Connection, action: Callable[[Config], None]) -> None:
    config = get_config()
    config.attributes["connection"] = connection
    try:
        action(config)
    except CommandError as error:
        raise SchemaMismatch(str(error)) from error


@asynccontextmanager
async def migration_connection(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """Yield a connection in one transaction, fit for changing tables.

    On SQLite a changed table is a new table, and with foreign keys on, dropping the old one would
    delete the rows that refer to it: they are off until the end and checked then.
    """
    async with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            await _set_foreign_keys(connection, on=False)
        try:
            async with connection.begin():
                if engine.dialect.name == "postgresql":
                    await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
                yield connection
                if engine.dialect.name == "sqlite":
                    await _check_foreign_keys(connection)
        finally:
            if engine.dialect.name == "sqlite":
                await _set_foreign_keys(connection, on=True)


async def _set_foreign_keys(connection: AsyncConnection, *, on: bool) -> None:
    # Inside a transaction the pragma does nothing, so it goes past SQLAlchemy, which begins one.
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    assert driver is not None
    await driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


async def _check_foreign_keys(connection: AsyncConnection) -> None:
    rows = (await connection.execute(text("PRAGMA foreign_key_check"))).all()
    if rows:
        tables = ", ".join(sorted({str(row[0]) for row in rows}))
        raise DatabaseError(f"rows of {tables} would refer to nothing; nothing was changed")


def get_config() -> Config:
    """Return Alembic's configuration of this repository."""
    config = Config(ROOT / "alembic.ini", stdout=io.StringIO())
    config.set_main_option("script_location", str(ROOT / "alembic"))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(get_config())
