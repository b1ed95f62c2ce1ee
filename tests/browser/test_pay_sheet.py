"""The pay sheet of the web chat, with a bot behind it that agrees or does not."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from sandbox.config import SandboxConfig
from sandbox.run import Running, start
from tests.browser.conftest import OpenPage
from tests.browser.scripted import Caller

pytestmark = pytest.mark.asyncio(loop_scope="module")
INVOICE = {
    "title": "Premium",
    "description": "30 days of it.",
    "payload": "order",
    "currency": "XTR",
    "prices": [{"label": "30 days", "amount": 100}],
}


class Shop(Caller):
    """Shows an invoice and a link to whoever writes; agrees unless it has a reason not to."""

    reason = ""

    async def run(self) -> None:
        """Answer updates for ever."""
        offset = 0
        while True:
            for update in await self.call("getUpdates", offset=offset, timeout=20) or []:
                offset = update["update_id"] + 1
                await self._handle(update)

    async def _handle(self, update: dict[str, Any]) -> None:
        if "pre_checkout_query" in update:
            number = update["pre_checkout_query"]["id"]
            answer = {"ok": json.dumps(not self.reason), "error_message": self.reason}
            await self.call("answerPreCheckoutQuery", pre_checkout_query_id=number, **answer)
        elif update.get("message", {}).get("text"):
            chat = update["message"]["chat"]["id"]
            await self.call("sendInvoice", chat_id=chat, **INVOICE)
            link = await self.call("createInvoiceLink", **INVOICE, subscription_period=2_592_000)
            keys = {"inline_keyboard": [[{"text": "Subscribe", "url": link}]]}
            await self.call("sendMessage", chat_id=chat, text="Or so:", reply_markup=keys)


@pytest_asyncio.fixture(loop_scope="module")
async def shop() -> AsyncGenerator[tuple[Shop, Running]]:
    """A sandbox with a bot that sells."""
    running = start(SandboxConfig(port=0))
    async with aiohttp.ClientSession() as http:
        seller = Shop(http, running)
        task = asyncio.create_task(seller.run())
        yield seller, running
        task.cancel()
    running.stop()


async def opened(open_page: OpenPage, running: Running, **look: Any) -> Page:
    page = await open_page(running.url, **look)
    start_words = "শুরু করো" if look.get("locale", "").startswith("bn") else "Start"
    await page.get_by_role("button", name=start_words).first.click()
    await expect(page.get_by_role("button", name="Subscribe")).to_be_visible()
    return page


async def test_an_invoice_is_paid_and_a_refusal_is_read(
    open_page: OpenPage, shop: tuple[Shop, Running]
) -> None:
    seller, running = shop
    page = await opened(open_page, running)
    await page.get_by_role("button", name="Pay ⭐ 100").click()
    sheet = page.get_by_role("dialog", name="Confirm the payment")
    await expect(sheet).to_contain_text("30 days of it.")
    await expect(sheet).to_contain_text("nothing real is paid")
    seller.reason = "It runs already."
    agree = sheet.get_by_role("button", name="Pay ⭐ 100")
    await expect(agree).to_be_focused()
    await agree.click()
    await expect(sheet.get_by_role("alert")).to_have_text("It runs already.")
    seller.reason = ""
    await agree.click()
    await expect(sheet).not_to_be_attached()
    await expect(page.get_by_text("You paid ⭐ 100")).to_be_visible()


async def test_a_subscription_is_paid_renewed_and_ended(
    open_page: OpenPage, shop: tuple[Shop, Running]
) -> None:
    _, running = shop
    page = await opened(open_page, running, width=360, height=740)
    await page.get_by_role("button", name="Subscribe").click()
    sheet = page.get_by_role("dialog", name="Confirm the payment")
    await expect(sheet).to_contain_text("Again every 30 days")
    await sheet.get_by_role("button", name="Pay").click()
    await expect(page.get_by_text("You paid ⭐ 100")).to_be_visible()
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("menuitem", name="Stars").click()
    stars = page.get_by_role("dialog", name="Stars")
    await expect(stars).to_contain_text("renews on")
    await stars.get_by_role("button", name="Let the time pass").click()
    await expect(page.get_by_text("You paid ⭐ 100")).to_have_count(2)
    await stars.get_by_role("button", name="End it").click()
    await expect(stars).to_contain_text("ended, lasts until")
    await stars.get_by_role("button", name="Let it go on").click()
    await expect(stars).to_contain_text("renews on")
    await stars.get_by_role("button", name="Let the payment fail").click()
    await expect(stars).to_contain_text("not paid, lasts until")
    await stars.get_by_role("button", name="Close").click()
    await expect(stars).not_to_be_attached()


async def test_the_sheet_speaks_bangla_and_fits_a_phone(
    open_page: OpenPage, shop: tuple[Shop, Running]
) -> None:
    _, running = shop
    page = await opened(open_page, running, width=320, height=640, locale="bn-BD")
    await page.get_by_role("button", name="⭐ ১০০ দাও").click()
    sheet = page.get_by_role("dialog", name="দাম দেওয়া নিশ্চিত করো")
    await expect(sheet).to_contain_text("খেলার টাকা")
    assert await sheet.get_attribute("lang") == "bn"
    # It rises into its place.
    await sheet.evaluate("one => Promise.all(one.getAnimations().map((a) => a.finished))")
    box = await sheet.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 320)
    assert round(box["y"] + box["height"]) == 640
    await page.keyboard.press("Escape")
    await expect(sheet).not_to_be_attached()
