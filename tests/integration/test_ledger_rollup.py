"""The rollup is what the rows say, whoever writes to the ledger and whatever they do."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from src import database
from src.clients.calls import Usage
from src.costs import ledger
from src.costs.ledger import CostRequest, Purpose, Reservation
from src.costs.prices import Price, PriceList
from src.costs.rollup import count_differences, rebuild
from src.costs.rules import Budgets
from src.models import ApiProvider, CostRecord, CostStatus, DailyCost, OperationType
from src.storage import schema
from tests.fixtures.factories import make_cost_record

START = datetime(2026, 11, 29, 22, tzinfo=UTC)
WIDE = Budgets(Decimal(1000), Decimal(1000), Decimal(1000))
PRICES = PriceList()
MODELS = ("claude-haiku-5-5", "claude-sonnet-5-5")


class Anyone:
    """Does one random thing to the ledger, through the service or past it."""

    def __init__(self, db: AsyncSession, seed: int) -> None:
        self.db, self.random = db, Random(seed)
        self.held: list[Reservation] = []

    async def act(self) -> str:
        actions: list[Callable[[], Awaitable[None]]] = [
            self.reserve,
            self.reserve,
            self.settle,
            self.settle,
            self.release,
            self.recover,
            self.add,
            self.add_many,
            self.change_amounts,
            self.change_keys,
            self.remove,
        ]
        action = self.random.choice(actions)
        await action()
        return action.__name__

    def moment(self) -> datetime:
        return START + timedelta(minutes=self.random.randrange(240))

    def usd(self) -> Decimal:
        return Decimal(self.random.randrange(1, 10**9)).scaleb(-10)

    def some(self) -> list[int]:
        return self.random.sample(range(1, 200), 20)

    async def reserve(self) -> None:
        request = CostRequest(
            Purpose(self.random.choice(list(OperationType))),
            self.random.choice(list(ApiProvider)),
            self.random.choice(MODELS),
            Price(self.usd(), {}),
        )
        outcome = await ledger.reserve(self.db, request, WIDE, self.moment())
        assert isinstance(outcome, Reservation)
        self.held.append(outcome)

    async def settle(self) -> None:
        if self.held:
            read, written = self.random.randrange(2000), self.random.randrange(2000)
            usage = Usage(self.random.randrange(2000), 90, read, written)
            await ledger.settle(self.db, self.random.choice(self.held), usage, PRICES)

    async def release(self) -> None:
        if self.held:
            await ledger.release(self.db, self.held.pop(0))

    async def recover(self) -> None:
        await ledger.recover_orphans(self.db, self.moment())

    async def add(self) -> None:
        self.db.add(make_cost_record(cost_usd=self.usd(), recorded_at=self.moment(), model=None))
        await self.db.flush()

    async def add_many(self) -> None:
        rows = [
            {"cost_usd": self.usd(), "recorded_at": self.moment(), "status": status}
            for status in CostStatus
            for _ in range(3)
        ]
        await self.db.execute(insert(CostRecord), rows)

    async def change_amounts(self) -> None:
        await self.db.execute(
            update(CostRecord)
            .where(CostRecord.id.in_(self.some()))
            .values(cost_usd=self.usd(), output_tokens=CostRecord.output_tokens + 1)
        )

    async def change_keys(self) -> None:
        await self.db.execute(
            update(CostRecord)
            .where(CostRecord.id.in_(self.some()))
            .values(recorded_at=self.moment(), model=self.random.choice(MODELS))
        )

    async def remove(self) -> None:
        some = self.some()[:3]
        self.held = [held for held in self.held if held.record_id not in some]
        await self.db.execute(delete(CostRecord).where(CostRecord.id.in_(some)))


@pytest.mark.parametrize("seed", range(3))
async def test_after_anything_it_equals_the_rows_to_the_last_digit(
    db: AsyncSession, seed: int
) -> None:
    anyone = Anyone(db, seed)
    for _ in range(120):
        did = await anyone.act()
        assert await count_differences(db) == 0, did
    assert (await db.scalar(select(func.sum(DailyCost.calls))) or 0) > 30
    assert await rebuild(db) == 0
    await anyone.act()
    assert await count_differences(db) == 0


async def test_an_undone_change_is_undone_in_the_rollup(database_url: str) -> None:
    async with database.session_scope() as db:
        db.add(make_cost_record())

    async def fail() -> None:
        async with database.session_scope() as db:
            await db.execute(delete(CostRecord))
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    async with database.session_scope() as db:
        assert await count_differences(db) == 0
        assert await db.scalar(select(DailyCost.calls)) == 1


async def test_many_who_settle_at_once_lose_nothing(database_url: str) -> None:
    async def spend(number: int) -> None:
        async with database.session_scope() as db:
            db.add(make_cost_record(cost_usd="0.0000000001", model=MODELS[number % 2]))
        if number == 20:
            async with database.session_scope() as db:
                await rebuild(db)

    await asyncio.gather(*(spend(number) for number in range(40)))
    async with database.session_scope() as db:
        assert await count_differences(db) == 0
        assert await db.scalar(select(func.sum(DailyCost.calls))) == 40


async def test_a_ledger_from_before_the_rollup_is_added_up(database_url: str) -> None:
    engine = database.get_engine()
    async with database.session_scope() as db:
        db.add_all([make_cost_record(recorded_at=START + timedelta(hours=n)) for n in range(4)])
        db.add(make_cost_record(status="reserved"))
    await schema.downgrade(engine, "0002")
    await schema.upgrade(engine)
    async with database.session_scope() as db:
        assert await count_differences(db) == 0
        assert (await db.scalars(select(DailyCost.calls).order_by(DailyCost.day))).all() == [2, 2]
        await db.execute(delete(CostRecord).where(CostRecord.id == 1))
        assert await count_differences(db) == 0


async def test_a_million_dollars_a_day_have_room(db: AsyncSession) -> None:
    rows = [{"cost_usd": Decimal("999999.9999999999")} for _ in range(11)]
    await db.execute(insert(CostRecord), rows)
    assert await db.scalar(select(DailyCost.cost_usd)) == Decimal("999999.9999999999") * 11


async def test_a_row_written_past_the_code_counts(db: AsyncSession) -> None:
    await db.execute(
        text(
            "INSERT INTO cost_records (operation, api_provider, input_tokens, output_tokens, "
            "cache_read_tokens, cache_write_tokens, cost_usd, status, recorded_at) VALUES "
            "('other', 'claude', 1, 2, 3, 4, 5, 'settled', '2026-11-21 23:30:00+00:00')"
        )
    )
    row = await db.scalar(select(DailyCost))
    assert row is not None
    assert (row.day.isoformat(), row.model, row.calls) == ("2026-11-21", "", 1)
    assert (row.input_tokens, row.output_tokens) == (1, 2)
    assert (row.cache_read_tokens, row.cache_write_tokens) == (3, 4)
