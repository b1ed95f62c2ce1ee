"""The pupils' side of the sandbox, the door itself, and a real client library on the bot's side."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Updater

from sandbox.config import SandboxConfig
from sandbox.run import start
from tests.acceptance.sandbox_client import PUPIL, Api, Json, keyboard

GROUP = {"id": -1001234, "type": "supergroup", "title": "Class 7"}


@pytest.fixture
async def bot(api: Api) -> AsyncGenerator[Bot]:
    async with Bot(
        api.token, base_url=f"{api.url}/bot", base_file_url=f"{api.url}/file/bot"
    ) as client:
        yield client


async def test_every_kind_of_message_is_read_by_the_library(api: Api, bot: Bot) -> None:
    kinds: list[Json] = [
        {"text": "/start ref_7"},
        {"photo": True, "caption": "my working"},
        {"sticker": "🦉"},
        {"voice": 7},
        {"document": {"file_name": "work.txt", "mime_type": "text/plain", "data": "aGk="}},
        {"document": {}},
        {"location": {"latitude": 23.8, "longitude": 90.4}},
        {"contact": {"phone_number": "+880", "first_name": "Rafi"}},
        {"dice": {"emoji": "🎲", "value": 4}},
    ]
    for kind in kinds:
        await api.post(f"users/{PUPIL}/messages", kind)
    messages = [update.message for update in await bot.get_updates()]
    assert all(messages)
    found = [message for message in messages if message is not None]
    assert found[0].text == "/start ref_7"
    assert [entity.type for entity in found[0].entities] == ["bot_command"]
    assert found[1].caption == "my working"
    assert found[1].photo[-1].width == 1
    assert found[2].sticker is not None
    assert found[2].sticker.emoji == "🦉"
    assert found[3].voice is not None
    assert found[4].document is not None
    assert await (await bot.get_file(found[4].document)).download_as_bytearray() == b"hi"
    assert found[5].document is not None
    assert found[6].location is not None
    assert found[7].contact is not None
    assert found[8].dice is not None


async def test_nothing_in_an_update_is_unknown_to_the_library(api: Api, bot: Bot) -> None:
    sent = await bot.send_message(
        PUPIL,
        "<b>x</b>",
        parse_mode="HTML",
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Hint", callback_data="v1:h")]]),
    )
    await api.post(f"users/{PUPIL}/taps", {"message_id": sent.message_id, "data": "v1:h"})
    await api.say("4", reply_to=sent.message_id)
    await api.say("in a group", chat=GROUP)
    await api.post(f"users/{PUPIL}/block")
    updates = await bot.get_updates()
    assert [_kind(update) for update in updates] == [
        "callback_query", "message", "my_chat_member", "message", "my_chat_member",
    ]  # fmt: skip
    for update in updates:
        assert not update.api_kwargs
    query = updates[0].callback_query
    assert query is not None
    assert await query.answer("yes") is True
    reply = updates[1].effective_message
    assert reply is not None
    assert reply.reply_to_message is not None
    assert reply.reply_to_message.text == "x"


def _kind(update: Update) -> str:
    return next(key for key in update.to_dict() if key != "update_id")


async def test_a_librarys_polling_outlives_smaller_numbers(api: Api, bot: Bot) -> None:
    queue: asyncio.Queue[object] = asyncio.Queue()
    async with Updater(bot, queue) as updater:
        await updater.start_polling(poll_interval=0, timeout=1)
        heard = []
        for text in ("before", "after", "later"):
            await api.say(text)
            update = await asyncio.wait_for(queue.get(), 120)
            assert isinstance(update, Update)
            heard.append(update)
            await api.drained()
            if text == "before":
                await api.post("faults", {"renumber": True})
        await updater.stop()
    before, after, later = heard
    assert after.update_id < before.update_id
    assert later.update_id == after.update_id + 1


async def test_the_profile_of_the_bot_by_language(api: Api, bot: Bot) -> None:
    assert (await bot.get_me()).username == "dars_sandbox_bot"
    await bot.set_my_commands([BotCommand("hint", "A hint")])
    await bot.set_my_commands([BotCommand("hint", "ইঙ্গিত")], language_code="bn")
    assert (await bot.get_my_commands())[0].description == "A hint"
    assert (await bot.get_my_commands(language_code="bn"))[0].description == "ইঙ্গিত"
    await api.post("users", {"id": 503, "language_code": "bn"})
    assert (await api.get("users/503/screen"))["commands"][0]["description"] == "ইঙ্গিত"
    assert await bot.delete_my_commands(language_code="bn") is True
    assert await bot.get_my_commands(language_code="bn") == ()
    assert (await api.get("users/503/screen"))["commands"][0]["description"] == "A hint"
    await bot.set_my_name("Dars tutor")
    await bot.set_my_description("Five problems a day")
    await bot.set_my_description("দিনে পাঁচটি", language_code="bn")
    await bot.set_my_short_description("Maths")
    assert (await bot.get_my_name()).name == "Dars tutor"
    assert (await bot.get_my_description("bn")).description == "দিনে পাঁচটি"
    assert (await bot.get_my_description("en")).description == "Five problems a day"
    assert (await bot.get_my_short_description()).short_description == "Maths"
    assert await bot.set_chat_menu_button() is True
    assert (await bot.get_chat_menu_button()).type == "default"
    assert (await bot.get_chat(PUPIL)).first_name == f"Pupil {PUPIL}"


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"commands": [{"command": "Hint", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "", "description": "x"}]}, "Command must be non-empty"),
        ({"commands": [{"command": "h" * 33, "description": "x"}]},
         "Command length must not exceed 32"),
        ({"commands": [{"command": "h", "description": ""}]},
         "Command description must be non-empty"),
        ({"commands": [], "language_code": "english"}, "invalid language code specified"),
        ({"commands": [], "scope": {"type": "everyone"}}, "unsupported type specified"),
        ({"commands": "x"}, "can't parse commands JSON object"),
    ],
)  # fmt: skip
async def test_command_menus_that_telegram_refuses(api: Api, params: Json, refusal: str) -> None:
    found = await api.refused("setMyCommands", **params)
    assert found == f"400 Bad Request: {refusal}"


async def test_stale_forged_and_impossible_taps(api: Api) -> None:
    sent = await api.send(reply_markup=keyboard([("a", "v1:new")]))
    forged = {"message_id": sent["message_id"], "data": "v1:old"}
    await api.post(f"users/{PUPIL}/taps", forged)
    await api.post(f"users/{PUPIL}/taps", {**forged, "inaccessible": True})
    found = [update["callback_query"] for update in await api.updates()]
    assert [query["data"] for query in found] == ["v1:old", "v1:old"]
    assert found[1]["message"]["date"] == 0
    await api.post(f"users/{PUPIL}/taps", {"message_id": 987654, "data": "x"}, status=404)
    await api.post(f"users/{PUPIL}/taps", {"message_id": "x", "data": "x"}, status=400)
    await api.post(f"users/{PUPIL}/taps", {"message_id": 1}, status=400)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": ""}, 400),
        ({"text": "x" * 4097}, 400),
        ({"text": 5}, 400),
        ({}, 400),
        ({"photo": "not base64"}, 400),
        ({"photo": "aGVsbG8="}, 400),
        ({"location": "here"}, 400),
        ({"text": "x", "chat": {"id": 5}}, 400),
        ({"text": "x", "chat": {"id": -5, "type": "channel"}}, 400),
        ({"text": "x", "first_name": 5}, 400),
        ({"text": "x", "edit": 987654}, 404),
        ({"text": "x", "reply_to": 987654}, 404),
    ],
)
async def test_what_a_pupil_can_not_send(api: Api, body: Json, status: int) -> None:
    answer = await api.post(f"users/{PUPIL}/messages", body, status=status)
    assert answer["ok"] is False
    assert answer["description"]
    assert await api.updates() == []


async def test_who_blocked_the_bot_must_unblock_before_writing(api: Api) -> None:
    await api.post(f"users/{PUPIL}/block")
    await api.post(f"users/{PUPIL}/messages", {"text": "x"}, status=409)
    await api.post(f"users/{PUPIL}/unblock")
    await api.say("x")


async def test_the_door_takes_every_form_that_telegram_takes(api: Api) -> None:
    url = f"{api.url}/bot{api.token}/sendMessage"
    params = {"chat_id": str(PUPIL), "text": "ক + খ & গ"}
    form = aiohttp.FormData({"chat_id": str(PUPIL), "text": "ক + খ & গ"}, default_to_multipart=True)
    for call in (
        api.http.get(url, params=params),
        api.http.post(url, params=params),
        api.http.post(url, data=params),
        api.http.post(url, json=params),
        api.http.post(url, data=form),
        api.http.post(url.replace("sendMessage", "SENDmessage"), json=params),
    ):
        async with call as answer:
            assert (await answer.json())["result"]["text"] == "ক + খ & গ"


async def test_the_door_stays_shut_for_others(api: Api) -> None:
    for token, method, expected in (
        ("1000000001:another", "getMe", "401 Unauthorized"),
        ("nonsense", "getMe", "404 Not Found"),
        (api.token, "getTea", "404 Not Found: method not found"),
    ):
        async with api.http.get(f"{api.url}/bot{token}/{method}") as answer:
            body = await answer.json()
            assert f"{answer.status} {body['description']}" == expected
            assert body["ok"] is False
    async with api.http.get(f"{api.url}/file/bot{api.token}/../../etc/passwd") as answer:
        assert answer.status == 404
    async with api.http.post(f"{api.url}/bot{api.token}/getMe", json=[1]) as answer:
        assert (await answer.json())["description"] == "Bad Request: object expected"


async def test_events_tell_everything_live(api: Api) -> None:
    async with api.http.get(f"{api.url}/sandbox/events") as stream:
        events = _events(stream)
        assert (await anext(events))["type"] == "hello"
        sent = await api.send("one", reply_markup=keyboard([("a", "v")]))
        place = {"chat_id": PUPIL, "message_id": sent["message_id"]}
        await api.call("sendChatAction", chat_id=PUPIL, action="typing")
        await api.call("editMessageText", text="two", **place)
        tapped = await api.tap(sent["message_id"])
        await api.call(
            "answerCallbackQuery", callback_query_id=tapped["callback_query_id"], text="ok"
        )
        await api.call("deleteMessage", **place)
        await api.post(f"users/{PUPIL}/block")
        found = [await anext(events) for _ in range(6)]
    assert [event["type"] for event in found] == [
        "message", "typing", "edited", "answer", "deleted", "user",
    ]  # fmt: skip
    assert found[2]["message"]["text"] == "two"
    assert found[4]["message_ids"] == [sent["message_id"]]
    assert found[5]["user"]["blocked"] is True


async def _events(stream: aiohttp.ClientResponse) -> AsyncGenerator[Any]:
    async for line in stream.content:
        if line.startswith(b"data: "):
            yield json.loads(line[6:])


async def test_a_sandbox_stops_at_once_though_clients_wait() -> None:
    server = start()
    async with aiohttp.ClientSession() as http:
        api = Api(http, server)
        poll = asyncio.create_task(api.call("getUpdates", timeout=50))
        async with http.get(f"{api.url}/sandbox/events") as stream:
            await anext(_events(stream))
            await asyncio.wait_for(asyncio.to_thread(server.stop), 40)
        assert await poll == []


async def test_a_malformed_token_is_said_at_the_start() -> None:
    with pytest.raises(ValueError, match="token"):
        start(SandboxConfig(port=0, token="nonsense"))
