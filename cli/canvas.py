"""``dars canvas``: schools at Canvas, as an operator connects, reads and looks after them."""

import asyncio
import getpass
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import SecretStr

from cli.connected import connected
from cli.output import Output, OutputFormat, Report, print_json, print_table, say
from src import clock, database
from src.canvas import connections
from src.canvas.bundle import BundleUnreadable
from src.canvas.connections import Account, Grant, Owner
from src.clients.canvas import CanvasClient
from src.clients.canvas_address import read_address
from src.clients.canvas_errors import AddressRefused
from src.clients.canvas_models import MODELS, CanvasKind, RowsRead, WireModel, read_rows, rows_in
from src.clients.canvas_network import CanvasNetwork
from src.models import CanvasConnection, ConnectionKind
from src.settings import Settings, get_settings
from src.storage.keyring import Keyring

app = typer.Typer(help="Look after schools at Canvas.", no_args_is_help=True)
_Label = Annotated[str | None, typer.Option(help="What to call it; else the school's name.")]
_WIDEST = 8
# A table is laid out as a whole: of a very long one nobody would see the end.
_MOST_SHOWN = 1000


@app.callback()
def canvas() -> None:
    """Look after schools at Canvas."""


def network_of(settings: Settings) -> CanvasNetwork:
    """Return what asks schools; the stand-in school on this machine only outside production."""
    return CanvasNetwork(settings.canvas, allow_loopback=not settings.process.is_public)


@app.command()
def connect(
    address: Annotated[str, typer.Argument(help="Of the school: https://canvas.school.example")],
    label: _Label = None,
    feed: Annotated[
        bool, typer.Option("--feed", help="Give the private calendar address, not a token.")
    ] = False,
) -> None:
    """Connect a school; the token is read from the standard input, never from the command."""
    settings = get_settings()
    keyring = Keyring(settings.encryption.keys)
    keyring.require()
    address = read_address(address, allow_loopback=not settings.process.is_public)
    label = label or address.partition("://")[2]
    if feed:
        asyncio.run(_connect_feed(settings, keyring, address, label, read_secret("Address")))
        say(f"{label} is connected by its calendar address: dates only.")
        return
    account = asyncio.run(_connect(settings, keyring, address, label, read_secret("Token")))
    say(f"{label} is connected as {account.name}.")
    if account.expires_at:
        say(f"The token ends on {account.expires_at:%Y-%m-%d}.")


def read_secret(what: str) -> SecretStr:
    """Read a secret without showing it: from a pipe, or typed where there is a terminal."""
    if sys.stdin.isatty():
        return SecretStr(getpass.getpass(f"{what} (it is not shown): "))
    return SecretStr(sys.stdin.readline())


async def _connect(
    settings: Settings, keyring: Keyring, address: str, label: str, token: SecretStr
) -> Account:
    async with connected(), network_of(settings) as network:
        client = CanvasClient(network, address, token)
        account = await connections.find_account(client)
        async with database.session_scope() as db:
            secret = keyring.seal(client.token)
            await connections.connect(db, Owner(label=label), account, secret, clock.now())
    return account


async def _connect_feed(
    settings: Settings, keyring: Keyring, address: str, label: str, url: SecretStr
) -> None:
    async with connected(), network_of(settings) as network:
        account = await connections.find_feed(network, url)
        if account.address != address:
            raise AddressRefused("the calendar address is one of another school")
        grant = Grant(ConnectionKind.FEED, keyring.seal(SecretStr(url.get_secret_value().strip())))
        async with database.session_scope() as db:
            await connections.keep(db, Owner(label=label), account, grant, clock.now())


@app.command()
def disconnect(
    label: Annotated[str, typer.Argument(help="Of the connection, as `status` lists it.")],
) -> None:
    """Forget the token of a connection at once; what was mirrored stays."""
    asyncio.run(_disconnect(label))
    say(f"The token of {label} is forgotten. End it at the school too, under its settings.")


async def _disconnect(label: str) -> None:
    async with connected(), database.session_scope() as db:
        row = await connections.of_label(db, label)
        await connections.disconnect(db, row.id, "operator", clock.now())


@app.command()
def status(output: Output = OutputFormat.TABLE) -> None:
    """List the connections, how they stand, and when they were last and will next be read."""
    rows = asyncio.run(_status())
    if output is OutputFormat.JSON:
        print_json(rows)
        return
    table = Report("Connection", "School", "Kind", "State", "Token ends", "Last read", "Next")
    for row in rows:
        table.add_row(*(str(value or "") for value in list(row.values())[1:]))
    print_table(table)


async def _status() -> list[dict[str, Any]]:
    async with connected(), database.read_scope() as db:
        return [_as_json(row) for row in await connections.all_connections(db)]


def _as_json(row: CanvasConnection) -> dict[str, Any]:
    is_asked = row.is_alive and row.kind is not ConnectionKind.FEED
    following = row.next_sync_at if is_asked else None
    instants = (row.token_expires_at, row.last_sync_at, following)
    shown = [None if one is None else one.isoformat(timespec="seconds") for one in instants]
    return {
        "id": row.id,
        "owner": row.label or f"person {row.person_id}",
        "school": row.host.url,
        "kind": str(row.kind),
        "state": connections.state_of(row, clock.now()),
        **dict(zip(("token_expires_at", "last_sync_at", "next_sync_at"), shown, strict=True)),
    }


@app.command()
def read(
    file: Annotated[Path, typer.Argument(help="An answer of Canvas, as it came; - is a pipe.")],
    kind: Annotated[CanvasKind, typer.Option(help="What is in it.")],
    output: Output = OutputFormat.TABLE,
) -> None:
    """Read a recorded answer as a sync would, and show its rows; exit with 1 where one is refused.

    Send us what it refuses, or reads wrongly, of a real school.
    """
    found = read_rows(MODELS[kind], rows_in(kind, _load(file)))
    if output is OutputFormat.JSON:
        rows = [row.model_dump(mode="json", exclude_unset=True) for row in found.rows]
        print_json({"rows": rows, "faults": [asdict(fault) for fault in found.faults]})
    else:
        _show(found)
    raise typer.Exit(int(bool(found.faults)))


def _load(file: Path) -> object:
    try:
        text = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise BundleUnreadable(f"{file} cannot be read: {error.strerror}") from None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BundleUnreadable(f"{file} is not JSON") from None


def _show(found: RowsRead[WireModel]) -> None:
    plain = [row.model_dump(mode="json", exclude_unset=True) for row in found.rows]
    names = list(dict.fromkeys(name for row in plain for name in row))
    names = [name for name in names if not any(_is_nested(row.get(name)) for row in plain)]
    table = Report(*names[:_WIDEST])
    for row in plain[:_MOST_SHOWN]:
        table.add_row(*(_cell(row.get(name)) for name in names[:_WIDEST]))
    print_table(table)
    for fault in found.faults:
        say(f"row {fault.index + 1}: {fault.reason}", to_errors=True)
    if len(plain) > _MOST_SHOWN:
        say(f"the first {_MOST_SHOWN} are shown; --format json has all")
    say(f"{len(found.rows)} rows, {len(found.faults)} refused")


def _is_nested(value: object) -> bool:
    return isinstance(value, dict | list)


def _cell(value: object) -> str:
    return "" if value is None else str(value).partition("\n")[0][:60]
