"""The ``dars db`` commands: the schema of the database, and backups."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from cli.advise import show_advice
from cli.backup import make_backup, rehearse_restore, restore_backup
from cli.connected import connected
from cli.database_report import show_report
from cli.nightly import run_nightly
from cli.output import say
from cli.relationships import show_relationships
from cli.slow import show_slow
from src import database
from src.errors import SchemaMismatch
from src.operations import retention
from src.settings import get_settings
from src.storage import schema
from src.storage.schema import SchemaState
from src.storage.triggers import EXPECTED

Result = TypeVar("Result")

app = typer.Typer(help="The schema of the database, and backups of it.")

app.command("backup")(make_backup)
app.command("restore")(restore_backup)
app.command("rehearse")(rehearse_restore)
app.command("nightly")(run_nightly)
app.command("report")(show_report)
app.command("relationships")(show_relationships)
app.command("slow")(show_slow)
app.command("advise")(show_advice)

Revision = Annotated[str, typer.Argument(help="A revision, `head`, `base`, or steps: +1, -1.")]


@app.command()
def upgrade(revision: Revision = "head") -> None:
    """Migrate upwards, all or nothing."""
    _run(lambda engine: schema.upgrade(engine, revision))
    say(f"The database is at {_run(schema.get_revision)}.")


# So that -1 is a revision and not an option.
@app.command(context_settings={"ignore_unknown_options": True})
def downgrade(revision: Revision = "-1") -> None:
    """Migrate downwards, all or nothing; what the revision added is lost."""
    _run(lambda engine: schema.downgrade(engine, revision))
    say(f"The database is at {_run(schema.get_revision) or 'base'}.")


@app.command()
def current() -> None:
    """Print the revision of the database and how it stands to this code."""
    revision, state = _run(schema.get_revision), _run(schema.schema_state)
    say(f"{revision or 'base'} ({state}; this code is at {schema.get_head()})")


@app.command()
def prune() -> None:
    """Delete what is older than its limit (`DARS_KEEP_…`), as a job does each hour."""
    for name, count in asyncio.run(_prune()).items():
        say(f"{name}: {count}")


async def _prune() -> dict[str, int]:
    async with connected():
        return await retention.prune(database.session_scope, get_settings().keep, asyncio.Event())


@app.command()
def check() -> None:
    """Compare the migrations with the models, and the database with the migrations."""
    asyncio.run(_check_migrations())
    say(f"The migrations lead to the models, with {len(EXPECTED)} triggers:")
    for name, table in EXPECTED.items():
        say(f"  {name} on {table}")
    if database.missing_file():
        say("There is no database yet: it will be made at the first start.")
        return
    say(f"The database is {_run(_check_database)}.")


async def _check_migrations() -> None:
    engine = database.create_engine("sqlite://")
    try:
        await schema.upgrade(engine)
        await schema.check(engine)
    finally:
        await engine.dispose()


async def _check_database(engine: AsyncEngine) -> SchemaState:
    state = await schema.schema_state(engine)
    if state is SchemaState.CURRENT:
        await schema.check(engine)
    elif state is SchemaState.AHEAD or engine.dialect.name != "sqlite":
        raise SchemaMismatch(schema.explain(state))
    return state


def _run(work: Callable[[AsyncEngine], Awaitable[Result]]) -> Result:
    """Do one thing with the database when it answers, and leave no connection behind."""

    async def connected() -> Result:
        engine = database.create_migration_engine()
        try:
            await database.wait_for_database()
            return await work(engine)
        finally:
            await engine.dispose()
            await database.dispose()

    return asyncio.run(connected())
