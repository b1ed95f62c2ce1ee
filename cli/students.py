"""``dars students`` and ``dars audit``: what a support request needs, and what was done to whom."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from cli.connected import connected
from cli.output import Output, OutputFormat, Report, new_file, print_json, print_table, say
from src import clock, database
from src.models import AuditAction
from src.operations import pupils
from src.operations.pupils import Rows
from src.privacy import service as privacy

Result = TypeVar("Result")
app = typer.Typer(help="One pupil, by Telegram id.", no_args_is_help=True)


@app.callback()
def students() -> None:
    """One pupil, by Telegram id."""


@app.command()
def show(
    telegram_id: Annotated[int, typer.Argument(help="Of their private chat.")],
    most: Annotated[int, typer.Option(min=1, help="The latest so many problems.")] = 20,
    by_number: Annotated[
        bool, typer.Option("--number", help="It is the number that `dars costs` names.")
    ] = False,
    output: Output = OutputFormat.TABLE,
) -> None:
    """Show a pupil, without the name, and what they were asked and typed; the look is noted."""
    about, asked = asyncio.run(_look(telegram_id, most, by_number=by_number))
    if output is OutputFormat.JSON:
        print_json(about | {"asked": asked})
        return
    say("\n".join(f"{name:15} {'-' if value is None else value}" for name, value in about.items()))
    _print([row | {"typed": " | ".join(row["typed"])} for row in asked])


TelegramId = Annotated[int, typer.Argument(help="Of their private chat.")]
Sure = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command()
def export(
    telegram_id: TelegramId,
    file: Annotated[Path, typer.Argument(help="The zip to write; must not be there yet.")],
) -> None:
    """Write all that is kept of an account into a zip, as /export does; it is noted."""
    with os.fdopen(new_file(file), "wb") as out:
        try:
            work = _in_transaction(privacy.export_for_operator, telegram_id, clock.now())
            content = asyncio.run(work)
        except BaseException:
            file.unlink()
            raise
        out.write(content)
    say(f"{file}: {len(content):,} bytes.")


@app.command()
def erase(telegram_id: TelegramId, yes: Sure = False) -> None:
    """Delete an account with all its pupils, as /delete does, for good; it is noted."""
    if not yes:
        typer.confirm(f"Delete all that is kept of {telegram_id}, for good?", abort=True)
    asyncio.run(_in_transaction(privacy.erase_for_operator, telegram_id))
    say("Deleted. Backups hold it until they are deleted themselves.")


@app.command()
def block(
    telegram_id: TelegramId,
    undo: Annotated[bool, typer.Option("--undo", help="Let them in again.")] = False,
) -> None:
    """Shut an account out: it is neither answered nor written to; it is noted."""
    work = partial(privacy.bar_for_operator, barred=not undo)
    asyncio.run(_in_transaction(work, telegram_id, clock.now()))
    say("Let in again." if undo else "Shut out.")


@app.command()
def move(
    telegram_id: TelegramId,
    to: Annotated[int, typer.Argument(help="The Telegram id of the new account.")],
    yes: Sure = False,
) -> None:
    """Let all of an account belong to another Telegram account; it is noted."""
    if not yes:
        typer.confirm(f"Give all of {telegram_id} to {to}?", abort=True)
    asyncio.run(_in_transaction(privacy.move_for_operator, telegram_id, to, clock.now()))
    say(f"It belongs to {to} now.")


async def _in_transaction(work: Callable[..., Awaitable[Result]], *args: Any) -> Result:
    async with connected(), database.session_scope() as db:
        return await work(db, *args)


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


async def _look(number: int, most: int, *, by_number: bool) -> tuple[dict[str, Any], Rows]:
    async with connected(), database.session_scope() as db:
        about, asked = await pupils.look_at(db, number, clock.now(), most=most, by_number=by_number)
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
