"""Polling a Telegram that sends what it should not: nobody is held up, and no text is logged."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from aiohttp import web

from bot.run import run_polling
from src.settings import load_settings

ME = {"id": 1, "is_bot": True, "first_name": "Dars", "username": "dars_bot"}
PUPILS_TEXT = "3/4 is my own answer"


def start_of(user: int, update_id: int) -> dict[str, Any]:
    person = {"id": user, "is_bot": False, "first_name": "Mitu"}
    message = {"message_id": 1, "date": 1_770_000_000, "text": "/start", "from": person}
    chat = {"id": user, "type": "private"}
    entities = [{"type": "bot_command", "offset": 0, "length": 6}]
    return {"update_id": update_id, "message": message | {"chat": chat, "entities": entities}}


def odd(update_id: int, **changes: Any) -> dict[str, Any]:
    update = start_of(7, update_id)
    update["message"] |= {"text": PUPILS_TEXT} | changes
    return update


class Telegram:
    """Answers the calls of a bot; `updates` is what it says waits."""

    def __init__(self) -> None:
        self.updates: list[Any] = []
        self.odd_answers: list[web.Response] = []
        self.at_stop: list[Any] = []
        self.told: list[int] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        name = request.match_info["method"].lower()
        fields = await request.json() if request.content_type == "application/json" else {}
        if name == "getme":
            return web.json_response({"ok": True, "result": ME})
        if name == "sendmessage":
            self.told.append(int(fields["chat_id"]))
        if name != "getupdates":
            return web.json_response({"ok": True, "result": True})
        if self.odd_answers:
            return self.odd_answers.pop()
        offset = int(fields["offset"])
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        if int(fields["limit"]) == 1:
            return web.json_response({"ok": True, "result": self.at_stop})
        await asyncio.sleep(0.02)
        return web.json_response({"ok": True, "result": self.updates})

    async def until_told(self, user: int) -> None:
        while user not in self.told:
            await asyncio.sleep(0.02)


@pytest.fixture
async def telegram() -> AsyncGenerator[Telegram]:
    stand_in = Telegram()
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", stand_in.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    stand_in.url = f"http://{host}:{port}"
    yield stand_in
    await runner.cleanup()


async def poll(telegram: Telegram, *, until: int) -> None:
    """Run the bot until a pupil has been told something, and stop it."""
    settings = load_settings(
        {"TELEGRAM_BOT_TOKEN": "1000000001:token", "DARS_TELEGRAM_API_URL": telegram.url}
    )
    stopping = asyncio.Event()
    running = asyncio.create_task(run_polling(settings, stopping))
    await asyncio.wait_for(telegram.until_told(until), 60)
    stopping.set()
    await asyncio.wait_for(running, 60)


@pytest.mark.parametrize(
    "changes",
    [{"date": 10**20}, {"date": None}, {"chat": 5}, {"from": None, "chat": None}, {"photo": {}}],
)
async def test_an_update_of_an_unknown_shape_holds_nobody_up(
    sqlite_url: str, telegram: Telegram, caplog: pytest.LogCaptureFixture, changes: dict[str, Any]
) -> None:
    telegram.updates = [start_of(5, 11), odd(12, **changes), start_of(6, 13)]
    telegram.at_stop = [odd(14, **changes)]
    await poll(telegram, until=6)
    assert {5, 6} <= set(telegram.told)
    assert telegram.updates == []
    assert PUPILS_TEXT not in caplog.text


@pytest.mark.parametrize(
    "body",
    ["<html>gateway</html>", '{"ok": true}', '{"ok": true, "result": [null]}', "[]",
     '{"ok": true, "result": [{"update_id": "7"}]}', f'{{"ok": true, "result": [{{"{PUPILS_TEXT}',
     json.dumps({"ok": True, "result": [{"message": {"text": PUPILS_TEXT}}]})],
)  # fmt: skip
async def test_an_answer_that_is_none_is_passed_over(
    sqlite_url: str, telegram: Telegram, caplog: pytest.LogCaptureFixture, body: str
) -> None:
    telegram.odd_answers = [web.Response(text=body)]
    telegram.updates = [start_of(5, 11)]
    await poll(telegram, until=5)
    assert telegram.updates == []
    assert PUPILS_TEXT not in caplog.text
