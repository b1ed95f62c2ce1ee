"""What costs a pupil no try, and how a session waits for them."""

from typing import Any

import pytest
from sqlalchemy import update

from src import clock, database
from src.models import Problem, Response, Session, SessionStatus
from tests.acceptance.conftest import MakePupil
from tests.acceptance.pupil import Pupil, text_of
from tests.acceptance.test_practice import all_of, end_session, long_ago, right_answer


async def ask_for(**values: Any) -> None:
    async with database.session_scope() as db:
        await db.execute(update(Problem).values(misconceptions=[], **values))


async def test_any_earlier_wrong_answer_costs_no_second_try(pupil: Pupil) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    await pupil.say("7")
    assert "Tries left: 1" in text_of(await pupil.say("8"))
    for again in ("7", "৭", "7.0", "8", "৮"):
        said = text_of(await pupil.say(again))
        assert "same answer as before" in said
        assert "did not cost you a try" in said
    [response] = await all_of(Response)
    assert response.attempts == 2
    assert "✅" in text_of(await pupil.say(str(right)))


DRESSES = [
    ({"answer_type": "quantity", "answer": "24 m^2"}, "24 m", "look at the unit", "24 m2"),
    ({"answer_type": "quantity", "answer": "32°"}, "৩২%", "look at the unit", "৩২"),
    ({"answer_type": "money", "answer": "42320"}, "42320 $", "look at the unit", "42320"),
    ({"answer_type": "percent", "answer": "30%"}, "0.3", "with the sign %", "30%"),
    ({"answer_type": "number", "answer": "11/24"}, "0.46", "rounded", "11/24"),
]


async def test_the_right_number_in_another_dress_costs_no_try(pupil: Pupil) -> None:
    await pupil.say("/practice")
    for asked, typed, said, right in DRESSES:
        await ask_for(**asked)
        for _ in range(4):
            told = text_of(await pupil.say(typed))
            assert said in told
            assert "did not cost you a try" in told
        assert "✅" in text_of(await pupil.say(right))
    assert [r.attempts for r in await all_of(Response)] == [1] * 5


async def test_a_doubled_right_answer_is_known_where_the_next_question_cannot_read_it(
    pupil: Pupil,
) -> None:
    await ask_for(answer_type="expression", answer="9x^2-y^2")
    await pupil.say("/practice")
    await pupil.say("9x^2 - y^2")
    [session] = await all_of(Session)
    async with database.session_scope() as db:
        following = Problem.id == session.problem_ids[1]
        await db.execute(
            update(Problem).where(following).values(answer_type="quantity", answer="40°")
        )
    assert "came twice" in text_of(await pupil.say("9x^2 - y^2"))


async def test_without_hints_left_none_is_offered(pupil: Pupil) -> None:
    await pupil.say("/practice")
    assert "take a hint" in text_of(await pupil.say("7"))
    for step in (1, 2, 3):
        await pupil.tap(f"Hint {step}/3")
    for text in ("8", "7", "idk"):
        said = await pupil.say(text)
        assert "hint" not in str(said).lower(), text


async def test_after_a_solution_nothing_is_judged_until_the_next_question_is_seen(
    pupil: Pupil,
) -> None:
    await pupil.say("/practice")
    await pupil.tap("Skip")
    for text in ("5", "/skip", "/hint", "hint", "why?", "I do not understand"):
        said = await pupil.say(text)
        assert "Take your time" in text_of(said), text
        assert "Next question" in str(said), text
    [response] = await all_of(Response)
    assert (response.attempts, response.skipped) == (0, True)
    await long_ago()
    before = clock.now()
    assert "Question 2 of 5" in text_of(await pupil.tap("Next question"))
    [session] = await all_of(Session)
    assert session.shown_at >= before
    assert await pupil.tap("Next question") == []
    await long_ago()
    # Something else in between: the next tap is no second one of the same thumb.
    await pupil.say("/streak")
    assert "Question 2 of 5" in text_of(await pupil.tap("Next question"))


@pytest.mark.parametrize("word", ["next", "yes", "skip"])
async def test_a_word_asks_for_the_next_question_too(pupil: Pupil, word: str) -> None:
    await pupil.say("/practice")
    await pupil.tap("Skip")
    assert "Question 2 of 5" in text_of(await pupil.say(word))
    assert [r.skipped for r in await all_of(Response)] == [True]


