"""All SQL about orders, charges and entitlements."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import (
    Entitlement,
    EntitlementSource,
    Person,
    StarCharge,
    StarOrder,
    StarOrderKind,
    Student,
    SubscriptionState,
)
from src.premium.results import Payment, PremiumNews
from src.premium.rules import PremiumEnd, Right
from src.storage.statements import insert_for, table_of

_CORE = {"synchronize_session": False}
_LISTED = ("at", "person", "kind", "stars", "from", "until", "subscription", "back", "charge")
# Of the table: an alias of the model would configure all models when this is imported.
_OTHER = table_of(Entitlement).alias().c
_IS_OPEN = Entitlement.revoked_at.is_(None)
_RENEWS = and_(
    StarCharge.is_recurring,
    StarOrder.subscription_state == SubscriptionState.ACTIVE,
    StarOrder.stop_asked_at.is_(None),
)


async def has_right(db: AsyncSession, person_id: int, at: datetime) -> bool:
    """Return whether somebody has premium at an instant."""
    statement = (
        select(Entitlement.id)
        .where(
            Entitlement.person_id == person_id,
            Entitlement.lasts_until > at,
            Entitlement.starts_at <= at,
            _IS_OPEN,
        )
        .limit(1)
    )
    return await db.scalar(statement) is not None


async def rights(db: AsyncSession, person_id: int, at: datetime) -> list[Right]:
    """Return what somebody has that is not over, the first to begin first."""
    statement = (
        select(
            Entitlement.id,
            Entitlement.source == EntitlementSource.STARS,
            func.coalesce(StarCharge.is_recurring, False),
            func.coalesce(_RENEWS, False),
            Entitlement.starts_at,
            Entitlement.ends_at,
            Entitlement.lasts_until,
        )
        .outerjoin(StarCharge, StarCharge.id == Entitlement.charge_id)
        .outerjoin(StarOrder, StarOrder.id == StarCharge.order_id)
        .where(Entitlement.person_id == person_id, Entitlement.lasts_until > at, _IS_OPEN)
        .order_by(Entitlement.starts_at, Entitlement.id)
    )
    return [Right(*row) for row in await db.execute(statement)]


async def lock_person(db: AsyncSession, person_id: int) -> bool:
    """Lock somebody, so that no two payments of theirs are counted at once; False if gone."""
    statement = select(Person.id).where(Person.id == person_id).with_for_update()
    return await db.scalar(statement) is not None


async def person_in(db: AsyncSession, telegram_id: int) -> int | None:
    """Return who has a private chat."""
    return await db.scalar(select(Person.id).where(Person.telegram_id == telegram_id))


async def order_of(db: AsyncSession, payload: str) -> StarOrder | None:
    """Return the order that a payload names."""
    return await db.scalar(select(StarOrder).where(StarOrder.payload == payload))


async def payer_of(db: AsyncSession, order: StarOrder) -> tuple[int, bool] | None:
    """Return who is to pay an order, as Telegram's id, and whether they are shut out."""
    whose = select(Person.telegram_id, Person.barred_at).where(Person.id == order.person_id)
    row = (await db.execute(whose)).first()
    return (row[0], row[1] is not None) if row else None


async def has_charge(db: AsyncSession, order: StarOrder) -> bool:
    """Return whether an order was paid."""
    paid = select(StarCharge.id).where(StarCharge.order_id == order.id).limit(1)
    return await db.scalar(paid) is not None


async def unpaid_order(
    db: AsyncSession, person_id: int, kind: StarOrderKind, stars: int, period_seconds: int
) -> StarOrder | None:
    """Return an order of somebody that can be shown again."""
    statement = select(StarOrder).where(
        StarOrder.person_id == person_id,
        StarOrder.kind == kind,
        StarOrder.stars == stars,
        StarOrder.period_seconds == period_seconds,
        ~exists().where(StarCharge.order_id == StarOrder.id),
    )
    return await db.scalar(statement.order_by(StarOrder.id.desc()).limit(1))


async def add_charge(
    db: AsyncSession, payment: Payment, order_id: int | None, person_id: int | None
) -> int | None:
    """Insert a payment; None where it is there already."""
    values = {
        "telegram_payment_charge_id": payment.charge,
        "order_id": order_id,
        "person_id": person_id,
        "payer_id": payment.payer_id,
        "stars": payment.stars,
        "is_recurring": payment.is_recurring,
        "paid_at": payment.paid_at,
    }
    statement = insert_for(db)(StarCharge).values(**values).on_conflict_do_nothing()
    return await db.scalar(statement.returning(StarCharge.id))


async def charge_by(db: AsyncSession, key: str) -> StarCharge | None:
    """Return a payment by Telegram's key, locked."""
    known = select(StarCharge).where(StarCharge.telegram_payment_charge_id == key)
    # What another transaction changed since this one began must be seen.
    return await db.scalar(known.with_for_update().execution_options(populate_existing=True))


