"""``dars hints warm``: makes hints for the library in advance, in batches at half the price."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.connected import connected
from cli.output import say
from src import database
from src.clients.claude import ClaudeClient, make_client
from src.costs.meter import budgets_of
from src.costs.prices import PriceList
from src.errors import SettingsError
from src.hints.warming import Advance, Estimate, Warmed, Warmer
from src.settings import Settings, get_settings

app = typer.Typer(help="Hints that a model makes.", no_args_is_help=True)


@app.callback()
def hints() -> None:
    """Hints that a model makes."""


@app.command()
def warm(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it costs.")] = False,
    cap: Annotated[float, typer.Option(min=0, help="Most to reserve, US dollars.")] = 1.0,
    most: Annotated[int | None, typer.Option(min=1, help="At most so many hints.")] = None,
    pause: Annotated[
        float, typer.Option(min=0.01, help="Seconds between two looks at a batch.")
    ] = 30.0,
) -> None:
    """Make hints for those who come to the end of a ladder; goes on where it was stopped."""
    settings = get_settings()
    client = make_client(settings.model)
    if client is None:
        raise SettingsError("ANTHROPIC_API_KEY: missing; hints are made by a model")
    done = asyncio.run(_warm(settings, client, dry_run=dry_run, cap=cap, most=most, pause=pause))
    if done is not None:
        _print_done(done)


async def _warm(
    settings: Settings,
    client: ClaudeClient,
    *,
    dry_run: bool,
    cap: float,
    most: int | None,
    pause: float,
) -> Warmed | None:
    prices, models = PriceList(settings.costs.prices), settings.model.by_language
    prices.require(models.values())
    scope, budgets = database.session_scope, budgets_of(settings.costs)
    warmer = Warmer(scope, client, prices, budgets, models, pause)
    try:
        async with connected():
            if not dry_run:
                await warmer.resume(lambda _: None)
            wanted = (await warmer.wanted())[:most]
            _print_estimate(warmer.estimate(wanted))
            if dry_run:
                return None
            with _progress(len(wanted)) as advance:
                return await warmer.run(wanted, Decimal(str(cap)), advance)
    finally:
        await client.close()


def _print_estimate(estimate: Estimate) -> None:
    say(
        f"Hints to make: {estimate.hints}. Likely cost: ${estimate.likely:.4f}, "
        f"at most ${estimate.at_most:.4f}."
    )


def _print_done(done: Warmed) -> None:
    say(f"Kept: {done.kept}. Not kept: {done.refused}. Cost: ${done.usd:.6f}.")
    if done.stopped_by is not None:
        say(f"Stopped: no more room in the {done.stopped_by}. Run it again to go on.")


@contextmanager
def _progress(total: int) -> Iterator[Advance]:
    console = Console(stderr=True)
    columns = (TextColumn("Hints"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("Hints", total=total)
        yield lambda number: bar.advance(task, number)
