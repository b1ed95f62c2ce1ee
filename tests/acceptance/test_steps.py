"""A problem step by step, offered after the second wrong answer; over HTTP."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from src import database
from src.models import Problem, Response, ResponseStep
from tests.acceptance.conftest import MakePupil
from tests.acceptance.pupil import Pupil, text_of

STEPS = [
    {"en": "What is 2 + 3?", "bn": "২ + ৩ কত?", "answer": "5", "type": "number", "options": {}},
    {"en": "What is 4 + 4?", "bn": "৪ + ৪ কত?", "answer": "8", "type": "number", "options": {}},
]
LATIN = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")


def right(text: str) -> str:
    latin = text.translate(LATIN)
    found = re.findall(r"1000 \+ (\d+)\?", latin) or re.findall(r"(\d+) এর সাথে 1000", latin)
    return str(1000 + int(found[-1]))


@pytest.fixture
async def stepped(bot: None) -> None:
    """The library, every problem with two steps."""
    async with database.session_scope() as db:
        for problem in await db.scalars(select(Problem)):
            problem.steps = STEPS


async def rows_of(model: type[Any]) -> list[Any]:
    async with database.read_scope() as db:
        return list(await db.scalars(select(model).order_by(model.id)))


async def offered(pupil: Pupil) -> str:
    """Answer twice wrong and take the steps; return the question."""
    asked = text_of(await pupil.say("/practice"))
    assert "step by step" not in text_of(await pupil.say("1"))
    assert "Shall we go step by step?" in text_of(await pupil.say("2"))
    said = text_of(await pupil.tap("Step by step"))
    assert "Step 1 of 2" in said
    assert "What is 2 + 3?" in said
    return asked


async def test_steps_lead_back_to_the_question_and_count_as_help(
    stepped: None, pupil: Pupil
) -> None:
    asked = await offered(pupil)
    said = text_of(await pupil.say("5"))
    assert "Right!" in said
    assert "Step 2 of 2" in said
    said = text_of(await pupil.say("8"))
    assert "all the pieces" in said
    assert right(said) == right(asked)
    assert "Question 2 of 5" in text_of(await pupil.say(right(asked)))

    [response] = await rows_of(Response)
    assert (response.is_correct, response.attempts, response.with_steps) == (True, 3, True)
    assert response.step_at is None
    steps = await rows_of(ResponseStep)
    assert [(one.step, one.typed, one.verdict) for one in steps] == [
        (1, "5", "correct"),
        (2, "8", "correct"),
    ]


async def test_a_wrong_step_costs_no_try_and_is_shown_the_second_time(
    stepped: None, pupil: Pupil
) -> None:
    await offered(pupil)
    said = text_of(await pupil.say("6"))
    assert "costs no try" in said
    assert "Step 1 of 2" in said
    assert "just the answer" in text_of(await pupil.say("6 and 3 or so"))
    said = text_of(await pupil.say("7"))
    assert "Here it is 5" in said
    assert "Step 2 of 2" in said

    [response] = await rows_of(Response)
    assert (response.attempts, response.closed_at) == (2, None)
    verdicts = [one.verdict for one in await rows_of(ResponseStep)]
    assert verdicts == ["wrong", "unreadable", "wrong"]


async def test_the_answer_to_the_question_is_taken_among_the_steps(
    stepped: None, pupil: Pupil
) -> None:
    asked = await offered(pupil)
    assert "Question 2 of 5" in text_of(await pupil.say(right(asked)))
    [response] = await rows_of(Response)
    assert (response.is_correct, response.with_steps) == (True, True)
    assert await rows_of(ResponseStep) == []


async def test_whoever_comes_back_is_asked_the_same_step(stepped: None, pupil: Pupil) -> None:
    await offered(pupil)
    await pupil.say("5")
    said = text_of(await pupil.say("/practice"))
    assert "Question 1 of 5" in said
    assert "Step 2 of 2" in said


async def test_skip_ends_the_steps_with_the_solution(stepped: None, pupil: Pupil) -> None:
    await offered(pupil)
    assert "Add the thousands first" in text_of(await pupil.tap("Skip"))
    said = text_of(await pupil.tap("Next"))
    assert "Not quite" in text_of(await pupil.say("1"))
    assert "Question 2 of 5" in said


async def test_a_problem_without_steps_offers_none(pupil: Pupil) -> None:
    await pupil.say("/practice")
    await pupil.say("1")
    assert "step by step" not in text_of(await pupil.say("2"))


async def test_steps_in_bangla(stepped: None, make_pupil: MakePupil) -> None:
    pupil = make_pupil(language_code="bn")
    await pupil.register(language="বাংলা")
    await pupil.say("/practice")
    await pupil.say("১")
    assert "ধাপে ধাপে করি" in text_of(await pupil.say("২"))
    said = text_of(await pupil.tap("ধাপে ধাপে"))
    assert "ধাপ ১ / ২" in said
    assert "২ + ৩ কত?" in said
    await pupil.say("৪")
    assert "এখানে হবে ৫" in text_of(await pupil.say("৩"))
