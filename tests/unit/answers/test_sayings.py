"""What pupils say instead of answering is heard, and no answer is taken for a saying."""

import random
from pathlib import Path

import pytest

from benchmarks.hint_leaks import read_library
from src.answers import Outcome, grade, grade_problem
from src.answers.hearing.ear import LONGEST_SAYING, Want, hear, hear_beside
from src.answers.hearing.lexicon import fold_sound
from src.answers.hearing.score import SayingsReport, read_sayings, score_sayings, understand
from src.answers.score import CaseFileError, read_cases

ROOT = Path(__file__).parents[3]
CORPUS = ROOT / "tests" / "corpus"
# How pupils dress an answer up; none of it makes a saying of it.
DRESSED = (
    "{}", "{}?", "ans {}", "{} hobe", "উত্তর {}", "{} হবে না?", "sir {}", "{} 😭", "i think {}",
    "{} mone hoy", "amar uttor {}", "{} thik ache?",
)  # fmt: skip


@pytest.fixture(scope="module")
def report() -> SayingsReport:
    return score_sayings(read_sayings((CORPUS / "sayings.csv").read_text(encoding="utf-8")))


def test_what_pupils_say_is_understood(report: SayingsReport) -> None:
    sayings = {one.saying.said for one in report.heard}
    assert len(sayings) == len(report.heard) >= 400
    assert report.share >= 0.98, report.as_dict()["missed"]


def test_what_a_stranger_to_the_code_wrote_is_understood() -> None:
    """Of the ten that are left, nine get a hint or its offer and one is told "see you"."""
    text = (CORPUS / "sayings-stranger.csv").read_text(encoding="utf-8")
    report = score_sayings(read_sayings(text))
    assert len(report.heard) == 100
    assert report.share >= 0.9, report.as_dict()["missed"]


def test_what_a_newcomer_wrote_is_understood() -> None:
    """94 of these 104 were on their first hearing, before any was added to the ear; 102 now."""
    text = (CORPUS / "sayings-newcomer.csv").read_text(encoding="utf-8")
    report = score_sayings(read_sayings(text))
    assert len(report.heard) == 104
    assert report.share >= 0.9, report.as_dict()["missed"]


@pytest.mark.parametrize(
    ("said", "want"),
    [
        ("eta easy, kothin dao", Want.HARDER),
        ("eta kothin, easy dao", Want.EASIER),
        ("parbo na, porer ta", Want.SKIP),
        ("porer dhap bujhi na", Want.STUCK),
        ("next step bujhi nai", Want.STUCK),
        ("help me", Want.HINT),
        ("kotha theke shuru korbo", Want.HINT),
        ("shahajjo koren keno vul hoise", Want.EXPLAIN),
        ("আম্মু ভাত খেতে ডাকছে", Want.WAIT),
        ("giving uppp", Want.STUCK),
        ("dispute", Want.DISPUTE),
        ("i want to dispute this", Want.DISPUTE),
        ("আমার আপত্তি আছে", Want.DISPUTE),
    ],
)
def test_of_two_things_said_the_one_that_is_meant_is_heard(said: str, want: Want) -> None:
    assert hear(said) is want


def test_every_want_is_understood_in_most_of_its_sayings(report: SayingsReport) -> None:
    weak = {name: c for name, c in report.by_want.items() if c[0] < 0.9 * c[1]}
    assert weak == {}


def test_no_answer_of_the_corpus_is_swallowed() -> None:
    swallowed = []
    for case in read_cases((CORPUS / "answers.csv").read_text(encoding="utf-8")):
        verdict = grade(case.typed, case.stored, case.answer_type, case.options)
        want = hear_beside(case.typed, verdict.outcome, case.answer_type, case.stored)
        if want is not None and verdict.outcome is not Outcome.UNREADABLE:
            swallowed.append((case.typed, want))
    assert swallowed == []


def test_what_is_unreadable_in_the_corpus_keeps_its_own_words() -> None:
    """A text with a reason of its own, such as an unknown unit, is no saying."""
    general = {"no_answer", "not_a_number", "not_a_choice", "not_true_or_false", "no_words"}
    general |= {"not_an_expression", "words"}
    for case in read_cases((CORPUS / "answers.csv").read_text(encoding="utf-8")):
        verdict = grade(case.typed, case.stored, case.answer_type, case.options)
        if verdict.outcome is Outcome.UNREADABLE and verdict.reason not in general:
            want = hear_beside(case.typed, verdict.outcome, case.answer_type, case.stored)
            assert want is None, (case.typed, verdict.reason, want)


