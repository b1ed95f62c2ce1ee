"""``dars health``: is Dars well, for people and scripts."""

import asyncio

import typer

from cli.output import Output, OutputFormat, print_json, say
from src import database
from src.operations import health
from src.operations.health import Health, describe
from src.settings import get_settings


def show_health(
    output: Output = OutputFormat.TABLE,
) -> None:
    """Look at the database, its schema, queue and workers; exit with 1 if anything is wrong."""
    found = asyncio.run(_check())
    if output is OutputFormat.JSON:
        print_json(describe(found))
    else:
        say("\n".join(_lines(found)))
    if not found.ok:
        raise typer.Exit(1)


async def _check() -> Health:
    settings = get_settings().operators
    # Whoever only looks makes no file, and no folder for one: the path may be mistyped.
    if missing := database.missing_file():
        return health.unanswered(f"there is no file {missing}", settings)
    try:
        return await health.check(database.get_engine(), settings)
    finally:
        await database.dispose()


def _seen(found: Health) -> str:
    silent = found.worker_silent_seconds
    return "not seen" if silent is None else f"seen {silent:.0f} s ago"


def _lines(found: Health) -> list[str]:
    age = "unknown" if found.queue_age_seconds is None else f"{found.queue_age_seconds:.0f} s"
    return [
        f"database   {'answers' if found.database else 'does not answer'}",
        f"schema     {found.schema or 'unknown'}",
        f"queue age  {age}",
        f"worker     {_seen(found)}",
        *(f"fault: {fault}" for fault in found.faults),
        "All is well." if found.ok else "Something is wrong.",
    ]
