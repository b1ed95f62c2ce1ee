"""What Telegram's refusals and silences about Stars are to whoever asked."""

from typing import Any

import aiohttp
import pytest
from telegram import StarTransaction, TransactionPartnerOther, TransactionPartnerUser, User

from bot.app import build_bot
from bot.gateway.stars import Stars, read_transaction
from sandbox.run import Running
from src import clock
from src.errors import FloodLimit, MaybeSent, NotSent, StarsRefused
from tests.acceptance.buyer import gateway, set_faults
from tests.acceptance.conftest import bot_settings


async def test_a_payment_that_nobody_made_is_refused_for_good(sandbox: Running) -> None:
    async with gateway(sandbox) as stars:
        with pytest.raises(StarsRefused, match=r"(?i)charge_id_invalid"):
            await stars.refund(501, "stx-none")
        with pytest.raises(StarsRefused):
            await stars.stop(501, "stx-none")
        assert await stars.transactions(0, 100) == []


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        ({"fault": "retry_after", "seconds": 7}, FloodLimit),
        ({"fault": "error"}, MaybeSent),
        ({"fault": "drop"}, MaybeSent),
    ],
)
async def test_what_may_go_well_later_is_told_apart(
    sandbox: Running, http: aiohttp.ClientSession, fault: dict[str, Any], raised: type[Exception]
) -> None:
    async with gateway(sandbox) as stars:
        for act in (
            lambda: stars.refund(501, "stx"),
            lambda: stars.stop(501, "stx"),
            lambda: stars.transactions(0, 100),
        ):
            await set_faults(http, sandbox, once=[fault])
            with pytest.raises(raised):
                await act()


async def test_a_telegram_that_cannot_be_reached_did_nothing(sandbox: Running) -> None:
    settings = bot_settings(sandbox).telegram
    bot = build_bot(settings.model_copy(update={"api_url": "http://127.0.0.1:9"}))
    await bot.request.initialize()
    with pytest.raises(NotSent):
        await Stars(bot).refund(501, "stx")
    await bot.request.shutdown()


def test_only_payments_of_people_are_payments() -> None:
    user = User(501, "Mitu", is_bot=False)
    now = clock.now()
    gift = TransactionPartnerUser("gift_purchase", user)
    for source in (TransactionPartnerOther(), gift):
        read = read_transaction(StarTransaction("stx1", 100, now, source=source))
        assert (read.charge, read.user_id) == ("", 0)
    paid = TransactionPartnerUser("invoice_payment", user, invoice_payload="order")
    back = read_transaction(StarTransaction("stx1", 100, now, receiver=paid))
    assert (back.charge, back.user_id, back.is_refund, back.period_seconds) == (
        ("stx1", 501, True, None)
    )
