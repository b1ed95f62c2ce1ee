"""How many problems of each kind a library should have at least, and how many it has."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from src.answers import AnswerType
from src.content.faults import Fault, RefusedContent
from src.content.plan import is_counted
from src.content.rows import ProblemRow

GOALS_NAME = "goals.csv"
KINDS = ("families", "choices", "stems", "slips", "figures")


class Goal(NamedTuple):
    """How many of a kind are there, and how many there should be; None where nothing is said."""

    kind: str
    found: int
    wanted: int | None


class Goals:
    """Counts problems that are no variants by kind.

    Args:
        paths: Files of problems and folders of them; the goals stand beside them.

    Raises:
        RefusedContent: A file of goals cannot be read.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._found: Counter[str] = Counter()
        self._stems: set[str] = set()
        self._wanted: dict[str, int] = {}
        self._file = ""
        for path in paths:
            # A single file need not hold all.
            if path.is_dir() and (file := path / GOALS_NAME).is_file():
                self._file = str(file)
                self._wanted |= _read(file)

    def add(self, problem: ProblemRow) -> None:
        """Count a problem."""
        if is_counted(problem):
            self._found.update(_kinds_of(problem))
            if problem.stem is not None:
                self._stems.add(problem.stem)

    @property
    def goals(self) -> Sequence[Goal]:
        """What was found so far next to what is wanted."""
        found = self._found | Counter({"stems": len(self._stems)})
        return [Goal(kind, found[kind], self._wanted.get(kind)) for kind in KINDS]

    def finish(self) -> Iterator[Fault]:
        """Yield a fault for each kind of which there are too few."""
        for goal in self.goals:
            if goal.wanted is not None and goal.found < goal.wanted:
                message = f"{goal.kind}: {goal.wanted} wanted, {goal.found} found"
                yield Fault(self._file, 0, None, "goal_missed", message)


def _kinds_of(problem: ProblemRow) -> Iterator[str]:
    yield "families"
    # "Find the slip" is a choice of steps or the right result: its id says so.
    if "SLIP" in problem.external_id.split("-"):
        yield "slips"
    elif problem.answer_type is AnswerType.CHOICE:
        yield "choices"
    if problem.figure is not None:
        yield "figures"


def _read(path: Path) -> Mapping[str, int]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            wanted = {row["kind"]: int(row["at_least"]) for row in csv.DictReader(file)}
        except (KeyError, TypeError, ValueError) as error:
            fault = Fault(str(path), 0, None, "bad_goals", f"cannot be read: {error}")
            raise RefusedContent([fault]) from None
    if unknown := wanted.keys() - set(KINDS):
        message = f"{', '.join(sorted(unknown))}: known are {', '.join(KINDS)}"
        raise RefusedContent([Fault(str(path), 0, None, "bad_goals", message)])
    return wanted
