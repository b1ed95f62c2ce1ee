"""What is done at Telegram about Stars, and what its own account of them says.

Rows say what is to be done; who is killed in between leaves them for the next one, and Telegram
refuses to do the same twice. No transaction is open while Telegram is asked.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from src.errors import SendingError, StarsRefused
from src.models import StarOrder
from src.premium import ends, payments, queries
from src.premium.results import Payment, Transaction
from src.premium.service import offer

log = structlog.get_logger()

Scope = Callable[[], AbstractAsyncContextManager[AsyncSession]]
PAGE = 100
# What is younger may be on its way as an update.
SETTLES_AFTER = timedelta(minutes=10)


class StarsGateway(Protocol):
    """What Telegram does with Stars."""

    async def refund(self, payer_id: int, charge: str) -> None:
        """Give a payment back; one that went back before is no error.

        Raises:
            StarsRefused: Telegram refuses for good.
            SendingError: It could not be asked, or nobody knows what it did.
        """

    async def stop(self, payer_id: int, charge: str) -> None:
        """Let Telegram charge no more for a subscription; raises as `refund`."""

    async def transactions(self, offset: int, limit: int) -> Sequence[Transaction]:
        """Return what came in and went out, oldest first; raises as `refund`."""


@dataclass(slots=True)
class Reconciled:
    """What a look at Telegram's account came to.

    Attributes:
        looked_at: How many transactions.
        payments: How many of them nobody had counted.
        refunds: How many of them nobody had noted.
    """

    looked_at: int = 0
    payments: int = 0
    refunds: int = 0


async def settle(scope: Scope, gateway: StarsGateway, now: datetime) -> int:
    """Do at Telegram what is asked for: end subscriptions, give payments back.

    Returns:
        How much was done.
    """
    async with scope() as db:
        to_stop, to_refund = await queries.to_stop(db), await queries.to_refund(db)
    done = 0
    for order_id, charge, payer in to_stop:
        if await _is_done("stop", gateway.stop, payer, charge):
            async with scope() as db:
                await payments.stopped(db, order_id, now)
            done += 1
    for charge, payer in to_refund:
        if await _is_done("refund", gateway.refund, payer, charge):
            async with scope() as db:
                await payments.refunded(db, charge, now)
            done += 1
    return done


async def _is_done(
    deed: str, act: Callable[[int, str], Awaitable[None]], payer: int, charge: str
) -> bool:
    """Return whether Telegram did it; if not, it is tried again."""
    try:
        await act(payer, charge)
    except (StarsRefused, SendingError) as error:
        log.warning("Telegram did not do it", deed=deed, error=type(error).__name__)
        return False
    return True


async def reconcile(scope: Scope, gateway: StarsGateway, now: datetime) -> Reconciled:
    """Compare our payments with Telegram's account, and count what we missed.

    Raises:
        StarsRefused: Telegram refuses to tell.
        SendingError: It could not be asked.
    """
    found = Reconciled()
    async with scope() as db:
        if not (offer().is_selling or await queries.any_charge(db)):
            return found
    while page := await gateway.transactions(found.looked_at, PAGE):
        found.looked_at += len(page)
        settled = [one for one in page if one.charge and one.at <= now - SETTLES_AFTER]
        async with scope() as db:
            known = await queries.known_charges(db, [one.charge for one in settled])
            for one in settled:
                await _take(db, one, known, found, now)
        if len(page) < PAGE:
            break
    if found.payments or found.refunds:
        log.warning("reconciled", payments=found.payments, refunds=found.refunds)
    return found


async def _take(
    db: AsyncSession, one: Transaction, known: dict[str, bool], found: Reconciled, now: datetime
) -> None:
    """Count one transaction, if it was not counted before."""
    if one.is_refund:
        if not known.get(one.charge, False):
            found.refunds += await payments.refunded(db, one.charge, now)
    elif one.charge not in known:
        found.payments += await _count(db, one, now)
        known[one.charge] = False


async def _count(db: AsyncSession, one: Transaction, now: datetime) -> bool:
    """Count a payment of which no update came, and have its person told."""
    period, order = one.period_seconds, await queries.order_of(db, one.payload)
    until = one.at + timedelta(seconds=period) if period else None
    payment = Payment(
        one.charge, one.payload, one.user_id, one.stars, one.at, bool(period), until=until
    )
    person_id = await queries.person_in(db, one.user_id) or _asked(order)
    paid = await payments.pay(db, payment, person_id, now)
    if paid is not None and paid.until is not None:
        await ends.tell_paid(db, paid.charge_id, now)
    return paid is not None


def _asked(order: StarOrder | None) -> int | None:
    """Return who was asked to pay, where nobody knows who did."""
    return order.person_id if order is not None else None
