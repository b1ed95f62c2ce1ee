"""``dars db backup`` and ``dars db restore``."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from cli.output import say
from src import database
from src.errors import BackupError
from src.operations import backup
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
