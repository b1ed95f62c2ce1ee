"""``dars db slow``: what statements cost, by the functions that run them."""

import asyncio
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from cli.connected import connected
from cli.output import Output, OutputFormat, Report, print_json, print_table, say
from src import clock, database
from src.operations import query_monitor
from src.operations.query_monitor import SlowStatement

_TEXT = 60


def show_slow(
    days: Annotated[int, typer.Option(min=1, max=14, help="So many days back.")] = 7,
    limit: Annotated[int, typer.Option(min=1, help="So many statements.")] = 20,
    output: Output = OutputFormat.TABLE,
) -> None:
    """Statements by the function that runs them, the dearest first: calls, mean, p95, share.

    Times are those of the callers, noted by every bot and worker and kept for two weeks. Blocks
    are the server's, where pg_stat_statements is loaded.
    """
    found = asyncio.run(_read(days))[:limit]
    if output is OutputFormat.JSON:
        print_json([asdict(one) for one in found])
    elif found:
        _print(found)
    else:
        say("Nothing is noted yet: bots and workers keep their timings each minute.")


async def _read(days: int) -> list[SlowStatement]:
    since = clock.now().date() - timedelta(days=days - 1)
    async with connected(), database.read_scope() as db:
        return await query_monitor.slow(db, since)


def _print(found: list[SlowStatement]) -> None:
    table = Report("function", "statement")
    for name in ("calls", "mean ms", "p95 ms", "share", "rows", "blocks"):
        table.add_column(name, justify="right")
    for one in found:
        blocks = "-" if one.blocks is None else f"{one.blocks:,}"
        table.add_row(
            one.name,
            " ".join(one.text.split())[:_TEXT],
            f"{one.calls:,}",
            f"{one.mean_ms:,.2f}",
            f"{one.p95_ms:,.2f}",
            f"{one.share:.1%}",
            f"{one.rows:,}",
            blocks,
        )
    print_table(table)
