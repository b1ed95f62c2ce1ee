"""``dars api token``: keys with which programs ask the HTTP API."""

import asyncio
from typing import Annotated, Any

import typer

from cli.connected import connected
from cli.output import Output, OutputFormat, Report, print_json, print_table, say
from src import clock, database
from src.errors import TokenUnusable
from src.teaching import tokens
from src.teaching.tokens import ApiScope, TokenRow

app = typer.Typer(help="The HTTP API.", no_args_is_help=True)
token_app = typer.Typer(help="Keys with which programs ask it.", no_args_is_help=True)
app.add_typer(token_app, name="token")


@app.callback()
def api() -> None:
    """The HTTP API."""


@token_app.command()
def create(
    name: Annotated[str, typer.Argument(help="What to call it: which program has it.")],
    scope: Annotated[list[ApiScope], typer.Option(help="What it may do; give several.")],
    teacher: Annotated[
        int | None,
        typer.Option(help="Number of a teacher, as in `dars teachers list`: theirs alone."),
    ] = None,
) -> None:
    """Make a token, and print it once: only its hash is kept."""
    say(asyncio.run(_create(name, scope, teacher)))


@token_app.command("list")
def list_tokens(output: Output = OutputFormat.TABLE) -> None:
    """List tokens with what they may do and when they were last used."""
    rows = asyncio.run(_list())
    if output is OutputFormat.JSON:
        print_json([_as_dict(row) for row in rows])
        return
    shown = Report("prefix", "name", "scopes", "whose", "last used", "revoked")
    for row in rows:
        whose = "operator" if row.person_id is None else f"person:{row.person_id}"
        used, revoked = _minute(row.last_used_at), _minute(row.revoked_at)
        shown.add_row(row.prefix, row.name, " ".join(row.scopes), whose, used, revoked)
    print_table(shown)


@token_app.command()
def revoke(prefix: Annotated[str, typer.Argument(help="As in the list.")]) -> None:
    """End a token at once."""
    if not asyncio.run(_revoke(prefix)):
        raise TokenUnusable(f"no token that holds begins with {prefix}")
    say(f"{prefix} is revoked.")


async def _create(name: str, scopes: list[ApiScope], teacher: int | None) -> str:
    async with connected(), database.session_scope() as db:
        return await tokens.create(db, name[:64], scopes, clock.now(), teacher_id=teacher)


async def _list() -> list[TokenRow]:
    async with connected(), database.read_scope() as db:
        return await tokens.listed(db)


async def _revoke(prefix: str) -> bool:
    async with connected(), database.session_scope() as db:
        return await tokens.revoke(db, prefix, clock.now())


def _minute(instant: Any) -> str:
    return "-" if instant is None else f"{instant:%Y-%m-%d %H:%M}"


def _as_dict(row: TokenRow) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in row._asdict().items()
    }
