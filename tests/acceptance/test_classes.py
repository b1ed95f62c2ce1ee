"""A teacher takes the invitation, makes a class; pupils join, see what is seen of them, leave."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from bot.callbacks import Action, encode
from bot.run import run_polling
from sandbox.run import Running
from src import clock, database
from src.models import ClassMember, ReceivedUpdate, Wish
from src.settings import Settings, WebSettings
from src.teaching import service
from tests.acceptance.conftest import MakePupil, bot_settings
from tests.acceptance.pupil import Pupil, text_of
from tests.fixtures.library import add_library
from web.app import create_app
from web.serving import address_of, listen, serving


@pytest.fixture
async def pages() -> AsyncIterator[str]:
    """The pages of teachers on a port of their own."""
    listener = listen("127.0.0.1", 0, "DARS_WEB_PORT")
    url = address_of(listener)
    async with serving(create_app(bot_settings_of(url)), listener):
        yield url


def bot_settings_of(url: str) -> Settings:

    return Settings(web=WebSettings(url=url))


@pytest.fixture
async def bot(database_url: str, sandbox: Running, pages: str) -> AsyncIterator[None]:
    """The bot with pages beside it."""
    async with database.session_scope() as db:
        await add_library(db)
    stopping = asyncio.Event()
    settings = bot_settings(sandbox, DARS_WEB_URL=pages)
    running = asyncio.create_task(run_polling(settings, stopping))
    yield
    assert not running.done(), "the bot ended by itself"
    stopping.set()
    await running


@pytest.fixture
async def teacher(bot: None, make_pupil: MakePupil) -> Pupil:
    """A teacher who has taken the invitation, and is no pupil."""
    async with database.session_scope() as db:
        _, payload = await service.invite(db, "Ms Akter", "Green Road School", clock.now())
    someone = make_pupil(first_name="Salma")
    assert "Green Road School" in text_of(await someone.say(f"/start {payload}"))
    assert "Welcome, Ms Akter" in (await tapped(someone, "I accept"))
    return someone


async def make_class(teacher: Pupil) -> str:
    """Let a teacher make the class 7A, and return its code."""
    await teacher.tap("New class")
    await teacher.tap("7")
    said = await teacher.say("7A")
    assert "photo" in said[-1] or "picture" in str(said[-1])
    found = re.search(r"/class ([A-Z2-9]{6})", caption_of(said))
    assert found
    return found[1]


async def tapped(someone: Pupil, label: str) -> str:
    """Tap a button, and return the end of the chat: a tap may rewrite its own message."""
    await someone.tap(label)
    return caption_of((await someone.chat())[-2:])


def caption_of(messages: list[dict[str, Any]]) -> str:
    return "\n".join(str(m.get("caption") or m.get("text")) for m in messages)


async def one(column: Any) -> Any:
    async with database.read_scope() as db:
        return (await db.scalars(select(column))).all()


async def test_a_pupil_joins_sees_what_is_seen_and_leaves(
    teacher: Pupil, make_pupil: MakePupil
) -> None:
    code = await make_class(teacher)
    pupil = make_pupil()
    first = text_of(await pupil.say(f"/start c_{code}"))
    assert "First a few questions" in first
    await pupil.register()
    asked = text_of(await pupil.say(f"/start c_{code}"))
    for part in ("Ms Akter", "Green Road School", "7A", "what you type", "guardian"):
        assert part in asked
    assert await one(ClassMember.id) == []
    assert "You are in 7A" in (await tapped(pupil, "Join: a parent knows"))
    assert await one(ClassMember.consent_version) == ["class-2026-11-29.1"]
    await pupil.say("/practice")
    await pupil.say("3/4")
    seen = text_of(await pupil.say("/class"))
    assert "asked 1, right alone 0, solved 0, hints 0" in seen
    assert "pupils: 1" in text_of(await teacher.say("/class"))
    assert "nothing of you any more" in (await tapped(pupil, "Leave 7A"))
    assert "pupils: 0" in text_of(await teacher.say("/class"))
    assert "can give you a code" in text_of(await pupil.say("/class"))


async def test_the_button_opens_the_pages_and_its_secret_is_stored_nowhere(
    teacher: Pupil, pages: str
) -> None:
    await make_class(teacher)
    await teacher.say("/class")
    [link] = await links(teacher)
    assert link.startswith(f"{pages}/in/")
    secret = link.rpartition("/")[2]
    stored = str(await one(ReceivedUpdate.replies)) + str(await one(ReceivedUpdate.payload))
    assert secret not in stored
    # Its cookies are for hosts with a name, unless told otherwise.
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as browser:
        async with browser.get(link) as looked:
            assert looked.status == 200
        async with browser.post(link) as came:
            assert "7A" in await came.text()
        async with browser.post(link) as again:
            assert again.status == 410


async def links(someone: Pupil) -> list[str]:
    """Return what the buttons of the last message open."""
    *_, last = await someone.chat()
    rows = last["reply_markup"]["inline_keyboard"]
    return [button["url"] for row in rows for button in row if "url" in button]


async def test_a_topic_of_the_week_reaches_who_has_chosen_none(
    teacher: Pupil, make_pupil: MakePupil
) -> None:
    code = await make_class(teacher)
    pupil = make_pupil()
    await pupil.register()
    await pupil.say(f"/class {code.lower()}")
    await pupil.tap("show what was before")
    await teacher.say("/class")
    await teacher.tap("7A")
    await teacher.tap("Topic of the week")
    topic = (await links_and_buttons(teacher))[0]
    assert "problems come from" in (await tapped(teacher, topic))
    assert len(await one(Wish.topic)) == 1
    assert await one(ClassMember.sees_before) == [True]


async def links_and_buttons(someone: Pupil) -> list[str]:
    *_, last = await someone.chat()
    return [b["text"] for row in last["reply_markup"]["inline_keyboard"] for b in row]


async def test_codes_end_and_wrong_ones_are_counted(teacher: Pupil, make_pupil: MakePupil) -> None:
    code = await make_class(teacher)
    pupil = make_pupil()
    await pupil.register()
    await pupil.say(f"/class {code}")
    await teacher.tap("The class")
    assert "/class" in caption_of(await teacher.tap("New code"))
    assert "not there any more" in (await tapped(pupil, "Join: a parent knows"))
    for _ in range(5):
        assert "No class has this code" in text_of(await pupil.say(f"/class {code}"))
    assert "too many wrong codes" in text_of(await pupil.say(f"/class {code}"))


async def test_a_class_is_closed_after_asking_once(teacher: Pupil) -> None:
    await make_class(teacher)
    await teacher.tap("The class")
    assert "for good?" in (await tapped(teacher, "Close the class"))
    await teacher.tap("Yes, close it")
    assert "no class yet" in text_of(await teacher.say("/class"))
    assert "No other teacher" not in text_of(await teacher.say("/class"))


async def test_a_teacher_who_is_no_pupil_is_not_asked_for_a_grade(teacher: Pupil) -> None:
    for said in ("/start", "hello"):
        assert "You have no class yet" in text_of(await teacher.say(said))
    assert "no class yet" in text_of(await teacher.say("/class"))


async def test_nobody_becomes_a_teacher_by_themself(bot: None, make_pupil: MakePupil) -> None:
    pupil = make_pupil()
    await pupil.register()
    assert "taken or is too old" in text_of(await pupil.say("/start t_" + "A" * 43))
    said = await pupil.say("/class")
    for verb in (("n", 7), ("o",), ("m", 1), ("a", "t_x"), ("z", 1, "y"), ("l", 1)):
        data = encode(Action.CLASS, *verb)
        answer = text_of(await pupil.tap_data(said[-1]["message_id"], data))
        assert "not there any more, or it is not yours" in answer, data
