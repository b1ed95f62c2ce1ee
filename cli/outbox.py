"""``dars outbox status``: what Dars wrote first, of every kind, and what became of it."""

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer

from cli.connected import connected
from cli.output import Output, OutputFormat, Report, print_json, print_table, say
from src import clock, database
from src.models import OutboxKind
from src.outbox import report
from src.outbox.report import Count

app = typer.Typer(help="Look at what Dars writes first.", no_args_is_help=True)


@app.callback()
def outbox() -> None:
    """Look at what Dars writes first."""


@app.command()
def status(
    days: Annotated[int, typer.Option(min=1, max=60, help="How many days back.")] = 7,
    kind: Annotated[OutboxKind | None, typer.Option(help="Only messages of this kind.")] = None,
    output: Output = OutputFormat.TABLE,
) -> None:
    """Count messages by kind, local day and outcome."""
    found = asyncio.run(_read(days, kind))
    if output is OutputFormat.JSON:
        print_json({"counts": [report.as_json(count) for count in found]})
    elif found:
        print_table(_table(found))
    else:
        say(f"No message in {days} days.")


async def _read(days: int, kind: OutboxKind | None) -> tuple[Count, ...]:
    async with connected(), database.read_scope() as db:
        return await report.count(db, clock.now(), days, kind)


def _table(found: tuple[Count, ...]) -> Report:
    table = Report("Kind", "Local day", "Outcome", "Words", "Messages")
    for count in found:
        table.add_row(*(str(value or "") for value in asdict(count).values()))
    return table
