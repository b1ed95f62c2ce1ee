"""The chat as Telegram users know it: one message an answer, one buzz, reactions, effects."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import update
from telegram.ext import ExtBot

from bot.gateway.reactions import MOST_AT_ONCE, Reactions
from bot.gateway.sender import Sender
from bot.replies import Button, React, Reply, Say, joined, pack, unpack
from sandbox.run import Running
from src import clock, database
from src.models import Problem, Streak, Student
from tests.acceptance.pupil import Pupil, text_of
from tests.acceptance.sandbox_client import PUPIL, Api
from tests.acceptance.test_practice import all_of, right_answer

LONG = "First add the thousands. " * 12


def buzzes(messages: list[dict[str, Any]]) -> int:
    return sum(not message.get("silent", False) for message in messages)


def own(chat: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [message for message in chat if message["from"] == "user"]


async def begin(pupil: Pupil) -> str:
    """Begin a session; return its first question."""
    return text_of(await pupil.say("/practice"))


async def reacted(pupil: Pupil, emoji: str) -> list[list[str]]:
    """Wait until the last own message has a reaction; return those of all own messages."""
    while own(await pupil.chat())[-1].get("reactions") != [emoji]:
        await pupil.wait()
    return [message.get("reactions", []) for message in own(await pupil.chat())]


async def test_an_answer_is_one_message_and_one_buzz(pupil: Pupil) -> None:
    said = await begin(pupil)
    for number in range(2, 6):
        news = await pupil.say(str(right_answer(said)))
        assert len(news) == buzzes(news) == 1
        said = text_of(news)
        assert said.startswith("✅")
        assert f"Question {number} of 5" in said
        rows = news[0]["reply_markup"]["inline_keyboard"]
        assert "Hint" in rows[0][0]["text"]
        assert rows[0][0]["style"] == "primary"
    last = await pupil.say(str(right_answer(said)))
    assert buzzes(last) == 1
    verdict, end = last
    assert verdict["text"].startswith("✅")
    # By itself, so that it can be forwarded.
    assert end["text"].startswith("🏁")
    assert "Right: 5 of 5" in end["text"]
    assert "class 7" in end["text"].lower()
    assert "Waiting tomorrow" in end["text"]
    assert "forward this to a parent" in end["text"]
    signs = await reacted(pupil, "🎉")
    assert signs[-5:] == [["👍"]] * 4 + [["🎉"]]


async def test_how_sure_stands_below_the_question_and_leaves_its_buttons(pupil: Pupil) -> None:
    said = await begin(pupil)
    for _ in range(3):
        [news] = await pupil.say(str(right_answer(said)))
        said = news["text"]
        if "How sure were you" in said:
            break
    assert said.index("Question") < said.index("How sure were you")
    rows = [[b["text"] for b in row] for row in news["reply_markup"]["inline_keyboard"]]
    assert [len(row) for row in rows] == [2, 1, 2, 2], "help, the way, how sure"
    assert "Skip" in rows[0][1]
    await pupil.tap("Very sure")
    rows, _way = (await pupil.chat())[-1]["reply_markup"]["inline_keyboard"]
    assert ["Hint" in rows[0]["text"], "Skip" in rows[1]["text"]] == [True, True]
    assert rows[0]["style"] == "primary"
    assert "Hint 1 of 3" in text_of(await pupil.tap("Hint"))


async def test_only_a_right_answer_has_a_reaction(pupil: Pupil) -> None:
    right = right_answer(await begin(pupil))
    await pupil.say("7")
    await pupil.say("what do I know")
    await pupil.say(str(right))
    signs = await reacted(pupil, "👍")
    assert signs[-3:] == [[], [], ["👍"]]


PLANS: list[dict[str, Any]] = [
    {"error_rate": 1.0, "methods": ["setMessageReaction"]},
    {"drop_rate": 1.0, "methods": ["setMessageReaction"]},
    {"latency_ms": 700, "methods": ["setMessageReaction"]},
    {"once": [{"fault": "retry_after", "method": "setMessageReaction", "seconds": 30}]},
]


async def test_a_reaction_that_fails_costs_nobody_anything(
    pupil: Pupil, http: aiohttp.ClientSession, sandbox: Running
) -> None:
    said = await begin(pupil)
    for number, plan in enumerate(PLANS, start=2):
        async with http.post(f"{sandbox.url}/sandbox/faults", json=plan) as response:
            assert response.status == 200, await response.text()
        [news] = await pupil.say(str(right_answer(said)))
        said = news["text"]
        assert f"Question {number} of 5" in said
        assert "silent" not in news


async def test_a_long_solution_folds_and_a_short_one_does_not(pupil: Pupil) -> None:
    await begin(pupil)
    await pupil.tap("Skip")
    async with database.session_scope() as db:
        await db.execute(update(Problem).values(solution_en=LONG))
    if "Question 2" not in text_of(await pupil.chat()):
        await pupil.tap("Next")
    await pupil.tap("Skip")
    folded = [
        sum(entity["type"] == "expandable_blockquote" for entity in message["entities"])
        for message in await pupil.screen()
        if "Solution" in message["text"]
    ]
    assert folded == [0, 1]


@pytest.mark.parametrize(
    ("days", "effect"),
    [(6, "5104841245755180586"), (29, "5046509860389126442"), (30, None)],
)
async def test_effects_fly_at_the_great_streaks(
    pupil: Pupil, days: int, effect: str | None
) -> None:
    [student] = await all_of(Student)
    yesterday = clock.now() - timedelta(days=1)
    async with database.session_scope() as db:
        db.add(
            Streak(
                student_id=student.id,
                current_streak=days,
                longest_streak=days,
                last_practice_date=yesterday.date(),
                last_completed_at=yesterday,
                milestones_achieved=[m for m in (3, 7, 14, 30) if m <= days],
            )
        )
    said = await begin(pupil)
    for _ in range(5):
        news = (await pupil.say(str(right_answer(said))))[-1]
        said = news["text"]
    assert f"Days in a row: {days + 1}" in said
    assert news.get("effect_id") == effect


async def test_an_effect_that_telegram_refuses_leaves_the_message(api: Api) -> None:
    async with ExtBot(api.token, base_url=f"{api.url}/bot") as bot:
        await Sender(bot).send(PUPIL, [Say("one", effect="5046509860389126443"), Say("two")])
        await Sender(bot).send_once(PUPIL, Say("three", effect="party"))
        await Sender(bot).send(PUPIL, [Say("<b>four")])
    news = [message for message in await api.chat() if message["from"] == "bot"]
    assert [message["text"] for message in news] == ["one", "two", "three"]
    assert [message.get("silent", False) for message in news] == [False, True, False]


async def test_no_message_shows_a_preview(api: Api) -> None:
    async with ExtBot(api.token, base_url=f"{api.url}/bot") as bot:
        await Sender(bot).send(PUPIL, [Say("https://example.org")])
    screen = await api.get(f"users/{PUPIL}/screen")
    assert screen["messages"][-1]["link_preview_options"] == {"is_disabled": True}


async def test_a_busy_bot_leaves_reactions_out(api: Api) -> None:
    numbers = [(await api.say(str(n)))["message_id"] for n in range(2 * MOST_AT_ONCE)]
    async with ExtBot(api.token, base_url=f"{api.url}/bot") as bot:
        reactions = Reactions(bot)
        for number in numbers:
            reactions.show(PUPIL, React(number, "👍"))
        signs: list[Any] = []
        while len(signs) < MOST_AT_ONCE:
            signs = [m["reactions"] for m in await api.chat() if "reactions" in m]
        reactions.show(PUPIL, React(numbers[-1], "🎉"))
        while "reactions" not in (await api.chat())[-1]:
            pass
    shown = [message.get("reactions", []) for message in own(await api.chat())]
    assert shown[1:] == [["👍"]] * MOST_AT_ONCE + [[]] * (MOST_AT_ONCE - 1) + [["🎉"]]


def test_messages_that_follow_each_other_are_one_where_they_fit() -> None:
    up, down = [Button("a", "1")], [Button("b", "2")]
    both = joined([Say("one", [up]), Say("two", [down], effect="5")])
    assert both == [Say("one\n\ntwo", [down, up], effect="5")]
    assert joined([Say("x" * 2000), Say("y" * 2094), Say("z")]) == [
        Say("x" * 2000 + "\n\n" + "y" * 2094, []),
        Say("z"),
    ]
    too_long = [Say("😀" * 1024), Say("😀" * 1024)]
    assert joined(too_long) == too_long
    aside = joined([Say("one", [up]), Say("two", [down]), Say("sure?", [up], aside=True)])
    assert aside == [Say("one\n\ntwo\n\nsure?", [down, up, up], aside=True)]
    between: list[Reply] = [Say("one"), React(1, "👍"), Say("two")]
    assert joined(between) == between
    assert joined([]) == []


def test_what_is_for_now_is_not_stored() -> None:
    said = Say("one", [[Button("a", "1", "primary")]], effect="5", aside=True)
    stored = pack([said, React(7, "👍")])
    assert stored == [
        {"kind": "Say", "text": "one", "keyboard": [[{"text": "a", "data": "1"}]]},
    ]
    assert unpack(stored) == [Say("one", [[Button("a", "1")]])]
