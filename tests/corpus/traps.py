"""Typed answers that look right and are not, generated from a seed.

Every family computes with exact arithmetic of its own, drops what happens to be right, and never
asks the grader.
"""

import random
from collections.abc import Callable, Iterator

from tests.corpus import traps_algebra, traps_numbers, traps_spoken, traps_units, traps_words
from tests.corpus.trapping import Trap

FAMILIES: tuple[Callable[[random.Random], Iterator[Trap]], ...] = (
    *traps_numbers.FAMILIES,
    *traps_units.FAMILIES,
    *traps_algebra.FAMILIES,
    *traps_words.FAMILIES,
    *traps_spoken.FAMILIES,
)


def traps(seed: int, count: int) -> list[Trap]:
    """Return so many different traps, spread over all families."""
    rng = random.Random(seed)
    found: dict[tuple[str, ...], Trap] = {}
    while len(found) < count:
        for family in FAMILIES:
            for trap in family(rng):
                found.setdefault(trap.key, trap)
    return list(found.values())[:count]
