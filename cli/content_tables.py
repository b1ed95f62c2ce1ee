"""What the ``dars content`` commands print: tables to read, JSON to process."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from cli.output import OutputFormat, Report, print_json, print_table, say
from src.content.faults import Fault, is_fault
from src.content.goals import Goal
from src.content.mistakes import MistakeCounts
from src.content.plan import DIFFICULTIES
from src.content.reader import estimate_rows
from src.content.service import ImportSummary
from src.content.stats import PlaceStats
from src.content.variants import Batch
from src.language import Language


class Counts(NamedTuple):
    """What files hold: rows, typical mistakes, and problems of each kind."""

    rows: int
    mistakes: MistakeCounts
    goals: Sequence[Goal]


def print_findings(findings: Sequence[Fault], counts: Counts, output: OutputFormat) -> None:
    """Print what was found in files, and the totals."""
    rows, mistakes, goals = counts
    faults = [finding for finding in findings if is_fault(finding)]
    warnings = [finding for finding in findings if not is_fault(finding)]
    if output is OutputFormat.JSON:
        listed = {"faults": [*map(asdict, faults)], "warnings": [*map(asdict, warnings)]}
        kinds = [goal._asdict() for goal in goals]
        print_json({"rows": rows, "mistakes": mistakes._asdict(), "kinds": kinds, **listed})
        return
    for title, listed_findings in (("Warnings", warnings), ("Faults", faults)):
        print_faults(title, listed_findings)
    if mistakes.misconceptions:
        say(
            f"{mistakes.misconceptions} misconceptions; of {mistakes.mistakes} mistakes "
            f"{mistakes.named} refer to one, {mistakes.slips} are slips"
        )
    if any(goal.wanted is not None for goal in goals):
        say(", ".join(map(_of_kind, goals)))
    say(f"{rows} rows, {len(faults)} faults, {len(warnings)} warnings")


def _of_kind(goal: Goal) -> str:
    wanted = "" if goal.wanted is None else f" (at least {goal.wanted} wanted)"
    return f"{goal.found} {goal.kind}{wanted}"


def print_faults(title: str, faults: Sequence[Fault]) -> None:
    """Print a table of findings, if there are any; lines of text where no one watches."""
    if not sys.stdout.isatty():
        for fault in faults:
            say(f"{fault.severity}: {fault}")
        return
    table = Report("file", "row", "column", "what", "code", title=title)
    for fault in faults:
        place = (Path(fault.file).name, str(fault.row), fault.column or "")
        table.add_row(*place, fault.message, fault.code)
    if faults:
        print_table(table)


def print_summary(summary: ImportSummary, faults: Sequence[Fault], output: OutputFormat) -> None:
    """Print what an import did."""
    if output is OutputFormat.JSON:
        print_json({**asdict(summary), "faults": [*map(asdict, faults)]})
        return
    print_faults("Faults", [*filter(is_fault, faults)])
    if warnings := sum(not is_fault(fault) for fault in faults):
        say(f"{warnings} warnings: `dars content check` lists them")
    table = Report(title="Dry run: nothing is written" if summary.dry_run else None)
    counts = asdict(summary) | {"kept": len(summary.kept)}
    numbers = {name: value for name, value in counts.items() if name != "dry_run"}
    for name in numbers:
        table.add_column(name, justify="right")
    table.add_row(*map(str, numbers.values()))
    print_table(table)
    for line in summary.kept:
        say(f"kept  {line}")
    if summary.refused:
        say("Nothing was imported.")


def print_stats(stats: Sequence[PlaceStats], output: OutputFormat) -> None:
    """Print the plan next to what is there."""
    if output is OutputFormat.JSON:
        print_json([place.as_dict() for place in stats])
        return
    table = Report(title="Problems there / planned")
    for name in ("grade", "topic", "sub-topic"):
        table.add_column(name)
    for name in (*(f"difficulty {level}" for level in DIFFICULTIES), "all", "variants", "mistakes"):
        table.add_column(name, justify="right")
    for grade in sorted({place.place.grade for place in stats}):
        own = [place for place in stats if place.place.grade == grade]
        for place in own:
            table.add_row(*map(str, place.place), *_stat_cells([place]))
        table.add_section()
        table.add_row(str(grade), "all", "", *_stat_cells(own), style="bold")
        table.add_section()
    table.add_row("all", "", "", *_stat_cells(stats), style="bold")
    print_table(table)


def _stat_cells(places: Sequence[PlaceStats]) -> Iterator[str | Text]:
    pairs = [
        (sum(place.found[level] for place in places), sum(place.wanted[level] for place in places))
        for level in DIFFICULTIES
    ]
    for found, wanted in (*pairs, (sum(f for f, _ in pairs), sum(w for _, w in pairs))):
        shown = f"{found} / {wanted}"
        yield shown if found == wanted else Text(shown, style="red")
    yield str(sum(place.variants for place in places))
    yield str(sum(place.misconceptions for place in places))


def print_batches(batches: Sequence[Batch]) -> None:
    """Print what each template gave, and what is wrong with those that gave too little."""
    for batch in batches:
        refused = ", ".join(f"{count} {code}" for code, count in batch.refused.most_common())
        say(
            f"{batch.base}: {len(batch.variants)} of {batch.asked}"
            + (f"; thrown away: {refused}" if refused else "")
        )
        for fault in batch.faults:
            say(f"  fault: {fault}")
        if batch.example and len(batch.variants) < batch.asked:
            say(f"  such as {batch.example}")
        if len(batch.variants) < batch.asked and not batch.faults and not batch.refused:
            say("  no more sets of numbers meet the conditions")


def print_variants(batches: Sequence[Batch]) -> None:
    """Print the texts of variants, to read them over."""
    for variant in (variant for batch in batches for variant in batch.variants):
        say(f"\n{variant.external_id}  answer {variant.answer}  [{variant.solution_check}]")
        for language in Language:
            for column, text in variant.texts(language).items():
                say(f"  {column}: {text}")
        for item in variant.misconceptions:
            say(f"  {item['name']} {item['answer']}: {item['en']} / {item['bn']}")


@contextmanager
def progress(description: str, paths: Sequence[Path]) -> Iterator[Callable[[], None]]:
    """Show on the terminal, on stderr, how many rows are done; nothing where no one watches.

    Yields:
        What to call after each row.
    """
    console = Console(stderr=True)
    columns = (TextColumn(description), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(
            description, total=estimate_rows(paths) if bar.live.is_started else None
        )
        yield lambda: bar.advance(task)
