"""Play Stars of the sandbox go the ways of Telegram's, and are refused in its words."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from sandbox.config import SandboxConfig
from sandbox.run import start
from tests.acceptance.sandbox_client import PUPIL, Api, Json, api_of

MONTH = 2_592_000
FRIEND = 502
INVOICE: Json = {
    "title": "Premium",
    "description": "30 days of all of it.",
    "payload": "order-1",
    "currency": "XTR",
    "prices": [{"label": "30 days", "amount": 100}],
}
BAD = "400 Bad Request: "
TOO_OLD = f"{BAD}query is too old and response timeout expired or query ID is invalid"


async def pay(api: Api, user: int = PUPIL, refuse: str = "", **what: Any) -> Json:
    """Somebody pays, and the bot agrees or says why not; return what the client is told."""
    paying = asyncio.create_task(api.post(f"users/{user}/pay", what))
    [query] = [update["pre_checkout_query"] for update in await api.updates(timeout=5)]
    answer: Json = {"ok": not refuse, "error_message": refuse}
    number = {"pre_checkout_query_id": query["id"]}
    assert await api.call("answerPreCheckoutQuery", **number, **answer) is True
    assert await api.refused("answerPreCheckoutQuery", **number, ok=True) == TOO_OLD
    result: Json = await paying
    return result | {"query": query}


async def link(api: Api, **more: Any) -> str:
    wish = INVOICE | {"subscription_period": MONTH} | more
    made: str = await api.call("createInvoiceLink", **wish)
    return made


async def test_an_invoice_is_paid_once_and_its_message_says_so(api: Api) -> None:
    message = await api.call("sendInvoice", chat_id=PUPIL, **INVOICE)
    shown = {name: INVOICE[name] for name in ("title", "description", "currency")}
    assert message["invoice"] == shown | {"total_amount": 100, "start_parameter": ""}
    assert (await api.chat())[-1]["invoice"] == message["invoice"]
    sheet = await api.get(f"users/{PUPIL}/invoice?message_id={message['message_id']}")
    assert sheet == shown | {"total_amount": 100}
    paid = await pay(api, message_id=message["message_id"])
    assert paid["status"] == "paid"
    assert paid["query"]["total_amount"] == 100
    assert (paid["query"]["currency"], paid["query"]["invoice_payload"]) == ("XTR", "order-1")
    [update] = await api.updates()
    told = update["message"]["successful_payment"]
    assert told["telegram_payment_charge_id"] == paid["charge_id"]
    assert (told["currency"], told["total_amount"]) == ("XTR", 100)
    assert "is_recurring" not in told
    assert update["message"]["from"]["id"] == PUPIL
    assert (await api.chat())[-1]["successful_payment"] == told
    assert await api.call("getMyStarBalance") == {"amount": 100}


async def test_a_bot_that_refuses_or_says_nothing_gets_nothing() -> None:
    running = start(SandboxConfig(port=0, checkout_patience=0.05))
    async with api_of(running) as api:
        message = await api.call("sendInvoice", chat_id=PUPIL, **INVOICE)
        place = {"message_id": message["message_id"]}
        silent = await api.post(f"users/{PUPIL}/pay", place)
        assert silent == {"status": "failed", "error": "BOT_PRECHECKOUT_TIMEOUT"}
        [late] = await api.updates()
        number = late["pre_checkout_query"]["id"]
        answer = {"pre_checkout_query_id": number, "ok": True}
        assert await api.refused("answerPreCheckoutQuery", **answer) == TOO_OLD
        assert await api.call("getStarTransactions") == {"transactions": []}
    running.stop()


async def test_the_words_of_a_refusal_reach_who_pays(api: Api) -> None:
    message = await api.call("sendInvoice", chat_id=PUPIL, **INVOICE)
    place = {"message_id": message["message_id"]}
    refused = await pay(api, refuse="It runs already.", **place)
    assert (refused["status"], refused["error"]) == ("failed", "It runs already.")
    assert (await pay(api, abandon=True, **place))["status"] == "abandoned"
    assert await api.updates() == []
    await api.post(f"users/{PUPIL}/pay", {"message_id": 99_999}, status=404)


async def test_anybody_may_pay_by_a_link(api: Api) -> None:
    address = await link(api)
    assert address.startswith("https://t.me/$")
    await api.say(user=FRIEND)
    await api.updates()
    paid = await pay(api, FRIEND, link=address)
    [update] = await api.updates()
    told = update["message"]
    assert told["from"]["id"] == FRIEND
    first = told["successful_payment"]
    assert (first["is_recurring"], first["is_first_recurring"]) == (True, True)
    assert first["subscription_expiration_date"] == told["date"] + MONTH
    again = await api.post(f"users/{FRIEND}/stars", {"charge_id": paid["charge_id"], "do": "renew"})
    [update] = await api.updates()
    second = update["message"]["successful_payment"]
    assert second["telegram_payment_charge_id"] == again["charge_id"] != paid["charge_id"]
    assert "is_first_recurring" not in second
    assert second["subscription_expiration_date"] == told["date"] + 2 * MONTH


@pytest.mark.parametrize("kinds", [[], ["message", "pre_checkout_query", "subscription"]])
async def test_a_subscription_is_canceled_enabled_and_fails(api: Api, kinds: list[str]) -> None:
    await api.call("getUpdates", allowed_updates=kinds)
    paid = await pay(api, link=await link(api))
    await api.updates()
    place = {"charge_id": paid["charge_id"]}
    states = []
    for deed in ("cancel", "enable", "fail"):
        await api.post(f"users/{PUPIL}/stars", place | {"do": deed})
        [update] = await api.updates()
        assert update["subscription"]["invoice_payload"] == "order-1"
        assert update["subscription"]["user"]["id"] == PUPIL
        states.append(update["subscription"]["state"])
    assert states == ["canceled", "active", "failed"]
    refused = await api.post(f"users/{PUPIL}/stars", place | {"do": "renew"}, status=400)
    assert refused["description"] == "Bad Request: a subscription that is failed cannot do that"
    await api.post(f"users/{FRIEND}/stars", place | {"do": "renew"}, status=404)


async def test_a_bot_ends_renewals_and_takes_back_only_that(api: Api) -> None:
    paid = await pay(api, link=await link(api))
    place = {"user_id": PUPIL, "telegram_payment_charge_id": paid["charge_id"]}
    edit = "editUserStarSubscription"
    state = []
    for canceled in (True, False):
        assert await api.call(edit, **place, is_canceled=canceled) is True
        state.append((await api.get(f"users/{PUPIL}/stars"))["subscriptions"][0]["state"])
    assert state == ["canceled", "active"]
    await api.post(f"users/{PUPIL}/stars", {"charge_id": paid["charge_id"], "do": "cancel"})
    await api.call(edit, **place, is_canceled=False)
    assert (await api.get(f"users/{PUPIL}/stars"))["subscriptions"][0]["state"] == "canceled"
    once = await api.call("sendInvoice", chat_id=PUPIL, **INVOICE)
    await api.updates()
    other = (await pay(api, message_id=once["message_id"]))["charge_id"]
    wrong = {"user_id": PUPIL, "telegram_payment_charge_id": other, "is_canceled": True}
    assert await api.refused(edit, **wrong) == f"{BAD}CHARGE_ID_INVALID"


async def test_what_is_given_back_is_listed_and_given_back_once(api: Api) -> None:
    message = await api.call("sendInvoice", chat_id=PUPIL, **INVOICE)
    charge = (await pay(api, message_id=message["message_id"]))["charge_id"]
    await api.updates()
    place = {"user_id": PUPIL, "telegram_payment_charge_id": charge}
    assert await api.call("refundStarPayment", **place) is True
    [update] = await api.updates()
    told = update["message"]["refunded_payment"]
    assert (told["telegram_payment_charge_id"], told["total_amount"]) == (charge, 100)
    refund = "refundStarPayment"
    assert await api.refused(refund, **place) == f"{BAD}CHARGE_ALREADY_REFUNDED"
    assert await api.refused(refund, user_id=FRIEND, telegram_payment_charge_id=charge) == (
        f"{BAD}CHARGE_ID_INVALID"
    )
    assert await api.refused(refund, user_id=PUPIL) == f"{BAD}CHARGE_ID_EMPTY"
    listed = (await api.call("getStarTransactions"))["transactions"]
    assert [(one["id"], one["amount"]) for one in listed] == [(charge, 100)] * 2
    assert listed[0]["source"]["invoice_payload"] == listed[1]["receiver"]["invoice_payload"]
    assert listed[0]["source"]["transaction_type"] == "invoice_payment"
    assert (await api.call("getStarTransactions", offset=1, limit=1))["transactions"] == listed[1:]
    assert await api.call("getMyStarBalance") == {"amount": 0}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"currency": "XTS"}, "PAYMENT_PROVIDER_INVALID"),
        ({"provider_token": "1:TEST"}, "STARS_INVOICE_INVALID"),
        ({"suggested_tip_amounts": [1]}, "STARS_INVOICE_INVALID"),
        ({"prices": INVOICE["prices"] * 2}, "STARS_INVOICE_INVALID"),
        ({"prices": [{"label": "x", "amount": 0}]}, "CURRENCY_TOTAL_AMOUNT_INVALID"),
        ({"prices": [{"label": "x", "amount": 10_001}]}, "SUBSCRIPTION_AMOUNT_INVALID"),
        ({"payload": "ক" * 43}, "INVOICE_PAYLOAD_INVALID"),
        ({"title": "x" * 33}, "INVOICE_TITLE_INVALID"),
        ({"description": ""}, "INVOICE_DESCRIPTION_INVALID"),
        ({"subscription_period": 60}, "SUBSCRIPTION_PERIOD_INVALID"),
    ],
)
async def test_what_telegram_takes_no_invoice_for(api: Api, wrong: Json, words: str) -> None:
    wish = INVOICE | {"subscription_period": MONTH} | wrong
    assert await api.refused("createInvoiceLink", **wish) == BAD + words


async def test_the_test_servers_take_other_periods(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.journal"
    config = SandboxConfig(port=0, subscription_periods=(60, 300), state=state)
    running = start(config)
    async with api_of(running) as api:
        wrong = INVOICE | {"subscription_period": MONTH}
        refused = await api.refused("createInvoiceLink", **wrong)
        assert refused == f"{BAD}SUBSCRIPTION_PERIOD_INVALID"
        paid = await pay(api, link=await link(api, subscription_period=60))
        before = await api.get(f"users/{PUPIL}/stars")
    running.stop()
    running = start(config)
    async with Api.of(running) as api:
        assert await api.get(f"users/{PUPIL}/stars") == before
        assert before["subscriptions"][0]["charges"] == [paid["charge_id"]]
    running.stop()
