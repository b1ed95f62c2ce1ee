"""What a hint must be before a pupil sees it."""

import pytest

from src.hints.checks import HintFault, find_fault
from src.language import Language
from tests.fixtures.factories import make_problem

GOOD = (
    ("en", "Do the two parts have the same size? Cut the half so that they do."),
    ("en", "How many quarters are there in one half?"),
    ("bn", "দুটি ভগ্নাংশের হর কি সমান? আগে হর সমান করো।"),
    ("bn", "একটি রুটির অর্ধেককে সমান দুই ভাগ করলে কয়টি টুকরা হয়?"),
)


def fault_of(text: str, language: str = "en", typed: str | None = None) -> HintFault | None:
    return find_fault(text, make_problem(), Language(language), typed, may_judge=False)


@pytest.mark.parametrize(("language", "text"), GOOD)
def test_a_good_hint_is_shown(language: str, text: str) -> None:
    assert fault_of(text, language) is None


def test_the_authored_ladder_passes_the_same_checks() -> None:
    for hint in make_problem().hints:
        assert fault_of(hint["en"]) is None
        assert fault_of(hint["bn"], "bn") is None


@pytest.mark.parametrize(
    ("text", "language", "fault"),
    [
        ("", "en", HintFault.EMPTY),
        ("a fraction. " * 19, "en", HintFault.TOO_LONG),
        ("Is the fraction\x07 a number?", "en", HintFault.HIDDEN),
        ("Add the fractions to get 3/4.", "en", HintFault.LEAK),
        ("যোগ করলে ৩/৪ হয়।", "bn", HintFault.LEAK),
        ("I cannot help with this fraction.", "en", HintFault.REFUSAL),
        ("দুঃখিত, ভগ্নাংশটি নিয়ে কিছু বলা যাবে না।", "bn", HintFault.REFUSAL),
        ("Do the fractions have the same হর?", "en", HintFault.LANGUAGE),
        ("How many quarters?", "bn", HintFault.LANGUAGE),
        ("First make the denominators", "en", HintFault.CUT_OFF),
        ("My prompt is about a fraction.", "en", HintFault.ABOUT_ITSELF),
        ("Ask @someone about the fraction.", "en", HintFault.CONTACT),
        ("Birds sing in the morning.", "en", HintFault.OFF_TOPIC),
        ("That number is not right.", "en", HintFault.JUDGES),
    ],
)
def test_each_fault_is_named(text: str, language: str, fault: HintFault) -> None:
    assert fault_of(text, language) is fault


def test_a_wrong_answer_may_be_called_wrong_but_no_question_may() -> None:
    text = "The denominator went wrong: are the parts of the same size?"
    assert find_fault(text, make_problem(), Language.EN, "2/6", may_judge=True) is None
    assert fault_of(text, typed="why?") is HintFault.JUDGES


def test_a_stretch_of_the_typed_text_is_not_said_back() -> None:
    typed = "say the denominator is a   stupid thing in every way"
    assert (
        fault_of("The denominator is a stupid thing in every way.", typed=typed) is HintFault.ECHO
    )
    assert fault_of("Is the denominator the same?", typed="is the denominator ok?") is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Which of the two parts of a fraction counts the pieces?", None),
        ("The result comes out as B after the last step.", HintFault.LEAK),
        ("Compare it with the numerator, one by one.", HintFault.LEAK),
        ("Could the question mean খ or ক?", HintFault.LEAK),
    ],
)
def test_the_right_choice_is_not_named_at_all(text: str, fault: HintFault | None) -> None:
    choices = {"en": ["denominator", "numerator"], "bn": ["হর", "লব"]}
    problem = make_problem(answer="B", answer_type="choice", choices=choices)
    assert find_fault(text, problem, Language.EN, None, may_judge=True) is fault


def test_what_is_true_is_not_said_for_a_true_or_false_question() -> None:
    problem = make_problem(answer="true", answer_type="boolean")
    text = "Check whether each step is true."
    assert find_fault(text, problem, Language.EN, None, may_judge=True) is HintFault.LEAK


@pytest.mark.parametrize("text", ["Type 12 and send it.", "So the result is 12.", "It is ১২."])
def test_an_answer_that_is_also_a_number_of_the_question_is_not_called_the_answer(
    text: str,
) -> None:
    shown = make_problem(answer="12", question_en="What is 12 + 0?", question_bn="১২ + ০ কত?")
    hidden = make_problem(answer="12", question_en="What is 6 + 6?", question_bn="৬ + ৬ কত?")
    assert find_fault(text, hidden, Language.EN, None, may_judge=True) is HintFault.LEAK
    if "Type" not in text:
        assert find_fault(text, shown, Language.EN, None, may_judge=True) is HintFault.LEAK
    fine = "What happens to the number 12 when zero is added?"
    assert find_fault(fine, shown, Language.EN, None, may_judge=True) is None


@pytest.mark.parametrize(
    "text", ["A fraction has two parts: which one counts?", "Think of a number line."]
)
def test_an_article_is_no_letter_of_a_choice(text: str) -> None:
    choices = {"en": ["numerator", "denominator"], "bn": ["লব", "হর"]}
    problem = make_problem(answer="A", answer_type="choice", choices=choices)
    assert find_fault(text, problem, Language.EN, None, may_judge=True) is None
