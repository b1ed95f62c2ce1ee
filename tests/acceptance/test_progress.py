"""A pupil sees what they can do, in a picture and in words, and what waits tomorrow."""

import asyncio
from datetime import timedelta
from io import BytesIO

import aiohttp
from PIL import Image
from sqlalchemy import select, update

from bot.gateway.sender import Sender
from bot.replies import Drawing
from bot.run import opened
from sandbox.run import Running
from src import clock, database
from src.figures.practice_sheet import PracticeSheet, as_json
from src.models import Problem, SkillState, Student
from tests.acceptance.conftest import MakePupil, bot_settings
from tests.acceptance.pupil import Pupil, text_of
from tests.acceptance.test_practice import right_answer
from tests.acceptance.test_topic import all_of


async def practise(pupil: Pupil, *, right: int = 5) -> str:
    """Go through a session and return what was said at its end."""
    said = text_of(await pupil.say("/practice"))
    for number in range(5):
        solved = number < right
        said = text_of(await (pupil.say(str(right_answer(said))) if solved else pupil.skip()))
    return said


async def master(student_id: int, topic: str, *, due_in_days: int) -> None:
    """Let a pupil have mastered all of a topic long ago."""
    today = clock.local_day(clock.now(), "Asia/Dhaka")
    long_ago = today - timedelta(days=40)
    async with database.session_scope() as db:
        rows = select(Problem.subtopic).where(Problem.grade == 7, Problem.topic == topic)
        for subtopic in set(await db.scalars(rows)):
            db.add(
                SkillState(
                    student_id=student_id,
                    topic=topic,
                    subtopic=subtopic,
                    value=1.0,
                    variance=0.3,
                    average=0.95,
                    answers=9,
                    strong_on=long_ago,
                    mastered_on=long_ago,
                    stability=20.0,
                    ease=5.0,
                    reviewed_on=long_ago,
                    due_on=today + timedelta(days=due_in_days),
                )
            )


async def test_the_picture_and_its_words_say_what_a_pupil_can_do(pupil: Pupil) -> None:
    [student] = await all_of(Student)
    await master(student.id, "sets", due_in_days=9)
    await master(student.id, "data", due_in_days=-1)
    said = text_of(await pupil.say("/practice"))
    await pupil.say(str(right_answer(said)))
    [shown] = await pupil.say("/progress")
    assert shown["photo"]["width"] == 640
    assert "Problems: 1, right: 1" in shown["text"]
    assert "Days of practice in four weeks: 1" in shown["text"]
    assert "Sessions" not in shown["text"]
    order = [shown["text"].index(word) for word in ("Growing:", "Due for", "Strong:", "New:")]
    assert order == sorted(order)
    assert "Due for another look: Information and data" in shown["text"]
    assert "Strong: Sets" in shown["text"]
    assert "Back to question 2" in str(shown["reply_markup"])


async def test_what_shows_the_same_is_drawn_and_uploaded_once(pupil: Pupil) -> None:
    await practise(pupil)
    [one] = await pupil.say("/progress")
    [same] = await pupil.say("how am i doing")
    assert one["photo"]["file_id"] == same["photo"]["file_id"]
    await practise(pupil)
    [other] = await pupil.say("/progress")
    assert other["photo"]["file_id"] != one["photo"]["file_id"]


SHEET = as_json(PracticeSheet("Practice", ["a line"], list("MTWTFSS"), [], []))


async def test_what_cannot_be_drawn_is_said(
    sqlite_url: str, sandbox: Running, http: aiohttp.ClientSession, make_pupil: MakePupil
) -> None:
    pupil = make_pupil()
    async with opened(bot_settings(sandbox), asyncio.Event()) as (bot, *_):
        await pupil.post("/start")
        sender = Sender(bot)
        broken = Drawing({**SHEET, "weekdays": []}, "The <b>same</b> in words")
        assert await sender.send(pupil.id, [broken]) is None
        assert (await pupil.chat())[-1]["text"] == "The same in words"
        whole = [Drawing(SHEET, f"Sheet {n}") for n in range(3)]
        await asyncio.gather(*(sender.send(pupil.id, [each]) for each in whole))
        shown = (await pupil.chat())[-1]
        url = f"{sandbox.url}/sandbox/files/{shown['photo']['file_id']}"
        async with http.get(url) as answer:
            with Image.open(BytesIO(await answer.read())) as image:
                assert image.width == 640


async def test_the_end_of_a_session_says_what_waits(pupil: Pupil) -> None:
    said = await practise(pupil, right=2)
    assert "To try once more: 2" in said
    assert "Days to your next 🏅: 2" in said
    assert "forward this to a parent" in said


async def test_a_chapter_of_ones_own_waits_too(pupil: Pupil) -> None:
    async with database.session_scope() as db:
        ids = list(await db.scalars(select(Problem.id).where(Problem.grade == 7).limit(6)))
        await db.execute(update(Problem).where(Problem.id.in_(ids)).values(topic="sets"))
    await pupil.say("/topic")
    await pupil.tap("Sets")
    await pupil.tap("For a week")
    assert "Your chapter: Sets" in await practise(pupil)


async def test_another_look_waits(pupil: Pupil) -> None:
    [student] = await all_of(Student)
    await master(student.id, "data", due_in_days=1)
    said = await practise(pupil)
    assert "Another look at: Information and data" in said
