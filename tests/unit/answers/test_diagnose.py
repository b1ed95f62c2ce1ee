"""Named mistakes, canonical keys, and what the question adds to a verdict."""

import pytest

from src.answers import AnswerKeyError, diagnose, grade, grade_problem, normalise_key
from tests.unit.answers.problems import PlainProblem

MISTAKES = (
    {"answer": "3/4", "name": "added_tops", "en": "Look again.", "bn": "আবার দেখো।"},
    {"answer": "2", "name": "subtracted", "en": "Add.", "bn": "যোগ করো।"},
)
HALF = PlainProblem("1/2", misconceptions=MISTAKES)


@pytest.mark.parametrize("typed", ["3/4", "৩/৪", "0.75", "¾", "6/8", "Ans: ৩/৪"])
def test_a_mistake_is_known_in_every_spelling(typed: str) -> None:
    mistake = diagnose(typed, HALF)
    assert mistake is not None
    assert (mistake.name, mistake.en) == ("added_tops", "Look again.")


@pytest.mark.parametrize("typed", ["1/2", "0.5", "", "??", "5", "1/4+1/4"])
def test_right_unreadable_and_unknown_answers_have_no_diagnosis(typed: str) -> None:
    assert diagnose(typed, HALF) is None


def test_a_choice_is_diagnosed_by_letter_and_by_text() -> None:
    problem = PlainProblem(
        "B",
        "choice",
        choices={"en": ["12", "15"], "bn": ["১২", "১৫"]},
        misconceptions=[{"answer": "A", "name": "forgot_one", "en": "e", "bn": "b"}],
    )
    assert [getattr(diagnose(t, problem), "name", None) for t in ("A", "ক", "১২", "B")] == [
        "forgot_one",
        "forgot_one",
        "forgot_one",
        None,
    ]


SAME_KEY = [
    (HALF, ["৩/৪", "0.75", "75%", "¾", "6/8"]),
    (HALF, ["√2", "2/√2"]),
    (PlainProblem("25%", "percent"), ["30%", "৩০", "শতকরা ৩০"]),
    (PlainProblem("5 kg", "quantity"), ["3", "3 kg", "3000 g", "৩ কেজি"]),
    (PlainProblem("500", "money"), ["450", "৳৪৫০", "45000 paisa"]),
    (PlainProblem("3:4", "ratio"), ["6:4", "3:2", "৩ঃ২", "1.5:1"]),
    (PlainProblem("x+1", "expression"), ["2/(x-1)", "4/(2x-2)", "2/(X-1)"]),
    (PlainProblem("x+1", "expression"), ["√2x", "2x/√2"]),
    (PlainProblem("2^n", "expression"), ["3^n", "9^n/3^n"]),
    (PlainProblem("x>3", "inequality"), ["x>4", "4<x", "2x>8"]),
    (PlainProblem("(1,2)", "tuple", answer_options={"vars": ["x", "y"]}), ["(3,4)", "y=4, x=3"]),
    (PlainProblem("{1,2}", "set"), ["{3,4}", "4, 3", "{৪,৩,৩}"]),
    (PlainProblem("1, 2", "list", answer_options={"ordered": False}), ["3, 4", "4 ও 3"]),
    (PlainProblem("true", "boolean"), ["false", "না", "মিথ্যা"]),
    (PlainProblem("isosceles", "text"), ["Scalene", "a scalene", "scalene."]),
]


@pytest.mark.parametrize(("problem", "spellings"), SAME_KEY, ids=[s[0] for _, s in SAME_KEY])
def test_equal_answers_have_one_key(problem: PlainProblem, spellings: list[str]) -> None:
    keys = {normalise_key(typed, problem) for typed in spellings}
    assert len(keys) == 1
    assert None not in keys


def test_different_answers_have_different_keys_and_unreadable_none() -> None:
    problem = PlainProblem("x+1", "expression")
    keys = [normalise_key(typed, problem) for typed in ("x+2", "x+3", "2x", "x", "1", "x^2")]
    assert len(set(keys)) == len(keys)
    assert normalise_key("x+", problem) is None
    assert normalise_key("", problem) is None


