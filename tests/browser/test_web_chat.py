"""The web chat as a person uses it, in Chromium, with a scripted bot behind the sandbox."""

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from sandbox.config import SandboxConfig
from sandbox.run import Running, start
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.asyncio(loop_scope="module")
Json = dict[str, Any]
COMMANDS = [
    {"command": "practice", "description": "Five problems"},
    {"command": "help", "description": "What I can do"},
]
KEYS = {
    "inline_keyboard": [
        [{"text": "Hint", "callback_data": "hint"}, {"text": "Alarm", "callback_data": "alarm"}]
    ]
}


class ScriptedBot:
    """Answers over HTTP as a bot would: echoes, asks, edits, shows that it types."""

    def __init__(self, http: aiohttp.ClientSession, running: Running) -> None:
        self.http, self.base = http, f"{running.url}/bot{running.config.token}"

    async def call(self, method: str, **params: Any) -> Any:
        form = {
            key: value if isinstance(value, str) else json.dumps(value)
            for key, value in params.items()
        }
        async with self.http.post(f"{self.base}/{method}", data=form) as answer:
            return (await answer.json()).get("result")

    async def run(self) -> None:
        offset = 0
        await self.call("setMyCommands", commands=COMMANDS)
        await self.call("setMyDescription", description="A tutor for tests.")
        while True:
            for update in await self.call("getUpdates", offset=offset, timeout=20) or []:
                offset = update["update_id"] + 1
                await self.handle(update)

    async def handle(self, update: Json) -> None:
        if "callback_query" in update:
            await self.handle_tap(update["callback_query"])
        elif "message" in update:
            chat, text = update["message"]["chat"]["id"], update["message"].get("text", "a thing")
            markup = {"reply_markup": KEYS} if text == "/start" else {}
            await self.call("sendMessage", chat_id=chat, text=f"You said {text}", **markup)

    async def handle_tap(self, query: Json) -> None:
        loud = query["data"] == "alarm"
        await self.call(
            "answerCallbackQuery", callback_query_id=query["id"], text="Noted!", show_alert=loud
        )
        place = {"chat_id": query["from"]["id"], "message_id": query["message"]["message_id"]}
        if not loud:
            await self.call("editMessageText", text="Look at the units", **place)


@pytest_asyncio.fixture(loop_scope="module")
async def served(tmp_path: Path) -> AsyncGenerator[tuple[Running, ScriptedBot]]:
    running = start(SandboxConfig(port=0, state=tmp_path / "state.jsonl"))
    async with aiohttp.ClientSession() as http:
        bot = ScriptedBot(http, running)
        work = asyncio.create_task(bot.run())
        yield running, bot
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
    running.stop()


async def test_a_first_visitor_starts_taps_and_reads(
    served: tuple[Running, ScriptedBot], open_page: OpenPage
) -> None:
    page = await open_page(served[0].url)
    await expect(page.get_by_text("A tutor for tests.")).to_be_visible()
    await page.get_by_role("button", name="Start").click()
    log = page.get_by_role("log")
    await expect(log.get_by_text("You said /start")).to_be_visible()
    await page.get_by_role("button", name="Hint").click()
    await expect(page.get_by_role("status")).to_have_text("Noted!")
    await expect(log.get_by_text("Look at the units")).to_be_visible()
    await expect(log.get_by_text("You said /start")).to_have_count(0)
    await expect(page.locator(".key")).to_have_count(0)
    await expect(log.get_by_text("edited")).to_be_visible()


async def test_an_alert_waits_until_it_is_read(
    served: tuple[Running, ScriptedBot], open_page: OpenPage
) -> None:
    page = await open_page(served[0].url)
    await page.get_by_role("button", name="Start").click()
    await page.get_by_role("button", name="Alarm").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Noted!")
    await dialog.get_by_role("button", name="OK").click()
    await expect(dialog).to_be_hidden()
    await expect(page.locator(".key.waiting")).to_have_count(0)


async def test_the_keyboard_is_enough(
    served: tuple[Running, ScriptedBot], open_page: OpenPage
) -> None:
    page = await open_page(served[0].url)
    await page.get_by_role("button", name="Start").focus()
    await page.keyboard.press("Enter")
    log, field = page.get_by_role("log"), page.get_by_role("textbox", name="Message")
    await expect(log.get_by_text("You said /start")).to_be_visible()
    await expect(field).to_be_focused()
    await page.keyboard.type("12")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("13")
    await page.keyboard.press("Enter")
    await expect(log.get_by_text("You said 12")).to_contain_text("13")
    await page.keyboard.type("/h")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(log.get_by_text("You said /help")).to_be_visible()
    await page.keyboard.type("/")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(log.get_by_text("You said /practice")).to_be_visible()
    await page.keyboard.press("ArrowUp")
    await expect(field).to_have_value("/practice")
    await field.fill("/practise")
    await page.keyboard.press("Enter")
    await expect(log.locator(".own .text").last).to_have_text("/practise")


