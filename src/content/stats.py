"""The plan of the library next to what is there."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from src.content.plan import DIFFICULTIES, Counts, LibraryPlace, Plan, is_counted, place_of
from src.content.rows import ProblemRow


@dataclass(frozen=True, slots=True)
class PlaceStats:
    """One sub-topic.

    Attributes:
        place: The sub-topic.
        wanted: Planned problems by difficulty.
        found: Problems that are there by difficulty.
        variants: Variants of them.
        misconceptions: Named mistakes of the problems that are there.
    """

    place: LibraryPlace
    wanted: Mapping[int, int]
    found: Mapping[int, int]
    variants: int
    misconceptions: int

    @property
    def fits(self) -> bool:
        """Whether each count is as planned."""
        return self.wanted == self.found

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            **self.place._asdict(),
            "wanted": self.wanted,
            "found": self.found,
            "variants": self.variants,
            "misconceptions": self.misconceptions,
            "fits": self.fits,
        }


def count_library(plan: Plan, problems: Iterable[ProblemRow]) -> list[PlaceStats]:
    """Count problems by sub-topic, those of the plan first and in its order."""
    found: Counts = Counter()
    variants: Counter[LibraryPlace] = Counter()
    mistakes: Counter[LibraryPlace] = Counter()
    places = dict.fromkeys(plan.places)
    for problem in problems:
        place = place_of(problem)
        places.setdefault(place)
        if is_counted(problem):
            found[place, problem.difficulty] += 1
            mistakes[place] += len(problem.misconceptions)
        elif problem.variant_of is not None:
            variants[place] += 1
    nothing = dict.fromkeys(DIFFICULTIES, 0)
    return [
        PlaceStats(
            place,
            plan.places[place].wanted if place in plan.places else nothing,
            {level: found[place, level] for level in DIFFICULTIES},
            variants[place],
            mistakes[place],
        )
        for place in places
    ]
