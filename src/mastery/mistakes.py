"""When a mistake is more than a slip, when it is looked at again, and when it is gone. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from src.language import Bilingual

SIGHTINGS = 3
"""In so many different problems a mistake is seen before it is told."""
LOOKED_AT = 5
"""Of so many problems that could show it, the latest: three slips in a year are no pattern."""
RIGHTS = 2
"""So many problems that could show it are got right, and it is gone."""
MOST_HINTS = 1
"""Who needed more hints than the first, which only points to the idea, has shown nothing."""


class Meeting(NamedTuple):
    """A problem that could show a mistake, as a pupil met it.

    Attributes:
        problem_id: Which problem.
        showed: Whether an answer to it was that mistake.
    """

    problem_id: int
    showed: bool


class Ending(NamedTuple):
    """How a problem ended that could show a mistake.

    Attributes:
        showed: Whether an answer to it was that mistake.
        is_correct: Whether it was solved.
        attempts: Answers that counted.
        hints_used: Steps of the hint ladder seen.
    """

    showed: bool
    is_correct: bool
    attempts: int
    hints_used: int

    @property
    def is_first_right(self) -> bool:
        """Whether it was solved at the first try and without much help."""
        return self.is_correct and self.attempts == 1 and self.hints_used <= MOST_HINTS


@dataclass(frozen=True, slots=True)
class OpenMistake:
    """A mistake of which a pupil was told and that is not gone.

    Attributes:
        id: Of the row that keeps it.
        misconception_id: What is behind it.
        name: What it is called.
        told_at: When the pupil was told, aware.
        checked_at: When a problem was last chosen because of it, or None.
        rights: Problems with it that were got right since it last showed.
    """

    id: int
    misconception_id: str
    name: Bilingual
    told_at: datetime
    checked_at: datetime | None
    rights: int


def is_pattern(meetings: Sequence[Meeting]) -> bool:
    """Return whether a mistake is more than slips.

    Args:
        meetings: Problems that could show it, the latest first.
    """
    return len({one.problem_id for one in meetings[:LOOKED_AT] if one.showed}) >= SIGHTINGS


def rights_after(rights: int, results: Sequence[Ending]) -> int:
    """Return how many problems with a mistake were got right since it last showed.

    Args:
        rights: How many it were before.
        results: What came since then, the earliest first.
    """
    for result in results:
        rights = 0 if result.showed else rights + result.is_first_right
    return rights


def check_problem_due(
    mistake: OpenMistake, problem_ids: Collection[int], last_asked: Mapping[int, datetime]
) -> int | None:
    """Return the problem that looks whether a mistake is still there; None where none can.

    One that was never asked comes first, then the one asked longest ago.

    Args:
        mistake: An open mistake.
        problem_ids: The problems that could show it and may be asked.
        last_asked: When the pupil was last asked which problem.
    """
    if mistake.rights >= RIGHTS or not problem_ids:
        return None
    never = {one for one in problem_ids if one not in last_asked}
    return min(never) if never else min(problem_ids, key=lambda one: (last_asked[one], one))


def in_turn(mistakes: Sequence[OpenMistake]) -> list[OpenMistake]:
    """Return open mistakes in the order in which they are looked at: one a session."""

    def turn(mistake: OpenMistake) -> tuple[bool, datetime]:
        return mistake.checked_at is not None, mistake.checked_at or mistake.told_at

    return sorted(mistakes, key=turn)
