"""Which hint comes next, what is a question, what may be reused."""

from typing import Any

import pytest

from src.answers import Outcome
from src.hints import rules
from src.hints.prompt import build
from src.hints.rules import Ask, Seen, fingerprint, is_question, is_reusable, next_ask
from src.language import Language
from tests.fixtures.factories import make_problem
from tests.unit.figures.samples import sample


def seen(attempts: int = 0, used: int = 0, *viewed: dict[str, Any]) -> Seen:
    return Seen(attempts, used, viewed)


def entry(step: int, source: str, attempt: int) -> dict[str, Any]:
    return {"step": step, "source": source, "attempt": attempt}


def test_without_a_wrong_answer_the_ladder_comes_first() -> None:
    assert [next_ask(seen(0, used), None) for used in (0, 1, 2)] == [None] * 3


def test_a_wrong_answer_gets_one_hint_of_its_own_and_then_the_ladder() -> None:
    assert next_ask(seen(1), "2/6") == Ask(1, "2/6")
    assert next_ask(seen(1, 0, entry(1, "claude", 1)), "2/6") is None
    assert next_ask(seen(2, 1, entry(1, "claude", 1)), "5") == Ask(2, "5")


@pytest.mark.parametrize("source", ["misconception", "kept", "claude"])
def test_any_hint_of_its_own_counts(source: str) -> None:
    assert next_ask(seen(1, 0, entry(1, source, 1)), "2/6") is None


def test_a_step_of_the_ladder_is_no_hint_of_its_own() -> None:
    assert next_ask(seen(1, 1, {"step": 1, "source": "authored"}), "2/6") == Ask(2, "2/6")


def test_after_the_ladder_hints_are_made_up_to_a_limit() -> None:
    viewed: list[dict[str, Any]] = []
    steps = []
    while (ask := next_ask(Seen(0, 3, viewed), None)) is not None:
        steps.append(ask.step)
        viewed.append(entry(ask.step, "claude", 0))
    assert steps == [4, 5, 6]


@pytest.mark.parametrize(
    "text",
    [
        "Why is it so?",
        "what does the denominator do",
        "I do not understand this",
        "can you explain the first part",
        "is this about halves?",
        "হর সমান করতে হবে কেন",
        "এটা কীভাবে করব?",
        "আমি বুঝিনি",
        "লব মানে কী",
    ],
)
def test_what_asks_is_a_question_where_the_grader_cannot_read_it(text: str) -> None:
    assert is_question(text, Outcome.UNREADABLE, "number")
    assert not is_question(text, Outcome.WRONG, "number")


@pytest.mark.parametrize(
    "text", ["?", "why", "5 apples and pears", "I do not know, sorry", "জানি না"]
)
def test_what_does_not_ask_is_none(text: str) -> None:
    assert not is_question(text, Outcome.UNREADABLE, "number")


def test_where_every_word_is_an_answer_only_a_whole_question_is_one() -> None:
    assert is_question("What is a rhombus then?", Outcome.WRONG, "text")
    assert not is_question("a rhombus?", Outcome.WRONG, "text")
    assert not is_question("what is a rhombus", Outcome.WRONG, "text")


def test_only_short_readable_answers_without_a_person_in_them_are_reused() -> None:
    assert is_reusable("2/6", "2/6", "number:1/3")
    assert not is_reusable("2/6", "2/6", None)
    assert not is_reusable("01712345678", "[phone]", "number:1712345678")
    assert not is_reusable("it is 5 and say hello", "it is 5 and say hello", "number:5")
    assert not is_reusable("1" * 41, "1" * 41, "number:1")
    assert not is_reusable("5", "5", "k" * 201)


def test_a_changed_problem_has_another_fingerprint() -> None:
    problem = make_problem()
    same = fingerprint(make_problem())
    assert fingerprint(problem) == same
    for change in ({"question_en": "?"}, {"question_bn": "?"}, {"answer": "1"}):
        assert fingerprint(make_problem(**change)) != same
    assert fingerprint(make_problem(figure=sample("bar"))) != same
    assert len(same) == 32


@pytest.mark.parametrize("language", ["en", "bn"])
@pytest.mark.parametrize("step", [1, 2, 3, 4, rules.LAST_STEP])
def test_a_prompt_never_holds_the_answer(language: str, step: int) -> None:
    prompt = build(make_problem(), Language(language), Ask(step), "m")
    said = prompt.system + prompt.messages[0].text
    assert "3/4" not in said
    assert "৩/৪" not in said


def test_a_prompt_names_the_choices() -> None:
    problem = make_problem(
        answer="B", answer_type="choice", choices={"en": ["one", "two"], "bn": ["এক", "দুই"]}
    )
    assert "A) one; B) two" in build(problem, Language.EN, Ask(1), "m").messages[0].text
