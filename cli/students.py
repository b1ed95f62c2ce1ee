"""``dars students show`` and ``dars audit``: one pupil, and what was done to whom."""

import asyncio
import json
from datetime import datetime
from typing import Annotated, Any

import typer

from cli.connected import connected
from cli.output import Output, OutputFormat, Report, print_json, print_table, say
from src import clock, database
from src.models import AuditAction
from src.operations import pupils
from src.operations.pupils import Rows

app = typer.Typer(help="One pupil, by Telegram id.", no_args_is_help=True)


@app.callback()
def students() -> None:
    """One pupil, by Telegram id."""


@app.command()
def show(
    telegram_id: Annotated[int, typer.Argument(help="Of their private chat.")],
    most: Annotated[int, typer.Option(min=1, help="The latest so many problems.")] = 20,
    output: Output = OutputFormat.TABLE,
) -> None:
    """Show a pupil, without the name, and what they were asked and typed; the look is noted."""
    about, asked = asyncio.run(_look(telegram_id, most))
    if output is OutputFormat.JSON:
        print_json(about | {"asked": asked})
        return
    say("\n".join(f"{name:15} {'-' if value is None else value}" for name, value in about.items()))
    _print([row | {"typed": " | ".join(row["typed"])} for row in asked])


def show_audit(
    most: Annotated[int, typer.Option(min=1, help="The latest so many.")] = 50,
    action: Annotated[AuditAction | None, typer.Option(help="Only this.")] = None,
    subject: Annotated[
        str | None, typer.Option(help="Only about a kind, or one of it: problem, person:7.")
    ] = None,
    output: Output = OutputFormat.TABLE,
) -> None:
    """List who looked at, connected, fixed, retired, settled or erased what, the latest first."""
    found = asyncio.run(_events(most, action, subject))
    if output is OutputFormat.JSON:
        print_json(found)
    else:
        _print([row | {"detail": json.dumps(row["detail"])} for row in found])


async def _look(telegram_id: int, most: int) -> tuple[dict[str, Any], Rows]:
    async with connected(), database.session_scope() as db:
        about, asked = await pupils.look_at(db, telegram_id, clock.now(), most=most)
    return {name: _plain(value) for name, value in about.items()}, asked


async def _events(most: int, action: AuditAction | None, subject: str | None) -> Rows:
    async with connected(), database.read_scope() as db:
        return await pupils.events(db, most=most, action=action, subject=subject)


def _plain(value: Any) -> Any:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value


def _print(rows: Rows) -> None:
    if not rows:
        say("Nothing.")
        return
    table = Report(*rows[0])
    for row in rows:
        table.add_row(*("-" if value is None else str(value) for value in row.values()))
    print_table(table)
