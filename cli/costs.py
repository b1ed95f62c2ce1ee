"""The ``dars costs`` commands: what the model costs."""

import asyncio
import csv
import io
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from cli.connected import connected
from cli.output import Report, print_json, print_table, say
from src import clock, database
from src.costs import ledger, rollup
from src.costs.meter import budgets_of
from src.costs.reports import BudgetLine, CostReport, Line, make_report, read_budgets
from src.errors import InvalidReport
from src.settings import get_settings

Result = TypeVar("Result")
Scope = Callable[[], AbstractAsyncContextManager[AsyncSession]]

app = typer.Typer(no_args_is_help=True, help="What the language model costs.")

FORMATS = ("table", "csv", "json")
BUDGETS = {"day": "a day, everyone", "month": "a month, everyone", "pupil_day": "a day, one pupil"}


@app.command()
def report(
    first: Annotated[
        str, typer.Option("--from", metavar="DATE", help="First day, UTC; 29 days before the last.")
    ] = "",
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day, UTC; today.")] = "",
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="GROUP",
            help="day, week, month, operation, model, provider, student, grade or problem; "
            "may be given several times.",
        ),
    ] = None,
    output: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="table, csv or json.")
    ] = "table",
) -> None:
    """Report what was spent on what, and what it gave."""
    if output not in FORMATS:
        raise InvalidReport(f"no format {output!r}; there are: {', '.join(FORMATS)}")
    ends = _read_date(last, "--to") if last else clock.now().date()
    begins = _read_date(first, "--from") if first else ends - timedelta(days=29)
    groups = by if by is not None else ["day"]
    made = _run(lambda db: make_report(db, begins, ends, groups), database.read_scope)
    if output == "json":
        period = {"from": str(begins), "to": str(ends), "by": groups}
        print_json(period | _as_json(made))
    elif output == "csv":
        typer.echo(_as_csv(made), nl=False)
    else:
        print_table(_as_table(made, f"{begins} to {ends}"))


@app.command()
def budget(
    student: Annotated[
        int | None, typer.Option(metavar="ID", help="A pupil's row; who used most today.")
    ] = None,
    output: Annotated[str, typer.Option("--format", metavar="FORMAT", help="table or json.")] = (
        "table"
    ),
) -> None:
    """Show of each budget what is spent, reserved and left."""
    if output not in {"table", "json"}:
        raise InvalidReport(f"no format {output!r}; there are: table, json")
    limits = budgets_of(get_settings().costs)
    lines = _run(lambda db: read_budgets(db, limits, clock.now(), student), database.read_scope)
    if output == "json":
        print_json([_budget_values(line) for line in lines])
    else:
        print_table(_budget_table(lines))


@app.command()
def rebuild() -> None:
    """Make the rollup again from the rows of the ledger."""
    wrong = _run(rollup.rebuild, database.session_scope)
    say(f"The rollup is rebuilt; rows that were wrong: {wrong}.")


@app.command()
def recover() -> None:
    """Settle at their worst case the reservations that nobody will settle any more."""
    found = _run(lambda db: ledger.recover_orphans(db, clock.now()), database.session_scope)
    say(f"Orphaned reservations settled at their worst case: {found}.")


def _run(work: Callable[[AsyncSession], Awaitable[Result]], scope: Scope) -> Result:
    async def run() -> Result:
        async with connected(), scope() as db:
            return await work(db)

    return asyncio.run(run())


def _read_date(typed: str, option: str) -> date:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise InvalidReport(f"{option}: {typed!r} is not a date such as 2026-11-21") from None
    if not 2000 <= day.year < 3000:
        raise InvalidReport(f"{option}: there are no costs in the year {day.year}")
    return day


def _values(line: Line) -> dict[str, Any]:
    """Return the figures of a line; amounts are exact."""
    practice = line.practice
    knows = line.knows_hints
    return asdict(line.spending) | {
        "hints": practice.hints if knows else None,
        "free_share": line.free_share,
        "pupils": practice.pupils,
        "usd_per_pupil": line.usd_per(practice.pupils),
        "sessions": practice.sessions,
        "usd_per_session": line.usd_per(practice.sessions),
        "right_after_hint": practice.right_after_hint,
        "usd_per_right_after_hint": line.usd_per(practice.right_after_hint),
    }


def _row(by: tuple[str, ...], line: Line) -> dict[str, Any]:
    return dict(zip(by, line.keys, strict=True)) | _values(line)


def _as_json(made: CostReport) -> dict[str, Any]:
    rows = [_plain(_row(made.by, line)) for line in made.lines]
    return {"rows": rows, "total": _plain(_values(made.total))}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _write(value) if isinstance(value, Decimal) else value for name, value in row.items()
    }


def _write(amount: Decimal) -> str:
    return f"{amount:f}"


def _as_csv(made: CostReport) -> str:
    """Return the lines without the total: a spreadsheet adds up itself."""
    lines = made.lines if made.by else (made.total,)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [*made.by, *_values(made.total)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(_plain(_row(made.by, line)) for line in lines)
    return out.getvalue()


_HEADINGS = (
    "calls",
    "tokens in",
    "out",
    "cache read",
    "written",
    "$",
    "hints",
    "free",
    "$/pupil",
    "$/session",
    "$/right after hint",
)


def _as_table(made: CostReport, title: str) -> Report:
    table = Report(*made.by, title=f"Costs, {title} (UTC)")
    if not made.by:
        table.add_column("")
    for heading in _HEADINGS:
        table.add_column(heading, justify="right")
    for line in made.lines:
        table.add_row(*line.keys, *_cells(line))
    table.add_section()
    names = ["all", *[""] * (len(made.by) - 1)]
    table.add_row(*names, *_cells(made.total), style="bold")
    return table


def _cells(line: Line) -> list[str]:
    spent, practice = line.spending, line.practice
    share = line.free_share
    counts = (
        spent.calls,
        spent.input_tokens,
        spent.output_tokens,
        spent.cache_read_tokens,
        spent.cache_write_tokens,
    )
    each = (practice.pupils, practice.sessions, practice.right_after_hint)
    return [
        *(f"{number:,}" for number in counts),
        f"{spent.usd:,.6f}",
        f"{practice.hints:,}" if line.knows_hints else "-",
        "-" if share is None else f"{share:.1%}",
        *("-" if usd is None else f"{usd:f}" for usd in map(line.usd_per, each)),
    ]


def _budget_values(line: BudgetLine) -> dict[str, Any]:
    amounts = {
        "limit_usd": line.limit,
        "spent_usd": line.use.spent,
        "reserved_usd": line.use.reserved,
        "left_usd": line.left,
    }
    whose = {"budget": line.budget, "from": str(line.starts_on), "student": line.student_id}
    whose |= {"calls": line.calls, "most_calls": line.most_calls}
    return whose | {name: _write(amount) for name, amount in amounts.items()}


def _budget_table(lines: list[BudgetLine]) -> Report:
    table = Report("budget", "from (UTC)")
    for heading in ("limit $", "spent $", "reserved $", "left $", "calls", "at most"):
        table.add_column(heading, justify="right")
    for line in lines:
        name = BUDGETS[line.budget]
        if line.student_id is not None:
            name += f" (no. {line.student_id})"
        amounts = (line.limit, line.use.spent, line.use.reserved, line.left)
        calls = ("-" if count is None else f"{count:,}" for count in (line.calls, line.most_calls))
        table.add_row(name, str(line.starts_on), *(f"{usd:,.6f}" for usd in amounts), *calls)
    return table
