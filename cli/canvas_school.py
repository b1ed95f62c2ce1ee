"""``dars canvas school``: the schools that pupils choose from, and what keys schools gave."""

import asyncio
from typing import Annotated, Any

import typer
from pydantic import SecretStr

from cli.canvas import read_secret
from cli.connected import connected
from cli.output import Output, OutputFormat, Report, print_json, print_table, say
from src import database
from src.canvas import arrivals, letting_in
from src.clients.canvas_address import read_address
from src.settings import get_settings
from src.storage.keyring import Keyring

app = typer.Typer(help="Offer schools to pupils.", no_args_is_help=True)
_Address = Annotated[str, typer.Argument(help="Of the school: https://canvas.school.example")]


@app.command()
def add(
    address: _Address,
    name: Annotated[str | None, typer.Option(help="As pupils see it; else its address.")] = None,
    client_id: Annotated[
        str | None,
        typer.Option(help="Of the key that the school gave Dars; its secret is then read."),
    ] = None,
) -> None:
    """Offer a school to pupils; a secret is read from the standard input, never the command."""
    settings = get_settings()
    address = read_address(address, allow_loopback=not settings.process.is_public)
    keyring, secret = Keyring(settings.encryption.keys), None
    if client_id is not None:
        keyring.require()
        secret = read_secret("Secret of the key")
        if not secret.get_secret_value().strip():
            raise typer.BadParameter("the secret of the key is missing on the standard input")
    shown = name or address.partition("://")[2]
    asyncio.run(_add(address, shown, client_id, secret, keyring))
    way = (
        "its own log-in, a token or a calendar link" if client_id else "a token or a calendar link"
    )
    say(f"{shown} is offered to pupils: by {way}.")


async def _add(
    address: str, name: str, client_id: str | None, secret: SecretStr | None, keyring: Keyring
) -> None:
    async with connected(), database.session_scope() as db:
        await arrivals.list_school(db, address, name)
        if client_id is not None and secret is not None:
            sealed = keyring.seal(SecretStr(secret.get_secret_value().strip()))
            await letting_in.set_school_key(db, address, client_id, sealed)


@app.command(name="list")
def list_(output: Output = OutputFormat.TABLE) -> None:
    """List the schools that are offered."""
    rows = asyncio.run(_list())
    if output is OutputFormat.JSON:
        print_json(rows)
        return
    table = Report("School", "Address", "Own log-in")
    for row in rows:
        table.add_row(row["name"], row["address"], "yes" if row["has_key"] else "")
    print_table(table)


async def _list() -> list[dict[str, Any]]:
    async with connected(), database.read_scope() as db:
        return [
            {"name": one.name, "address": one.address, "has_key": one.has_key}
            for one in await arrivals.listed_schools(db)
        ]


@app.command()
def remove(address: _Address) -> None:
    """Offer a school no longer; pupils who are connected stay so."""
    settings = get_settings()
    address = read_address(address, allow_loopback=not settings.process.is_public)
    was_there = asyncio.run(_remove(address))
    say(f"{address} is offered no longer." if was_there else f"{address} was not offered.")
    raise typer.Exit(int(not was_there))


async def _remove(address: str) -> bool:
    async with connected(), database.session_scope() as db:
        return await arrivals.unlist_school(db, address)
