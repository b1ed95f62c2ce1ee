"""What Telegram asks before somebody pays: answered at once, from the database alone.

It waits ten seconds. So the question has a lane of its own, waits for no writer, changes nothing
and is kept nowhere: a payment that dies of it can be made again.
"""

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram import PreCheckoutQuery, Update
from telegram.error import TelegramError

from bot.context import DarsContext
from bot.views.premium import refused
from bot.words import words
from src import clock
from src.accounts import service as accounts
from src.database import read_scope
from src.errors import DatabaseError
from src.language import language_of
from src.premium import checkout
from src.premium.results import Checkout

log = structlog.get_logger()

LONGEST_CHECK = 6.0


async def check_out(update: Update, context: DarsContext) -> None:
    """Say whether somebody may pay, and why not."""
    query = update.pre_checkout_query
    assert query is not None
    reason = await _reason(query)
    try:
        await query.answer(ok=reason is None, error_message=reason)
    except TelegramError as fault:
        # Too late, or Telegram is away: nothing is paid then, and they can try again.
        log.warning("a payment could not be agreed to", error=type(fault).__name__)


async def _reason(query: PreCheckoutQuery) -> str | None:
    """Return why somebody may not pay, in their language; None when they may."""
    payer = query.from_user
    asked = Checkout(query.invoice_payload, payer.id, query.currency, query.total_amount)
    language = language_of(payer.language_code)
    try:
        async with asyncio.timeout(LONGEST_CHECK), read_scope() as db:
            refusal = await checkout.check(db, asked, clock.now())
            language = await accounts.language_in(db, payer.id) or language
    except (SQLAlchemyError, DatabaseError, OSError) as error:
        log.warning("a payment could not be checked", error=type(error).__name__)
        return words(language)("premium-no-busy")
    return refused(words(language), refusal) if refusal else None
