"""The ``dars telegram`` commands: what Telegram knows of the bot."""

import asyncio
from typing import TYPE_CHECKING

import typer

from cli.output import Output, OutputFormat, print_json, say
from src.settings import get_settings

if TYPE_CHECKING:
    from bot.gateway.profile import Status

app = typer.Typer(
    no_args_is_help=True,
    help="Tell Telegram the webhook, the commands and the descriptions, or look at them.",
)


@app.command()
def setup() -> None:
    """Set the webhook of DARS_WEBHOOK_URL, or none for polling; commands, name, descriptions."""
    from bot.gateway.profile import set_up  # noqa: PLC0415 - spares every other command its imports
    from bot.gateway.webhook import secret_of  # noqa: PLC0415 - likewise
    from bot.run import require_token  # noqa: PLC0415 - likewise

    settings = get_settings()
    require_token(settings.telegram)
    if settings.webhook.url is not None:
        secret_of(settings.webhook)
    status, changed = asyncio.run(set_up(settings.telegram, settings.webhook))
    for name in changed:
        say(f"set  {name}")
    done = status.is_set_up
    say(f"@{status.username} is ready." if done else "Telegram did not keep it all.")
    if not done:
        raise typer.Exit(1)


@app.command()
def status(
    output: Output = OutputFormat.TABLE,
) -> None:
    """Compare what Telegram knows with what it should; exit with 1 if it differs or fails."""
    from bot.gateway.profile import read_status  # noqa: PLC0415 - spares every other command its imports
    from bot.run import require_token  # noqa: PLC0415 - likewise

    settings = get_settings()
    require_token(settings.telegram)
    found = asyncio.run(read_status(settings.telegram, settings.webhook))
    if output is OutputFormat.JSON:
        print_json(_describe(found))
    else:
        say("\n".join(_lines(found)))
    if not found.ok:
        raise typer.Exit(1)


def _describe(found: "Status") -> dict[str, object]:
    return {
        "ok": found.ok,
        "username": found.username,
        "pending": found.pending,
        "last_error": found.last_error,
        "failing": found.is_failing,
        "parts": {part.name: part.ok for part in found.parts},
    }


def _lines(found: "Status") -> list[str]:
    return [
        f"bot      @{found.username}",
        f"pending  {found.pending} updates",
        f"error    {found.last_error or 'none'}",
        *(f"{'ok' if part.ok else 'differs':8} {part.name}" for part in found.parts),
        _conclusion(found),
    ]


def _conclusion(found: "Status") -> str:
    if not found.is_set_up:
        return "Run `dars telegram setup`."
    if found.is_failing:
        return "Deliveries fail: is the bot up? After a change of DARS_WEBHOOK_SECRET: setup again."
    return "All is as it should be."
