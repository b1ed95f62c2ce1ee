"""The ``dars content`` commands: check, import, count and vary the problems of the library."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from cli import content_stored, disputes
from cli import content_tables as tables
from cli.connected import connected
from cli.output import Output, OutputFormat, say
from src import database
from src.content.faults import Fault, RefusedContent, count_rows, is_fault
from src.content.goals import Goals
from src.content.library import check_paths
from src.content.mistakes import Mistakes
from src.content.pictures import draw_missing
from src.content.plan import PLAN_NAME, read_plan
from src.content.reader import ParsedRow
from src.content.service import ImportSummary, find_bases, gather, import_spool
from src.content.sheet import write_sheet
from src.content.spool import Spool
from src.content.stats import count_library
from src.content.variant_files import (
    PER_TEMPLATE,
    SEED,
    find_grades,
    is_unfinished,
    vary,
    write_variants,
)

app = typer.Typer(no_args_is_help=True, help="Check, import, count and vary problems.")
app.add_typer(disputes.app, name="disputes")

for command in (
    content_stored.show,
    content_stored.export,
    content_stored.fix,
    content_stored.retire,
    content_stored.release,
    content_stored.regrade,
):
    app.command()(command)

LIBRARY = Path("content")
SHEET = Path("figures.html")
Paths = Annotated[list[Path], typer.Argument(help="Files of problems, or folders of them.")]


@app.command()
def check(
    paths: Paths,
    output: Output = OutputFormat.TABLE,
    plan: Annotated[Path | None, typer.Option(help="The plan to count against.")] = None,
) -> None:
    """List every fault with file, row and column; exit code 1 if there is one."""
    rows, findings, mistakes, goals = 0, [], Mistakes(paths), Goals(paths)
    with tables.progress("Checking", paths) as advance:
        for item in check_paths(paths, plan=plan, mistakes=mistakes, goals=goals):
            if isinstance(item, Fault):
                findings.append(item)
            else:
                rows += 1
                advance()
    counts = tables.Counts(rows, mistakes.counts, goals.goals)
    tables.print_findings(findings, counts, output)
    raise typer.Exit(any(map(is_fault, findings)))


@app.command("import")
def import_command(
    paths: Paths,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing.")] = False,
    take_over: Annotated[
        bool,
        typer.Option("--take-over", help="They are yours from now on: an import leaves them."),
    ] = False,
    output: Output = OutputFormat.TABLE,
) -> None:
    """Add and change problems: all of them, or none if there is a fault.

    What an operator has taken over, or is stored with a newer version, is kept and listed.
    """
    try:
        summary, findings = asyncio.run(_import(paths, dry_run=dry_run, take_over=take_over))
    except RefusedContent as refusal:
        summary = ImportSummary(refused=count_rows(refusal.faults), dry_run=dry_run)
        findings = refusal.faults
    tables.print_summary(summary, findings, output)
    raise typer.Exit(any(map(is_fault, findings)))


async def _import(
    paths: list[Path], *, dry_run: bool, take_over: bool
) -> tuple[ImportSummary, list[Fault]]:
    async with connected():
        async with database.read_scope() as db:
            bases = await find_bases(db)
        # Checking takes far longer than writing, so no transaction is open while it lasts.
        with Spool() as spool:
            with tables.progress("Checking", paths) as advance:
                warnings = gather(paths, spool, known_ids=bases, on_row=advance)
            async with database.session_scope() as db:
                summary = await import_spool(db, spool, dry_run=dry_run, take_over=take_over)
        if not dry_run:
            await draw_missing(database.session_scope)
    return summary, warnings


@app.command()
def stats(
    folder: Annotated[Path, typer.Argument(help="The library.")] = LIBRARY,
    output: Output = OutputFormat.TABLE,
) -> None:
    """Show the plan next to what is there."""
    rows = check_paths([folder], check=lambda _: ())
    problems = (item.problem for item in rows if isinstance(item, ParsedRow))
    tables.print_stats(count_library(read_plan(folder / PLAN_NAME), problems), output)


@app.command()
def figures(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files of problems, or folders of them.")
    ] = None,
    to: Annotated[Path, typer.Option("--to", help="Where the page is written.")] = SHEET,
    only: Annotated[str | None, typer.Option(help="Only ids that begin with this.")] = None,
) -> None:
    """Write every figure, in both languages, on one page to look at; no variants."""
    rows = check_paths(paths or [LIBRARY], check=lambda _: ())
    problems = [item.problem for item in rows if isinstance(item, ParsedRow)]
    shown = [p for p in problems if p.figure and not p.variant_of]
    shown = [p for p in shown if p.external_id.startswith(only or "")]
    with to.open("w", encoding="utf-8") as page:
        page.writelines(write_sheet(shown))
    say(f"{len(shown)} figures: open {to} in a browser")


@app.command()
def variants(
    grade: Annotated[int | None, typer.Option(min=6, max=8, help="One grade only.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same variants.")] = SEED,
    per_template: Annotated[
        int, typer.Option(min=1, max=99, help="How many of each.")
    ] = PER_TEMPLATE,
    only: Annotated[
        str | None, typer.Option(help="Print the variants of this problem and write nothing.")
    ] = None,
    folder: Annotated[Path, typer.Option(help="The library.")] = LIBRARY,
) -> None:
    """Write the variants again from the templates; exit code 1 if a template gives none."""
    unfinished = False
    for number in find_grades(folder) if grade is None else (grade,):
        batches = [*vary(folder, number, seed=seed, count=per_template, only=only)]
        tables.print_batches(batches)
        unfinished |= any(map(is_unfinished, batches))
        if only:
            tables.print_variants(batches)
        elif not any(map(is_unfinished, batches)):
            say(f"{write_variants(folder, number, batches)} written")
    raise typer.Exit(unfinished)
