"""``dars db backup`` and ``dars db restore``."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from cli.output import Output, OutputFormat, print_json, say
from src import clock, database
from src.errors import BackupError
from src.models import BackupKind
from src.operations import backup, backup_runs, rehearsal
from src.operations.rehearsal import Rehearsal
from src.operations.scratch import scratch
from src.storage import schema
from src.storage.schema import SchemaState


def make_backup(
    file: Annotated[Path, typer.Argument(help="Where to write; must not exist yet.")],
) -> None:
    """Write the whole database to a file, as of one instant; nothing has to be stopped."""
    asyncio.run(recorded(BackupKind.BACKUP, file, lambda: _write(file)))
    say(f"Written: {file} ({file.stat().st_size:,} bytes). It holds personal data.")


def restore_backup(
    file: Annotated[Path, typer.Argument(help="What `dars db backup` wrote.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace a database that is not empty.")
    ] = False,
) -> None:
    """Put a backup back, all or nothing. Stop the bot and the workers first."""
    if not force and asyncio.run(_holds_rows()):
        raise BackupError("the database is not empty: nothing was restored (--force replaces it)")
    backup.restore(database.get_url(), file)
    revision, state = asyncio.run(_look())
    say(f"Restored. The database is at {revision} ({state}).")
    if state is not SchemaState.CURRENT:
        say(schema.explain(state))


def rehearse_restore(
    file: Annotated[Path, typer.Argument(help="What `dars db backup` wrote.")],
    output: Output = OutputFormat.TABLE,
) -> None:
    """Put a backup into a database of its own, look it over, and drop it; nothing has to stop.

    On PostgreSQL the database is beside the real one, named like it with `_rehearsal` behind: the
    role needs CREATEDB. Exits with 1 if anything is not as it should be.
    """
    found = rehearse(file)
    if output is OutputFormat.JSON:
        print_json({"ok": not found.faults} | asdict(found))
    else:
        say("\n".join(_lines(found)))
    if found.faults:
        raise typer.Exit(1)


def rehearse(file: Path) -> Rehearsal:
    """Put a backup into a database of its own, look it over, drop it, and note what was found.

    Raises:
        BackupError: It cannot be put back.
    """
    results = list[Rehearsal]()

    def put_back() -> tuple[int, list[str]]:
        with scratch(database.get_url(), "rehearsal") as url:
            backup.restore(url, file)
            results.append(asyncio.run(_look_over(url)))
        return file.stat().st_size, results[0].faults

    asyncio.run(recorded(BackupKind.REHEARSAL, file, put_back))
    return results[0]


def _write(file: Path) -> tuple[int, list[str]]:
    backup.backup(database.get_url(), file)
    return file.stat().st_size, []


async def recorded(kind: BackupKind, file: Path, work: Callable[[], tuple[int, list[str]]]) -> None:
    """Do something with a backup, and note in the database what became of it.

    Where the database has no table for it yet, as before an upgrade, nothing is noted.

    Args:
        kind: What is done.
        file: The backup.
        work: Does it; returns the size of the file and what is wrong, a line each.

    Raises:
        BackupError: As the work raises it, after it was noted.
    """
    run_id = await _begin(kind, str(file.absolute()))  # noqa: ASYNC240 - asks nothing of the disk
    size, faults = None, ["interrupted"]
    try:
        size, faults = await asyncio.to_thread(work)
    except BackupError as error:
        faults = [str(error)]
        raise
    finally:
        await _end(run_id, faults, size)


async def _begin(kind: BackupKind, file: str) -> int | None:
    if database.missing_file():
        return None
    try:
        if await schema.schema_state(database.get_engine()) is not SchemaState.CURRENT:
            return None
        async with database.session_scope() as db:
            return await backup_runs.begin(db, kind, file, clock.now())
    except (SQLAlchemyError, OSError):
        # What is wrong with the database, the work itself says better.
        return None
    finally:
        await database.dispose()


async def _end(run_id: int | None, faults: list[str], size: int | None) -> None:
    if run_id is None:
        return
    try:
        async with database.session_scope() as db:
            await backup_runs.end(db, run_id, faults, clock.now(), size)
    except (SQLAlchemyError, OSError) as error:
        say(f"it could not be noted ({type(error).__name__})", to_errors=True)
    finally:
        await database.dispose()


async def _look_over(url: URL) -> Rehearsal:
    address = url.render_as_string(hide_password=False)
    engine = database.create_engine(address, statement_timeout=None)
    try:
        return await rehearsal.look_over(engine)
    finally:
        await engine.dispose()


def _lines(found: Rehearsal) -> list[str]:
    return [
        f"revision  {found.revision}",
        *(f"{name}: {count:,}" for name, count in found.rows.items()),
        f"{found.pupils} streaks replayed",
        *(f"fault: {fault}" for fault in found.faults),
        "Something is wrong." if found.faults else "This backup can be restored.",
    ]


async def _holds_rows() -> bool:
    engine = database.create_migration_engine()
    try:
        await database.wait_for_database()
        return await backup.holds_rows(engine)
    finally:
        await engine.dispose()
        await database.dispose()


async def _look() -> tuple[str | None, SchemaState]:
    try:
        revision = await schema.get_revision(database.get_engine())
    finally:
        await database.dispose()
    return revision, schema.judge(revision)
