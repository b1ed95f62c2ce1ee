"""``dars db relationships``: do the tables belong together as the models say?"""

import asyncio
from dataclasses import asdict

import typer

from cli.output import Output, OutputFormat, print_json, say
from src import database
from src.operations.relationships import RelationshipReport, verify_relationships


def show_relationships(output: Output = OutputFormat.TABLE) -> None:
    """Check both sides of each relationship, cascades, indexes, names, the live schema and orphans.

    Exits with 1 and a list if anything is wrong.
    """
    found = asyncio.run(_verify())
    if output is OutputFormat.JSON:
        print_json({"ok": found.ok} | asdict(found))
    else:
        say("\n".join(_lines(found)))
    if not found.ok:
        raise typer.Exit(1)


async def _verify() -> RelationshipReport:
    try:
        await database.wait_for_database()
        return await verify_relationships(database.get_engine())
    finally:
        await database.dispose()


def _lines(found: RelationshipReport) -> list[str]:
    return [
        f"tables         {found.tables}",
        f"relationships  {found.relationships} sides",
        f"foreign keys   {found.foreign_keys}",
        f"names          {found.constraints} constraints and indexes",
        f"triggers       {found.triggers}",
        *(f"fault: {fault}" for fault in found.faults),
        "All belongs together." if found.ok else "Something is wrong.",
    ]
