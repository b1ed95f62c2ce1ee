"""``dars demo``, ``bot``, ``worker`` and ``web``: processes that stay."""

import asyncio
from enum import StrEnum
from typing import Annotated

import typer

from src.settings import get_settings


class BotMode(StrEnum):
    """How updates reach the bot."""

    POLLING = "polling"
    WEBHOOK = "webhook"


def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the web chat.")] = 8080,
    with_class: Annotated[
        bool, typer.Option("--class", help="With a class of 30 simulated pupils, and its teacher.")
    ] = False,
) -> None:
    """Run Dars with a web chat in the browser: no token, no key, no server."""
    from cli.demo import run_demo  # noqa: PLC0415 - spares every other command its imports

    asyncio.run(run_demo(get_settings(), port, with_class=with_class))


def bot(
    mode: Annotated[
        BotMode, typer.Option(help="Fetch updates, or let Telegram deliver them.")
    ] = BotMode.POLLING,
    host: Annotated[
        str | None, typer.Option(help="Address for the webhook, if not DARS_WEBHOOK_HOST.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Its port, if not DARS_WEBHOOK_PORT."),
    ] = None,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes that share the webhook.")
    ] = 1,
) -> None:
    """Run the bot; needs TELEGRAM_BOT_TOKEN."""
    from cli.bot import run_bot  # noqa: PLC0415 - spares every other command its imports

    run_bot(get_settings(), mode, host, port, workers)


def worker() -> None:
    """Run background jobs; needs PostgreSQL and TELEGRAM_BOT_TOKEN. Any number may run at once."""
    from cli.worker import run_worker  # noqa: PLC0415 - spares every other command its imports

    asyncio.run(run_worker(get_settings()))


def web(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on, if not DARS_WEB_HOST.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Its port, if not DARS_WEB_PORT.")
    ] = None,
) -> None:
    """Serve the pages for teachers and the HTTP API."""
    from cli.web import run_web  # noqa: PLC0415 - spares every other command its imports

    run_web(get_settings(), host, port)
