"""`dars premium` and `dars telegram status`, against a real sandbox, on both databases."""

import asyncio
import json
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.gateway.polling import ALLOWED_UPDATES
from cli.main import app
from sandbox.run import Running
from src import clock, database
from src.models import AuditAction, AuditEvent, Entitlement, Person
from src.premium import payments
from src.premium.results import Payment
from src.settings import get_settings
from tests.acceptance.sandbox_client import Api, api_of
from tests.acceptance.test_practice import all_of
from tests.acceptance.test_sandbox_stars import INVOICE, pay
from tests.acceptance.webhooks import SECRET
from tests.fixtures.factories import make_person

SOMEBODY = 501


async def dars(*words: str) -> Result:
    await database.dispose()
    return await asyncio.to_thread(CliRunner().invoke, app, words)


async def listed() -> list[dict[str, Any]]:
    said = await dars("premium", "list", "--format", "json")
    found: list[dict[str, Any]] = json.loads(said.output)
    return found


@pytest.fixture
async def api(
    database_url: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Api]:
    """A sandbox for which commands have the token, and somebody in it and in the database."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", running.config.token)
    monkeypatch.setenv("DARS_TELEGRAM_API_URL", running.url)
    get_settings.cache_clear()
    async with database.session_scope() as db:
        db.add(make_person(telegram_id=SOMEBODY))
    async with api_of(running) as client:
        yield client


async def paid(api: Api) -> str:
    """Somebody pays, and it is counted; return the number of the payment."""
    message = await api.call("sendInvoice", chat_id=SOMEBODY, **INVOICE)
    number: str = (await pay(api, message_id=message["message_id"]))["charge_id"]
    await api.updates()
    async with database.session_scope() as db:
        person = (await all_people())[0]
        payment = Payment(number, "order-1", SOMEBODY, 100, clock.now())
        await payments.pay(db, payment, person, clock.now())
    return number


async def all_people() -> list[int]:
    return [person.id for person in await all_of(Person)]


async def test_days_are_given_and_taken_away(api: Api) -> None:
    assert "Nothing." in (await dars("premium", "list")).output
    assert "Premium until" in (await dars("premium", "grant", "501", "--days", "3")).output
    assert "Premium until" in (await dars("premium", "grant", "501")).output
    first, second = await all_of(Entitlement)
    assert first.ends_at - first.starts_at == timedelta(days=3)
    assert second.starts_at == first.ends_at
    assert [(row["kind"], row["back"]) for row in await listed()] == [("grant", None)] * 2
    assert (await dars("premium", "revoke", "501")).output == "Taken away: 2.\n"
    assert "Nothing was given" in (await dars("premium", "revoke", "501")).output
    unknown = await dars("premium", "grant", "777")
    assert str(unknown.exception) == "nobody with the Telegram id 777 has written yet"
    actions = [event.action for event in await all_of(AuditEvent)]
    assert actions == [AuditAction.GRANT, AuditAction.GRANT, AuditAction.REVOKE]


async def test_what_was_paid_goes_back(api: Api) -> None:
    number = await paid(api)
    assert "Nothing was given" in (await dars("premium", "revoke", "501")).output
    [row] = await listed()
    assert (row["charge"], row["stars"], row["person"]) == (number, 100, SOMEBODY)
    done = await dars("premium", "refund", number)
    assert (done.exit_code, done.output) == (0, "The Stars went back.\n")
    assert await api.call("getMyStarBalance") == {"amount": 0}
    [row] = await listed()
    assert row["back"] is not None
    again = await dars("premium", "refund", number)
    assert again.exit_code == 0
    unknown = await dars("premium", "refund", "stx-none")
    assert "no payment has the number stx-none" in str(unknown.exception)
    [given] = await all_of(Entitlement)
    assert given.revoked_at is not None
    table = (await dars("premium", "list")).output
    assert number in table


async def test_a_refund_that_telegram_does_not_take_is_left_to_the_bot(api: Api) -> None:
    number = await paid(api)
    await api.post("faults", {"error_rate": 1.0, "methods": ["refundStarPayment"]})
    waits = await dars("premium", "refund", number)
    assert waits.exit_code == 1
    assert "the bot tries each minute" in waits.output
    await api.post("faults", {})
    assert (await dars("premium", "refund", number)).exit_code == 0


async def test_a_webhook_that_hears_of_no_payments_fails_the_status(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DARS_WEBHOOK_URL", "https://dars.example/telegram")
    monkeypatch.setenv("DARS_WEBHOOK_SECRET", SECRET)
    get_settings.cache_clear()
    assert (await dars("telegram", "setup")).exit_code == 0
    assert (await dars("telegram", "status")).exit_code == 0
    hook = {"url": "https://dars.example/telegram", "secret_token": SECRET, "max_connections": 40}
    before = [kind for kind in ALLOWED_UPDATES if kind != "pre_checkout_query"]
    await api.call("setWebhook", **hook, allowed_updates=before)
    status = await dars("telegram", "status")
    assert status.exit_code == 1
    assert "differs  webhook" in status.output
    await api.call("deleteWebhook")
