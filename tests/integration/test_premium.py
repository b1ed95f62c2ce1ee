"""Who has premium, and since when money counts: on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock, database
from src.errors import SettingsError
from src.models import (
    Entitlement,
    EntitlementSource,
    OutboxMessage,
    OutboxOutcome,
    Person,
    StarCharge,
    StarOrderKind,
)
from src.outbox import service as outbox
from src.outbox.delivery import Draft
from src.outbox.service import Result
from src.premium import ends, payments, service
from src.premium.ends import PremiumWriter
from src.premium.results import Payment, PremiumNews
from src.settings import PremiumSettings, load_settings
from tests.fixtures.factories import (
    make_entitlement,
    make_person,
    make_star_charge,
    make_star_order,
    make_student,
)

MONTH = timedelta(days=30)
SECOND = timedelta(seconds=1)


@pytest.fixture
def selling() -> Iterator[None]:
    """Premium costs 100 Stars."""
    service.configure(PremiumSettings(stars=100, support="@adult"))
    yield
    service.configure()


async def somebody(db: AsyncSession) -> int:
    person = make_person()
    db.add(person)
    await db.flush()
    return person.id


async def test_where_nothing_is_sold_everybody_has_all(db: AsyncSession) -> None:
    assert await service.is_premium(db, await somebody(db), clock.now())


async def test_the_clock_begins_and_ends_it(db: AsyncSession, selling: None) -> None:
    person, now = await somebody(db), clock.now()
    assert not await service.is_premium(db, person, now)
    db.add(make_entitlement(person_id=person, starts_at=now, ends_at=now + MONTH))
    await db.flush()
    begun = {at: await service.is_premium(db, person, at) for at in (now - SECOND, now)}
    assert list(begun.values()) == [False, True]
    ended = [await service.is_premium(db, person, now + MONTH - i * SECOND) for i in (1, 0)]
    assert ended == [True, False]
    assert not await service.is_premium(db, await somebody(db), now)


async def test_what_was_taken_away_is_none(db: AsyncSession, selling: None) -> None:
    person, now = await somebody(db), clock.now()
    db.add(make_entitlement(person_id=person, revoked_at=now))
    await db.flush()
    assert not await service.is_premium(db, person, now + SECOND)


# What is told of its end.

DAYTIME = datetime(2026, 11, 10, 6, tzinfo=UTC)  # noon in Dhaka
WEEK = timedelta(days=7)


class Told:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.news: list[PremiumNews] = []

    async def send(self, news: PremiumNews) -> None:
        self.news.append(news)


async def pupil_with(db: AsyncSession, **values: Any) -> int:
    """Return a person with a pupil in Dhaka and an entitlement that was paid for."""
    student = make_student()
    db.add(student)
    await db.flush()
    assert student.telegram_id is not None
    person_id = await db.scalar(select(Person.id).where(Person.telegram_id == student.telegram_id))
    assert person_id is not None
    await entitle(db, person_id, **values)
    return person_id


async def entitle(
    db: AsyncSession, person_id: int, *, recurring: bool = False, **values: Any
) -> Entitlement:
    kind = StarOrderKind.SUBSCRIPTION if recurring else StarOrderKind.ONCE
    order = make_star_order(person_id=person_id, kind=kind)
    db.add(order)
    await db.flush()
    charge = make_star_charge(person_id=person_id, order_id=order.id, is_recurring=recurring)
    db.add(charge)
    await db.flush()
    source = EntitlementSource.STARS
    given = make_entitlement(person_id=person_id, charge_id=charge.id, source=source, **values)
    db.add(given)
    await db.flush()
    return given


async def told_at(now: datetime) -> list[PremiumNews]:
    """Plan and deliver as the jobs do at an instant; return what was sent."""
    told = Told()
    async with database.session_scope() as db:
        await ends.plan(db, now)
    writer = PremiumWriter(told.send)
    async with database.session_scope() as db:
        for row in await db.scalars(select(OutboxMessage).where(OutboxMessage.outcome.is_(None))):
            waiting = await outbox.lock(db, row.id)
            assert waiting is not None
            draft = await writer.prepare(db, waiting, now)
            if isinstance(draft, Draft):
                await draft.send()
                await outbox.record(db, Result(row.id, OutboxOutcome.SENT, now))
            elif isinstance(draft, OutboxOutcome):
                await outbox.skip(db, row.id, draft)
            else:
                await outbox.postpone(db, row.id, draft)
    return told.news


@pytest.mark.usefixtures("database_url", "selling")
async def test_who_paid_once_is_told_once_a_week_before() -> None:
    end = DAYTIME + WEEK
    async with database.session_scope() as db:
        await pupil_with(db, starts_at=end - MONTH, ends_at=end)
    assert await told_at(DAYTIME - timedelta(hours=1)) == []
    [news] = await told_at(DAYTIME)
    assert (news.kind, news.until, news.timezone) == ("ends", end, "Asia/Dhaka")
    for later in (timedelta(hours=1), timedelta(days=3), WEEK + SECOND):
        assert await told_at(DAYTIME + later) == []


@pytest.mark.usefixtures("database_url", "selling")
async def test_who_adds_days_is_told_of_the_new_end_alone() -> None:
    end = DAYTIME + WEEK
    async with database.session_scope() as db:
        person = await pupil_with(db, starts_at=end - MONTH, ends_at=end)
    async with database.session_scope() as db:
        await ends.plan(db, DAYTIME)
        await entitle(db, person, starts_at=end, ends_at=end + MONTH)
    # What was planned fits no more.
    assert await told_at(DAYTIME + timedelta(hours=1)) == []
    [news] = await told_at(DAYTIME + MONTH)
    assert news.until == end + MONTH


@pytest.mark.usefixtures("database_url", "selling")
async def test_a_subscription_is_told_when_it_is_over_and_not_while_a_renewal_is_awaited() -> None:
    end, awaited = DAYTIME, timedelta(days=1)
    async with database.session_scope() as db:
        person = await pupil_with(
            db,
            recurring=True,
            starts_at=end - MONTH,
            ends_at=end,
            lasts_until=end + awaited,
        )
        assert await service.is_premium(db, person, end + awaited - SECOND)
    for before in (-WEEK, timedelta(), awaited - SECOND):
        assert await told_at(end + before) == []
    [news] = await told_at(end + awaited)
    assert news.kind == "over"
    assert await told_at(end + awaited + SECOND) == []


@pytest.mark.usefixtures("database_url", "selling")
async def test_nobody_is_told_at_night() -> None:
    end = DAYTIME + WEEK
    async with database.session_scope() as db:
        await pupil_with(db, starts_at=end - MONTH, ends_at=end)
    night = datetime(2026, 11, 10, 20, tzinfo=UTC)  # two at night in Dhaka
    assert await told_at(night) == []
    async with database.read_scope() as db:
        due = await db.scalar(select(OutboxMessage.due_at))
    assert due == datetime(2026, 11, 11, 2, tzinfo=UTC)


@pytest.mark.usefixtures("database_url")
async def test_where_nothing_is_sold_nobody_is_told_of_an_end() -> None:
    async with database.session_scope() as db:
        await pupil_with(db, starts_at=DAYTIME - MONTH, ends_at=DAYTIME + WEEK)
    assert await told_at(DAYTIME) == []


@pytest.mark.usefixtures("database_url", "selling")
async def test_who_gets_stars_back_is_told_once_whoever_noted_it() -> None:
    async with database.session_scope() as db:
        person = await pupil_with(db, starts_at=DAYTIME, ends_at=DAYTIME + MONTH)
        key = await db.scalar(select(StarCharge.telegram_payment_charge_id))
        assert key is not None
    for noted in (True, False):
        async with database.session_scope() as db:
            assert await payments.refunded(db, key, DAYTIME) is noted
            assert not await service.is_premium(db, person, DAYTIME + SECOND)
    [news] = await told_at(DAYTIME)
    assert (news.kind, news.stars) == ("back", 100)
    assert await told_at(DAYTIME + SECOND) == []


async def test_a_second_subscription_of_one_moment_goes_back(
    db: AsyncSession, selling: None
) -> None:
    now, person = clock.now(), await somebody(db)
    orders = [make_star_order(person_id=person, kind=StarOrderKind.SUBSCRIPTION) for _ in "ab"]
    db.add_all(orders)
    await db.flush()
    given = [
        await payments.pay(
            db,
            Payment(
                charge=f"stx{number}",
                payload=order.payload,
                payer_id=1,
                stars=100,
                paid_at=now,
                is_recurring=True,
                is_first=True,
                until=now + MONTH,
            ),
            person,
            now,
        )
        for number, order in enumerate(orders)
    ]
    assert [one.until if one else None for one in given] == [now + MONTH, None]
    second = await db.scalar(
        select(StarCharge).where(StarCharge.telegram_payment_charge_id == "stx1")
    )
    assert second is not None
    assert second.refund_asked_at == now
    assert orders[1].stop_asked_at == now
    assert orders[0].stop_asked_at is None


async def test_a_renewal_is_theirs_who_subscribed_whichever_account_pays(
    db: AsyncSession, selling: None
) -> None:
    now, person, old_account = clock.now(), await somebody(db), await somebody(db)
    order = make_star_order(person_id=person, kind=StarOrderKind.SUBSCRIPTION)
    db.add(order)
    await db.flush()
    first = Payment("stx1", order.payload, 1, 100, now, True, True, now + MONTH)
    await payments.pay(db, first, person, now)
    second = Payment("stx2", order.payload, 1, 100, now + MONTH, True, False, now + 2 * MONTH)
    await payments.pay(db, second, old_account, now + MONTH)
    assert await service.is_premium(db, person, now + 2 * MONTH - SECOND)
    assert not await service.is_premium(db, old_account, now + MONTH)


def test_a_price_needs_somebody_who_answers() -> None:
    with pytest.raises(SettingsError, match="DARS_PREMIUM_SUPPORT: missing"):
        load_settings({"DARS_PREMIUM_STARS": "100"})
