"""Bots that are killed while many pay: no payment is lost, none counts twice."""

import asyncio
import random
import signal
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from sandbox.config import SandboxConfig
from sandbox.run import Running, start
from src import database
from src.models import (
    AuditAction,
    AuditEvent,
    Entitlement,
    Person,
    StarCharge,
    StarOrder,
    StarOrderKind,
)
from src.settings import get_settings
from tests.acceptance.buyer import SHOP, look_at_the_account, settle
from tests.acceptance.sandbox_client import Api, Json
from tests.acceptance.test_exactly_once import count_handled, start_bot
from tests.acceptance.test_practice import all_of
from tests.fixtures.factories import make_person, make_star_order, make_student
from tests.fixtures.library import add_library

PERIOD = timedelta(days=30)
FAULTS = {"duplicate_rate": 0.3, "reorder_rate": 0.2, "drop_reply_rate": 0.03, "error_rate": 0.03}
BUYERS = 6
FIRST_ID = 7001


@pytest.fixture
async def impatient() -> AsyncGenerator[Running]:
    """A sandbox that waits a second for a bot, not ten: it is killed often."""
    running = start(SandboxConfig(port=0, checkout_patience=1.0))
    yield running
    running.stop()


@dataclass
class Storm:
    """Who pays, and what is known to have been paid.

    Attributes:
        api: Both sides of the sandbox.
        payments: How many are to be made.
        seed: Makes a run repeatable.
        begun: How many were begun.
        paid: The numbers of those that were paid.
    """

    api: Api
    payments: int
    seed: int = 11
    begun: int = 0
    paid: list[str] = field(default_factory=list)

    async def buy(self, buyer: int) -> None:
        """Pay again and again: mostly once, at times by a subscription that is renewed."""
        rng = random.Random(self.seed + buyer)
        while self.begun < self.payments:
            self.begun += 1
            kind = StarOrderKind.SUBSCRIPTION if rng.random() < 0.15 else StarOrderKind.ONCE
            key = await self._pay(buyer, await self._link(buyer, kind))
            if key and kind is StarOrderKind.SUBSCRIPTION:
                await self._live_with(buyer, key, rng)
            elif key and rng.random() < 0.1:
                await self._give_back(buyer, key)

    async def _link(self, buyer: int, kind: StarOrderKind) -> str:
        """Return a link to an order, as the bot would have made both."""
        order = make_star_order(kind=kind, payload=f"storm-{self.begun}-{buyer}")
        payload, person = order.payload, select(Person.id).where(Person.telegram_id == buyer)
        async with database.session_scope() as db:
            order.person_id = await db.scalar(person)
            db.add(order)
        prices = [{"label": "30 days", "amount": 100}]
        more = {} if kind is StarOrderKind.ONCE else {"subscription_period": 2_592_000}
        invoice = {"title": "Premium", "description": "30 days", "currency": "XTR"}
        return str(
            await self._insist(
                "createInvoiceLink", payload=payload, prices=prices, **invoice, **more
            )
        )

    async def _insist(self, method: str, **params: Any) -> Any:
        """Call until it is answered: the faults are for everybody."""
        while True:
            try:
                status, body = await self.api.raw(method, **params)
            except aiohttp.ClientError:
                continue
            if status == 200 or "ALREADY" in body.get("description", ""):
                return body.get("result")

    async def _pay(self, buyer: int, link: str) -> str | None:
        """Try until it is paid, or refused for another reason than silence."""
        while True:
            result: Json = await self.api.post(f"users/{buyer}/pay", {"link": link})
            if result["status"] == "paid":
                self.paid.append(result["charge_id"])
                return str(result["charge_id"])
            if "renews itself" in result["error"] or "paid for already" in result["error"]:
                return None

    async def _live_with(self, buyer: int, key: str, rng: random.Random) -> None:
        for _ in range(rng.randrange(3)):
            self.begun += 1
            body = {"charge_id": key, "do": "renew"}
            self.paid.append((await self.api.post(f"users/{buyer}/stars", body))["charge_id"])
        await self.api.post(f"users/{buyer}/stars", {"charge_id": key, "do": "cancel"})

    async def _give_back(self, buyer: int, key: str) -> None:
        place = {"user_id": buyer, "telegram_payment_charge_id": key}
        await self._insist("refundStarPayment", **place)


