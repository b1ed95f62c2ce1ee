"""A mistake that comes again and again is told, looked at again, and gone; over HTTP."""

import re

import pytest
from sqlalchemy import select, update

from src import database
from src.models import Attempt, MisconceptionState, Problem, Session
from tests.acceptance.conftest import MakePupil
from tests.acceptance.pupil import Pupil, text_of
from tests.fixtures.factories import make_misconception

ID = "too-few-zeros"
LATIN = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")


def addend(text: str) -> int:
    latin = text.translate(LATIN)
    found = re.findall(r"1000 \+ (\d+)\?", latin) or re.findall(r"(\d+) এর সাথে 1000", latin)
    return int(found[-1])


def right(text: str) -> str:
    return str(1000 + addend(text))


async def every_mistake_has_one_behind_it() -> None:
    """Give every problem's mistake, which is 1000 read as 100, the same misconception."""
    async with database.session_scope() as db:
        db.add(make_misconception(id=ID))
        for problem in await db.scalars(select(Problem)):
            [mistake] = problem.misconceptions
            problem.misconceptions = [{**mistake, "id": ID}]


async def states() -> list[MisconceptionState]:
    async with database.read_scope() as db:
        return list(await db.scalars(select(MisconceptionState)))


async def slip_then_solve(pupil: Pupil, asked: str) -> tuple[str, str]:
    """Make the mistake and then answer right; return what was said to each."""
    first = text_of(await pupil.say(str(100 + addend(asked))))
    return first, text_of(await pupil.say(right(asked)))


@pytest.fixture
async def mapped(bot: None) -> None:
    """The library, with something behind its mistakes."""
    await every_mistake_has_one_behind_it()


async def test_it_is_told_at_the_third_problem_and_only_once(mapped: None, pupil: Pupil) -> None:
    asked, told = text_of(await pupil.say("/practice")), []
    for _ in range(4):
        said, asked = await slip_then_solve(pupil, asked)
        told.append("I noticed" in said)
        if told[-1]:
            assert "Losing a zero" in said
            assert "Count the places." in said

    assert told == [False, False, True, False]
    [state] = await states()
    assert (state.misconception_id, state.rights, state.gone_at) == (ID, 0, None)
    async with database.read_scope() as db:
        seen = list(await db.scalars(select(Attempt.misconception_id).order_by(Attempt.id)))
    assert seen == [ID, None] * 4


async def test_twice_in_one_problem_is_once(mapped: None, pupil: Pupil) -> None:
    asked = text_of(await pupil.say("/practice"))
    for _ in range(2):
        said, asked = await slip_then_solve(pupil, asked)
    await pupil.say("1")
    await pupil.say("2")
    said = text_of(await pupil.say(str(100 + addend(asked))))

    assert "I noticed" in said
    assert "Add the thousands first" in said


async def test_its_problem_comes_in_the_next_session_until_it_is_gone(
    bot: None, pupil: Pupil
) -> None:
    asked = text_of(await pupil.say("/practice"))
    async with database.session_scope() as db:
        db.add(make_misconception(id=ID))
        [session] = await db.scalars(select(Session))
        problems = list(await db.scalars(select(Problem).where(Problem.grade == 7)))
        outside = [p for p in problems if p.id not in session.problem_ids]
        # Two more that could show it, besides three of this session: one stays for two sessions.
        listing = {*session.problem_ids[:3], *(p.id for p in outside[-2:])}
        for problem in problems:
            if problem.id in listing:
                problem.misconceptions = [{**problem.misconceptions[0], "id": ID}]
    for _ in range(3):
        said, asked = await slip_then_solve(pupil, asked)
    assert "I noticed" in said
    for _ in range(2):
        asked = text_of(await pupil.say(right(asked)))

    sessions = 0
    while "you got it right twice" not in asked:
        sessions += 1
        asked = text_of(await pupil.tap("Five more"))
        async with database.read_scope() as db:
            chosen = (await db.scalars(select(Session).order_by(Session.id.desc()))).first()
        assert chosen is not None
        assert {*chosen.problem_ids} & {p.id for p in outside[-2:]}
        for _ in range(5):
            asked = text_of(await pupil.say(right(asked)))
    # Both may have come in one: chance chooses the other four.
    assert sessions <= 2
    [state] = await states()
    assert state.gone_at is not None
    assert state.rights == 2


async def test_it_can_come_back_and_is_told_again(mapped: None, pupil: Pupil) -> None:
    asked = text_of(await pupil.say("/practice"))
    for _ in range(3):
        said, asked = await slip_then_solve(pupil, asked)
    for _ in range(2):
        asked = text_of(await pupil.say(right(asked)))
    assert "you got it right twice" in asked
    asked, told = text_of(await pupil.tap("Five more")), []
    for _ in range(3):
        said, asked = await slip_then_solve(pupil, asked)
        told.append("I noticed" in said)

    assert told == [False, False, True]
    [state] = await states()
    assert state.gone_at is None


async def test_a_lesson_that_gives_the_answer_away_waits_for_the_end(
    mapped: None, pupil: Pupil
) -> None:
    asked = text_of(await pupil.say("/practice"))
    for _ in range(2):
        _, asked = await slip_then_solve(pupil, asked)
    async with database.session_scope() as db:
        await db.execute(
            update(Problem.metadata.tables["misconceptions"]).values(
                lesson_en=f"The answer is {right(asked)}."
            )
        )
    said = text_of(await pupil.say(str(100 + addend(asked))))
    assert "I noticed" not in said
    assert right(asked) not in said
    assert await states() == []


async def test_it_is_told_in_bangla(mapped: None, make_pupil: MakePupil) -> None:
    pupil = make_pupil(language_code="bn")
    await pupil.register(language="বাংলা")
    asked = text_of(await pupil.say("/practice"))
    for _ in range(3):
        said, asked = await slip_then_solve(pupil, asked)

    assert "একটি জিনিস চোখে পড়ল" in said
    assert "ঘরগুলো গুনে দেখো" in said
    for _ in range(2):
        asked = text_of(await pupil.say(right(asked)))
    assert "এবার দুটি অঙ্কে ঠিক করেছ" in asked
