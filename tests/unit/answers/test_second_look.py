"""Answers that the first reading gets wrong, though a teacher would see what is meant."""

import pytest

from src.answers import Outcome, grade, grade_problem, normalise_key
from tests.unit.answers.problems import PlainProblem
from tests.unit.answers.verdict_table import Group, misjudged

DASHES = [
    Group(
        "number",
        "13",
        correct=[
            "উত্তরঃ- ১৩",
            "Ans:- 13",
            "Ans :- 13",
            "উঃ- ১৩",
            "মোট:- ১৩",
            "Answer:– 13",
            "Ans-: 13",
        ],
        wrong=["Ans: -13", "Ans:- 14", "Ans:-14", "উত্তরঃ -১৩", "Ans:- -13"],
        unreadable=["Ans:-13", "উত্তরঃ-১৩", "not:- 13", "not:- 14", "Ans:- 13 or 14"],
    ),
    Group("number", "-7", correct=["ans:-7", "Ans:- 7", "Ans:- -7", "উত্তরঃ-৭"], wrong=["Ans: 7"]),
    Group("number", "11/24", correct=["Ans:- 11/24"], wrong=["Ans:- 11/23"]),
    Group("number", "3/4", {"form": "lowest_terms"}, wrong_form=["Ans:- 6/8"], wrong=["Ans:- 6/9"]),
    Group("money", "450", correct=["উত্তরঃ- ৪৫০ টাকা"], wrong=["উত্তরঃ- ৪৫১ টাকা"]),
    Group(
        "quantity",
        "8 days",
        correct=["উত্তরঃ- ৮ দিন"],
        unreadable=["উত্তরঃ-৮ দিন"],
        wrong=["উত্তরঃ-৯ দিন"],
    ),
    Group("quantity", "-4 °C", correct=["Ans:-4 °C"], wrong=["Ans: 4 °C"]),
    Group("ratio", "3:7", correct=["উত্তরঃ- ৩:৭"], wrong=["উত্তরঃ- ৭:৩"]),
    Group("percent", "85", correct=["Ans:- 85%"], wrong=["Ans:- 58%"]),
    Group(
        "expression", "4x+3y", correct=["Ans:- 4x+3y", "Ans:- 4 x x + 3y"], wrong=["Ans:- 4x+5y"]
    ),
    Group("expression", "1/(2x)", unreadable=["Ans:- 1/2x"]),
    Group("expression", "33n+2", correct=["33 x n + 2"]),
    Group("inequality", "x>3", correct=["Ans:- x>3", "x>3!"], wrong=["Ans:- x<3"]),
    Group("boolean", "true", correct=["Ans:- true"], wrong=["Ans:- false"]),
    Group("choice", "B", correct=["Ans:- B"], wrong=["Ans:- A"]),
    Group("text", "obtuse", correct=["Ans:- obtuse"], wrong=["Ans:- acute"]),
    Group("list", "2, 3", correct=["Ans:- 2, 3"], wrong=["Ans:- 3, 2"], unreadable=["Ans:- 2/3"]),
]

TIMES = [
    Group(
        "expression",
        "(5x+6y)(5x-6y)",
        {"form": "factored"},
        correct=["(5x+6y) x (5x-6y)", "(5x+6y)x(5x-6y)", "(5x+6y) X (5x-6y)"],
        wrong=["(5x+6y) x (5x+6y)", "x(5x+6y)(5x-6y)"],
    ),
    Group("expression", "81π", correct=["81 x pi", "81xπ", "π x 81"], wrong=["18 x pi"]),
    Group(
        "expression",
        "3n+2",
        correct=["3 x n + 2", "n x 3 + 2"],
        unreadable=["3xn+2", "nx3+2"],
        wrong=["3xn+4", "3x+2", "3 x n + 4"],
    ),
]

STRAY_WORDS = [
    Group(
        "expression",
        "4x+3y",
        correct=["4x+3y ok", "ok 4x+3y"],
        unreadable=[
            "4x+3y k",
            "Tk (4x+3y)",
            "Tk(4x+3y)",
            "hi",
            "ok",
            "hello",
            "4X+3Y K",
            "no 4x+3y",
        ],
        wrong=["4x+5y ok", "4x+3z", "4x+3yk", "4x+3k", "Tk (4x+5y)", "4a+3b"],
    ),
    Group("expression", "6/x", correct=["6 by x"], wrong=["6x", "x by 6"]),
    Group("expression", "(x+1)/(x-1)", unreadable=["x+1 by x-1"], wrong=["x-1 by x+1"]),
    Group("expression", "2x", wrong=["2 x y", "2xy", "2xk"]),
]

