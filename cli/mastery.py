"""``dars mastery``: what is known of pupils, counted in again from what they did."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict

import typer

from cli.connected import connected
from cli.output import Output, OutputFormat, Report, print_json, print_table, say
from src import clock, database
from src.mastery import replay
from src.mastery.memory import Sums
from src.mastery.replay import Unlike

app = typer.Typer(help="Look after what is known of pupils.", no_args_is_help=True)


@app.callback()
def mastery() -> None:
    """Look after what is known of pupils."""


@app.command()
def verify(output: Output = OutputFormat.TABLE) -> None:
    """Count every closed problem in again; exit with 1 where what is stored differs.

    The sums of problems move with every session that is finished meanwhile: of these a difference
    means something only while nobody practises.
    """
    pupils, found = asyncio.run(_verify())
    if output is OutputFormat.JSON:
        print_json({"pupils": pupils, "differences": [asdict(one) for one in found]})
    else:
        if found:
            print_table(_table(found))
        say(f"{pupils} pupils, {len(found)} differences")
    raise typer.Exit(int(bool(found)))


@app.command()
def rebuild() -> None:
    """Forget what is known of pupils and problems, and count every closed problem in again.

    Wishes stay. Pupils may practise meanwhile, and it may be cut off and started again.
    """
    pupils = asyncio.run(_rebuild())
    say(f"{pupils} pupils counted in again")


async def _verify() -> tuple[int, list[Unlike]]:
    pupils, found, summed = 0, list[Unlike](), dict[int, Sums]()
    async with connected():
        async for student_id in _all_pupils():
            async with database.session_scope() as db:
                unlike, known = await replay.verify(db, student_id)
            replay.add_up(summed, known)
            pupils, found = pupils + 1, found + unlike
        async with database.read_scope() as db:
            return pupils, found + await replay.verify_problems(db, summed)


async def _rebuild() -> int:
    pupils = 0
    async with connected():
        async with database.session_scope() as db:
            await replay.forget_all(db)
        async for student_id in _all_pupils():
            async with database.session_scope() as db:
                await replay.rebuild(db, student_id, clock.now())
            pupils += 1
    return pupils


async def _all_pupils() -> AsyncIterator[int]:
    """Yield the id of every pupil; between two of them no transaction is open."""
    last = 0
    while True:
        async with database.read_scope() as db:
            ids = await replay.next_pupils(db, last)
        if not ids:
            return
        for student_id in ids:
            yield student_id
        last = ids[-1]


def _table(found: list[Unlike]) -> Report:
    table = Report("Pupil", "What", "Stored", "By the problems")
    for one in found:
        table.add_row(*("" if value is None else str(value) for value in asdict(one).values()))
    return table
