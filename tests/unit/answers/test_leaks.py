import csv
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from src.answers import contains_answer
from src.language import Language

CORPUS = Path(__file__).parents[2] / "corpus" / "leaks.csv"


@dataclass(frozen=True)
class Problem:
    answer: str
    answer_type: str = "number"
    answer_options: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, Sequence[str]] | None = None
    question_en: str = ""
    question_bn: str = ""
    misconceptions: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True)
class Row:
    language: Language
    leak: bool
    text: str
    problem: Problem


def _row(cells: Mapping[str, str]) -> Row:
    problem = Problem(
        answer=cells["answer"],
        answer_type=cells["answer_type"],
        answer_options=json.loads(cells["answer_options"]),
        choices=json.loads(cells["choices"]) if cells["choices"] else None,
        question_en=cells["question_en"],
        question_bn=cells["question_bn"],
    )
    language = Language(cells["language"])
    return Row(language, cells["leak"] == "1", cells["text"], problem)


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    with CORPUS.open(encoding="utf-8", newline="") as file:
        return [_row(cells) for cells in csv.DictReader(file)]


def test_the_corpus_holds_400_leaks_and_400_others_and_200_of_each_in_either_language(
    rows: list[Row],
) -> None:
    counts = Counter((row.leak, row.language) for row in rows)
    for leak in (True, False):
        assert counts[leak, Language.EN] >= 200
        assert counts[leak, Language.BN] >= 200
        assert counts[leak, Language.EN] + counts[leak, Language.BN] >= 400


@pytest.mark.parametrize("language", ["en", "bn"])
def test_leaks_are_found_and_hints_are_let_through(rows: list[Row], language: str) -> None:
    own = [row for row in rows if row.language == language]
    leaks, others = [r for r in own if r.leak], [r for r in own if not r.leak]
    missed = [r for r in leaks if not contains_answer(r.text, r.problem, r.language)]
    alarms = [r for r in others if contains_answer(r.text, r.problem, r.language)]
    found = 1 - len(missed) / len(leaks)
    print(f"{language}: {found:.1%} of leaks found, {len(alarms) / len(others):.1%} false alarms")
    assert found >= 0.995, missed
    assert len(alarms) <= 0.01 * len(others), alarms


def test_a_leak_is_found_whichever_language_the_text_is_said_to_be_in(rows: list[Row]) -> None:
    for row in rows[::7]:
        other = Language.BN if row.language is Language.EN else Language.EN
        assert contains_answer(row.text, row.problem, other) == contains_answer(
            row.text, row.problem, row.language
        )


HALF = Problem("1/2", question_en="What part is it?", question_bn="এটি কত অংশ?")


@pytest.mark.parametrize(
    "text",
    ["0.5", "1/2", "½", "৫০%", "50 percent", "half", "অর্ধেক", "one half", "০.৫০", "fifty percent"],
)
def test_every_form_of_a_half_is_a_leak(text: str) -> None:
    assert contains_answer(f"It is {text}.", HALF, Language.EN)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("twenty-one", "21"), ("twenty one", "21"), ("one hundred and five", "105"),
        ("দুইটি", "2"), ("দুটো", "2"), ("তিনজন", "3"), ("চারের", "4"), ("নিরানব্বইটি", "99"),
        ("পাঁচশত", "500"), ("দুই হাজার তিনশ", "2300"), ("এক লক্ষ বিশ হাজার", "120000"),
        ("তিন কোটি", "30000000"), ("দেড়", "3/2"), ("সাড়ে সাত", "15/2"), ("পৌনে দুই", "7/4"),
        ("সাড়ে চারশত", "450"), ("সাড়ে চার হাজার", "4500"),
        ("three quarters", "3/4"), ("two and a half", "5/2"), ("তিন চতুর্থাংশ", "3/4"),
        ("minus six", "-6"), ("শূন্য দশমিক চার", "2/5"), ("a dozen", "12"), ("৫ ভাগের ২ ভাগ", "2/5"),
    ],
)  # fmt: skip
def test_number_words_are_read_in_both_languages(text: str, value: str) -> None:
    assert contains_answer(f"... {text} ...", Problem(value), Language.BN)
    assert not contains_answer(f"... {text} ...", Problem("777"), Language.BN)


@pytest.mark.parametrize(
    "text",
    [
        "Look at step 2.",
        "the 2nd term",
        "the second term",
        "x² + 5",
        "2x + 7",
        "ধাপ ২",
        "২য় পদ",
        "1/2 + 1/3",
    ],
)
def test_steps_ordinals_powers_and_coefficients_are_not_the_number(text: str) -> None:
    assert not contains_answer(text, Problem("2"), Language.EN)


def test_arithmetic_left_to_do_is_no_leak() -> None:
    bag = Problem("680", "money", {"unit": "BDT"}, question_en="A bag costs 800 taka, 15% off.")
    assert not contains_answer("Work out 800 - 120.", bag, Language.EN)
    assert contains_answer("Work out 800 - 120 = 680.", bag, Language.EN)


def test_a_number_of_the_question_leaks_only_when_it_is_asserted() -> None:
    solve = Problem("2", question_en="Solve x + 2 = 4", question_bn="সমাধান করো: x + ২ = ৪")
    assert not contains_answer("Take 2 from both sides.", solve, Language.EN)
    assert not contains_answer("You know that x + 2 = 4.", solve, Language.EN)
    assert contains_answer("So x = 2.", solve, Language.EN)
    assert contains_answer("উত্তর ২", solve, Language.BN)
    assert not contains_answer("উত্তর ২ নয়।", solve, Language.BN)


def test_the_form_that_is_asked_for_leaks_although_the_question_shows_the_value() -> None:
    decimal = Problem("0.75", question_en="Write 3/4 as a decimal.")
    assert contains_answer("That is 0.75.", decimal, Language.EN)
    assert not contains_answer("Divide the 3 in 3/4 by the 4.", decimal, Language.EN)


def test_a_quantity_leaks_in_another_unit_but_not_with_the_unit_of_something_else() -> None:
    length = Problem("150 cm", "quantity")
    assert contains_answer("It is 1.5 m long.", length, Language.EN)
    assert contains_answer("১ মিটার ৫০ সেমি", length, Language.BN)
    assert not contains_answer("It weighs 150 kg.", length, Language.EN)


def test_invisible_marks_do_not_hide_an_answer() -> None:
    assert contains_answer("The total is 6\u200b8\u20600.", Problem("680"), Language.EN)
    assert contains_answer("It is \u202e680\u202c.", Problem("680"), Language.EN)


@pytest.mark.parametrize(
    "kind", ["number", "quantity", "expression", "list", "set", "tuple", "ratio", "choice", "text"]
)
def test_a_hostile_text_is_read_within_bounds(kind: str) -> None:
    stored = {"choice": "B", "tuple": "(1, 2)", "set": "{1, 2}", "ratio": "1:2", "list": "1, 2"}
    choices = {"en": ["x", "y"], "bn": ["ক", "খ"]} if kind == "choice" else None
    problem = Problem(stored.get(kind, "12"), kind, choices=choices)
    for text in (
        "(" * 4000,
        "9^" * 2000,
        "1/" * 2000,
        "= " * 2000,
        "দুই" * 1300,
        "is the " * 600,
        "\u0000৳" * 2000,
    ):
        start = time.process_time()
        assert contains_answer(text, problem, Language.EN) in {True, False}
        assert time.process_time() - start < 2
