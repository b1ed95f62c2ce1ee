"""Nobody meets what they solved again too soon: seeded pupils with the library itself."""

import pytest

from benchmarks.repeats import practise
from benchmarks.selection import read_library


@pytest.mark.no_cover
@pytest.mark.parametrize("grade", [6, 7, 8])
def test_what_was_solved_does_not_come_again_too_soon(grade: int) -> None:
    found = practise(read_library(grade), pupils=1, days=32, grade=grade)

    assert found.slots.total() == 32 * 5
    assert found.problems.total() == 0
    assert found.families.total() == 0
    assert found.slots["stem"] >= 3