def test_no_answer_of_the_library_is_swallowed_however_it_is_dressed_up() -> None:
    chance, swallowed = random.Random(12), []
    for problem in read_library(4):
        texts = {problem.answer, *(mistake["answer"] for mistake in problem.misconceptions)}
        for text in sorted(texts):
            for dress in ("{}", *chance.sample(DRESSED, 3)):
                typed = dress.format(text)
                outcome = grade_problem(typed, problem).outcome
                want = hear_beside(typed, outcome, problem.answer_type, problem.answer)
                doubted = typed != text and problem.answer_type == "boolean"
                if want is not None and not doubted:  # "true hobe na?" says two things
                    swallowed.append((problem.external_id, typed, outcome, want))
    assert swallowed == []


# What it costs to be misheard: a saying that the grader takes for an answer.
ASKED = (
    ("347", "number"), ("4x+3y", "expression"), ("(2, 5)", "tuple"), ("{1, 2}", "set"),
)  # fmt: skip


def test_hardly_a_saying_costs_a_try(report: SayingsReport) -> None:
    cost = {
        one.saying.said
        for one in report.heard
        for stored, kind in ASKED
        for outcome in [grade(one.saying.said, stored, kind).outcome]
        if outcome is not Outcome.UNREADABLE
        and hear_beside(one.saying.said, outcome, kind, stored) is None
    }
    # One letter may be a variable, and a minute an answer.
    assert cost <= {"k", "হ", "1 min", "দুই মিনিট"}


@pytest.mark.parametrize(
    ("text", "outcome", "answer_type", "stored"),
    [
        ("না", Outcome.WRONG, "boolean", "true"),
        ("yes", Outcome.CORRECT, "boolean", "true"),
        ("right", Outcome.WRONG, "text", "acute"),
        ("সম্পূরক কোণ", Outcome.WRONG, "text", "পূরক"),
        ("na", Outcome.WRONG, "expression", "n*a + 1"),
        ("7", Outcome.WRONG, "number", "8"),
        ("ans 7", Outcome.UNREADABLE, "number", "8"),
    ],
)
def test_an_answer_is_none(text: str, outcome: Outcome, answer_type: str, stored: str) -> None:
    assert hear_beside(text, outcome, answer_type, stored) is None


def test_words_that_a_type_takes_for_an_answer_are_heard() -> None:
    assert hear_beside("keno", Outcome.WRONG, "expression", "2x+3") is Want.EXPLAIN
    assert hear_beside("bujhi na", Outcome.WRONG, "text", "acute") is Want.STUCK
    assert hear_beside("hint dao", Outcome.WRONG, "text", "acute") is Want.HINT


@pytest.mark.parametrize(
    ("said", "want"),
    [
        ("hint dao jaldi", Want.HINT),
        ("i dont understand this xyz thing", Want.STUCK),
        ("ami eta ekdom bujhi na re", Want.STUCK),
        ("please skip this crap", Want.SKIP),
        ("answer dao taratari", Want.ANSWER),
        ("বুঝি না ধুত্তোর", Want.STUCK),
    ],
)
@pytest.mark.parametrize("stored", ["acute", "isosceles", "সমবাহু"])
def test_a_word_that_nobody_knows_costs_no_try_where_a_name_is_asked(
    said: str, want: Want, stored: str
) -> None:
    outcome = grade(said, stored, "text").outcome
    assert hear_beside(said, outcome, "text", stored) is want


@pytest.mark.parametrize(
    "typed",
    ["an obtuse angle", "equal sided triangle", "ten lakh taka", "parallelogram shape", "kite",
     "সূক্ষ্মকোণী ত্রিভুজ", "one acute and one big", "it is like a square"],
)  # fmt: skip
def test_a_wrong_name_stays_an_answer(typed: str) -> None:
    assert hear_beside(typed, Outcome.WRONG, "text", "isosceles") is None


def test_what_is_too_long_is_no_saying() -> None:
    assert hear("hint " * LONGEST_SAYING) is None
    assert hear("") is None
    assert hear("12 13") is None


@pytest.mark.parametrize(
    "spellings", ["bhul vul vool", "bujhi buji bujji", "বুঝি বুজি", "shohoj sohoj", "ভালো ভাল"]
)
def test_what_sounds_alike_is_one(spellings: str) -> None:
    assert len({fold_sound(word) for word in spellings.split()}) == 1


def test_requests_about_data_are_counted_too() -> None:
    assert understand("delete my data") == "delete"
    assert understand("hint") == "hint"
    assert understand("347") is None


def test_a_file_says_what_is_wrong_with_it() -> None:
    with pytest.raises(CaseFileError, match="columns are missing: wants"):
        read_sayings("said\nhi\n")
    with pytest.raises(CaseFileError, match="row 2: no such want: tea"):
        read_sayings("said,wants\nhi,tea\n")
    [one] = score_sayings(read_sayings("said,wants\nkeno?,answer|help\n")).heard
    assert one.understood
