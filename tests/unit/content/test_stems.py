"""Creative questions: three linked parts, and what is wrong with some."""

from pathlib import Path
from typing import Any

import pytest

from src.content.checks import check_row
from src.content.faults import Fault
from src.content.library import check_paths
from src.content.reader import ParsedRow
from src.content.rows import ProblemRow, to_cells
from tests.unit.content.good import good_problem, library, write_csv

STEM = "G6-STEM-01"


def part(number: int, **changes: Any) -> ProblemRow:
    good = good_problem()
    facts = {
        "external_id": f"{STEM}-{number:03d}",
        "stem": STEM,
        "part": number,
        "difficulty": number,
        "question_en": f"A stall.\n\n{'Well. ' * number}{good.question_en}",
        "question_bn": f"একটি দোকান।\n\n{'বেশ। ' * number}{good.question_bn}",
    }
    return good_problem(**facts | changes)


def found(tmp_path: Path, *rows: ProblemRow) -> list[str]:
    path = write_csv(tmp_path / "problems-grade-6.csv", map(to_cells, rows))
    return [item.code for item in check_paths([path]) if isinstance(item, Fault)]


def test_three_good_parts_have_no_fault(tmp_path: Path) -> None:
    rows = [part(number) for number in (1, 2, 3)]
    path = write_csv(tmp_path / "problems-grade-6.csv", map(to_cells, rows))

    read = [*check_paths([path])]

    assert [row.problem for row in read if isinstance(row, ParsedRow)] == rows
    assert len(read) == 3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"part": None}, "half_a_part"),
        ({"stem": None}, "half_a_part"),
        ({"external_id": f"{STEM}-009"}, "id_part"),
        ({"difficulty": 1}, "part_difficulty"),
        ({"answer_type": "choice", "choices": {"en": ["a"] * 2, "bn": ["ক"] * 2}}, "part_choice"),
        ({"question_en": good_problem().question_en}, "no_stem"),
        ({"question_bn": good_problem().question_bn}, "no_stem"),
    ],
)
def test_a_planted_fault_of_a_part_is_found(change: dict[str, Any], code: str) -> None:
    assert code in [one.code for one in check_row(part(2, **change))]


def test_a_missing_part_is_a_fault(tmp_path: Path) -> None:
    assert found(tmp_path, part(1), part(3)) == ["part_missing"]
    assert found(tmp_path, part(1), part(2, status="retired"), part(3)) == ["part_missing"]
    # A stem that is gone as a whole is none.
    assert found(tmp_path, *(part(n, status="retired") for n in (1, 2, 3))) == []


def test_parts_that_tell_different_stems_are_a_fault(tmp_path: Path) -> None:
    other = part(2).question_bn.replace("একটি দোকান", "একটি বাজার")
    assert found(tmp_path, part(1), part(2, question_bn=other), part(3)) == ["stem_differs"]


def test_each_grade_of_the_library_has_four() -> None:
    stems = {(row.grade, row.stem) for row in library() if row.stem}
    assert {grade: len([s for g, s in stems if g == grade]) for grade in (6, 7, 8)} == {
        6: 4,
        7: 4,
        8: 4,
    }
