"""Backups of the whole database in one file, and their way back.

SQLite is copied page by page while it is in use. PostgreSQL is dumped by its own programs; they
read and write in one transaction, so a backup is of one instant and a restore is all or nothing.
A backup holds what the database holds: only its owner may read the file.
"""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, Connection, inspect, select
from sqlalchemy.ext.asyncio import AsyncEngine

from src.errors import BackupError
from src.models import Base
from src.operations import strangers
from src.operations.programs import run_program
from src.queue import SCHEMA as JOBS_SCHEMA
from src.storage import schema
from src.storage.files import keep_private
from src.storage.schema import SchemaState

# Neither a file nor a link that somebody has put there is written to; Windows has no such flag.
_NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)


def backup(url: URL, file: Path) -> None:
    """Write a backup; the bot and the workers need not stop.

    Args:
        url: The database, as `src.storage.url.normalise` returns it.
        file: Where to write; there must be nothing yet.

    Raises:
        BackupError: It cannot be made, or PostgreSQL's programs are not installed.
    """
    with _new_file(file) as part:
        if url.get_backend_name() == "sqlite":
            _copy(_path_of(url), part)
            _make_readable_alone(part)
            _leave_out_what_waits(part)
        else:
            _dump(url, part)


def restore(url: URL, file: Path) -> None:
    """Put a backup back, in place of all that is there.

    Args:
        url: The database, as `src.storage.url.normalise` returns it.
        file: What `backup` wrote.

    Raises:
        BackupError: The file is no backup, is of a newer version, holds triggers or views that
            are not ours, lacks some that are, or cannot be put back.
    """
    if not file.is_file():
        raise BackupError(f"there is no file {file}")
    if url.get_backend_name() == "sqlite":
        revision = _judge(file, _revision_in_copy(file))
        _refuse(file, strangers.in_copy(file, revision))
        keep_private(_path_of(url))
        _copy(file, _path_of(url))
    else:
        revision = _judge(file, _revision_in_dump(file))
        _refuse(file, strangers.in_dump(file, revision))
        _replay(url, file)


async def holds_rows(engine: AsyncEngine) -> bool:
    """Return whether a restore would replace anything."""

    def look(connection: Connection) -> bool:
        present = set(inspect(connection).get_table_names())
        return any(
            connection.execute(select(1).select_from(table).limit(1)).first() is not None
            for table in Base.metadata.sorted_tables
            if table.name in present
        )

    async with engine.connect() as connection:
        return await connection.run_sync(look)


def _judge(file: Path, revision: str | None) -> str:
    state = schema.judge(revision)
    if revision is None:
        raise BackupError(f"{file} is no backup of Dars")
    if state is SchemaState.AHEAD:
        raise BackupError(f"{file} is of a newer version of Dars (revision {revision})")
    return revision


def _refuse(file: Path, found: strangers.Acting) -> None:
    if found.strange:
        raise BackupError(
            f"{file} holds what Dars did not make and what acts by itself: {found.strange}"
        )
    if found.missing:
        raise BackupError(
            f"{file} lacks what keeps the data right: {found.missing}; it was changed by hand"
        )


@contextmanager
def _new_file(file: Path) -> Iterator[Path]:
    """Yield a name to write under; the file gets its own name once all went well."""
    if file.exists():
        raise BackupError(f"{file} exists already")
    part = file.with_name(f"{file.name}.part")
    try:
        os.close(os.open(part, _NEW, 0o600))
    except FileExistsError:
        raise BackupError(f"{part} exists already: a backup was broken off; remove it") from None
    except OSError as error:
        raise BackupError(f"{part} cannot be written: {error.strerror}") from None
    try:
        yield part
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _path_of(url: URL) -> Path:
    return Path(url.database or "")


def _copy(source: Path, target: Path) -> None:
    """Copy a SQLite database as of one instant, and make sure that the copy is sound."""
    if not source.is_file():
        raise BackupError(f"there is no database at {source} yet")
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
            [verdict] = new.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"{source} cannot be copied: {error}") from None
    if verdict != "ok":
        raise BackupError(f"the copy of {source} is damaged: {verdict}")


