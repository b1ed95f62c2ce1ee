"""``dars practice why``: what chose the five problems of a pupil."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from cli.connected import connected
from cli.output import Output, OutputFormat, Report, print_json, print_table, say
from src import database
from src.practice import service
from src.practice.results import Chosen

app = typer.Typer(help="Look into the practice of pupils.", no_args_is_help=True)


@app.callback()
def practice() -> None:
    """Look into the practice of pupils."""


@app.command()
def why(
    telegram_id: Annotated[int, typer.Argument(help="The pupil's Telegram id.")],
    output: Output = OutputFormat.TABLE,
) -> None:
    """Print what chose each problem of the latest session, and what was passed over for it."""
    started_at, chosen = asyncio.run(_read(telegram_id))
    if output is OutputFormat.JSON:
        plain = [
            asdict(one) | {"problem": one.problem._asdict(), "passed_over": list(one.passed_over)}
            for one in chosen
        ]
        print_json({"started_at": started_at.isoformat(), "chosen": plain})
        return
    say(f"begun {started_at:%Y-%m-%d %H:%M} UTC")
    print_table(_table(chosen))


async def _read(telegram_id: int) -> tuple[datetime, list[Chosen]]:
    async with connected(), database.read_scope() as db:
        return await service.why(db, telegram_id)


def _table(chosen: Sequence[Chosen]) -> Report:
    table = Report("Problem", "Topic", "Level", "Chosen as", "Passed over")
    for one in chosen:
        name, topic, subtopic, level = one.problem
        slot = one.slot.replace("_", "-") if one.slot else "not kept"
        about = f"{topic}: {subtopic}" if subtopic else topic
        table.add_row(name, about, str(level), slot, ", ".join(one.passed_over))
    return table
