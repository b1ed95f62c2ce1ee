"""Deadlines as a pupil has them: a school is connected in the chat, and its list is theirs."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.run import run_polling
from sandbox.canvas.config import SchoolConfig
from sandbox.canvas.run import RunningSchool
from sandbox.canvas.run import start as start_school
from sandbox.canvas.seed import token_of
from sandbox.run import Running
from src import database
from src.models import CanvasArrival, CanvasConnection, ConnectionKind, Task, TaskWrite
from src.storage.keyring import make_key
from tests.acceptance.conftest import MakePupil, bot_settings
from tests.acceptance.pupil import PATIENCE_SECONDS, Pupil, text_of
from tests.acceptance.school_client import Person
from tests.fixtures.library import add_library


@pytest.fixture
def school() -> Iterator[RunningSchool]:
    """The stand-in school on a free port."""
    running = start_school(SchoolConfig(port=0))
    yield running
    running.stop()


@pytest.fixture
async def pupil(sqlite_url: str, sandbox: Running, make_pupil: MakePupil) -> AsyncGenerator[Pupil]:
    """A registered pupil of a bot that has a key, so that schools can be connected."""
    async with database.session_scope() as db:
        await add_library(db)
    settings = bot_settings(sandbox, DARS_SECRET_KEYS=make_key().get_secret_value())
    stopping = asyncio.Event()
    running = asyncio.create_task(run_polling(settings, stopping))
    someone = make_pupil()
    await someone.register()
    yield someone
    assert not running.done(), "the bot ended by itself"
    stopping.set()
    await running


async def until(pupil: Pupil, words: str) -> str:
    """Wait until the bot has written some words, and return the message."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            for message in reversed(await pupil.chat()):
                if message["from"] == "bot" and words in str(message.get("text")):
                    return str(message["text"])
            await asyncio.sleep(0.05)


async def connect(pupil: Pupil, school: RunningSchool, key: str) -> str:
    await pupil.say("/canvas")
    await pupil.say(f"{school.url}/courses/12/assignments")
    await pupil.tap("Yes, connect it")
    await pupil.post(key)
    return await until(pupil, "is connected")


async def tasks(**values: Any) -> list[Task]:
    async with database.session_scope() as db:
        return list(await db.scalars(select(Task).filter_by(**values).order_by(Task.id)))


async def task_that(pupil: Pupil, state: TaskWrite) -> Task:
    """Wait until the one own task stands so at the school."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            found = await tasks(source="manual")
            if found and found[0].write_state is state:
                return found[0]
            await asyncio.sleep(0.05)


async def test_connecting_a_school_shows_what_is_due(pupil: Pupil, school: RunningSchool) -> None:
    said = await connect(pupil, school, token_of("rahim"))
    assert "Mathematics" in said or "Maths" in said, said
    found = await tasks(source="canvas_assignment")
    assert found
    async with database.session_scope() as db:
        [row] = await db.scalars(select(CanvasConnection))
        assert row.kind is ConnectionKind.TOKEN
        assert row.consent_version
        assert list(await db.scalars(select(CanvasArrival))) == []
    # The first reading tells nobody what is due within its tiers already.
    assert "is due" not in text_of(await pupil.chat()).replace(said, "")


async def test_a_token_is_nowhere(
    pupil: Pupil, school: RunningSchool, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither in the chat, nor in any table, nor in the files of the database, nor in a log."""
    token = token_of("rahim")
    # Pasted where nobody asked for it, within other words, and in the middle of practice.
    await pupil.say("/practice")
    said = await pupil.say(f"my key is {token} ok?")
    assert "deleted it" in text_of(said)
    await connect(pupil, school, token)
    assert token not in str(await pupil.chat())
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert token.encode() not in kept
    out, err = capfd.readouterr()
    assert token not in out + err


async def test_a_key_that_the_school_does_not_know(pupil: Pupil, school: RunningSchool) -> None:
    await pupil.say("/canvas")
    await pupil.say(school.url)
    await pupil.tap("Yes, connect it")
    await pupil.post("7~" + "x1" * 32)
    assert "does not know that key" in await until(pupil, "does not know")
    # One tap: it was agreed to, and which school it is is known.
    await pupil.tap("Connect again")
    said = await pupil.say("hello")
    assert "does not look like a key" in text_of(said)


