"""Who has premium, what is sold, and what operators give. Each runs in the caller's transaction.

A payment is a row by the key that Telegram gave it, and what it gives stands in the same
transaction: whatever is delivered again, in whatever order, finds that row and adds nothing.
"""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from src import audit
from src.errors import UnknownPerson
from src.models import AuditAction, Entitlement, EntitlementSource
from src.premium import queries, rules
from src.premium.results import PremiumStanding
from src.premium.rules import Offer
from src.settings import PremiumSettings, get_settings

__all__ = ["Offer"]


class _State:
    settings: PremiumSettings | None = None


def configure(settings: PremiumSettings | None = None) -> None:
    """Sell as these settings say; None: as those of the process."""
    _State.settings = settings


def offer() -> Offer:
    """Return what is sold."""
    settings = _State.settings or get_settings().premium
    period = timedelta(seconds=settings.period_seconds)
    return Offer(settings.stars, period, settings.support or "")


async def is_premium(session: AsyncSession, person_id: int, at: datetime) -> bool:
    """Return whether somebody has premium at an instant; where nothing is sold, everybody has.

    Args:
        session: The open transaction.
        person_id: Whose: of the person, not of one of their pupils.
        at: The instant, aware.
    """
    return not offer().is_selling or await queries.has_right(session, person_id, at)


async def standing(db: AsyncSession, person_id: int, at: datetime) -> PremiumStanding:
    """Return what somebody has, whether or not anything is sold now."""
    rights = await queries.rights(db, person_id, at)
    charge = await queries.last_charge(db, person_id)
    if not rights:
        return PremiumStanding(None, charge=charge)
    return PremiumStanding(
        until=max(right.ends_at for right in rights),
        renews=any(right.renews for right in rights),
        is_paid=any(right.is_paid for right in rights),
        is_recurring=any(right.is_recurring for right in rights),
        charge=charge,
    )


async def grant(db: AsyncSession, telegram_id: int, time: timedelta, at: datetime) -> datetime:
    """Give somebody premium, behind what they have; return its end.

    Raises:
        UnknownPerson: Nobody with that Telegram id has written yet.
    """
    person_id = await _find(db, telegram_id)
    start = rules.begin(await queries.rights(db, person_id, at), at)
    end = start + time
    given = Entitlement(person_id=person_id, source=EntitlementSource.GRANT)
    given.starts_at, given.ends_at, given.lasts_until = start, end, end
    db.add(given)
    _note(db, AuditAction.GRANT, person_id, at, days=time.days)
    await db.flush()
    return end


async def revoke(db: AsyncSession, telegram_id: int, at: datetime) -> int:
    """Take away what operators gave somebody; what was paid for lasts to its end.

    Returns:
        How many entitlements were taken away.

    Raises:
        UnknownPerson: Nobody with that Telegram id has written yet.
    """
    person_id = await _find(db, telegram_id)
    gone = await queries.revoke_granted(db, person_id, at)
    if gone:
        await queries.move(db, rules.moved_up(await queries.rights(db, person_id, at), at))
        _note(db, AuditAction.REVOKE, person_id, at, entitlements=gone)
    return gone


async def forget_person(db: AsyncSession, person_id: int, at: datetime) -> None:
    """Let nothing that was paid name somebody who is erased.

    Of a subscription that renews itself Telegram's id is kept until Telegram was told to charge no
    more: a minute, unless Telegram is away.
    """
    running = await queries.orders_of(db, person_id)
    for order in running:
        order.stop_asked_at = order.stop_asked_at or at
        audit.note(
            db,
            AuditAction.CANCEL,
            ("person", person_id),
            actor=audit.person(person_id),
            at=at,
            detail={"order": order.id},
        )
    await queries.forget_payer(db, person_id, [order.id for order in running])
    await db.flush()


async def _find(db: AsyncSession, telegram_id: int) -> int:
    person_id = await queries.person_in(db, telegram_id)
    if person_id is None or not await queries.lock_person(db, person_id):
        raise UnknownPerson(f"nobody with the Telegram id {telegram_id} has written yet")
    return person_id


def _note(
    db: AsyncSession, action: AuditAction, person_id: int, at: datetime, **detail: int
) -> None:
    audit.note(db, action, ("person", person_id), actor="operator", at=at, detail=detail)
