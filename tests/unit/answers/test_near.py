"""Wrong answers that hold the right number: what is the matter, and no more than that."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.answers import Outcome, grade_problem, near_miss


def asked(answer: str, answer_type: str, mistakes: tuple[str, ...] = (), **options: Any) -> Any:
    return SimpleNamespace(
        answer=answer,
        answer_type=answer_type,
        answer_options=options,
        choices=None,
        question_en="How much is it?",
        question_bn="কত?",
        misconceptions=[{"answer": one, "name": "m", "en": "m", "bn": "m"} for one in mistakes],
    )


AREA, ANGLE = asked("2109 m^2", "quantity"), asked("32°", "quantity")
MONEY, SHARE = asked("42320", "money"), asked("30%", "percent")
FRACTION = asked("11/24", "number", form="lowest_terms")
LENGTH, ROOT = asked("10/3 cm", "quantity"), asked("√2", "expression")

CASES = [
    ("another_unit", AREA, "2109 m|২১০৯ মিটার|2109 cm|2109 cm2|2109 m3|2109%|2109 tk|$2109"),
    ("another_unit", ANGLE, "32°C|32%|৩২%|32 cm"),
    ("another_unit", MONEY, "42320 rs|42320 $|$42320|rs 42320|42,320 rs|42320 kg|42320%"),
    ("another_unit", asked("12", "number"), "12%|12 শতাংশ"),
    ("another_unit", asked("3/14 L", "quantity"), "3 by 14 ml|three by fourteen mL|৩ বাই ১৪ মিলি"),
    ("another_unit", asked("21 mm", "quantity"), "twenty one cm|একুশ সেমি"),
    ("rounded", FRACTION, "zero point four six|শূন্য দশমিক চার ছয়"),
    ("percent_form", SHARE, "0.3|.3|০.৩"),
    ("rounded", FRACTION, "0.46|.46|0.458|০.৪৬|0.45"),
    ("rounded", asked("4/3", "number"), "1.3|1.33"),
    ("rounded", LENGTH, "3.3|3.33 cm|33.3 mm"),
    ("rounded", ROOT, "1.4|1.414"),
    ("rounded", asked("50/3", "percent"), "16.7|16.67%"),
    ("rounded", asked("0.333", "number", decimals=3), "0.33"),
]
WRONG = [
    (AREA, "2108 m|21.09 cm|21.09 m2|210.9"),
    (ANGLE, "33%|33"),
    (MONEY, "42321 $|423.20"),
    (SHARE, "0.31|0.03|0.3%|3"),
    (FRACTION, "0.5|0.4|0.47|0.459|46%|12/24"),
    (LENGTH, "3|3.4|33.4 mm|10"),
    (ROOT, "1.5|2|1"),
    (asked("12.4", "number"), "12"),
    (asked("2.47", "number", ("2.5",)), "2.5"),
    (asked("2:3", "ratio"), "3:2"),
]


@pytest.mark.parametrize(
    ("reason", "problem", "typed"),
    [(reason, problem, one) for reason, problem, many in CASES for one in many.split("|")],
)
def test_the_right_number_in_another_dress_is_told_what_is_the_matter(
    reason: str, problem: Any, typed: str
) -> None:
    assert grade_problem(typed, problem).outcome is Outcome.WRONG
    near = near_miss(typed, problem)
    assert near is not None
    assert (near.outcome, near.reason) == (Outcome.WRONG_FORM, reason)


def test_what_was_spoken_is_shown_as_it_was_read() -> None:
    near = near_miss("twenty one cm", asked("21 mm", "quantity"))
    assert near is not None
    assert near.reading == "21 cm"


@pytest.mark.parametrize(
    ("problem", "typed"), [(problem, one) for problem, many in WRONG for one in many.split("|")]
)
def test_another_number_is_no_near_miss(problem: Any, typed: str) -> None:
    assert grade_problem(typed, problem).outcome is Outcome.WRONG
    assert near_miss(typed, problem) is None


@given(st.text(max_size=40))
def test_no_text_stops_it(typed: str) -> None:
    for problem in (AREA, MONEY, SHARE, FRACTION, ROOT):
        near = near_miss(typed, problem)
        assert near is None or near.outcome is Outcome.WRONG_FORM
