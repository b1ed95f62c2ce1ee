"""Stars that come in and go back. Each runs in the caller's transaction, and only once counts."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from src import audit
from src.errors import UnknownCharge
from src.models import (
    AuditAction,
    Entitlement,
    EntitlementSource,
    StarCharge,
    StarOrder,
    SubscriptionState,
)
from src.premium import ends, queries, rules
from src.premium.results import Paid, Payment, PremiumStanding
from src.premium.service import offer, standing


async def pay(
    db: AsyncSession, payment: Payment, person_id: int | None, at: datetime
) -> Paid | None:
    """Count a payment and give what it is for, in one transaction.

    Who paid has it, whoever was asked to: a link may be passed on.

    Args:
        db: The open transaction.
        payment: The payment.
        person_id: Who paid; None where nobody knows them any more.
        at: Now, aware.

    Returns:
        What it gave; None where it was counted before.
    """
    if person_id is not None:
        await queries.lock_person(db, person_id)
    order = await queries.order_of(db, payment.payload)
    if order is not None and payment.is_recurring and not payment.is_first:
        # The same person may write from another account now; Telegram charges the old one.
        person_id = await queries.subscriber(db, order.id) or person_id
    charge_id = await queries.add_charge(db, payment, order.id if order else None, person_id)
    if charge_id is None:
        return None
    _note_paid(db, charge_id, payment, person_id, at)
    if await _is_too_much(db, payment, order, person_id, at):
        await _give_back(db, payment.charge, order, at)
        return Paid(charge_id, None, payment.is_recurring, payment.is_first)
    if person_id is None:
        return Paid(charge_id, None, payment.is_recurring, payment.is_first)
    await _entitle(db, payment, order, (charge_id, person_id), at)
    now = await standing(db, person_id, at)
    return Paid(charge_id, now.until, payment.is_recurring, payment.is_first or not order)


async def _is_too_much(
    db: AsyncSession,
    payment: Payment,
    order: StarOrder | None,
    person_id: int | None,
    at: datetime,
) -> bool:
    """Return whether a payment has to go back.

    It renews what its person had erased or an operator had ended; or it is the second of two
    subscriptions that were agreed to in one moment.
    """
    if order is None or not payment.is_recurring:
        return False
    if order.person_id is None or order.stop_asked_at is not None:
        return True
    if person_id is None or not payment.is_first:
        return False
    return any(right.renews for right in await queries.rights(db, person_id, at))


async def _entitle(
    db: AsyncSession,
    payment: Payment,
    order: StarOrder | None,
    whose: tuple[int, int],
    at: datetime,
) -> None:
    """Add what a payment gives to what its person has."""
    charge_id, person_id = whose
    period = timedelta(seconds=order.period_seconds) if order else offer().period
    given = Entitlement(person_id=person_id, charge_id=charge_id, source=EntitlementSource.STARS)
    if payment.is_recurring:
        given.starts_at = min(payment.paid_at, at)
        given.ends_at = max(payment.until or given.starts_at + period, given.starts_at)
        given.lasts_until = given.ends_at + rules.grace(period)
    else:
        # From now on, not from when it was paid: who had to wait for us loses nothing.
        given.starts_at = rules.begin(await queries.rights(db, person_id, at), at)
        given.ends_at = given.lasts_until = given.starts_at + period
    db.add(given)
    if order is not None and payment.is_recurring:
        order.subscription_state = SubscriptionState.ACTIVE
    await db.flush()


async def _give_back(
    db: AsyncSession, key: str, order: StarOrder | None, at: datetime
) -> StarCharge:
    """Write down that a payment goes back; of a subscription nothing more is to be charged.

    Raises:
        UnknownCharge: Nobody paid that.
    """
    charge = await queries.charge_by(db, key)
    if charge is None:
        raise UnknownCharge(f"no payment has the number {key}")
    charge.refund_asked_at = charge.refund_asked_at or at
    if charge.is_recurring and order is not None:
        order.stop_asked_at = order.stop_asked_at or at
        # Told before, and paid again since.
        order.stopped_at = None
    await db.flush()
    return charge


async def ask_refund(db: AsyncSession, key: str, at: datetime) -> None:
    """Write down that an operator gives a payment back; `settle` does it.

    Raises:
        UnknownCharge: Nobody paid that, or it is not known any more who did.
    """
    charge = await queries.charge_by(db, key)
    if charge is None or (charge.payer_id is None and charge.refunded_at is None):
        raise UnknownCharge(f"no payment has the number {key}, or who paid it is erased")
    if charge.refund_asked_at is None:
        await _give_back(db, key, await db.get(StarOrder, charge.order_id or 0), at)
        detail = {"charge": charge.id, "stars": charge.stars, "asked": True}
        subject = ("person", charge.person_id)
        audit.note(db, AuditAction.REFUND, subject, actor="operator", at=at, detail=detail)


async def refunded(db: AsyncSession, key: str, at: datetime) -> bool:
    """Note that a payment went back, take away what it gave, and have its person told, once.

    Returns:
        False where that is known.
    """
    charge = await queries.charge_by(db, key)
    if charge is None or charge.refunded_at is not None:
        return False
    # Nothing of it needs the payer any more.
    charge.refunded_at, charge.payer_id = at, None
    await db.flush()
    await queries.revoke_of(db, charge.id, at)
    if charge.person_id is not None and await queries.lock_person(db, charge.person_id):
        left = await queries.rights(db, charge.person_id, at)
        await queries.move(db, rules.moved_up(left, at))
        await ends.tell_back(db, charge.id, charge.person_id, at)
    detail = {"charge": charge.id, "stars": charge.stars}
    subject = ("person", charge.person_id)
    audit.note(db, AuditAction.REFUND, subject, actor="dars", at=at, detail=detail)
    return True


async def stopped(db: AsyncSession, order_id: int, at: datetime) -> None:
    """Note that Telegram was told to charge no more for a subscription."""
    order = await db.get(StarOrder, order_id)
    if order is None:
        return
    order.stopped_at = at
    await _set_state(db, order, SubscriptionState.CANCELED, at)
    await queries.forget_payer_of(db, order.id)


async def subscription_changed(
    db: AsyncSession, payload: str, state: SubscriptionState, at: datetime
) -> PremiumStanding | None:
    """Note what Telegram says of a subscription; what is paid for lasts to its end.

    Returns:
        What its person has; None where nobody knows it, or nothing changed.
    """
    order = await queries.order_of(db, payload)
    if order is None or order.subscription_state is state:
        return None
    await _set_state(db, order, state, at)
    return await standing(db, order.person_id, at) if order.person_id is not None else None


async def _set_state(
    db: AsyncSession, order: StarOrder, state: SubscriptionState, at: datetime
) -> None:
    if order.subscription_state is state:
        return
    order.subscription_state = state
    last = await queries.last_period(db, order.id)
    if last is not None:
        period = timedelta(seconds=order.period_seconds)
        awaited = rules.grace(period) if state is SubscriptionState.ACTIVE else timedelta()
        last.lasts_until = last.ends_at + awaited
    if state is not SubscriptionState.ACTIVE:
        detail = {"order": order.id, "state": state.value}
        subject = ("person", order.person_id)
        audit.note(db, AuditAction.CANCEL, subject, actor="dars", at=at, detail=detail)
    await db.flush()


def _note_paid(
    db: AsyncSession, charge_id: int, payment: Payment, person_id: int | None, at: datetime
) -> None:
    detail = {"charge": charge_id, "stars": payment.stars, "recurring": payment.is_recurring}
    actor = "dars" if person_id is None else audit.person(person_id)
    audit.note(db, AuditAction.PAY, ("person", person_id), actor=actor, at=at, detail=detail)
