"""How many problems there should be, and how many there are."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TextIO

from src.content.faults import Fault, RefusedContent, require_file
from src.content.rows import ProblemRow, trim
from src.content.sheets import find_wrong_kind, read_header
from src.models.enums import ProblemStatus

PLAN_NAME = "plan.csv"
DIFFICULTIES = (1, 2, 3)
_COLUMNS = ("grade", "topic", "subtopic", *(f"difficulty_{level}" for level in DIFFICULTIES))


class LibraryPlace(NamedTuple):
    """A sub-topic of a grade."""

    grade: int
    topic: str
    subtopic: str


Counts = Counter[tuple[LibraryPlace, int]]
"""Problems by sub-topic and difficulty."""


@dataclass(frozen=True, slots=True)
class PlannedPlace:
    """A line of the plan.

    Attributes:
        row: Row number in the file of the plan.
        place: The sub-topic.
        wanted: How many problems of each difficulty.
    """

    row: int
    place: LibraryPlace
    wanted: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """The planned counts and the file that holds them."""

    file: str
    places: Mapping[LibraryPlace, PlannedPlace]


def find_plan(paths: list[Path]) -> Path | None:
    """Return the plan of the first folder that has one; files named on their own need none."""
    plans = (path / PLAN_NAME for path in paths if path.is_dir())
    return next((plan for plan in plans if plan.is_file()), None)


def read_plan(path: Path) -> Plan:
    """Read a plan, separated as spreadsheets do it: by commas, semicolons or tabs.

    Raises:
        RefusedContent: There is no such file, it is of another kind, a column is missing or a
            count is not a number.
    """
    require_file(path)
    if wrong := find_wrong_kind(path):
        raise RefusedContent([wrong])
    places = {}
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for row, cells in _rows(str(path), file):
            if not any(cells.values()):
                continue
            try:
                place = LibraryPlace(int(cells["grade"]), cells["topic"], cells["subtopic"])
                wanted = {level: int(cells[f"difficulty_{level}"]) for level in DIFFICULTIES}
            except (KeyError, ValueError) as error:
                fault = Fault(str(path), row, None, "bad_plan", f"cannot be read: {error}")
                raise RefusedContent([fault]) from None
            places[place] = PlannedPlace(row, place, wanted)
    return Plan(str(path), places)


def _rows(name: str, file: TextIO) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row below the header with its number, its cells trimmed."""
    number = 1
    try:
        header = read_header(name, file, _COLUMNS)
        if isinstance(header, Fault):
            raise RefusedContent([header])
        if missing := [column for column in _COLUMNS if column not in header.cells]:
            message = f"the columns {', '.join(missing)} are missing"
            raise RefusedContent([Fault(name, 1, None, "bad_plan", message)])
        for number, row in enumerate(csv.reader(file, delimiter=header.delimiter), start=2):
            yield (
                number,
                {column: trim(cell) for column, cell in zip(header.cells, row, strict=False)},
            )
    except csv.Error as error:
        fault = Fault(name, number, None, "bad_csv", f"is not a CSV row: {error}")
        raise RefusedContent([fault]) from None


def place_of(problem: ProblemRow) -> LibraryPlace:
    """Return the sub-topic of a problem."""
    return LibraryPlace(problem.grade, problem.topic, problem.subtopic)


def is_counted(problem: ProblemRow) -> bool:
    """Return whether the plan counts a problem: variants and retired problems are outside it."""
    return problem.variant_of is None and problem.status is not ProblemStatus.RETIRED


def compare(plan: Plan, found: Counts) -> Iterator[Fault]:
    """Name each count that differs from the plan, in the grades that have problems at all."""
    grades = {place.grade for place, _ in found}
    for planned in plan.places.values():
        for level, wanted in planned.wanted.items():
            there = found[planned.place, level]
            if planned.place.grade in grades and there != wanted:
                message = f"{planned.place.subtopic}: {wanted} planned, {there} found"
                column = f"difficulty_{level}"
                yield Fault(plan.file, planned.row, column, "plan_count", message)
