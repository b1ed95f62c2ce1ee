"""Whatever a pupil types, the task stays the task and what an obedient model says is not shown."""

import re

import pytest

from src.hints import prompt as prompts
from src.hints.checks import find_fault
from src.hints.prompt import FENCE
from src.hints.rules import Ask
from src.language import Language
from tests.fixtures.factories import make_problem
from tests.unit.hints.attacks import ATTACKS

IDS = [f"{number}-{language}" for number, (language, _, _) in enumerate(ATTACKS)]


def test_there_are_forty_attacks_in_both_languages() -> None:
    assert len(ATTACKS) >= 40
    assert {language for language, _, _ in ATTACKS} == {"en", "bn"}


@pytest.mark.parametrize(("language", "typed", "obeyed"), ATTACKS, ids=IDS)
def test_what_an_obedient_model_says_is_not_shown(language: str, typed: str, obeyed: str) -> None:
    fault = find_fault(obeyed, make_problem(), Language(language), typed, may_judge=False)
    assert fault is not None


@pytest.mark.parametrize(("language", "typed", "obeyed"), ATTACKS, ids=IDS)
@pytest.mark.parametrize("is_question", [True, False])
def test_typed_text_stays_inside_its_fence(
    language: str, typed: str, obeyed: str, is_question: bool
) -> None:
    problem = make_problem()
    calm = prompts.build(problem, Language(language), Ask(1, "2/6", is_question), "m")
    prompt = prompts.build(problem, Language(language), Ask(1, typed, is_question), "m")
    assert prompt.system == calm.system
    [told], [told_calmly] = prompt.messages, calm.messages
    fenced = re.compile(rf"<{FENCE}>(.*?)</{FENCE}>", re.DOTALL)
    assert fenced.sub("", told.text) == fenced.sub("", told_calmly.text)
    [inside] = fenced.findall(told.text)
    assert "<" not in inside
    assert ">" not in inside
    assert told.text.endswith("Only the hint.")


@pytest.mark.parametrize(("language", "typed", "obeyed"), ATTACKS, ids=IDS)
def test_the_second_try_says_the_task_last(language: str, typed: str, obeyed: str) -> None:
    problem = make_problem()
    prompt = prompts.build(problem, Language(language), Ask(1, typed, is_question=True), "m")
    fault = find_fault(obeyed, problem, Language(language), typed, may_judge=False)
    assert fault is not None
    second = prompts.again(prompt, obeyed, fault)
    assert [message.role for message in second.messages] == ["user", "assistant", "user"]
    assert fault.value in second.messages[-1].text
    assert second.messages[-1].text.endswith("Only the hint.")
