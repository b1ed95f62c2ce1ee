"""``dars secrets``: the keys that encrypt other people's tokens."""

import asyncio

import typer

from cli.connected import connected
from cli.output import say
from src import database
from src.settings import get_settings
from src.storage.keyring import Keyring, make_key
from src.storage.rotation import Rotated, rotate_some, sealed_columns

app = typer.Typer(help="Look after the keys of other people's tokens.", no_args_is_help=True)


@app.callback()
def secrets() -> None:
    """Look after the keys of other people's tokens."""


@app.command()
def key() -> None:
    """Print a new key for DARS_SECRET_KEYS: put it before the others, then rotate."""
    say(make_key().get_secret_value())


@app.command()
def rotate() -> None:
    """Encrypt every token with the first key of DARS_SECRET_KEYS; may run while the bot does."""
    done = asyncio.run(_rotate(Keyring(get_settings().encryption.keys)))
    say(f"{done.renewed} encrypted anew, {done.current} were already")
    if done.unreadable:
        say(
            f"{done.unreadable} cannot be read with any of the keys: add the key that they were "
            "encrypted with, or let these people connect again",
            to_errors=True,
        )
    raise typer.Exit(int(bool(done.unreadable)))


async def _rotate(keyring: Keyring) -> Rotated:
    whole = Rotated()
    async with connected():
        for column in sealed_columns():
            after: int | None = 0
            while after is not None:
                async with database.session_scope() as db:
                    part = await rotate_some(db, keyring, column, after)
                after = part.last_id
                whole.renewed += part.renewed
                whole.current += part.current
                whole.unreadable += part.unreadable
    return whole
