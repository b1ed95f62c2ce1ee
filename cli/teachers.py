"""``dars teachers``: who may have classes; nobody becomes a teacher by themself."""

import asyncio
from typing import Annotated, Any

import typer

from cli.connected import connected
from cli.output import Output, OutputFormat, Report, print_json, print_table, say
from src import clock, database
from src.teaching import service
from src.teaching.results import InvitedTeacher

app = typer.Typer(no_args_is_help=True, help="Who may have classes.")
LONGEST = 100


@app.command()
def invite(
    name: Annotated[str, typer.Argument(help="As pupils are told it, such as 'Ms Akter'.")],
    school: Annotated[str, typer.Option(help="As pupils are told it.")],
) -> None:
    """Invite a teacher: what is printed makes whoever opens it first that teacher, for 14 days."""
    if not (0 < len(name.strip()) <= LONGEST and 0 < len(school.strip()) <= LONGEST):
        raise typer.BadParameter("a name and a school have 1 to 100 signs")
    number, payload = asyncio.run(_invite(name.strip(), school.strip()))
    say(f"Teacher {number}: {name}, {school}")
    say(f"To be sent to them alone: https://t.me/NAME_OF_YOUR_BOT?start={payload}")
    say(f"or what they write to the bot: /start {payload}")


@app.command("list")
def list_command(output: Output = OutputFormat.TABLE) -> None:
    """List every teacher who was ever invited."""
    rows = [_plain(one) for one in asyncio.run(_teachers())]
    if output is OutputFormat.JSON:
        print_json(rows)
    elif not rows:
        say("No teachers. `dars teachers invite` invites one.")
    else:
        table = Report(*rows[0])
        for row in rows:
            table.add_row(*("-" if value is None else str(value) for value in row.values()))
        print_table(table)


@app.command()
def remove(number: Annotated[int, typer.Argument(help="As in `dars teachers list`.")]) -> None:
    """End the rights of a teacher at once, in every browser; their classes stay for others."""
    asyncio.run(_remove(number))
    say(f"Teacher {number} sees nothing any more.")


async def _invite(name: str, school: str) -> tuple[int, str]:
    async with connected(), database.session_scope() as db:
        return await service.invite(db, name, school, clock.now())


async def _teachers() -> list[InvitedTeacher]:
    async with connected(), database.read_scope() as db:
        return await service.teachers(db)


async def _remove(number: int) -> None:
    async with connected(), database.session_scope() as db:
        await service.remove(db, number, clock.now())


def _plain(one: InvitedTeacher) -> dict[str, Any]:
    state = "removed" if one.removed_at else "accepted" if one.accepted_at else "invited"
    return {
        "number": one.id,
        "name": one.name,
        "school": one.school,
        "state": state,
        "invited": one.invited_at.date().isoformat(),
        "classes": one.classes,
    }