async def kill_again_and_again(
    sandbox: Running, database_url: str, buying: asyncio.Future[Any], kills: int, every: int
) -> int:
    """Run the bot until all is bought, and kill it that often; return how often."""
    rng, done = random.Random(5), 0
    while not buying.done():
        process = await start_bot(sandbox, database_url)
        wanted = await count_handled() + every + rng.randrange(4)
        while done < kills and not buying.done() and await count_handled() < wanted:
            await asyncio.sleep(0.005)
        await asyncio.sleep(rng.random() * 0.05)
        if done >= kills:
            await buying
            async with asyncio.timeout(120):
                async with Api.of(sandbox) as api:
                    await api.post("faults", {})
                    await api.drained()
        assert process.returncode is None, "the bot ended by itself"
        process.send_signal(signal.SIGTERM if done >= kills else signal.SIGKILL)
        done += done < kills
        await process.wait()
    return done


async def storm(sandbox: Running, database_url: str, payments: int, kills: int) -> None:
    """Let some people pay while the bot is killed, and compare with Telegram's account."""
    async with database.session_scope() as db:
        await add_library(db)
        for number in range(BUYERS):
            person = make_person(telegram_id=FIRST_ID + number)
            db.add(person)
            await db.flush()
            student = make_student(telegram_id=FIRST_ID + number, person_id=person.id)
            db.add(student)
            await db.flush()
            person.current_student_id = student.id
    async with Api.of(sandbox) as api:
        for number in range(BUYERS):
            await api.post("users", {"id": FIRST_ID + number, "first_name": "Mitu"})
        kinds = ["message", "callback_query", "pre_checkout_query", "subscription"]
        await api.call("getUpdates", allowed_updates=kinds)
        await api.post("faults", FAULTS | {"seed": 3})
        tempest = Storm(api, payments)
        buyers = [tempest.buy(FIRST_ID + number) for number in range(BUYERS)]
        buying = asyncio.ensure_future(asyncio.gather(*buyers))
        # Of a payment one update is recorded: what is asked before it leaves no trace.
        every = max(5, payments // (kills + 2))
        done = await kill_again_and_again(sandbox, database_url, buying, kills, every)
        assert done >= max(1, kills - 2)
        await buying
        await api.post("faults", {})
        # What is said to be given back by ourselves, and what no update told.
        await look_at_the_account(sandbox)
        await settle(sandbox)
        await look_at_the_account(sandbox)
        await compare(api, tempest)


async def compare(api: Api, tempest: Storm) -> None:
    """Each payment of Telegram's account is one charge, and gave what it is for."""
    told: list[Json] = []
    while page := (await api.call("getStarTransactions", offset=len(told)))["transactions"]:
        told += page
    came = [one["id"] for one in told if "source" in one]
    back = {one["id"] for one in told if "receiver" in one}
    assert sorted(came) == sorted(tempest.paid)
    assert len(came) >= tempest.payments * 0.7
    found = await all_of(StarCharge)
    assert sorted(one.telegram_payment_charge_id for one in found) == sorted(came)
    assert {one.telegram_payment_charge_id for one in found if one.refunded_at} == back
    await compare_time(back)
    await compare_audit(len(came), len(back))


async def compare_time(back: set[str]) -> None:
    """Whoever paid once has that many days, one behind the other, and no day twice."""
    orders = {one.id: one for one in await all_of(StarOrder)}
    by_charge = {one.charge_id: one for one in await all_of(Entitlement)}
    for person in await all_of(Person):
        theirs = [one for one in await all_of(StarCharge) if one.person_id == person.id]
        left = [one for one in theirs if one.telegram_payment_charge_id not in back]
        given = [by_charge[one.id] for one in left]
        assert all(one.revoked_at is None for one in given)
        once = [one for one, charge in zip(given, left, strict=True) if not charge.is_recurring]
        assert all(one.ends_at - one.starts_at == PERIOD for one in once)
        spans = sorted((one.starts_at, one.ends_at) for one in once)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
        assert {orders[one.order_id].person_id for one in theirs if one.order_id} <= {person.id}


async def compare_audit(came: int, back: int) -> None:
    events = [one.action for one in await all_of(AuditEvent)]
    assert events.count(AuditAction.PAY) == came
    assert events.count(AuditAction.REFUND) == back


async def test_a_small_storm_of_payments(
    impatient: Running, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_price(monkeypatch)
    await storm(impatient, database_url, payments=25, kills=1)


@pytest.mark.soak
@pytest.mark.timeout(1800)
async def test_a_storm_of_payments(
    impatient: Running, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_price(monkeypatch)
    # Twice: there are two databases.
    await storm(impatient, database_url, payments=1000, kills=15)


def set_price(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sell in this process and in those that it starts."""
    for name, value in SHOP.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
