"""``dars answers``: what the grader makes of a file of labelled answers."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from cli.output import Output, OutputFormat, Report, print_json, print_table, say, visible
from src.answers.hearing.score import NAMES, SayingsReport, read_sayings, score_sayings
from src.answers.score import CaseFileError, ScoreReport, Tally, judge, read_cases
from src.errors import ContentError

app = typer.Typer(no_args_is_help=True, help="Look at how answers are judged.")
_SHOWN = 60
Row = TypeVar("Row")


@app.command()
def score(
    file: Annotated[Path, typer.Argument(help="A CSV file of labelled cases.")],
    output: Output = OutputFormat.TABLE,
) -> None:
    """Judge a file of cases: accepted, wrongly accepted, failing rows and CPU time."""
    report = score_file(file)
    if output is OutputFormat.JSON:
        print_json(report.as_dict())
    else:
        _print_tables(report)


_SAYINGS = "A CSV file with the columns said and wants. Wants: " + ", ".join(NAMES) + "."


@app.command()
def sayings(
    file: Annotated[Path, typer.Argument(help=_SAYINGS)], output: Output = OutputFormat.TABLE
) -> None:
    """Hear a file of what pupils say instead of answering: how much is understood, and what not."""
    report = score_sayings(_read(file, read_sayings))
    if output is OutputFormat.JSON:
        print_json(report.as_dict())
    else:
        _print_heard(report)


def score_file(file: Path) -> ScoreReport:
    """Judge every case of a file.

    Raises:
        ContentError: The file is missing, is not UTF-8 or holds a cell that cannot be read.
    """
    return judge(_read(file, read_cases), time.process_time_ns)


def _read(file: Path, read: Callable[[str], list[Row]]) -> list[Row]:
    """Read the rows of a file.

    Raises:
        ContentError: The file is missing, is not UTF-8 or holds a cell that cannot be read.
    """
    try:
        return read(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ContentError(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ContentError(f"{file}: not UTF-8 at byte {error.start}") from None
    except CaseFileError as error:
        raise ContentError(f"{file}: {error}") from None


def _print_tables(report: ScoreReport) -> None:
    print_table(_category_table(report))
    met, labelled = report.exact
    if labelled:
        say(f"Verdicts met exactly: {met} of {labelled}")
    times = [report.cpu_ms(quantile) for quantile in (0.5, 0.99, 1.0)]
    say("CPU per answer: p50 {:.3f} ms, p99 {:.3f} ms, max {:.3f} ms".format(*times))
    if report.failing:
        print_table(_failing_table(report))


def _print_heard(report: SayingsReport) -> None:
    table = Report("wants", title=f"{len(report.heard)} sayings")
    for name in ("sayings", "understood"):
        table.add_column(name, justify="right")
    for name, (understood, total) in report.by_want.items():
        table.add_row(name, str(total), str(understood))
    print_table(table)
    say(f"Understood: {report.share:.1%}")
    if report.missed:
        missed = Report("said", "wants", "heard", title=f"{len(report.missed)} not understood")
        for row in report.as_dict()["missed"]:
            missed.add_row(*(_short(row[name]) for name in ("said", "wants", "heard")))
        print_table(missed)


def _category_table(report: ScoreReport) -> Report:
    table = Report("category", title=f"{len(report.judged)} cases")
    for name in ("right", "accepted", "share", "wrong", "wrongly accepted"):
        table.add_column(name, justify="right")
    for name, tally in report.by_category.items():
        table.add_row(name, *_cells(tally))
    table.add_section()
    table.add_row("all, contested left out", *_cells(report.total), style="bold")
    table.add_row("contested", *_cells(report.contested))
    return table


def _cells(tally: Tally) -> tuple[str, ...]:
    share = f"{tally.right_accepted / tally.right:.1%}" if tally.right else "-"
    counts = (tally.right, tally.right_accepted, tally.wrong, tally.wrong_accepted)
    right, accepted, wrong, wrongly = map(str, counts)
    return right, accepted, share, wrong, wrongly


def _failing_table(report: ScoreReport) -> Report:
    names = ("id", "answer_type", "stored", "typed", "expected", "got", "reason")
    table = Report(*names, title=f"{len(report.failing)} failing")
    for row in report.as_dict()["failing"]:
        table.add_row(*(_short(row[name]) for name in names))
    return table


def _short(text: str | None) -> str:
    """Show the start of a long answer."""
    shown = visible(text or "")
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}… ({len(shown)})"
