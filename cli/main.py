"""The ``dars`` command: the operators' door. Each error becomes one line; no traceback."""

import asyncio
import sys
from enum import StrEnum
from typing import Annotated

import typer

from cli import (
    announce,
    answers,
    api,
    canvas,
    canvas_mirror,
    canvas_school,
    content,
    costs,
    db,
    disputes,
    health,
    hints,
    insights,
    mastery,
    nudges,
    outbox,
    practice,
    premium,
    secrets,
    stats,
    streaks,
    students,
    teachers,
    telegram,
)
from cli.output import say
from src import clock, logs
from src.errors import DarsError
from src.settings import get_settings


class BotMode(StrEnum):
    """How updates reach the bot."""

    POLLING = "polling"
    WEBHOOK = "webhook"


app = typer.Typer(
    help="Dars: a practice tutor inside Telegram.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(announce.app, name="announce")
app.add_typer(answers.app, name="answers")
app.add_typer(api.app, name="api")
app.add_typer(canvas.app, name="canvas")
canvas.app.add_typer(canvas_school.app, name="school")
for mirrored in canvas_mirror.COMMANDS:
    canvas.app.command()(mirrored)
app.add_typer(content.app, name="content")
content.app.add_typer(disputes.app, name="disputes")
app.add_typer(costs.app, name="costs")
app.add_typer(db.app, name="db")
app.command("health")(health.show_health)
app.add_typer(hints.app, name="hints")
app.add_typer(insights.app, name="insights")
app.add_typer(mastery.app, name="mastery")
app.add_typer(telegram.app, name="telegram")
app.add_typer(nudges.app, name="nudges")
app.add_typer(outbox.app, name="outbox")
app.add_typer(practice.app, name="practice")
app.add_typer(premium.app, name="premium")
app.add_typer(secrets.app, name="secrets")
app.command("stats")(stats.show_stats)
app.add_typer(streaks.app, name="streaks")
app.add_typer(students.app, name="students")
app.add_typer(teachers.app, name="teachers")
app.command("audit")(students.show_audit)


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the web chat.")] = 8080,
    with_class: Annotated[
        bool, typer.Option("--class", help="With a class of 30 simulated pupils, and its teacher.")
    ] = False,
) -> None:
    """Run Dars with a web chat in the browser: no token, no key, no server."""
    from cli.demo import run_demo  # noqa: PLC0415 - spares every other command its imports

    asyncio.run(run_demo(get_settings(), port, with_class=with_class))


@app.command()
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


@app.command()
def worker() -> None:
    """Run background jobs; needs PostgreSQL and TELEGRAM_BOT_TOKEN. Any number may run at once."""
    from cli.worker import run_worker  # noqa: PLC0415 - spares every other command its imports

    asyncio.run(run_worker(get_settings()))


@app.command()
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


def main(args: list[str] | None = None) -> None:
    """Run a command; print an expected error with its causes as one line and exit with 1."""
    try:
        settings = get_settings()
        logs.configure(settings.process, settings.secrets)
        clock.shift(settings.process.clock_shift)
        app(args)
    except DarsError as error:
        say(f"dars: {_with_causes(error)}", to_errors=True)
        sys.exit(1)


def _with_causes(error: BaseException) -> str:
    causes = [str(error) or type(error).__name__]
    while error.__cause__ is not None:
        error = error.__cause__
        causes.append(str(error) or type(error).__name__)
    return ": ".join(causes)