async def test_a_second_tap_that_came_at_once_says_nothing(pupil: Pupil) -> None:
    start, begin = await pupil.find_button("Start")
    assert "Question 1 of 5" in text_of(await pupil.tap("Start"))
    assert await pupil.tap_data(start, begin) == []
    message, data = await pupil.find_button("Skip")
    await pupil.tap("Skip")
    assert await pupil.tap_data(message, data) == []
    assert "button is old" not in text_of(await pupil.chat())
    assert [r.skipped for r in await all_of(Response)] == [True]


async def test_a_second_skip_of_the_last_question_says_nothing(pupil: Pupil) -> None:
    await pupil.say("/practice")
    for _ in range(4):
        await pupil.skip()
    message, data = await pupil.find_button("Skip")
    assert "Session finished" in text_of(await pupil.tap("Skip"))
    assert await pupil.tap_data(message, data) == []


async def test_a_right_answer_after_the_solution_is_told_kindly(pupil: Pupil) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    for wrong in (1, 2, 3):
        await pupil.say(str(wrong))
    said = await pupil.say(str(right))
    assert "Yes, that is it" in text_of(said)
    assert "Question 2" in str(await pupil.tap("question 2"))
    [response] = await all_of(Response)
    assert (response.is_correct, response.attempts) == (False, 3)


async def test_a_right_answer_after_the_last_solution_is_told_kindly(pupil: Pupil) -> None:
    said = await pupil.say("/practice")
    for _ in range(4):
        said = await pupil.skip()
    right = right_answer(text_of(said))
    await pupil.skip()
    assert "Yes, that is it" in text_of(await pupil.say(str(right)))
    assert "No question is open" in text_of(await pupil.say("5"))
    [session] = await all_of(Session)
    assert session.problems_correct == 0


@pytest.mark.parametrize("marked", [False, True])
async def test_a_right_answer_after_the_day_counts(pupil: Pupil, marked: bool) -> None:
    said = text_of(await pupil.say("/practice"))
    said = text_of(await pupil.say(str(right_answer(said))))
    await end_session()
    if marked:
        async with database.session_scope() as db:
            await db.execute(update(Session).values(status=SessionStatus.EXPIRED))
    told = await pupil.say(str(right_answer(said)))
    assert "it counts as solved" in text_of(told)
    assert "Five more problems" in str(told) or "Start today's" in str(told)
    [session] = await all_of(Session)
    assert session.problems_correct == 2
    assert [(r.is_correct, r.attempts) for r in await all_of(Response)] == [(True, 1)] * 2
    assert "Problems: 2, right: 2" in text_of(await pupil.say("/progress"))
    again = text_of(await pupil.say(str(right_answer(said))))
    assert "counts" not in again


async def test_the_way_is_shown_after_a_right_answer_to_its_pupil_alone(
    pupil: Pupil, make_pupil: MakePupil
) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    said = await pupil.say(str(right))
    assert "Question 2 of 5" in text_of(said)
    way = text_of(await pupil.tap("See the way: question 1"))
    assert f"Add the thousands first: {right}" in way
    message, data = await pupil.find_button("See the way")
    await pupil.say("7")
    [other] = [r for r in await all_of(Response) if not r.is_correct]
    told = text_of(await pupil.tap_data(message, f"1:w:{other.id}"))
    assert "button is old" in told
    stranger = make_pupil()
    await stranger.register()
    asked = await stranger.say("/practice")
    assert "Solution" not in text_of(await stranger.tap_data(asked[-1]["message_id"], data))


async def test_one_right_answer_or_none_ends_with_a_kind_line(pupil: Pupil) -> None:
    said = text_of(await pupil.say("/practice"))
    await pupil.say(str(right_answer(said)))
    for _ in range(4):
        said = text_of(await pupil.skip())
    assert "hard today" in said
    said = text_of(await pupil.tap("Five more"))
    for _ in range(2):
        said = text_of(await pupil.say(str(right_answer(said))))
    for _ in range(3):
        said = text_of(await pupil.skip())
    assert "Right: 2 of 5" in said
    assert "hard today" not in said


async def test_after_todays_session_each_way_on_has_one_name(pupil: Pupil) -> None:
    said = text_of(await pupil.say("/practice"))
    for _ in range(5):
        said = text_of(await pupil.say(str(right_answer(said))))
    for command in ("/progress", "/streak", "/help", "/start"):
        said_there = str(await pupil.say(command))
        assert "Five more problems" in said_there, command
        assert "Go on" not in said_there, command
