"""How many problems of each kind there are, and should be."""

from pathlib import Path

import pytest

from src.content.faults import Fault, RefusedContent
from src.content.goals import GOALS_NAME, Goals
from src.content.library import check_paths
from tests.unit.content.good import CONTENT, good_cells, library, write_csv


def write(folder: Path, goals: str) -> Path:
    write_csv(folder / "problems-grade-6.csv", [good_cells()])
    (folder / GOALS_NAME).write_text(goals, encoding="utf-8")
    return folder


def test_too_few_of_a_kind_are_a_fault(tmp_path: Path) -> None:
    write(tmp_path, "kind,at_least\nfamilies,1\nstems,2\n")

    found = [str(item) for item in check_paths([tmp_path]) if isinstance(item, Fault)]

    assert len(found) == 1
    assert "stems: 2 wanted, 0 found" in found[0]
    # A file that is named on its own need not hold all of a library.
    file = tmp_path / "problems-grade-6.csv"
    assert not [item for item in check_paths([file]) if isinstance(item, Fault)]


@pytest.mark.parametrize("goals", ["kind\nstems\n", "kind,at_least\nstems,many\n"])
def test_goals_that_cannot_be_read_are_refused(tmp_path: Path, goals: str) -> None:
    with pytest.raises(RefusedContent, match="cannot be read"):
        list(check_paths([write(tmp_path, goals)]))


def test_a_kind_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedContent, match="known are families"):
        list(check_paths([write(tmp_path, "kind,at_least\nsongs,1\n")]))


def test_the_library_reaches_its_goals() -> None:
    goals = Goals([CONTENT])
    for problem in library():
        goals.add(problem)

    assert [*goals.finish()] == []
    assert {goal.kind: goal.wanted for goal in goals.goals} == {
        "families": 440,
        "choices": 60,
        "stems": 12,
        "slips": 40,
        "figures": 90,
    }
