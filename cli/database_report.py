"""``dars db report``: how the database stands, to read or as a file."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.output import Output, OutputFormat, Report, print_json, print_table, say
from src import clock, database
from src.errors import InvalidReport
from src.operations import database_report, health
from src.operations.database_report import Row
from src.settings import get_settings

_MEGABYTE = 1_000_000
_SHOWN = ("tables", "bloat", "locks", "waits", "unused_indexes", "connections")


def show_report(
    output: Output = OutputFormat.TABLE,
    file: Annotated[
        Path | None,
        typer.Option("--output", help="Write JSON there; the report before it gives the growth."),
    ] = None,
) -> None:
    """Sizes, growth, bloat, locks, waits, unused indexes, connections, and what health says.

    Exits with 1 if health finds anything wrong.
    """
    found = asyncio.run(_look(_read_earlier(file)))
    if file is not None:
        file.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        say(f"Written: {file}")
    elif output is OutputFormat.JSON:
        print_json(found)
    else:
        _print_tables(found)
    if found["health"]["status"] != "ok":
        raise typer.Exit(1)


def _read_earlier(file: Path | None) -> Mapping[str, Any] | None:
    """Return the report that the new one replaces, if there is one."""
    if file is None or not file.exists():
        return None
    try:
        earlier: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InvalidReport(f"{file} is there and is no report: it is not replaced") from None
    return earlier


async def _look(earlier: Mapping[str, Any] | None) -> dict[str, Any]:
    settings, engine = get_settings(), database.get_engine()
    try:
        await database.wait_for_database()
        state = await health.check(engine, settings.operators)
        found = await database_report.report(engine, clock.now(), earlier)
        return database_report.as_plain(found, state, settings.process.env)
    finally:
        await database.dispose()


def _print_tables(found: Mapping[str, Any]) -> None:
    growth = found["growth_bytes_a_day"]
    say(f"{found['kind']}, {found['bytes'] / _MEGABYTE:,.1f} MB")
    if growth is not None:
        say(f"grows by {growth / _MEGABYTE:,.2f} MB a day")
    for name in _SHOWN:
        if found[name]:
            print_table(_table(name, found[name]))
    say("\n".join(f"fault: {fault}" for fault in found["health"]["faults"]) or "All is well.")


def _table(name: str, rows: list[Row]) -> Report:
    table = Report(*rows[0], title=name.replace("_", " "))
    for row in rows:
        table.add_row(*("-" if value is None else str(value) for value in row.values()))
    return table
