"""Payments by whatever way and however often they come: answered at once, counted once."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import aiohttp
import pytest
from sqlalchemy import TextClause, func, select, text

from bot.run import run_polling
from sandbox.run import Running
from src import database
from src.models import AuditAction, AuditEvent, Entitlement, ReceivedUpdate
from tests.acceptance.buyer import SHOP, charges, invoice, pay, premium_until
from tests.acceptance.conftest import MakePupil, bot_settings
from tests.acceptance.pupil import Pupil, text_of
from tests.acceptance.test_practice import all_of
from tests.acceptance.webhooks import SECRET, Gate, receiving
from tests.fixtures.library import add_library

ONCE, AGAIN = "30 days for 100", "Every 30 days"
Json = dict[str, Any]
numbers = count(900_000_001)


@pytest.fixture(autouse=True)
async def library(database_url: str) -> None:
    """Problems whose answers the tests know."""
    async with database.session_scope() as db:
        await add_library(db)


@asynccontextmanager
async def polling(sandbox: Running, api_url: str = "") -> AsyncGenerator[None]:
    """A bot that sells and fetches its updates, perhaps by way of a gate."""
    more = SHOP | ({"DARS_TELEGRAM_API_URL": api_url} if api_url else {})
    stopping = asyncio.Event()
    running = asyncio.create_task(run_polling(bot_settings(sandbox, **more), stopping))
    yield
    stopping.set()
    await running


async def deliver(http: aiohttp.ClientSession, url: str, kind: str, body: Any) -> int:
    """Deliver an update of ours, with a number that nobody has seen; return the status."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    update = {"update_id": next(numbers), kind: body}
    async with http.post(url, json=update, headers=headers) as answer:
        return answer.status


async def bought(buyer: Pupil, button: str) -> tuple[str, Json]:
    """Buy; return the number of the payment and the message that told of it."""
    await buyer.say("/premium")
    key = (await pay(buyer, **await invoice(buyer, button)))["charge_id"]
    told = [m for m in await buyer.chat() if "successful_payment" in m]
    chat = {"id": buyer.id, "type": "private"}
    sender = {"id": buyer.id, "is_bot": False, "first_name": "Mitu", "language_code": "en"}
    last = told[-1]
    message = {"message_id": last["message_id"], "date": last["date"], "chat": chat}
    return key, message | {"from": sender, "successful_payment": last["successful_payment"]}


async def test_a_payment_that_comes_again_under_other_numbers_counts_once(
    sandbox: Running, make_pupil: MakePupil, http: aiohttp.ClientSession
) -> None:
    buyer = make_pupil()
    async with polling(sandbox):
        await buyer.register()
        _, once = await bought(buyer, ONCE)
    until, before = await premium_until(buyer), len(await buyer.chat())
    async with receiving(sandbox, **SHOP) as url:
        late = [deliver(http, url, "message", once) for _ in range(8)]
        assert set(await asyncio.gather(*late)) == {200}
        assert await premium_until(buyer) == until
        assert len(await charges()) == len(await all_of(Entitlement)) == 1
        actions = [event.action for event in await all_of(AuditEvent)]
        assert actions.count(AuditAction.PAY) == 1
        # Who was thanked is not thanked again.
        assert len(await buyer.chat()) == before


async def test_what_telegram_tells_without_a_sender_is_taken_whatever_it_holds(
    sandbox: Running, make_pupil: MakePupil, http: aiohttp.ClientSession
) -> None:
    buyer = make_pupil()
    async with polling(sandbox):
        await buyer.register()
        await bought(buyer, AGAIN)
    async with receiving(sandbox, **SHOP) as url:
        user = {"id": buyer.id, "is_bot": False, "first_name": "Mitu"}
        [told] = [m["successful_payment"] for m in await buyer.chat() if "successful_payment" in m]
        payload = told["invoice_payload"]
        canceled = {"user": user, "invoice_payload": payload, "state": "canceled"}
        for odd in (
            {"user": user, "invoice_payload": "unknown", "state": "canceled"},
            {"user": user, "invoice_payload": payload, "state": "asleep"},
            {"user": user, "state": "canceled"},
            {"user": user},
            {"state": "canceled"},
            {},
            "x",
            7,
        ):
            assert await deliver(http, url, "subscription", odd) == 200
        before = len(await buyer.chat())
        assert await deliver(http, url, "subscription", canceled) == 200
        assert await deliver(http, url, "subscription", canceled) == 200
        said = (await buyer.chat())[before:]
        assert text_of(said).count("Your subscription has ended") == 1


async def test_who_pays_is_answered_past_a_lane_that_stands_still(
    sandbox: Running, make_pupil: MakePupil
) -> None:
    gate, buyer = Gate(), make_pupil()
    async with polling(sandbox):
        await buyer.register()
        await buyer.say("/premium")
        what = await invoice(buyer, ONCE)
    async with gate.running(sandbox) as url, polling(sandbox, url):
        for _ in range(60):
            await buyer.post("/help")
        await gate.reached.wait()
        url_of = f"{sandbox.url}/sandbox/users/{buyer.id}/pay"
        async with buyer._http.post(url_of, json=what) as answer:
            paid = await answer.json()
        # Its ten seconds were enough, while sixty messages of the same person wait.
        assert paid["status"] == "paid"
        assert not gate.opened.is_set()
        gate.opened.set()
        await buyer.wait()
        await _until_counted()
    [charge] = await charges()
    assert charge.telegram_payment_charge_id == paid["charge_id"]
    async with database.read_scope() as db:
        kept = await db.scalar(select(func.count()).where(ReceivedUpdate.lane < 0))
    assert kept == 0


async def _until_counted() -> None:
    async with asyncio.timeout(60):
        while not await charges():
            await asyncio.sleep(0.05)


async def test_where_the_database_is_away_nobody_pays(
    sandbox: Running, make_pupil: MakePupil
) -> None:
    buyer = make_pupil()
    async with polling(sandbox):
        await buyer.register()
        await buyer.say("/premium")
        what = await invoice(buyer, ONCE)
        async with database.session_scope() as db:
            for table in ("star_orders", "star_charges"):
                await db.execute(_rename(table, f"{table}_away"))
        refused = await _pay_now(buyer, what)
        assert refused["error"].startswith("I cannot check this just now.")
        async with database.session_scope() as db:
            for table in ("star_orders", "star_charges"):
                await db.execute(_rename(f"{table}_away", table))
        assert (await pay(buyer, **what))["status"] == "paid"


async def _pay_now(buyer: Pupil, what: Json) -> Json:
    url = f"{buyer._url}/sandbox/users/{buyer.id}/pay"
    async with buyer._http.post(url, json=what) as answer:
        result: Json = await answer.json()
        return result


def _rename(table: str, name: str) -> TextClause:
    return text(f"ALTER TABLE {table} RENAME TO {name}")
