"""Read templates and problems from a folder, and write the variants next to them."""

import csv
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from src.content.checks import CheckRow, check_row
from src.content.faults import Fault, RefusedContent, require_file
from src.content.reader import read_file
from src.content.rows import COLUMNS, ProblemRow, to_cells
from src.content.templates import read_templates
from src.content.variants import Batch, make_variants
from src.errors import ContentError

GRADES = (6, 7, 8)
SEED = 2026
"""What the library's own variants are made with, and how many of each template."""
PER_TEMPLATE = 6


def find_grades(folder: Path) -> list[int]:
    """Return the grades that have templates.

    Raises:
        ContentError: No grade has any.
    """
    grades = [grade for grade in GRADES if _template_path(folder, grade).is_file()]
    if not grades:
        raise ContentError(f"{folder} holds no templates-grade-N.toml")
    return grades


def _template_path(folder: Path, grade: int) -> Path:
    return folder / f"templates-grade-{grade}.toml"


def vary(
    folder: Path,
    grade: int,
    *,
    seed: int,
    count: int,
    only: str | None = None,
    check: CheckRow = check_row,
) -> Iterator[Batch]:
    """Make the variants of a grade.

    Args:
        folder: The library.
        grade: Whose templates are used.
        seed: The same seed gives the same variants.
        count: How many of each template that does not say so itself.
        only: The base of the one template to use; None for all.
        check: What each variant has to pass.

    Raises:
        RefusedContent: A file of templates or problems cannot be read.
    """
    templates = read_templates(_template_path(folder, grade))
    chosen = [template for template in templates if only in (None, template.base)]
    problems = read_problems(folder, grade)
    return make_variants(chosen, problems, seed=seed, count=count, check=check)


def read_problems(folder: Path, grade: int) -> dict[str, ProblemRow]:
    """Return the problems of a grade by id, without their variants.

    Raises:
        RefusedContent: A row cannot be read.
    """
    first = folder / f"problems-grade-{grade}.csv"
    require_file(first)
    rows, faults = {}, []
    more = sorted(folder.glob(f"problems-grade-{grade}-*.csv"))
    for item in chain.from_iterable(map(read_file, (first, *more))):
        if isinstance(item, Fault):
            faults.append(item)
        else:
            rows[item.problem.external_id] = item.problem
    if faults:
        raise RefusedContent(faults)
    return rows


def write_variants(folder: Path, grade: int, batches: Iterable[Batch]) -> Path:
    """Write the variants of a grade and return where they stand."""
    path = folder / f"variants-grade-{grade}.csv"
    return write_rows(path, (variant for batch in batches for variant in batch.variants))


def write_rows(path: Path, problems: Iterable[ProblemRow]) -> Path:
    """Write problems as CSV; the file is there as a whole or as it was."""
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(to_cells(problem) for problem in problems)
    return unfinished.replace(path)


def is_unfinished(batch: Batch) -> bool:
    """Return whether a template gave nothing that could be used."""
    return bool(batch.faults) or not batch.variants
