"""``dars stats``: how it is going."""

import asyncio
import csv
import io
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any

import typer

from cli.connected import connected
from cli.output import Report, print_json, print_table, say
from src import clock, database
from src.errors import InvalidReport
from src.operations import statistics
from src.operations.statistics import Rows, Span, SumBy, Topic

DAYS = 30


class StatsFormat(StrEnum):
    """How figures are printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def show_stats(
    topic: Annotated[Topic | None, typer.Argument(help="One of them; all without any.")] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="First day; else 30 days back.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Last day; today if not given.")
    ] = None,
    by: Annotated[SumBy, typer.Option(help="What a row sums up.")] = SumBy.DAY,
    output: Annotated[
        StatsFormat, typer.Option("--format", help="A table, JSON, or CSV of one topic.")
    ] = StatsFormat.TABLE,
) -> None:
    """Pupils, sessions, topics, problems, nudges, costs over some days; nobody is named."""
    if output is StatsFormat.CSV and topic is None:
        raise InvalidReport("CSV holds one table: name a topic, such as `dars stats activity`")
    topics = [topic] if topic else list(Topic)
    found = asyncio.run(_read(topics, _span(since, until, by)))
    if output is StatsFormat.JSON:
        print_json({str(name): rows for name, rows in found.items()})
    elif output is StatsFormat.CSV:
        typer.echo(_as_csv(found[topics[0]]), nl=False)
    else:
        for name, rows in found.items():
            _print(name, rows)


def _span(since: str | None, until: str | None, by: SumBy) -> Span:
    """Read the days.

    Raises:
        InvalidReport: One is no date, or they are the wrong way round.
    """
    last = _day("--to", until) or clock.now().date()
    first = _day("--from", since) or last - timedelta(days=DAYS - 1)
    if first > last:
        raise InvalidReport(f"--from {first} is after --to {last}")
    return Span(first, last, by)


def _day(option: str, given: str | None) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise InvalidReport(f"{option} {given}: write a date such as 2026-03-31") from None


async def _read(topics: list[Topic], span: Span) -> dict[Topic, Rows]:
    async with connected(), database.read_scope() as db:
        return {topic: await statistics.read(db, topic, span) for topic in topics}


def _as_csv(rows: Rows) -> str:
    file = io.StringIO()
    if rows:
        writer = csv.DictWriter(file, [*rows[0]], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return file.getvalue()


def _print(topic: Topic, rows: Rows) -> None:
    if not rows:
        say(f"{topic}: nothing")
        return
    table = Report(title=str(topic))
    for name, value in rows[0].items():
        is_number = isinstance(value, (int, float))
        table.add_column(name.replace("_", " "), justify="right" if is_number else "left")
    for row in rows:
        table.add_row(*map(_cell, row.values()))
    print_table(table)


def _cell(value: Any) -> str:
    return "-" if value is None else str(value)