async def test_words_of_others_never_become_markup(
    served: tuple[Running, ScriptedBot], open_page: OpenPage
) -> None:
    page = await open_page(served[0].url)
    await page.get_by_role("button", name="Start").click()
    evil = "<img src=x onerror=\"document.title='caught'\"><script>document.title='caught'</script>"
    await page.get_by_role("textbox").fill(evil)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(f"You said {evil}")).to_be_visible()
    chat = await page.locator(".chat").get_attribute("data-user")
    link = [{"type": "text_link", "offset": 0, "length": 4, "url": "javascript:alert(1)"}]
    await served[1].call("sendMessage", chat_id=chat, text="link", entities=link)
    await expect(page.locator(".text").last).to_have_text("link")
    await expect(page.locator(".log a")).to_have_count(0)
    assert await page.title() == "Dars"


async def test_pupils_side_by_side_and_one_at_a_time_on_a_phone(
    served: tuple[Running, ScriptedBot], open_page: OpenPage
) -> None:
    page = await open_page(served[0].url)
    await page.get_by_role("button", name="Start").click()
    await page.get_by_role("button", name="Add a pupil").click()
    await page.get_by_label("Name").fill("মিতু")
    await page.get_by_label("বাংলা").check()
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.locator(".chat:visible")).to_have_count(2)
    await page.get_by_role("button", name="শুরু করো").click()
    await expect(page.locator(".chat").nth(1).get_by_text("You said /start")).to_be_visible()

    await page.set_viewport_size({"width": 360, "height": 640})
    await expect(page.locator(".chat:visible")).to_have_count(1)
    hidden = await page.locator(".chat:not(.active)").get_attribute("data-user")
    await served[1].call("sendMessage", chat_id=hidden, text="Are you there?")
    tab = page.get_by_role("button", name="Amina, 1 unread")
    await expect(tab).to_be_visible()
    assert await page.title() == "(1) Dars"
    await tab.click()
    await expect(page.get_by_text("Are you there?")).to_be_visible()
    await expect(page.get_by_text("Unread messages")).to_be_visible()
    await expect(page).to_have_title("Dars")
    assert await _overflow(page) == 0


async def _overflow(page: Page) -> int:
    script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    found: int = await page.evaluate(script)
    return found


async def test_the_chat_goes_on_after_a_restart(tmp_path: Path, open_page: OpenPage) -> None:
    first = start(SandboxConfig(port=0, state=tmp_path / "state.jsonl"))
    page = await open_page(first.url)
    await page.get_by_role("button", name="Start").click()
    await expect(page.locator(".message.own")).to_have_count(1)
    first.stop()
    await expect(page.locator(".status")).to_have_text("connecting…")
    port = int(first.url.rpartition(":")[2])
    second = start(SandboxConfig(port=port, state=tmp_path / "state.jsonl"))
    user = await page.locator(".chat").get_attribute("data-user")
    async with aiohttp.ClientSession() as http:
        await ScriptedBot(http, second).call("sendMessage", chat_id=user, text="Back again")
    await expect(page.get_by_text("Back again")).to_be_visible()
    await expect(page.locator(".message.own")).to_have_count(1)
    await expect(page.locator(".status")).to_have_text("bot · Amina")
    await page.close()
    second.stop()


async def test_colours_language_and_blocking(
    served: tuple[Running, ScriptedBot], open_page: OpenPage
) -> None:
    page = await open_page(served[0].url, locale="bn-BD", dark=True)
    colour = "getComputedStyle(document.body).backgroundColor"
    dark = await page.evaluate(colour)
    await page.get_by_role("button", name="Change colours").click()
    assert await page.evaluate(colour) != dark
    await page.reload()
    assert await page.evaluate(colour) != dark
    await page.get_by_role("button", name="শুরু করো").click()
    await expect(page.get_by_text("You said /start")).to_be_visible()
    await page.get_by_role("button", name="আরও").click()
    await page.get_by_role("menuitem", name="বটকে ব্লক করো").click()
    await page.get_by_role("button", name="আনব্লক করে আবার শুরু করো").click()
    await expect(page.get_by_text("You said /start")).to_have_count(2)
