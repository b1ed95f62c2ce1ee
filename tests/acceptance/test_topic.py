"""A pupil chooses a chapter, prepares for a test, and tries again what was missed."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from src import clock, database
from src.models import Problem, Session, Wish
from tests.acceptance.pupil import Pupil, text_of


async def all_of(model: type[Any]) -> list[Any]:
    async with database.read_scope() as db:
        return list((await db.scalars(select(model).order_by(*model.__table__.primary_key))).all())


async def add_chapter(count: int = 6) -> None:
    """Turn some problems into a chapter on sets."""
    async with database.session_scope() as db:
        ids = list(await db.scalars(select(Problem.id).where(Problem.grade == 7).limit(count)))
        await db.execute(update(Problem).where(Problem.id.in_(ids)).values(topic="sets"))


async def topics_of_latest() -> list[str]:
    session = (await all_of(Session))[-1]
    topics = {problem.id: problem.topic for problem in await all_of(Problem)}
    return [topics[one] for one in session.problem_ids]


async def test_the_five_come_from_a_chapter_until_a_test(pupil: Pupil) -> None:
    await add_chapter()
    assert "Which chapter" in text_of(await pupil.say("/topic"))
    assert "for a week, or until a test" in text_of(await pupil.tap("Sets"))
    day = clock.local_day(clock.now(), "Asia/Dhaka") + timedelta(days=3)
    assert f"your test on {day:%A}" in text_of(await pupil.tap(f"Test: {day:%A}"))
    [wish] = await all_of(Wish)
    assert (wish.topic, wish.until, wish.is_test) == ("sets", day, True)
    await pupil.tap("Go on")
    assert set(await topics_of_latest()) == {"sets"}
    assert "come from: Sets" in text_of(await pupil.say("/topic"))
    assert "all chapters again" in text_of(await pupil.tap("All chapters"))
    assert await all_of(Wish) == []


async def test_a_wish_ends_by_itself(pupil: Pupil) -> None:
    await add_chapter(5)
    await pupil.say("/topic")
    await pupil.tap("Sets")
    await pupil.tap("For a week")
    yesterday = clock.local_day(clock.now(), "Asia/Dhaka") - timedelta(days=1)
    async with database.session_scope() as db:
        await db.execute(update(Wish).values(until=yesterday))
    await pupil.say("/practice")
    assert set(await topics_of_latest()) != {"sets"}
    assert "Which chapter" in text_of(await pupil.say("/topic"))


async def test_a_button_of_long_ago_or_a_forged_one_changes_nothing(pupil: Pupil) -> None:
    await add_chapter()
    await pupil.say("/topic")
    message, _ = await pupil.find_button("Sets")
    for data in ("sets:test:2020-01-01", "sets:week:2999-01-01", "sets:test:x", "nonsense"):
        assert "button is old" in text_of(await pupil.tap_data(message, f"1:o:{data}"))
    assert await all_of(Wish) == []


async def test_what_was_missed_opens_the_next_five_with_one_tap(pupil: Pupil) -> None:
    await pupil.say("/practice")
    for _ in range(5):
        await pupil.skip()
    first = (await all_of(Session))[-1]
    assert "Question 1 of 5" in text_of(await pupil.tap("Try the missed one again"))
    second = (await all_of(Session))[-1]
    assert second.id > first.id
    assert second.picks[0]["slot"] == "missed"
    assert second.problem_ids[0] in first.problem_ids
