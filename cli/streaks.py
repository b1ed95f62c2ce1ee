"""``dars streaks verify``: every streak replayed from its sessions."""

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer

from cli.connected import connected
from cli.output import Output, OutputFormat, Report, print_json, print_table, say
from src import database
from src.streaks import replay
from src.streaks.replay import Difference

app = typer.Typer(help="Look after the streaks of pupils.", no_args_is_help=True)


@app.callback()
def streaks() -> None:
    """Look after the streaks of pupils."""


@app.command()
def verify(
    repair: Annotated[
        bool, typer.Option("--repair", help="Store what the sessions give where it differs.")
    ] = False,
    output: Output = OutputFormat.TABLE,
) -> None:
    """Replay every streak from the sessions; exit with 1 where one differs and is not repaired."""
    pupils, differences = asyncio.run(_verify(repair=repair))
    if output is OutputFormat.JSON:
        print_json({"pupils": pupils, "differences": [_plain(found) for found in differences]})
    else:
        if differences:
            print_table(_table(differences))
        what = "differences, repaired" if repair and differences else "differences"
        say(f"{pupils} pupils, {len(differences)} {what}")
    raise typer.Exit(int(bool(differences) and not repair))


async def _verify(*, repair: bool) -> tuple[int, list[Difference]]:
    """Go through all pupils; return how many there are, and what differs."""
    pupils, last, differences = 0, 0, list[Difference]()
    async with connected():
        while True:
            async with database.read_scope() as db:
                ids = await replay.next_pupils(db, last)
                suspects = await replay.find_suspects(db, ids)
            if not ids:
                return pupils, differences
            for student_id in suspects:
                async with database.session_scope() as db:
                    differences += await replay.verify(db, student_id, repair=repair)
            pupils, last = pupils + len(ids), ids[-1]


def _plain(found: Difference) -> dict[str, object]:
    return {name: _text(value) for name, value in asdict(found).items()}


def _text(value: object) -> object:
    return value if isinstance(value, int | str | list | tuple | None) else str(value)


def _table(differences: list[Difference]) -> Report:
    table = Report("Pupil", "What", "Stored", "By the sessions")
    for found in differences:
        table.add_row(*(str(value) for value in asdict(found).values()))
    return table
