"""Check files of problems as a whole: every row, and what only shows between rows."""

from collections import Counter
from collections.abc import Container, Iterator
from pathlib import Path

from src.content.checks import CheckRow, check_row
from src.content.faults import Fault, Finding, Source
from src.content.goals import Goals
from src.content.mistakes import Mistakes
from src.content.plan import Counts, Plan, compare, find_plan, is_counted, place_of, read_plan
from src.content.reader import ParsedRow, find_files, read_file
from src.content.rows import LANGUAGES, ProblemRow
from src.content.script import fold_text
from src.content.stems import Stems
from src.content.steps import Steps


def check_paths(
    paths: list[Path],
    *,
    plan: Path | None = None,
    known_ids: Container[str] = frozenset(),
    check: CheckRow = check_row,
    mistakes: Mistakes | None = None,
    goals: Goals | None = None,
) -> Iterator[ParsedRow | Fault]:
    """Read files and folders and check all that they hold.

    Args:
        paths: Files, or folders that are searched for them.
        plan: The planned counts; by default those of a folder among the paths.
        known_ids: Problems outside the files whose variants may be among the rows.
        check: What is checked of a row on its own.
        mistakes: What is behind typical mistakes; by default what stands beside the files.
        goals: What counts problems by kind; by default that of the files' folders.

    Yields:
        Each problem that could be read, after it what was found about it; at the end what is
        wrong between rows and files. Memory grows by some hundred bytes a row, not by its text.
    """
    plan = plan or find_plan(paths)
    mistakes = mistakes or Mistakes(paths)
    goals = goals or Goals(paths)
    steps = Steps(paths)
    library = _Library(read_plan(plan) if plan else None)
    for found in find_files(paths):
        for read in [found] if isinstance(found, Fault) else read_file(found):
            item = steps.attach(mistakes.attach(read)) if isinstance(read, ParsedRow) else read
            yield item
            if isinstance(item, ParsedRow):
                problem = item.problem
                goals.add(problem)
                findings = (*check(problem), *library.add(item), *mistakes.add(problem))
                yield from (Fault.at(item.source, finding) for finding in findings)
    yield from library.finish(known_ids)
    yield from mistakes.finish()
    yield from steps.finish()
    yield from goals.finish()


class _Library:
    """What has to be remembered about the rows read so far."""

    def __init__(self, plan: Plan | None) -> None:
        self._plan = plan
        self._ids: dict[str, Source] = {}
        self._texts: dict[int, Source] = {}
        self._variants: list[tuple[Source, str]] = []
        self._counts: Counts = Counter()
        self._stems = Stems()

    def add(self, row: ParsedRow) -> Iterator[Finding]:
        """Compare a row with those before it."""
        problem = row.problem
        first = self._ids.setdefault(problem.external_id, row.source)
        if first is not row.source:
            message = f"{problem.external_id} stands already in {_show(first)}"
            yield Finding("external_id", "duplicate_id", message)
        for language in LANGUAGES:
            # A hash instead of the text keeps 100,000 rows small.
            seen = hash((language, fold_text(problem.seen(language))))
            first = self._texts.setdefault(seen, row.source)
            if first is not row.source:
                message = f"is the question of {_show(first)} too"
                yield Finding(f"question_{language}", "duplicate_text", message)
        if problem.variant_of is not None:
            self._variants.append((row.source, problem.variant_of))
        yield from self._stems.add(row)
        yield from self._count(problem)

    def _count(self, problem: ProblemRow) -> Iterator[Finding]:
        place = place_of(problem)
        if self._plan and place not in self._plan.places:
            message = f"{place.topic}/{place.subtopic} is not in the plan of grade {place.grade}"
            yield Finding("subtopic", "not_planned", message)
        elif is_counted(problem):
            self._counts[place, problem.difficulty] += 1

    def finish(self, known_ids: Container[str]) -> Iterator[Fault]:
        """Yield the faults that only show once all rows are read."""
        for source, base in self._variants:
            if base not in self._ids and base not in known_ids:
                message = f"{base} is not among these problems"
                yield Fault(*source, "variant_of", "unknown_base", message)
        yield from self._stems.finish()
        if self._plan:
            yield from compare(self._plan, self._counts)


def _show(source: Source) -> str:
    return f"{Path(source.file).name}, row {source.row}"
