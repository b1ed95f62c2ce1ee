"""Who has premium, and since when money counts: on both databases."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock
from src.premium import service
from src.settings import PremiumSettings
from tests.fixtures.factories import make_entitlement, make_person

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
