"""``dars content reports``: answers that pupils think were right."""

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer

from cli.connected import connected
from cli.output import Output, OutputFormat, Report, print_json, print_table, say
from src import database
from src.practice import service as practice
from src.practice.results import DefendedAnswer


def reports(
    most: Annotated[int, typer.Option(min=1, help="The latest so many.")] = 50,
    output: Output = OutputFormat.TABLE,
) -> None:
    """List the answers that pupils think were right, the latest first."""
    found = asyncio.run(_read(most))
    if output is OutputFormat.JSON:
        print_json([_plain(report) for report in found])
    elif not found:
        say("No answers have been reported.")
    else:
        print_table(_table(found))


async def _read(most: int) -> list[DefendedAnswer]:
    async with connected(), database.read_scope() as db:
        return await practice.defended_answers(db, most=most)


def _plain(report: DefendedAnswer) -> dict[str, str]:
    instant = report.reported_at.isoformat(timespec="seconds")
    return asdict(report) | {"reported_at": instant}


def _table(found: list[DefendedAnswer]) -> Report:
    table = Report("Problem", "Type", "Stored answer", "What the pupil typed", "When (UTC)")
    for report in found:
        table.add_row(*(str(value) for value in _plain(report).values()))
    return table