LISTS = [
    Group(
        "list",
        "23, 29, 31, 37",
        unreadable=[
            "23/29/31/37",
            "23-29-31-37",
            "23 - 29 - 31 - 37",
            "23|29|31|37",
            "23+29+31+37",
            "23, 29, 31, 37 <3",
            "1. 23 2. 29 3. 31 4. 37",
            "1) 23, 2) 29, 3) 31, 4) 37",
        ],
        wrong=[
            "-23, 29, 31, 37",
            "29/23/31/37",
            "23/29/31/38",
            "23-29-31",
            "23, 29, 31 <3",
            "1. 23 2. 29 3. 31 4. 38",
        ],
    ),
    Group(
        "set",
        "{11,13,17,19,23}",
        unreadable=[
            "11/13/17/19/23",
            "{11/13/17/19/23}",
            "11-13-17-19-23",
            "11, 13, 17, 19, 23 <3",
        ],
        wrong=["11/13/17/19/29"],
    ),
    Group("set", "{1/2,1/3}", correct=["1/2, 1/3"], wrong=["1/2/3"]),
]

JOY = [
    Group(
        "number",
        "13",
        correct=["13!", "13!!", "১৩!", "x = 13!"],
        wrong=["14!", "31!!"],
        unreadable=["!", "13!4", "!13"],
    ),
    Group("number", "120", correct=["120!"], unreadable=["5!"], wrong=["6!"]),
    Group("percent", "25", correct=["25!!", "25%!"], wrong=["26%!"]),
    Group("money", "450", correct=["450 টাকা!"]),
    Group("ratio", "3:7", correct=["3:7!"]),
    Group("expression", "4x+3y", correct=["4x+3y!"], wrong=["4x+5y!"]),
]

SPOKEN = [
    Group(
        "number",
        "42",
        correct=["আমার মনে হয় ৪২", "মনে হয় ৪২", "ok 42", "42 ok", "okay, 42"],
        wrong=["ok 43", "আমার মনে হয় ৪৩"],
        unreadable=["ok", "hi"],
    ),
    Group(
        "quantity",
        "7.5 kg",
        correct=["সাড়ে ৭ কেজি", "সাড়ে 7 kg"],
        wrong=["সাড়ে ৮ কেজি", "পৌনে ৮ কেজি"],
    ),
    Group("number", "2.55", correct=["2.55"], unreadable=["2.55…", "2.55 ..."], wrong=["2.33…"]),
    Group("number", "23/9", correct=["2.55…"]),
    Group("number", "4500", correct=["সাড়ে ৪ হাজার"], wrong=["সাড়ে ৫ হাজার"]),
    Group("number", "2.75", correct=["পৌনে ৩"], wrong=["সোয়া ৩"], unreadable=["সাড়ে ৩/৪"]),
]


@pytest.mark.parametrize(
    "group",
    [*DASHES, *TIMES, *STRAY_WORDS, *LISTS, *JOY, *SPOKEN],
    ids=str,
)
def test_what_is_meant_is_judged(group: Group) -> None:
    assert misjudged(group) == {}


@pytest.mark.parametrize("typed", ["hi", "hello", "Hi!", "🦉", "🦉🦉🦉", "<b>hi</b>", "مرحبا"])
@pytest.mark.parametrize(
    ("stored", "answer_type"),
    [
        ("5", "number"), ("5", "percent"), ("5", "money"), ("5 km", "quantity"), ("3:4", "ratio"),
        ("4x+3y", "expression"), ("x>3", "inequality"), ("(2,3)", "tuple"), ("{a,e,i}", "set"),
        ("2, 3", "list"), ("true", "boolean"), ("B", "choice"), ("obtuse", "text"),
    ],
)  # fmt: skip
def test_what_is_no_answer_costs_no_try(typed: str, stored: str, answer_type: str) -> None:
    assert grade(typed, stored, answer_type).outcome is Outcome.UNREADABLE


def test_a_wrong_answer_has_the_key_of_the_reading_that_was_judged() -> None:
    problem = PlainProblem("13")
    typed = ["14", "Ans:- 14", "14!", "Ans:- 14!"]
    assert {normalise_key(text, problem) for text in typed} == {"number:14"}
    assert normalise_key("Ans: -14", problem) == "number:-14"


def test_the_question_is_seen_in_the_second_reading_too() -> None:
    problem = PlainProblem("0.75", question_en="Write 3/4 as a decimal.", question_bn="৩/৪")
    assert grade_problem("Ans:- 3/4", problem).reason == "copied_from_question"
