"""``dars db advise``: indexes that would help, timed on a copy; none is made."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import URL

from cli.connected import connected
from cli.output import Output, OutputFormat, Report, print_json, print_table, say
from src import database
from src.errors import BackupError
from src.models import BackupKind
from src.operations import backup, backup_runs, index_advice, query_monitor
from src.operations.index_advice import Advice, Advised, IndexFaults
from src.operations.query_monitor import KeptStatement
from src.operations.scratch import scratch
from src.storage import schema


def show_advice(
    file: Annotated[
        Path | None, typer.Argument(help="A backup to try it on; else the last good one.")
    ] = None,
    output: Output = OutputFormat.TABLE,
) -> None:
    """Indexes that would help, and those that are unused, duplicate or missing; nothing is made.

    On PostgreSQL the last backup is restored into a database beside the real one, named like it
    with `_advice` behind, where each index is built and timed; it is dropped again. The role needs
    CREATEDB. On SQLite the plans are read, and nothing is timed.
    """
    faults, statements, last = asyncio.run(_look())
    url = database.get_url()
    if url.get_backend_name() == "sqlite":
        found = asyncio.run(_advise(url, statements))
    else:
        with scratch(url, "advice") as copy:
            backup.restore(copy, _choose(file, last))
            found = asyncio.run(_advise(copy, statements))
    if output is OutputFormat.JSON:
        print_json(asdict(found) | asdict(faults))
    else:
        _print(found, faults)


def _choose(file: Path | None, last: str | None) -> Path:
    """Return the backup to use.

    Raises:
        BackupError: None is known.
    """
    if file is not None:
        return file
    if last is None:
        raise BackupError("no good backup is known: name a file that `dars db backup` wrote")
    return Path(last)


async def _look() -> tuple[IndexFaults, list[KeptStatement], str | None]:
    async with connected():
        faults = await index_advice.find_faults(database.get_engine())
        async with database.read_scope() as db:
            last = await backup_runs.last_good(db, BackupKind.BACKUP)
            return faults, await query_monitor.kept(db), last.file if last else None


async def _advise(url: URL, statements: list[KeptStatement]) -> Advised:
    address = url.render_as_string(hide_password=False)
    engine = database.create_engine(address, statement_timeout=None)
    try:
        if engine.dialect.name != "sqlite":
            await schema.upgrade(engine)
        return await index_advice.advise(engine, statements)
    finally:
        await engine.dispose()


def _print(found: Advised, faults: IndexFaults) -> None:
    _print_advice("would help", found.add)
    _print_advice("would slow the writes", found.refused)
    for title, lines in asdict(faults).items():
        for line in lines:
            say(f"{title.replace('_', ' ')}: {line}")
    if found.not_replayed:
        say(f"could not be run on the copy: {', '.join(sorted(set(found.not_replayed)))}")
    if not found.looked_at:
        say("No statements are noted yet: bots and workers keep them each minute.")
    elif not found.add:
        say(f"Nothing to add: {found.looked_at} statements were looked at.")


def _print_advice(title: str, advice: list[Advice]) -> None:
    if not advice:
        return
    table = Report("function", title=title)
    for name in ("before ms", "after ms", "writes"):
        table.add_column(name, justify="right")
    table.add_column("index")
    for one in advice:
        numbers = (_cell(one.before_ms, ",.2f"), _cell(one.after_ms, ",.2f"))
        table.add_row(one.function, *numbers, _cell(one.write_loss, "+.1%"), one.sql)
    print_table(table)


def _cell(value: float | None, how: str) -> str:
    return "-" if value is None else format(value, how)
