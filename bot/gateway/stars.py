"""Telegram Stars: invoices that are shown, and what is done and asked about payments."""

from collections.abc import Sequence

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LabeledPrice,
    LinkPreviewOptions,
    StarTransaction,
    TransactionPartnerUser,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.context import DarsBot
from bot.gateway.transport import never_left
from bot.replies import Invoice
from src.errors import FloodLimit, MaybeSent, NotSent, SendingError, StarsRefused
from src.premium.checkout import CURRENCY
from src.premium.results import Transaction

# It went back although the answer to the call before never came.
_ALREADY = "charge_already_refunded"


async def show_invoice(bot: DarsBot, chat_id: int, invoice: Invoice) -> None:
    """Show an invoice; of a subscription, which only a link can be, a message with that link.

    Raises:
        TelegramError: Telegram does not take it.
    """
    prices = [LabeledPrice(invoice.title, invoice.stars)]
    shown = (invoice.title, invoice.description, invoice.payload)
    if not invoice.period_seconds:
        await bot.send_invoice(chat_id, *shown, currency=CURRENCY, prices=prices, provider_token="")
        return
    link = await bot.create_invoice_link(
        *shown,
        provider_token="",
        currency=CURRENCY,
        prices=prices,
        subscription_period=invoice.period_seconds,
    )
    await bot.send_message(
        chat_id,
        invoice.text,
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton(invoice.button, url=link)]]),
    )


class Stars:
    """Does at Telegram what ``src.premium.reconcile`` asks for."""

    def __init__(self, bot: DarsBot) -> None:
        self._bot = bot

    async def refund(self, payer_id: int, charge: str) -> None:
        """Give a payment back; one that went back before is no error.

        Raises:
            StarsRefused: Telegram refuses for good.
            SendingError: It could not be asked, or nobody knows what it did.
        """
        try:
            await self._bot.refund_star_payment(payer_id, charge)
        except TelegramError as fault:
            if _ALREADY not in fault.message.lower():
                raise _as_ours(fault) from None

    async def stop(self, payer_id: int, charge: str) -> None:
        """Let Telegram charge no more for a subscription; raises as `refund`."""
        try:
            await self._bot.edit_user_star_subscription(payer_id, charge, is_canceled=True)
        except TelegramError as fault:
            raise _as_ours(fault) from None

    async def transactions(self, offset: int, limit: int) -> Sequence[Transaction]:
        """Return what came in and went out, oldest first; raises as `refund`."""
        try:
            found = await self._bot.get_star_transactions(offset, limit)
        except TelegramError as fault:
            raise _as_ours(fault) from None
        return [read_transaction(one) for one in found.transactions]


def read_transaction(one: StarTransaction) -> Transaction:
    """Return a transaction; what is no payment of a person has no charge."""
    partner = one.source or one.receiver
    if not isinstance(partner, TransactionPartnerUser) or partner.invoice_payload is None:
        return Transaction("", "", 0, one.amount, one.date, one.source is None, None)
    return Transaction(
        one.id,
        partner.invoice_payload,
        partner.user.id,
        one.amount,
        one.date,
        one.source is None,
        _seconds(partner),
    )


def _seconds(partner: TransactionPartnerUser) -> int | None:
    period = partner.subscription_period
    return int(period.total_seconds()) if period is not None else None


def _as_ours(fault: TelegramError) -> SendingError | StarsRefused:
    """Return what a refusal is to whoever asked: nobody can help it, or later."""
    if isinstance(fault, RetryAfter):
        wait = fault.retry_after
        return FloodLimit(wait if isinstance(wait, int) else wait.total_seconds())
    if isinstance(fault, BadRequest | Forbidden) or not isinstance(fault, NetworkError):
        return StarsRefused(fault.message)
    return NotSent() if never_left(fault) else MaybeSent()
