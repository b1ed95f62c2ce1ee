"""How many problems there should be, and how many there are."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from src.content.faults import Fault, RefusedContent, require_file
from src.content.rows import ProblemRow
from src.models.enums import ProblemStatus

PLAN_NAME = "plan.csv"
DIFFICULTIES = (1, 2, 3)


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
    """Read a plan.

    Raises:
        RefusedContent: There is no such file, a column is missing or a count is not a number.
    """
    require_file(path)
    places = {}
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for row, cells in enumerate(csv.DictReader(file), start=2):
            try:
                place = LibraryPlace(int(cells["grade"]), cells["topic"], cells["subtopic"])
                wanted = {level: int(cells[f"difficulty_{level}"]) for level in DIFFICULTIES}
            except (KeyError, TypeError, ValueError) as error:
                fault = Fault(str(path), row, None, "bad_plan", f"cannot be read: {error}")
                raise RefusedContent([fault]) from None
            places[place] = PlannedPlace(row, place, wanted)
    return Plan(str(path), places)


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
