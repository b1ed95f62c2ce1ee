"""``dars nudges status``: what was sent, skipped or failed, and why."""

import asyncio
from typing import Annotated

import typer

from cli.connected import connected
from cli.output import Output, OutputFormat, Report, print_json, print_table, say
from src import clock, database
from src.nudges import report
from src.nudges.report import NudgeReport

app = typer.Typer(help="Look at the nudges.", no_args_is_help=True)


@app.callback()
def nudges() -> None:
    """Look at the nudges."""


@app.command()
def status(
    days: Annotated[int, typer.Option(min=1, max=60, help="How many days back.")] = 7,
    output: Output = OutputFormat.TABLE,
) -> None:
    """Count nudges by local day and outcome, and say what waits."""
    found = asyncio.run(_read(days))
    if output is OutputFormat.JSON:
        print_json(report.as_json(found))
        return
    if found.counts:
        print_table(_table(found))
    say(
        f"Due now: {found.due_now}. Will be due: {found.scheduled}. "
        f"Next: {report.instant(found.next_at) or 'none'}. "
        f"Jobs in the queue: {found.queued_jobs}."
    )


async def _read(days: int) -> NudgeReport:
    async with connected(), database.read_scope() as db:
        return await report.read(db, clock.now(), days)


def _table(found: NudgeReport) -> Report:
    table = Report("Local day", "Outcome", "Words", "Nudges")
    for count in found.counts:
        table.add_row(str(count.local_day), count.outcome, count.variant or "", str(count.messages))
    return table