async def test_the_secret_calendar_link(pupil: Pupil, school: RunningSchool) -> None:
    link = f"{school.url}/feeds/calendars/user_rahimFeedThatOpensNothingElse.ics"
    await connect(pupil, school, link)
    found = await tasks()
    assert {one.source for one in found} >= {"canvas_assignment"}
    assert all(one.connection_id for one in found)


async def test_an_own_task_stands_in_the_calendar_of_the_school(
    pupil: Pupil, school: RunningSchool
) -> None:
    await connect(pupil, school, token_of("rahim"))
    said = text_of(await pupil.say("/add History essay tomorrow 5pm"))
    assert "History essay" in said
    assert "tomorrow at 5:00 pm" in said
    await pupil.tap("✅ Yes")
    written = await task_that(pupil, TaskWrite.WRITTEN)
    person = Person(school, "rahim")
    event = person.ask("GET", f"/api/v1/calendar_events/{written.canvas_event_id}").body
    assert event["title"] == "History essay"
    await pupil.say("/tasks")
    await pupil.tap("⋯")
    # Deleted here, deleted there; put back here, there again.
    [task] = await tasks(source="manual")
    message = (await pupil.chat())[-1]["message_id"]
    await pupil.tap_data(message, f"1:b:x:{task.id}")
    await task_that(pupil, TaskWrite.REMOVED)
    event = person.ask("GET", f"/api/v1/calendar_events/{written.canvas_event_id}").body
    assert event["workflow_state"] == "deleted"
    await pupil.tap("Undo")
    again = await task_that(pupil, TaskWrite.WRITTEN)
    assert again.canvas_event_id != written.canvas_event_id


async def test_writing_down_step_by_step(pupil: Pupil) -> None:
    assert "What is to be done" in text_of(await pupil.say("/add"))
    assert "When is it due" in text_of(await pupil.say("Science poster"))
    assert "could not read" in text_of(await pupil.say("when I like"))
    said = await pupil.say("in 3 days")
    assert "Science poster" in text_of(said)
    said = await pupil.say("yes")
    assert "On your list" in text_of(said)
    assert "Science poster" in text_of(await pupil.say("/tasks"))


async def test_tick_and_undo(pupil: Pupil) -> None:
    await pupil.say("/add Poster in 3 days")
    await pupil.tap("✅ Yes")
    await pupil.say("/tasks")
    await pupil.tap("✅ Done")
    assert "Done: Poster" in str((await pupil.chat())[-1]["text"])
    await pupil.tap("Undo")
    await pupil.tap("My list")
    assert "Poster" in str((await pupil.chat())[-1]["text"])


async def test_ending_a_school(pupil: Pupil, school: RunningSchool) -> None:
    await connect(pupil, school, token_of("rahim"))
    assert "connected" in text_of(await pupil.say("/canvas"))
    await pupil.tap("⛔")
    async with database.session_scope() as db:
        [row] = await db.scalars(select(CanvasConnection))
        assert row.secret is None
    assert await tasks()


async def test_the_calendar_file(pupil: Pupil) -> None:
    await pupil.say("/add Poster in 3 days")
    await pupil.tap("✅ Yes")
    await pupil.say("/calendar")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while "Tasks in it: 1" not in text_of(await pupil.chat()):
            await asyncio.sleep(0.05)


async def test_reminders_can_be_switched(pupil: Pupil) -> None:
    said = await pupil.say("/reminders")
    assert "8 am" in text_of(said)
    await pupil.tap("One hour before")
    await pupil.find_button("🔕 One hour before")
    await pupil.tap("School holidays")
    await pupil.tap("Weeks: 2")
    assert "Holidays until" in str((await pupil.chat())[-1]["text"])


async def test_who_wants_deadlines_alone_is_asked_for_no_class(
    pupil: Pupil, make_pupil: MakePupil
) -> None:
    someone = make_pupil()
    await someone.say("/start")
    await someone.tap("English")
    await someone.tap("✅")
    await someone.tap("Only what is due")
    said = text_of(await someone.tap("🇧🇩"))
    assert "You are ready" in said
    assert "remind you on days" not in said
    assert "Nothing is due" in text_of(await someone.say("/tasks"))
    assert "Class: none" in text_of(await someone.say("/settings"))
    # Maths is there as soon as they want it.
    assert "Which class" in text_of(await someone.say("/practice"))
    await someone.tap("Class 7")
    assert "Question 1" in text_of(await someone.say("/practice"))