async def last_charge(db: AsyncSession, person_id: int) -> str | None:
    """Return Telegram's key of somebody's last payment."""
    return await db.scalar(
        select(StarCharge.telegram_payment_charge_id)
        .where(StarCharge.person_id == person_id)
        .order_by(StarCharge.paid_at.desc(), StarCharge.id.desc())
        .limit(1)
    )


async def subscriber(db: AsyncSession, order_id: int) -> int | None:
    """Return who paid for a subscription before."""
    return await db.scalar(
        select(StarCharge.person_id)
        .where(StarCharge.order_id == order_id, StarCharge.person_id.is_not(None))
        .order_by(StarCharge.id.desc())
        .limit(1)
    )


async def any_charge(db: AsyncSession) -> bool:
    """Return whether anything was ever paid."""
    return await db.scalar(select(StarCharge.id).limit(1)) is not None


async def known_charges(db: AsyncSession, keys: Sequence[str]) -> dict[str, bool]:
    """Return which payments are known, and of each whether it was given back."""
    statement = select(
        StarCharge.telegram_payment_charge_id, StarCharge.refunded_at.is_not(None)
    ).where(StarCharge.telegram_payment_charge_id.in_(keys))
    return {row[0]: row[1] for row in await db.execute(statement)}


async def revoke_of(db: AsyncSession, charge_id: int, at: datetime) -> None:
    """Take away what a payment gave."""
    given = update(Entitlement).where(Entitlement.charge_id == charge_id, _IS_OPEN)
    await db.execute(given.values(revoked_at=at), execution_options=_CORE)


async def revoke_granted(db: AsyncSession, person_id: int, at: datetime) -> int:
    """Take away what an operator gave somebody; return how many entitlements."""
    given = update(Entitlement).where(
        Entitlement.person_id == person_id,
        Entitlement.source == EntitlementSource.GRANT,
        Entitlement.lasts_until > at,
        _IS_OPEN,
    )
    rows = await db.execute(
        given.values(revoked_at=at).returning(Entitlement.id), execution_options=_CORE
    )
    return len(rows.all())


async def move(db: AsyncSession, moved: Iterable[tuple[int, datetime, datetime]]) -> None:
    """Let entitlements begin and end at other instants."""
    for entitlement_id, starts_at, ends_at in moved:
        await db.execute(
            update(Entitlement)
            .where(Entitlement.id == entitlement_id)
            .values(starts_at=starts_at, ends_at=ends_at, lasts_until=ends_at),
            execution_options=_CORE,
        )


