"""The ``dars premium`` commands: who has premium, what is given, what goes back."""

import asyncio
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from cli.connected import connected
from cli.output import Output, OutputFormat, Report, print_json, print_table, say
from src import clock, database
from src.premium import listing, payments, reconcile, service
from src.settings import get_settings

app = typer.Typer(no_args_is_help=True, help="Who has premium, what is given, what goes back.")
TelegramId = Annotated[int, typer.Argument(help="Of their private chat.")]


@app.command("list")
def list_(
    most: Annotated[int, typer.Option(min=1, help="The latest so many.")] = 50,
    output: Output = OutputFormat.TABLE,
) -> None:
    """List what was paid and given, the latest first."""
    found = [_plain(row) for row in asyncio.run(_list(most))]
    if output is OutputFormat.JSON:
        print_json(found)
    elif not found:
        say("Nothing.")
    else:
        table = Report(*found[0])
        for row in found:
            table.add_row(*("-" if value is None else str(value) for value in row.values()))
        print_table(table)


@app.command()
def grant(
    telegram_id: TelegramId,
    days: Annotated[int, typer.Option(min=1, max=3660, help="For so long.")] = 30,
) -> None:
    """Give somebody premium, behind what they have."""
    until = asyncio.run(_grant(telegram_id, timedelta(days=days)))
    say(f"Premium until {until:%Y-%m-%d %H:%M} UTC.")


@app.command()
def revoke(telegram_id: TelegramId) -> None:
    """Take away what was given; what was paid for lasts to its end, or goes back by `refund`."""
    gone = asyncio.run(_revoke(telegram_id))
    say(f"Taken away: {gone}." if gone else "Nothing was given that is not over.")


@app.command()
def refund(
    charge: Annotated[str, typer.Argument(help="The number of the payment, as `list` shows it.")],
) -> None:
    """Give the Stars of a payment back, end its subscription, and take away what it gave."""
    if asyncio.run(_refund(charge)):
        say("The Stars went back.")
    else:
        say("It is written down, and Telegram did not do it yet: the bot tries each minute.")
        raise typer.Exit(1)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat(timespec="minutes") if isinstance(value, datetime) else value
        for name, value in row.items()
    }


async def _list(most: int) -> list[dict[str, Any]]:
    async with connected(), database.read_scope() as db:
        return await listing.latest(db, most)


async def _grant(telegram_id: int, time: timedelta) -> datetime:
    async with connected(), database.session_scope() as db:
        return await service.grant(db, telegram_id, time, clock.now())


async def _revoke(telegram_id: int) -> int:
    async with connected(), database.session_scope() as db:
        return await service.revoke(db, telegram_id, clock.now())


async def _refund(charge: str) -> bool:
    """Write the wish down first: who is killed behind that has it done by the bot."""
    async with connected():
        async with database.session_scope() as db:
            await payments.ask_refund(db, charge, clock.now())
        await _settle()
        async with database.read_scope() as db:
            return await listing.is_refunded(db, charge)


async def _settle() -> None:
    """Do it now, where this process has the bot's token."""
    from bot.app import build_bot  # noqa: PLC0415 - spares every other command its imports
    from bot.gateway.stars import Stars  # noqa: PLC0415 - likewise

    telegram = get_settings().telegram
    if telegram.token is not None:
        # Not as a context: to begin it would ask Telegram who we are.
        bot = build_bot(telegram)
        await bot.request.initialize()
        try:
            await reconcile.settle(database.session_scope, Stars(bot), clock.now())
        finally:
            await bot.request.shutdown()