def _make_readable_alone(copy: Path) -> None:
    """Leave write-ahead logging, which needs files beside the database."""
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _leave_out_what_waits(copy: Path) -> None:
    """Forget what pupils wrote and nobody has handled yet: it is for hours, a backup for weeks."""
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("PRAGMA secure_delete=ON")
        columns = connection.execute("PRAGMA table_info(received_updates)").fetchall()
        if columns:
            connection.execute("UPDATE received_updates SET payload = NULL")


def _revision_in_copy(file: Path) -> str | None:
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            row = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row else None


def _dump(url: URL, file: Path) -> None:
    with connection_words(url) as place:
        run_program(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            # What pupils wrote and nobody has handled yet: it is for hours, a backup for weeks.
            "--exclude-table-data=received_updates",
            f"--file={file}",
            f"--dbname={place}",
        )


def _revision_in_dump(file: Path) -> str | None:
    with file.open("rb") as dump:
        beginning = dump.read(5)
    if beginning != b"PGDMP":
        return None
    table = run_program(
        "pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file)
    )
    found = re.search(r"^COPY [^\n]*alembic_version[^\n]*\n(\S+)$", table, re.MULTILINE)
    return found[1] if found else None


def _replay(url: URL, file: Path) -> None:
    """Drop what is there and run the dump, in one transaction."""
    with connection_words(url) as place, TemporaryDirectory() as folder:
        script = Path(folder, "dump.sql")
        run_program("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(file))
        before = Path(folder, "before.sql")
        before.write_text(_drop_everything())
        run_program(
            "psql",
            "--no-psqlrc",
            "--quiet",
            "--single-transaction",
            "--set=ON_ERROR_STOP=1",
            f"--dbname={place}",
            f"--file={before}",
            f"--file={script}",
        )


def _drop_everything() -> str:
    """Return the SQL that drops what is ours; the rest, such as extensions, stays."""
    names = ", ".join(f"'{name}'" for name in [*Base.metadata.tables, "alembic_version"])
    return f"""
        SET client_min_messages = warning;
        DO $$
        DECLARE
            ours regclass[] := ARRAY(
                SELECT oid FROM pg_class
                WHERE relnamespace = current_schema()::regnamespace AND relname IN ({names})
            );
            triggered regprocedure[] := ARRAY(
                SELECT DISTINCT tgfoid FROM pg_trigger
                WHERE tgrelid = ANY (ours) AND NOT tgisinternal
            );
            name text;
        BEGIN
            FOREACH name IN ARRAY ours::text[] LOOP
                EXECUTE 'DROP TABLE IF EXISTS ' || name || ' CASCADE';
            END LOOP;
            FOREACH name IN ARRAY triggered::text[] LOOP
                EXECUTE 'DROP FUNCTION IF EXISTS ' || name || ' CASCADE';
            END LOOP;
        END $$;
        DROP SCHEMA IF EXISTS "{JOBS_SCHEMA}" CASCADE;
    """  # noqa: S608 - the names are our own


@contextmanager
def connection_words(url: URL) -> Iterator[str]:
    """Yield the address for PostgreSQL's programs; the password is in a file, not in the list."""
    with TemporaryDirectory() as folder:
        yield write_words(url, Path(folder))


def write_words(url: URL, folder: Path) -> str:
    """Return what `connection_words` yields; the file with the password is in a folder of yours."""
    words = {
        "host": url.host or url.query.get("host"),
        "port": url.port or url.query.get("port"),
        "user": url.username,
        "dbname": url.database,
        "sslmode": url.query.get("ssl"),
        "sslrootcert": url.query.get("sslrootcert"),
    }
    if url.password is not None:
        secret = folder / "password"
        secret.touch(mode=0o600)
        secret.write_text("*:*:*:*:" + re.sub(r"([:\\])", r"\\\1", str(url.password)))
        words["passfile"] = str(secret)
    return " ".join(f"{name}={_quote(value)}" for name, value in words.items() if value)


def _quote(value: object) -> str:
    return "'" + re.sub(r"(['\\])", r"\\\1", str(value)) + "'"
