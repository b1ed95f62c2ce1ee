"""/premium: what it gives, paying for it, and what becomes of payments."""

from datetime import datetime

import structlog
from telegram import SuccessfulPayment, Update
from telegram.ext import BaseHandler

from bot.context import DarsContext, Notice, Turn
from bot.handlers.common import ends_dialog, registered
from bot.lanes import subscriber
from bot.replies import Reply, Toast
from bot.views import premium as views
from bot.words import Words, words
from src import clock
from src.accounts import service as accounts
from src.errors import StaleAction
from src.models import StarOrderKind, SubscriptionState
from src.premium import checkout, payments, service
from src.premium.results import Payment
from src.premium.rules import Refusal

log = structlog.get_logger()


@ends_dialog
@registered
async def premium(turn: Turn) -> list[Reply]:
    """Answer /premium."""
    has = await service.standing(turn.db, turn.pupil.person_id, turn.at)
    return [views.overview(turn.words, service.offer(), has, turn.pupil.timezone)]


@registered
async def premium_tapped(turn: Turn) -> list[Reply]:
    """Show an invoice, or say why there is none."""
    wanted = turn.tap.word(0)
    if wanted not in set(StarOrderKind):
        raise StaleAction
    kind = StarOrderKind(wanted)
    bill = await checkout.order(turn.db, turn.pupil.person_id, kind, turn.at)
    if isinstance(bill, Refusal):
        return [Toast(views.refused(turn.words, bill))]
    return [views.invoice(turn.words, bill)]


@ends_dialog
async def paysupport(turn: Turn) -> list[Reply]:
    """Answer /paysupport, which Telegram asks of whoever sells."""
    has = await service.standing(turn.db, turn.pupil.person_id, turn.at)
    return views.support(turn.words, service.offer(), has.charge)


@ends_dialog
async def terms(turn: Turn) -> list[Reply]:
    """Answer /terms, likewise."""
    return [views.terms(turn.words, service.offer())]


async def paid(turn: Turn) -> list[Reply]:
    """Count a payment; one that came before, by whatever way, says nothing again."""
    message = turn.update.message
    told = message.successful_payment if message else None
    assert told is not None
    payment = _payment(told, turn.pupil.telegram_id, turn.at)
    found = await payments.pay(turn.db, payment, turn.pupil.person_id, clock.now())
    return [views.paid(turn.words, found, turn.pupil.timezone)] if found else []


def _payment(told: SuccessfulPayment, payer_id: int, at: datetime) -> Payment:
    return Payment(
        charge=told.telegram_payment_charge_id,
        payload=told.invoice_payload,
        payer_id=payer_id,
        stars=told.total_amount,
        paid_at=at,
        is_recurring=bool(told.is_recurring),
        is_first=bool(told.is_first_recurring) or not told.is_recurring,
        until=told.subscription_expiration_date,
    )


async def refunded(notice: Notice) -> list[Reply]:
    """Note that a payment went back; the outbox tells it, whoever noted it first."""
    message = notice.update.message
    told = message.refunded_payment if message else None
    assert told is not None
    await payments.refunded(notice.db, told.telegram_payment_charge_id, notice.at)
    return []


async def subscription(notice: Notice) -> list[Reply]:
    """Note what Telegram says of a subscription."""
    told = notice.update.api_kwargs["subscription"]
    state, payload = told.get("state"), told.get("invoice_payload")
    if state not in set(SubscriptionState) or not isinstance(payload, str):
        log.warning("a subscription in an unknown state")
        return []
    known = SubscriptionState(state)
    has = await payments.subscription_changed(notice.db, payload, known, notice.at)
    if has is None or has.until is None:
        return []
    t, zone = await _reader(notice)
    return [views.subscription(t, known, has.until, zone)]


async def _reader(notice: Notice) -> tuple[Words, str]:
    """Return the words and the time zone of whom Telegram tells about."""
    pupil = await accounts.find(notice.db, notice.chat_id)
    return (words(pupil.language), pupil.timezone) if pupil else (words("en"), "UTC")


class SubscriptionHandler(BaseHandler[Update, DarsContext, None]):
    """Takes updates about subscriptions, a kind that the library does not know yet."""

    def check_update(self, update: object) -> bool:
        """Return whether it is one."""
        return isinstance(update, Update) and subscriber(update) is not None
