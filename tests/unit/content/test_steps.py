"""The steps of problems: read beside them, and what is wrong with them."""

from pathlib import Path
from typing import Any

import pytest

from src.content.checks import check_row
from src.content.faults import Fault, RefusedContent
from src.content.library import check_paths
from src.content.reader import ParsedRow
from src.content.rows import StepRow
from src.content.steps import STEPS_NAME
from tests.unit.content.good import good_cells, good_problem, write_csv

GOOD = {"en": "What is a tenth of 240?", "bn": "২৪০ এর দশ ভাগের এক ভাগ কত?", "answer": "24"}
FILE = """
[[problem]]
problem = "{id}"
[[problem.step]]
en = "What is a tenth of 240?"
bn = "২৪০ এর দশ ভাগের এক ভাগ কত?"
answer = "24"
[[problem.step]]
en = "How much is three times as much?"
bn = "তার তিন গুণ কত?"
answer = "72"
"""


def codes(*changes: dict[str, Any]) -> list[str]:
    steps = [StepRow.model_validate(GOOD | change) for change in changes]
    return [one.code for one in check_row(good_problem(steps=steps))]


def test_steps_come_to_their_problem(tmp_path: Path) -> None:
    write_csv(tmp_path / "problems-grade-6.csv", [good_cells()])
    (tmp_path / STEPS_NAME).write_text(FILE.format(id="G6-EXAMPLE-001"), encoding="utf-8")

    [row] = check_paths([tmp_path])

    assert isinstance(row, ParsedRow)
    assert [step.answer for step in row.problem.steps or ()] == ["24", "72"]


def test_steps_of_a_problem_that_is_not_there_are_a_fault(tmp_path: Path) -> None:
    write_csv(tmp_path / "problems-grade-6.csv", [good_cells()])
    (tmp_path / STEPS_NAME).write_text(FILE.format(id="G6-NONE-001"), encoding="utf-8")

    found = [item.code for item in check_paths([tmp_path]) if isinstance(item, Fault)]

    assert found == ["unknown_base"]


@pytest.mark.parametrize("text", ["no toml", "[[problem]]\nproblem = 'A'\n"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    write_csv(tmp_path / "problems-grade-6.csv", [good_cells()])
    (tmp_path / STEPS_NAME).write_text(text)

    with pytest.raises(RefusedContent) as refused:
        list(check_paths([tmp_path]))

    assert [fault.code for fault in refused.value.faults] == ["bad_steps"]


def test_good_steps_have_no_fault() -> None:
    assert codes({}, {"answer": "72", "en": "What is thrice that?", "bn": "তার তিন গুণ কত?"}) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"en": "It is 84. What is a tenth of 240?"}, "answer_in_step"),
        ({"bn": "উত্তর ৮৪। ২৪০ এর দশ ভাগের এক ভাগ কত?"}, "answer_in_step"),
        ({"en": "A tenth of 240 is 24, is it?"}, "answer_in_step"),
        ({"answer": "84"}, "step_is_answer"),
        ({"answer": "what?"}, "answer_unreadable"),
        ({"bn": "240 এর দশ ভাগের এক ভাগ কত?"}, "wrong_script"),
        ({"bn": "২৫০ এর দশ ভাগের এক ভাগ কত?"}, "digits_differ"),
    ],
)
def test_a_planted_fault_is_found(change: dict[str, str], code: str) -> None:
    assert code in codes({}, change)


def test_one_step_is_too_few_and_five_are_too_many() -> None:
    problem = good_problem(steps=[GOOD, GOOD])
    for count in (1, 5):
        steps = problem.model_copy(update={"steps": [StepRow.model_validate(GOOD)] * count})
        assert "bad_length" in [one.code for one in check_row(steps)]