async def last_period(db: AsyncSession, order_id: int) -> Entitlement | None:
    """Return the last period of a subscription."""
    return await db.scalar(
        select(Entitlement)
        .join(StarCharge, StarCharge.id == Entitlement.charge_id)
        .where(StarCharge.order_id == order_id, _IS_OPEN)
        .order_by(Entitlement.ends_at.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


async def given_by(db: AsyncSession, charge_id: int) -> Entitlement | None:
    """Return what a payment gave."""
    return await db.scalar(select(Entitlement).where(Entitlement.charge_id == charge_id))


async def orders_of(db: AsyncSession, person_id: int) -> Sequence[StarOrder]:
    """Return the subscriptions of somebody that Telegram may still renew."""
    statement = select(StarOrder).where(
        StarOrder.person_id == person_id,
        StarOrder.subscription_state == SubscriptionState.ACTIVE,
        StarOrder.stopped_at.is_(None),
    )
    return (await db.scalars(statement)).all()


async def forget_payer(db: AsyncSession, person_id: int, but: Sequence[int]) -> None:
    """Forget Telegram's id of who paid, but for some orders."""
    paid = StarCharge.person_id == person_id
    kept = StarCharge.order_id.in_(but)
    await db.execute(
        update(StarCharge).where(paid, ~func.coalesce(kept, False)).values(payer_id=None),
        execution_options=_CORE,
    )


async def forget_payer_of(db: AsyncSession, order_id: int) -> None:
    """Forget Telegram's id of who paid an order, where the person is erased."""
    await db.execute(
        update(StarCharge)
        .where(
            StarCharge.order_id == order_id,
            StarCharge.person_id.is_(None),
            StarCharge.refund_asked_at.is_(None) | StarCharge.refunded_at.is_not(None),
        )
        .values(payer_id=None),
        execution_options=_CORE,
    )


async def to_refund(db: AsyncSession) -> list[tuple[str, int]]:
    """Return what is to be given back: the key of the payment, and Telegram's id of who paid."""
    statement = select(StarCharge.telegram_payment_charge_id, StarCharge.payer_id).where(
        StarCharge.refund_asked_at.is_not(None),
        StarCharge.refunded_at.is_(None),
        StarCharge.payer_id.is_not(None),
    )
    return [(key, payer) for key, payer in await db.execute(statement) if payer is not None]


async def to_stop(db: AsyncSession) -> list[tuple[int, str, int]]:
    """Return which subscriptions Telegram is to end: the order, its first payment, who paid."""
    first = (
        select(func.min(StarCharge.id))
        .where(StarCharge.order_id == StarOrder.id, StarCharge.payer_id.is_not(None))
        .correlate(StarOrder)
        .scalar_subquery()
    )
    statement = (
        select(StarOrder.id, StarCharge.telegram_payment_charge_id, StarCharge.payer_id)
        .join(StarCharge, StarCharge.id == first)
        .where(StarOrder.stop_asked_at.is_not(None), StarOrder.stopped_at.is_(None))
    )
    return [(order, key, payer) for order, key, payer in await db.execute(statement) if payer]


async def ending(
    db: AsyncSession, now: datetime, before: timedelta, recently: timedelta
) -> list[PremiumEnd]:
    """Return whose premium ends soon, or was over lately, and nothing follows it."""
    later = exists().where(
        _OTHER.person_id == Entitlement.person_id,
        _OTHER.revoked_at.is_(None),
        _OTHER.lasts_until > Entitlement.lasts_until,
    )
    statement = (
        select(
            Entitlement.id,
            Entitlement.person_id,
            Entitlement.starts_at,
            Entitlement.ends_at,
            Entitlement.lasts_until,
            func.coalesce(StarCharge.is_recurring, False),
        )
        .outerjoin(StarCharge, StarCharge.id == Entitlement.charge_id)
        .where(_IS_OPEN, Entitlement.ends_at.between(now - recently, now + before), ~later)
        .order_by(Entitlement.id)
    )
    return [PremiumEnd(*row) for row in await db.execute(statement)]


async def news(db: AsyncSession, entitlement_id: int, kind: str) -> PremiumNews | None:
    """Return what somebody is to be told of an entitlement; None where it was taken away."""
    statement = (
        select(
            Person.telegram_id,
            Person.language,
            func.coalesce(Student.timezone, "Asia/Dhaka"),
            Entitlement.ends_at,
        )
        .join(Person, Person.id == Entitlement.person_id)
        .outerjoin(Student, Student.id == Person.current_student_id)
        .where(Entitlement.id == entitlement_id, _IS_OPEN)
    )
    row = (await db.execute(statement)).first()
    return PremiumNews(*row, kind=kind) if row else None


async def news_of_refund(db: AsyncSession, charge_id: int) -> PremiumNews | None:
    """Return what somebody is to be told of a payment that went back."""
    statement = (
        select(
            Person.telegram_id,
            Person.language,
            func.coalesce(Student.timezone, "Asia/Dhaka"),
            StarCharge.refunded_at,
            StarCharge.stars,
        )
        .join(Person, Person.id == StarCharge.person_id)
        .outerjoin(Student, Student.id == Person.current_student_id)
        .where(StarCharge.id == charge_id)
    )
    row = (await db.execute(statement)).first()
    if row is None or row[3] is None:
        return None
    return PremiumNews(row[0], row[1], row[2], row[3], "back", row[4])


async def is_last(db: AsyncSession, entitlement_id: int) -> bool:
    """Return whether nothing follows an entitlement."""
    this = table_of(Entitlement).alias()
    later = select(_OTHER.id).where(
        this.c.person_id == _OTHER.person_id,
        this.c.id == entitlement_id,
        _OTHER.revoked_at.is_(None),
        _OTHER.lasts_until > this.c.lasts_until,
    )
    return await db.scalar(later.limit(1)) is None


async def latest_charges(db: AsyncSession, most: int) -> list[dict[str, Any]]:
    """Return the latest payments with what they gave."""
    statement = (
        select(
            StarCharge.paid_at,
            Person.telegram_id,
            StarOrder.kind,
            StarCharge.stars,
            Entitlement.starts_at,
            Entitlement.ends_at,
            StarOrder.subscription_state,
            StarCharge.refunded_at,
            StarCharge.telegram_payment_charge_id,
        )
        .outerjoin(Person, Person.id == StarCharge.person_id)
        .outerjoin(StarOrder, StarOrder.id == StarCharge.order_id)
        .outerjoin(Entitlement, Entitlement.charge_id == StarCharge.id)
        .order_by(StarCharge.paid_at.desc(), StarCharge.id.desc())
        .limit(most)
    )
    return [dict(zip(_LISTED, row, strict=True)) for row in await db.execute(statement)]


async def latest_grants(db: AsyncSession, most: int) -> list[dict[str, Any]]:
    """Return what operators gave last, in the form of `latest_charges`."""
    statement = (
        select(
            Entitlement.created_at,
            Person.telegram_id,
            Entitlement.source,
            Entitlement.starts_at,
            Entitlement.ends_at,
            Entitlement.revoked_at,
        )
        .join(Person, Person.id == Entitlement.person_id)
        .where(Entitlement.source == EntitlementSource.GRANT)
        .order_by(Entitlement.id.desc())
        .limit(most)
    )
    rows = await db.execute(statement)
    return [
        dict(zip(_LISTED, (at, person, source, 0, start, end, None, back, None), strict=True))
        for at, person, source, start, end, back in rows
    ]
