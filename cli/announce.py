"""``dars announce``: one text in both languages to many people."""

import asyncio
from datetime import timedelta
from typing import Annotated, Any

import typer
from sqlalchemy import select

from bot.replies import MOST_SIGNS
from bot.views.announcements import announcement
from cli.connected import connected
from cli.output import Output, OutputFormat, Report, print_json, print_table, say
from src import clock, database
from src.bangla import count_signs
from src.errors import InvalidReport
from src.language import Language
from src.models import SchoolClass
from src.operations import announcements
from src.operations.announcements import AnnouncedText, Audience

app = typer.Typer(no_args_is_help=True, help="Tell pupils something, in both languages.")


@app.command()
def new(  # noqa: PLR0917 - options
    english: Annotated[str, typer.Option("--en", help="The text in English.")],
    bangla: Annotated[str, typer.Option("--bn", help="The text in Bangla.")],
    grade: Annotated[int | None, typer.Option(min=6, max=8, help="Only to this grade.")] = None,
    class_id: Annotated[
        int | None, typer.Option("--class", help="Only to this class, by its number.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=30, help="After so many it is too late.")] = 3,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show it.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Show an announcement as pupils will see it, to how many it goes, and order it.

    It goes out between 08:00 and 21:00 where each of them lives, once to each person, and to
    nobody who has turned reminders off. Workers see to it: nothing has to stay open.
    """
    if grade is not None and class_id is not None:
        raise InvalidReport("--grade or --class, not both")
    for language, text in ((Language.EN, english), (Language.BN, bangla)):
        shown = announcement(AnnouncedText(0, language, text)).text
        _check(text, shown)
        say(f"--- {language} ---\n{shown}\n")
    audience = Audience(grade, class_id)
    counts = asyncio.run(_count(audience))
    told = ", ".join(f"{number:,} in {language}" for language, number in counts.items())
    say(f"To {sum(counts.values()):,} people{': ' + told if told else ''}.")
    if dry_run:
        say("Nothing was ordered.")
    elif yes or typer.confirm("Send it?"):
        say(f"Announcement {asyncio.run(_order((english, bangla), audience, days))} is ordered.")


@app.command("list")
def list_command(
    most: Annotated[int, typer.Option(min=1, help="The latest so many.")] = 10,
    output: Output = OutputFormat.TABLE,
) -> None:
    """List announcements, the latest first, and what became of their messages."""
    found = asyncio.run(_list(most))
    if output is OutputFormat.JSON:
        print_json(found)
        return
    table = Report("number", "ordered", "to", "in the outbox", "messages", "text")
    for one in found:
        whom = f"grade {one['grade']}" if one["grade"] else f"class {one['class']}"
        counts = ", ".join(f"{number} {outcome}" for outcome, number in one["messages"].items())
        table.add_row(
            str(one["id"]),
            one["ordered_at"][:16],
            whom if one["grade"] or one["class"] else "all",
            "whole" if one["planned"] else "in part",
            counts,
            one["en"],
        )
    print_table(table)


@app.command()
def stop(number: Annotated[int, typer.Argument(help="Of the announcement.")]) -> None:
    """Tell nobody any more; who was told was told."""
    asyncio.run(_stop(number))
    say(f"Announcement {number} goes to nobody any more.")


def _check(text: str, shown: str) -> None:
    """Refuse what cannot be sent.

    Raises:
        InvalidReport: It is empty or too long.
    """
    if not text.strip():
        raise InvalidReport("a text is empty")
    if count_signs(shown) > MOST_SIGNS:
        raise InvalidReport(f"a text is too long: Telegram takes {MOST_SIGNS} signs")


async def _count(audience: Audience) -> dict[str, int]:
    async with connected(), database.read_scope() as db:
        if audience.class_id is not None:
            known = select(SchoolClass.id).where(SchoolClass.id == audience.class_id)
            if await db.scalar(known) is None:
                raise InvalidReport(f"there is no class {audience.class_id}: `dars teachers`")
        return await announcements.count_people(db, audience)


async def _order(texts: tuple[str, str], audience: Audience, days: int) -> int:
    now = clock.now()
    async with connected(), database.session_scope() as db:
        until = now + timedelta(days=days)
        return await announcements.create(db, texts, audience, until, now)


async def _list(most: int) -> list[dict[str, Any]]:
    async with connected(), database.read_scope() as db:
        return await announcements.list_orders(db, most)


async def _stop(number: int) -> None:
    async with connected(), database.session_scope() as db:
        await announcements.stop(db, number, clock.now())
