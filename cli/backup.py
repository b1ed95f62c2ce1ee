"""``dars db backup`` and ``dars db restore``."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import URL

from cli.output import Output, OutputFormat, print_json, say
from src import database
from src.errors import BackupError
from src.operations import backup, rehearsal
from src.operations.rehearsal import Rehearsal
from src.storage import schema
from src.storage.schema import SchemaState


def make_backup(
    file: Annotated[Path, typer.Argument(help="Where to write; must not exist yet.")],
) -> None:
    """Write the whole database to a file, as of one instant; nothing has to be stopped."""
    backup.backup(database.get_url(), file)
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
    with rehearsal.scratch(database.get_url()) as url:
        backup.restore(url, file)
        found = asyncio.run(_look_over(url))
    if output is OutputFormat.JSON:
        print_json({"ok": not found.faults} | asdict(found))
    else:
        say("\n".join(_lines(found)))
    if found.faults:
        raise typer.Exit(1)


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
