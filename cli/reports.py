"""``dars content reports``: answers that pupils think were right."""

import asyncio
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.connected import connected
from cli.content_tables import OutputFormat, print_json
from src import database
from src.practice import queries


@dataclass(frozen=True, slots=True)
class Report:
    """An answer that was judged wrong and that its pupil defends; not who it was."""

    problem: str
    answer_type: str
    stored: str
    typed: str
    reported_at: str


def reports(
    most: Annotated[int, typer.Option(min=1, help="The latest so many.")] = 50,
    output: Annotated[
        OutputFormat, typer.Option("--format", help="A table to read or JSON to process.")
    ] = OutputFormat.TABLE,
) -> None:
    """List the answers that pupils think were right, the latest first."""
    found = asyncio.run(_read(most))
    if output is OutputFormat.JSON:
        print_json([asdict(report) for report in found])
    elif not found:
        typer.echo("No answers have been reported.")
    else:
        Console().print(_table(found))


async def _read(most: int) -> list[Report]:
    async with connected(), database.read_scope() as db:
        return [_report(row) for row in await queries.disputed(db, most=most)]


def _report(row: Any) -> Report:
    return Report(
        problem=row.external_id,
        answer_type=row.answer_type,
        stored=row.answer,
        typed=row.disputed_answer or "",
        reported_at=row.disputed_at.isoformat(timespec="seconds"),
    )


def _table(found: list[Report]) -> Table:
    table = Table("Problem", "Type", "Stored answer", "What the pupil typed", "When (UTC)")
    for report in found:
        table.add_row(*(escape(str(value)) for value in asdict(report).values()))
    return table
