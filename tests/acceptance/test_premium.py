"""Premium as pupils and adults meet it: the real bot, play Stars, both databases."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import update

from bot.run import run_polling
from sandbox.run import Running
from src import clock, database
from src.models import AuditAction, AuditEvent, Entitlement, Person, StarCharge, StarOrder
from src.premium import checkout, payments
from src.premium.results import Checkout
from src.premium.rules import Refusal
from tests.acceptance.buyer import (
    MONTH,
    SHOP,
    charges,
    invoice,
    look_at_the_account,
    pay,
    premium_until,
    set_faults,
    settle,
    subscription,
)
from tests.acceptance.conftest import MakePupil, bot_settings
from tests.acceptance.pupil import Pupil, text_of
from tests.acceptance.test_practice import all_of
from tests.fixtures.factories import make_star_order
from tests.fixtures.library import add_library

ONCE, AGAIN = "30 days for 100", "Every 30 days"
A_DAY = timedelta(days=1)


@pytest.fixture
async def shop(database_url: str, sandbox: Running) -> AsyncGenerator[None]:
    """A bot that sells premium."""
    async with database.session_scope() as db:
        await add_library(db)
    stopping = asyncio.Event()
    running = asyncio.create_task(run_polling(bot_settings(sandbox, **SHOP), stopping))
    yield
    assert not running.done(), "the bot ended by itself"
    stopping.set()
    await running


@pytest.fixture
async def buyer(shop: None, make_pupil: MakePupil) -> Pupil:
    """A registered pupil."""
    someone = make_pupil()
    await someone.register()
    return someone


async def audited() -> list[AuditAction]:
    events = [event.action for event in await all_of(AuditEvent)]
    return [action for action in events if action is not AuditAction.BLOCK]


async def test_thirty_days_are_bought_once_and_behind_each_other(buyer: Pupil) -> None:
    offered = text_of(await buyer.say("/premium"))
    assert "100 Telegram Stars" in offered
    assert "an adult pays" in offered
    first = await invoice(buyer, ONCE)
    paid = await pay(buyer, **first)
    assert paid["status"] == "paid"
    [charge] = await charges()
    assert charge.telegram_payment_charge_id == paid["charge_id"]
    assert (charge.stars, charge.payer_id) == (100, buyer.id)
    said = text_of((await buyer.chat())[-1:])
    assert "Thank you! You have premium until" in said
    until = await premium_until(buyer)
    assert until is not None
    assert abs(until - clock.now() - MONTH) < A_DAY
    assert f"{until:%-d %b %Y}" in text_of(await buyer.say("/premium"))
    again = await pay(buyer, **first)
    assert again["error"] == "This invoice was paid already. Send /premium to see what you have."
    await buyer.say("/premium")
    await pay(buyer, **await invoice(buyer, ONCE))
    assert await premium_until(buyer) == until + MONTH
    assert (await audited()).count(AuditAction.PAY) == 2


async def test_who_only_looks_leaves_one_order(buyer: Pupil) -> None:
    await buyer.say("/premium")
    shown = [await invoice(buyer, ONCE) for _ in range(3)]
    assert len(shown) == 3
    [order] = await all_of(StarOrder)
    assert (order.stars, order.period_seconds) == (100, 2_592_000)


async def test_a_subscription_renews_is_ended_and_lasts_to_its_end(buyer: Pupil) -> None:
    await buyer.say("/premium")
    link = await invoice(buyer, AGAIN)
    first = (await pay(buyer, **link))["charge_id"]
    assert "It renews itself on" in text_of((await buyer.chat())[-1:])
    until = await premium_until(buyer)
    assert until is not None
    refused = await pay(buyer, **link)
    assert refused["error"] == "Your premium renews itself already. There is nothing to pay."
    assert "renews itself on" in text_of(await buyer.say("/premium"))
    await subscription(buyer, "renew", first)
    assert "was renewed, until" in text_of((await buyer.chat())[-1:])
    assert await premium_until(buyer) == until + MONTH
    await subscription(buyer, "cancel", first)
    assert "nothing more is charged. You have premium until" in text_of((await buyer.chat())[-1:])
    assert await premium_until(buyer) == until + MONTH
    await subscription(buyer, "enable", first)
    assert "Your subscription goes on" in text_of((await buyer.chat())[-1:])
    await subscription(buyer, "fail", first)
    assert "could not renew" in text_of((await buyer.chat())[-1:])
    assert "does not renew itself" in text_of(await buyer.say("/premium"))
    given = await all_of(Entitlement)
    assert [one.lasts_until - one.ends_at for one in given] == [A_DAY, timedelta()]
    assert await audited() == [*[AuditAction.PAY] * 2, *[AuditAction.CANCEL] * 2]


async def test_a_subscription_waits_for_days_that_are_paid(buyer: Pupil) -> None:
    await buyer.say("/premium")
    link = await invoice(buyer, AGAIN)
    await pay(buyer, **await invoice(buyer, ONCE))
    refused = await pay(buyer, **link)
    assert refused["error"].startswith("Your premium is paid for already.")
    assert "Every 30 days" not in str((await buyer.say("/premium"))[-1]["reply_markup"])


async def test_an_invoice_of_another_is_refused(buyer: Pupil, make_pupil: MakePupil) -> None:
    await buyer.say("/premium")
    link = await invoice(buyer, AGAIN)
    friend = make_pupil(language_code="bn")
    await friend.register(language="বাংলা")
    refused = await pay(friend, **link)
    assert refused["error"] == "এই ইনভয়েসটি অন্য কারও। নিজেরটির জন্য /premium পাঠাও।"
    assert await charges() == []


async def test_what_goes_back_takes_away_what_it_gave(buyer: Pupil, sandbox: Running) -> None:
    keys = []
    for _ in range(2):
        await buyer.say("/premium")
        keys.append((await pay(buyer, **await invoice(buyer, ONCE)))["charge_id"])
    until = await premium_until(buyer)
    assert until is not None
    async with database.session_scope() as db:
        await payments.ask_refund(db, keys[0], clock.now())
    assert await settle(sandbox) == 1
    assert await settle(sandbox) == 0
    await buyer.wait()
    left = await premium_until(buyer)
    # What was bought behind it begins now: nothing of that is lost.
    assert left is not None
    assert abs(left - clock.now() - MONTH) < A_DAY
    [event] = [e for e in await all_of(AuditEvent) if e.actor == "dars"]
    assert event.action is AuditAction.REFUND
    assert [one.refunded_at is None for one in await charges()] == [False, True]


async def test_a_refund_whose_answer_was_lost_is_done_once(
    buyer: Pupil, sandbox: Running, http: aiohttp.ClientSession
) -> None:
    await buyer.say("/premium")
    link = await invoice(buyer, AGAIN)
    key = (await pay(buyer, **link))["charge_id"]
    async with database.session_scope() as db:
        await payments.ask_refund(db, key, clock.now())
    lost = [{"fault": "drop_reply", "method": name} for name in ("refundStarPayment",)]
    await set_faults(http, sandbox, once=lost)
    await settle(sandbox)
    await settle(sandbox)
    await buyer.wait()
    [charge] = await charges()
    assert charge.refunded_at is not None
    async with http.get(f"{sandbox.url}/sandbox/users/{buyer.id}/stars") as answer:
        stars = await answer.json()
    # Who gives a subscription back also ends it.
    assert stars["subscriptions"][0]["state"] == "canceled"
    assert (await pay(buyer, **link))["error"].startswith("This invoice was paid already.")


async def test_what_no_update_told_is_found_in_the_account_and_counted_once(
    buyer: Pupil, sandbox: Running, http: aiohttp.ClientSession
) -> None:
    await buyer.say("/premium")
    paid = await pay(buyer, **await invoice(buyer, ONCE))
    async with database.session_scope() as db:
        for row in [*await all_of(Entitlement), *await all_of(StarCharge)]:
            await db.delete(await db.merge(row))
    found = await look_at_the_account(sandbox)
    assert (found.looked_at, found.payments, found.refunds) == (1, 1, 0)
    assert (await look_at_the_account(sandbox)).payments == 0
    [charge] = await charges()
    assert charge.telegram_payment_charge_id == paid["charge_id"]
    assert await premium_until(buyer) is not None
    form = {"user_id": str(buyer.id), "telegram_payment_charge_id": paid["charge_id"]}
    url = f"{sandbox.url}/bot{sandbox.config.token}/refundStarPayment"
    async with database.session_scope() as db:
        await payments.refunded(db, "another", clock.now())
    async with http.post(url, data=form) as answer:
        assert answer.status == 200
    await buyer.wait()
    assert (await look_at_the_account(sandbox)).refunds == 0
    assert await premium_until(buyer) is None


async def test_who_is_erased_pays_no_more_and_is_named_nowhere(
    buyer: Pupil, sandbox: Running, http: aiohttp.ClientSession
) -> None:
    await buyer.say("/premium")
    first = (await pay(buyer, **await invoice(buyer, AGAIN)))["charge_id"]
    assert "The premium that was paid for ends with it" in text_of(await buyer.say("/delete"))
    await buyer.tap("Yes, delete everything")
    assert await settle(sandbox) in {0, 1}  # on SQLite the bot's own job may have been first
    [charge] = await charges()
    assert (charge.person_id, charge.payer_id) == (None, None)
    async with http.get(f"{sandbox.url}/sandbox/users/{buyer.id}/stars") as answer:
        stars = await answer.json()
    assert [one["state"] for one in stars["subscriptions"]] == ["canceled"]
    assert stars["charges"][0]["id"] == first
    assert stars["charges"][0]["refunded"] is None


async def test_who_is_shut_out_buys_nothing_and_loses_nothing(buyer: Pupil) -> None:
    await buyer.say("/premium")
    first = (await pay(buyer, **await invoice(buyer, AGAIN)))["charge_id"]
    await subscription(buyer, "cancel", first)
    await subscription(buyer, "enable", first)
    await buyer.say("/premium")
    async with database.session_scope() as db:
        await db.execute(update(Person).values(barred_at=clock.now()))
    await subscription(buyer, "renew", first)
    assert len(await charges()) == len(await all_of(Entitlement)) == 2
    async with database.session_scope() as db:
        order = make_star_order(person_id=(await all_of(Person))[0].id)
        asked = Checkout(order.payload, buyer.id, "XTR", 100)
        db.add(order)
        await db.flush()
        assert await checkout.check(db, asked, clock.now()) is Refusal.NOT_SOLD


async def test_support_and_terms_answer_everybody(buyer: Pupil, make_pupil: MakePupil) -> None:
    assert "@an_adult" in text_of(await buyer.say("/paysupport"))
    assert "an adult pays" in text_of(await buyer.say("/terms"))
    await buyer.say("/premium")
    key = (await pay(buyer, **await invoice(buyer, ONCE)))["charge_id"]
    assert key in text_of(await buyer.say("/paysupport"))
    stranger = make_pupil()
    assert "@an_adult" in text_of(await stranger.say("/paysupport"))


async def test_where_nothing_is_sold_all_is_free(pupil: Pupil) -> None:
    assert "Everything in Dars is free" in text_of(await pupil.say("/premium"))
    assert "Nothing is sold" in text_of(await pupil.say("/paysupport"))
    assert "Nothing is sold" in text_of(await pupil.say("/terms"))


async def test_an_order_of_before_is_refused_when_nothing_is_sold_any_more(
    database_url: str, sandbox: Running, make_pupil: MakePupil
) -> None:
    async def run(**variables: str) -> tuple[asyncio.Task[None], asyncio.Event]:
        stopping = asyncio.Event()
        settings = bot_settings(sandbox, **variables)
        return asyncio.create_task(run_polling(settings, stopping)), stopping

    async with database.session_scope() as db:
        await add_library(db)
    running, stopping = await run(**SHOP)
    someone = make_pupil()
    await someone.register()
    await someone.say("/premium")
    what: dict[str, Any] = await invoice(someone, ONCE)
    stopping.set()
    await running
    running, stopping = await run()
    assert (await pay(someone, **what))["error"] == (
        "Premium is not sold just now. Nothing was paid."
    )
    stopping.set()
    await running
    running, stopping = await run(**SHOP | {"DARS_PREMIUM_STARS": "150"})
    # What was asked for is what is paid.
    assert (await pay(someone, **what))["status"] == "paid"
    stopping.set()
    await running
