"""A pupil sees what was missed and tries a variant of it with one tap."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from src import clock, database
from src.models import Problem, Session
from tests.acceptance.conftest import MakePupil
from tests.acceptance.pupil import Pupil, text_of
from tests.acceptance.test_practice import right_answer
from tests.acceptance.test_topic import all_of


async def pair_up() -> None:
    """Make every second problem of a difficulty a variant of the one before it."""
    async with database.session_scope() as db:
        found = list(await db.scalars(select(Problem).order_by(Problem.id)))
        for one, other in zip(found[::2], found[1::2], strict=True):
            other.variant_of, other.difficulty = one.external_id, one.difficulty


async def family_of(problem_id: int) -> str:
    async with database.read_scope() as db:
        problem = await db.get_one(Problem, problem_id)
        return problem.variant_of or problem.external_id


async def latest() -> Session:
    found: Session = (await all_of(Session))[-1]
    return found


async def miss_one(pupil: Pupil) -> int:
    """Skip the first problem of a session and solve the rest; return what was missed."""
    await pupil.say("/practice")
    asked = text_of(await pupil.skip())
    for _ in range(4):
        asked = text_of(await pupil.say(str(right_answer(asked))))
    return (await latest()).problem_ids[0]


async def test_what_was_missed_is_one_tap_from_a_variant(pupil: Pupil) -> None:
    await pair_up()
    assert "Nothing is waiting" in text_of(await pupil.say("/mistakes"))
    missed = await miss_one(pupil)
    shown = text_of(await pupil.say("/mistakes"))
    assert "1." in shown
    assert "2." not in shown
    asked = text_of(await pupil.tap("Try 1 again"))
    assert "one like it" in asked
    assert "Question 1 of 5" in asked
    session = await latest()
    assert session.problem_ids[0] != missed
    assert await family_of(session.problem_ids[0]) == await family_of(missed)
    assert session.picks is not None
    assert session.picks[0]["slot"] == "missed"
    assert len(set(session.problem_ids)) == 5
    await pupil.say(str(right_answer(asked)))
    assert "Nothing is waiting" in text_of(await pupil.say("/mistakes"))


@pytest.mark.parametrize("words", ["my mistakes", "amar bhul", "আমার ভুলগুলো দেখাও"])
async def test_in_words_it_is_the_same(pupil: Pupil, words: str) -> None:
    await miss_one(pupil)
    assert "To try again" in text_of(await pupil.say(words))
    await pupil.say("/practice")
    assert "To try again" in text_of(await pupil.say(words))


async def test_in_a_session_it_takes_the_place_of_what_is_not_begun(pupil: Pupil) -> None:
    await pair_up()
    missed = await miss_one(pupil)
    await pupil.say("/practice")
    async with database.session_scope() as db:
        await db.execute(update(Session).values(stretch_index=0))
    before = await latest()
    await pupil.say("/mistakes")
    asked = text_of(await pupil.tap("Try 1 again"))
    assert "Question 1 of 5" in asked
    after = await latest()
    assert after.id == before.id
    assert await family_of(after.problem_ids[0]) == await family_of(missed)
    assert len(set(after.problem_ids)) == 5
    assert "✅" in text_of(await pupil.say(str(right_answer(asked))))


async def test_a_begun_question_comes_first(pupil: Pupil) -> None:
    await pair_up()
    missed = await miss_one(pupil)
    await pupil.say("/practice")
    await pupil.tap("Hint 1")
    first = (await latest()).problem_ids[0]
    await pupil.say("/mistakes")
    assert "right after this question" in text_of(await pupil.tap("Try 1 again"))
    session = await latest()
    assert session.problem_ids[0] == first
    assert await family_of(session.problem_ids[1]) == await family_of(missed)


async def test_the_last_question_is_finished_before(pupil: Pupil) -> None:
    await miss_one(pupil)
    await pupil.say("/practice")
    for _ in range(4):
        await pupil.skip()
    await pupil.tap("Hint 1")
    await pupil.say("/mistakes")
    assert "Finish this question first" in text_of(await pupil.tap("Try 1 again"))


async def test_of_a_session_that_ran_out_a_new_one_begins(pupil: Pupil) -> None:
    await miss_one(pupil)
    await pupil.say("/practice")
    async with database.session_scope() as db:
        over = clock.now() - timedelta(minutes=1)
        await db.execute(update(Session).where(Session.status == "active").values(expires_at=over))
    await pupil.say("/mistakes")
    assert "Question 1 of 5" in text_of(await pupil.tap("Try 1 again"))


async def test_a_button_of_somebody_else_does_nothing(pupil: Pupil, make_pupil: MakePupil) -> None:
    missed = await miss_one(pupil)
    other = make_pupil()
    await other.register()
    said = await other.say("/mistakes")
    assert "button is old" in text_of(await other.tap_data(said[-1]["message_id"], f"1:x:{missed}"))
    assert len(await all_of(Session)) == 1