QUESTION = {
    "decimal": PlainProblem("0.75", question_en="Write 3/4 as a decimal.", question_bn="৩/৪ কত?"),
    "lowest": PlainProblem("3/4", question_en="Reduce 6/8.", question_bn="৬/৮ কে লঘিষ্ঠ করো।"),
    "expand": PlainProblem("x^2+5x+6", "expression", "Expand (x+2)(x+3).", "(x+২)(x+৩) গুণ করো।"),
    "collect": PlainProblem("5x", "expression", "Simplify: 3x + 2x", "সরল করো: ৩x + ২x"),
    "convert": PlainProblem("2.5 kg", "quantity", "How many kg are 2500 g?", "২৫০০ গ্রামে কত কেজি?"),
    "ratio": PlainProblem("3:4", "ratio", "Simplify 6:8", "৬:৮ কে সরল করো"),
    "percent": PlainProblem("1/4", question_en="Write 25% as a fraction.", question_bn="২৫% কত?"),
    "mangoes": PlainProblem(
        "24", question_en="How many mangoes are in 4 boxes?", question_bn="মোট কতটি আম?"
    ),
    "profit": PlainProblem("25%", "percent", "What is the percentage profit?", "শতকরা লাভ কত?"),
    "either": PlainProblem("25%", "percent", "Find the profit or loss.", "লাভ বা ক্ষতি কত?"),
    "years": PlainProblem("12", question_en="In how many years?", question_bn="কত বছরে?"),
    "mean": PlainProblem("2.5", question_en="What is the mean of 2.50 and 2.5?", question_bn="গড়?"),
    "angle": PlainProblem("60°", "quantity", "One angle is 60°. The other?", "অন্যটি কত?"),
}
IN_QUESTION = [
    ("decimal", "3/4", "wrong_form"),
    ("decimal", "৩/৪", "wrong_form"),
    ("decimal", "6/8", "correct"),
    ("decimal", "0.750", "correct"),
    ("lowest", "6/8", "wrong_form"),
    ("lowest", "3/4", "correct"),
    ("expand", "(x+2)(x+3)", "wrong_form"),
    ("expand", "(x + ২)(x + ৩)", "wrong_form"),
    ("expand", "x²+5x+6", "correct"),
    ("collect", "3x+2x", "wrong_form"),
    ("collect", "5x", "correct"),
    ("convert", "2500 g", "wrong_form"),
    ("convert", "২৫০০ গ্রাম", "wrong_form"),
    ("convert", "2 kg 500 g", "correct"),
    ("convert", "2.5", "correct"),
    ("ratio", "6:8", "wrong_form"),
    ("ratio", "12:16", "correct"),
    ("percent", "25%", "wrong_form"),
    ("percent", "1/4", "correct"),
    ("mangoes", "24 mangoes", "correct"),
    ("mangoes", "২৪টি আম", "correct"),
    ("mangoes", "24 apples", "unreadable"),
    ("mangoes", "24 not mangoes", "unreadable"),
    ("profit", "25% profit", "correct"),
    ("profit", "লাভ ২৫%", "correct"),
    ("profit", "25% loss", "unreadable"),
    ("either", "25% loss", "unreadable"),
    ("years", "12 years", "correct"),
    ("years", "12 days", "unreadable"),
    ("mean", "2.50", "correct"),
    ("angle", "60°", "correct"),
    ("angle", "60", "correct"),
]


@pytest.mark.parametrize(("name", "typed", "outcome"), IN_QUESTION)
def test_the_question_decides(name: str, typed: str, outcome: str) -> None:
    assert grade_problem(typed, QUESTION[name]).outcome == outcome


BAD_KEYS = [
    ("four", "number", {}),
    ("", "number", {}),
    ("4", "numeral", {}),
    ("4", "number", {"tolerance": 1}),
    ("4", "number", {"tol": "wide"}),
    ("4", "number", {"form": "pretty"}),
    ("4", "number", {"decimals": -1}),
    ("4", "number", {"accept_more_precise": "yes"}),
    ("4", "number", {"var": 3}),
    ("4 foo", "quantity", {}),
    ("4", "quantity", {"unit": "foo"}),
    ("x+", "expression", {}),
    ("x", "inequality", {}),
    ("3", "ratio", {}),
    ("0:3", "ratio", {}),
    ("{1,", "set", {}),
    ("perhaps", "boolean", {}),
    ("E", "choice", {"choices": ["1", "2"]}),
    ("C", "choice", {"choices": ["1", "2"]}),
    ("B", "choice", {"choices": "12"}),
    ("।", "text", {}),
]


@pytest.mark.parametrize(("stored", "answer_type", "options"), BAD_KEYS)
def test_a_key_that_cannot_be_read_is_the_authors_fault(
    stored: str, answer_type: str, options: dict[str, object]
) -> None:
    with pytest.raises(AnswerKeyError):
        grade("4", stored, answer_type, options)
