"""What somebody is asked to pay, and whether they may. Each runs in the caller's transaction."""

import secrets
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from src.models import StarOrder, StarOrderKind
from src.premium import queries, rules
from src.premium.results import Bill, Checkout
from src.premium.rules import Refusal
from src.premium.service import offer

CURRENCY = "XTR"


async def order(
    db: AsyncSession, person_id: int, kind: StarOrderKind, at: datetime
) -> Bill | Refusal:
    """Return what somebody is asked to pay, or why they may not.

    An order that was not paid is shown again: who only looks leaves one row.
    """
    sold = offer()
    if not sold.is_selling:
        return Refusal.NOT_SOLD
    refusal = rules.reason_to_refuse(kind, await queries.rights(db, person_id, at))
    if refusal is not None:
        return refusal
    seconds = int(sold.period.total_seconds())
    known = await queries.unpaid_order(db, person_id, kind, sold.stars, seconds)
    if known is None:
        known = StarOrder(person_id=person_id, kind=kind, payload=secrets.token_urlsafe(24))
        known.stars, known.period_seconds = sold.stars, seconds
        db.add(known)
        await db.flush()
    return Bill(known.payload, kind, known.stars, known.period_seconds)


async def check(db: AsyncSession, asked: Checkout, at: datetime) -> Refusal | None:
    """Return why somebody may not pay now; None when they may. It asks nobody but the database."""
    if not offer().is_selling:
        return Refusal.NOT_SOLD
    known = await queries.order_of(db, asked.payload)
    if known is None or (asked.currency, asked.stars) != (CURRENCY, known.stars):
        return Refusal.UNKNOWN
    payer = await queries.payer_of(db, known)
    if known.person_id is None or payer is None or payer[0] != asked.payer_id:
        return Refusal.NOT_YOURS
    if payer[1]:
        return Refusal.NOT_SOLD
    is_used = known.kind is StarOrderKind.ONCE and await queries.has_charge(db, known)
    if is_used or known.stop_asked_at is not None:
        return Refusal.PAID
    return rules.reason_to_refuse(known.kind, await queries.rights(db, known.person_id, at))
