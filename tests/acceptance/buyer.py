"""Somebody who pays with play Stars, and what the bot has counted of it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from sqlalchemy import select

from bot.app import build_bot
from bot.gateway.stars import Stars
from sandbox.run import Running
from src import clock, database
from src.models import Entitlement, Person, StarCharge
from src.premium import reconcile
from src.premium.reconcile import Reconciled
from tests.acceptance.conftest import bot_settings
from tests.acceptance.pupil import Pupil

SHOP = {"DARS_PREMIUM_STARS": "100", "DARS_PREMIUM_SUPPORT": "@an_adult"}
MONTH = timedelta(days=30)


async def pay(pupil: Pupil, **what: Any) -> dict[str, Any]:
    """Agree to pay an invoice; return what the client is told when the bot has handled it."""
    url = f"{pupil._url}/sandbox/users/{pupil.id}/pay"
    async with pupil._http.post(url, json=what) as response:
        assert response.status == 200, await response.text()
        result: dict[str, Any] = await response.json()
    await pupil.wait()
    return result


async def subscription(pupil: Pupil, deed: str, charge: str) -> None:
    """Let something happen to a subscription."""
    await pupil._post("stars", {"charge_id": charge, "do": deed})
    await pupil.wait()


async def invoice(pupil: Pupil, button: str) -> dict[str, Any]:
    """Ask for an invoice; return how it is paid: by its message, or by its link."""
    [message] = (await pupil.tap(button))[-1:]
    if "invoice" in message:
        return {"message_id": message["message_id"]}
    return {"link": message["reply_markup"]["inline_keyboard"][0][0]["url"]}


async def premium_until(pupil: Pupil) -> datetime | None:
    """Return the end of what somebody has."""
    statement = (
        select(Entitlement.ends_at)
        .join(Person, Person.id == Entitlement.person_id)
        .where(Person.telegram_id == pupil.id, Entitlement.revoked_at.is_(None))
        .order_by(Entitlement.ends_at.desc())
    )
    async with database.read_scope() as db:
        return (await db.scalars(statement)).first()


async def charges() -> list[StarCharge]:
    """Return all payments that were counted."""
    async with database.read_scope() as db:
        return list(await db.scalars(select(StarCharge).order_by(StarCharge.id)))


@asynccontextmanager
async def gateway(sandbox: Running) -> AsyncGenerator[Stars]:
    """Yield what the jobs do at Telegram."""
    async with build_bot(bot_settings(sandbox).telegram) as bot:
        yield Stars(bot)


async def settle(sandbox: Running) -> int:
    """Do at Telegram what is asked for."""
    async with gateway(sandbox) as stars:
        return await reconcile.settle(database.session_scope, stars, clock.now())


async def look_at_the_account(sandbox: Running) -> Reconciled:
    """Compare with Telegram's account, as a day later: the sandbox has the time of day."""
    async with gateway(sandbox) as stars:
        later = clock.now() + timedelta(days=1, minutes=15)
        return await reconcile.reconcile(database.session_scope, stars, later)


async def set_faults(http: aiohttp.ClientSession, sandbox: Running, **faults: Any) -> None:
    """Set the sandbox's faults."""
    async with http.post(f"{sandbox.url}/sandbox/faults", json=faults) as response:
        assert response.status == 200, await response.text()
