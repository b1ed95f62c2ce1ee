"""Reserve, settle, release, recover: what budgets let through and what the ledger says after."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from src import database
from src.clients.calls import Usage
from src.costs import ledger
from src.costs.alerts import Alert, claim, tell_alerts
from src.costs.ledger import CostRequest, Purpose, Refused, Reservation
from src.costs.prices import Price, PriceList
from src.costs.queries import read_uses
from src.costs.rollup import count_differences
from src.costs.rules import Budgets, period_of
from src.models import (
    ApiProvider,
    BudgetPeriod,
    CostRecord,
    CostStatus,
    OperationType,
    Student,
)
from tests.fixtures.factories import make_student

NOW = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
TOMORROW = NOW + timedelta(seconds=1)
HAIKU = "claude-haiku-5-5"
PRICES = PriceList()
WIDE = Budgets(day=Decimal(100), pupil_day=Decimal(100), month=Decimal(100))
USAGE = Usage(
    input_tokens=120,
    output_tokens=90,
    cache_read_tokens=4200,
    cache_write_tokens=1000,
    cache_write_1h_tokens=10,
    thinking_tokens=30,
)
# 120 * 0.10 + 90 * 0.50 + 4200 * 0.01 + 1000 * 0.125 + 10 * 0.20 dollars per million
USAGE_USD = Decimal("0.000226")


def asked(usd: str, student_id: int | None = None, **more: Any) -> CostRequest:
    operation = more.pop("operation", OperationType.HINT_GENERATION)
    worst = Price(Decimal(usd), {"source": "test"})
    return CostRequest(Purpose(operation, student_id), ApiProvider.CLAUDE, HAIKU, worst, **more)


async def hold(db: AsyncSession, usd: str, at: datetime = NOW, **more: Any) -> Reservation:
    outcome = await ledger.reserve(db, asked(usd, **more), WIDE, at)
    assert isinstance(outcome, Reservation)
    return outcome


async def record(db: AsyncSession, held: Reservation) -> CostRecord:
    row = await db.get_one(CostRecord, held.record_id)
    await db.refresh(row)
    return row


async def add_pupil(db: AsyncSession) -> int:
    student = make_student()
    db.add(student)
    await db.flush()
    return student.id


async def test_a_call_is_reserved_at_its_worst_and_settled_at_its_true_cost(
    db: AsyncSession,
) -> None:
    held = await hold(db, "0.01")
    row = await record(db, held)
    assert (row.status, row.cost_usd) == (CostStatus.RESERVED, Decimal("0.01"))
    await ledger.settle(db, held, USAGE, PRICES, request_id="req_1", latency_ms=812)
    row = await record(db, held)
    assert (row.status, row.cost_usd, row.is_estimate) == (CostStatus.SETTLED, USAGE_USD, False)
    assert (row.input_tokens, row.output_tokens, row.thinking_tokens) == (120, 90, 30)
    assert (row.cache_read_tokens, row.cache_write_tokens) == (4200, 1010)
    assert (row.model, row.request_id, row.latency_ms) == (HAIKU, "req_1", 812)
    assert row.recorded_at == NOW
    assert row.prices == {
        "source": "genai-prices 0.2.3",
        "input": "0.1",
        "output": "0.5",
        "cache_read": "0.01",
        "cache_write": "0.125",
        "cache_write_1h": "0.2",
    }


async def test_a_call_in_a_batch_costs_half(db: AsyncSession) -> None:
    held = await hold(db, "0.01", batch=True)
    price = await ledger.settle(db, held, USAGE, PRICES)
    assert price.usd == USAGE_USD / 2
    prices = (await record(db, held)).prices
    assert prices is not None
    assert (prices["batch"], prices["output"]) == (True, "0.25")


async def test_what_never_reached_the_provider_is_given_back(db: AsyncSession) -> None:
    held = await hold(db, "0.01")
    await ledger.release(db, held)
    assert (await record(db, held)).status is CostStatus.RELEASED
    uses = await read_uses(db, period_of(NOW), None)
    assert {use.total for use in uses.values()} == {Decimal(0)}


async def test_what_is_settled_is_not_released_or_estimated_again(db: AsyncSession) -> None:
    held = await hold(db, "0.01")
    await ledger.settle(db, held, USAGE, PRICES)
    await ledger.release(db, held)
    await ledger.settle_at_worst(db, held)
    row = await record(db, held)
    assert (row.status, row.cost_usd, row.is_estimate) == (CostStatus.SETTLED, USAGE_USD, False)


@pytest.mark.parametrize("before", ["settle_at_worst", "release", "recover"])
async def test_usage_that_comes_late_puts_the_row_right(db: AsyncSession, before: str) -> None:
    held = await hold(db, "0.01")
    if before == "recover":
        assert await ledger.recover_orphans(db, NOW + timedelta(minutes=11)) == 1
    else:
        await getattr(ledger, before)(db, held)
    for _ in range(2):
        await ledger.settle(db, held, USAGE, PRICES)
    row = await record(db, held)
    assert (row.status, row.cost_usd, row.is_estimate) == (CostStatus.SETTLED, USAGE_USD, False)
    uses = await read_uses(db, period_of(NOW), None)
    assert uses["day"].total == USAGE_USD
    assert await count_differences(db) == 0


@pytest.mark.parametrize("is_estimate", [False, True])
async def test_less_does_not_take_the_place_of_what_was_counted(
    db: AsyncSession, is_estimate: bool
) -> None:
    """As when a batch names a result twice, the second time without its numbers."""
    held = await hold(db, "0.01")
    await ledger.settle(db, held, USAGE, PRICES)
    less = replace(USAGE, output_tokens=1, is_estimate=is_estimate)
    await ledger.settle(db, held, less, PRICES)
    row = await record(db, held)
    assert (row.cost_usd, row.output_tokens, row.is_estimate) == (USAGE_USD, 90, False)


async def test_a_budget_lets_through_its_last_ten_billionth_and_no_more(db: AsyncSession) -> None:
    budgets = Budgets(day=Decimal("0.03"), pupil_day=Decimal(1), month=Decimal(1))
    for usd in ("0.01", "0.0199999999"):
        assert isinstance(await ledger.reserve(db, asked(usd), budgets, NOW), Reservation)
    assert await ledger.reserve(db, asked("0.0000000002"), budgets, NOW) == Refused("day")
    assert isinstance(await ledger.reserve(db, asked("0.0000000001"), budgets, NOW), Reservation)


@pytest.mark.parametrize(
    ("budget", "later"),
    [("day", TOMORROW), ("pupil_day", TOMORROW), ("month", TOMORROW)],
)
async def test_each_budget_refuses_and_begins_again_with_its_period(
    db: AsyncSession, budget: str, later: datetime
) -> None:
    pupil = await add_pupil(db)
    one = Decimal(1)
    budgets = replace(Budgets(one, one, one), **{budget: Decimal("0.015")})  # type: ignore[arg-type]  # one of the names
    request = asked("0.01", pupil)
    assert isinstance(await ledger.reserve(db, request, budgets, NOW), Reservation)
    assert await ledger.reserve(db, request, budgets, NOW) == Refused(budget)  # type: ignore[arg-type]  # one of the names
    assert isinstance(await ledger.reserve(db, request, budgets, later), Reservation)


async def test_a_month_adds_up_its_days(db: AsyncSession) -> None:
    budgets = Budgets(day=Decimal(1), pupil_day=Decimal(1), month=Decimal("0.025"))
    first = datetime(2026, 11, 1, tzinfo=UTC)
    assert isinstance(await ledger.reserve(db, asked("0.01"), budgets, first), Reservation)
    held = await ledger.reserve(db, asked("0.01"), budgets, NOW)
    assert isinstance(held, Reservation)
    assert await ledger.reserve(db, asked("0.01"), budgets, NOW) == Refused("month")
    await ledger.settle(db, held, USAGE, PRICES)
    assert isinstance(await ledger.reserve(db, asked("0.01"), budgets, NOW), Reservation)


async def test_one_pupil_does_not_use_up_the_budget_of_another(db: AsyncSession) -> None:
    greedy, other = await add_pupil(db), await add_pupil(db)
    budgets = Budgets(day=Decimal(1), pupil_day=Decimal("0.01"), month=Decimal(1))
    assert isinstance(await ledger.reserve(db, asked("0.01", greedy), budgets, NOW), Reservation)
    assert await ledger.reserve(db, asked("0.01", greedy), budgets, NOW) == Refused("pupil_day")
    assert isinstance(await ledger.reserve(db, asked("0.01", other), budgets, NOW), Reservation)


async def test_a_budget_of_zero_lets_nothing_through_and_alerts_nobody(db: AsyncSession) -> None:
    budgets = Budgets(day=Decimal(0), pupil_day=Decimal(1), month=Decimal(1))
    assert await ledger.reserve(db, asked("0.0001"), budgets, NOW) == Refused("day")
    assert await claim(db, NOW) is None


async def test_orphans_are_found_by_age_and_keep_their_worst_case(db: AsyncSession) -> None:
    old = await hold(db, "0.01", NOW - timedelta(minutes=10, seconds=1))
    young = await hold(db, "0.02", NOW - timedelta(minutes=10))
    warm = OperationType.HINT_WARMING
    batched = await hold(db, "0.03", NOW - timedelta(hours=29), operation=warm)
    lost = await hold(db, "0.04", NOW - timedelta(hours=31), operation=warm)
    assert await ledger.recover_orphans(db, NOW) == 2
    statuses = [(await record(db, held)).status for held in (old, young, batched, lost)]
    assert statuses == ["settled", "reserved", "reserved", "settled"]
    row = await record(db, old)
    assert (row.cost_usd, row.is_estimate) == (Decimal("0.01"), True)
    uses = await read_uses(db, period_of(NOW), None)
    assert uses["month"].total == Decimal("0.10")


async def test_a_pupil_may_have_a_number_of_requests_a_day(db: AsyncSession) -> None:
    """Also those that cost nothing: whoever failed has been asked too."""
    keen, other = await add_pupil(db), await add_pupil(db)
    limits = replace(WIDE, pupil_requests=2)
    for _ in range(2):
        held = await ledger.reserve(db, asked("0", keen), limits, NOW)
        assert isinstance(held, Reservation)
        await ledger.release(db, held)
    assert await ledger.reserve(db, asked("0", keen), limits, NOW) == Refused("pupil_requests")
    for pupil, instant in ((other, NOW), (None, NOW), (keen, TOMORROW)):
        allowed = await ledger.reserve(db, asked("0", pupil), limits, instant)
        assert isinstance(allowed, Reservation)
    assert await claim(db, NOW) is None


async def test_requests_at_once_never_pass_their_number(database_url: str) -> None:
    async with database.session_scope() as db:
        pupil = await add_pupil(db)

    async def one() -> bool:
        async with database.session_scope() as db:
            limits = replace(WIDE, pupil_requests=7)
            outcome = await ledger.reserve(db, asked("0.0001", pupil), limits, NOW)
            return isinstance(outcome, Reservation)

    assert sum(await asyncio.gather(*(one() for _ in range(20)))) == 7


async def test_erasing_a_pupil_leaves_the_amounts(db: AsyncSession) -> None:
    pupil = await add_pupil(db)
    budgets = Budgets(day=Decimal("0.02"), pupil_day=Decimal("0.01"), month=Decimal(1))
    held = await ledger.reserve(db, asked("0.01", pupil), budgets, NOW)
    assert isinstance(held, Reservation)
    await ledger.settle(db, held, USAGE, PRICES)
    assert await ledger.reserve(db, asked("0.0099", pupil), budgets, NOW) == Refused("pupil_day")
    await db.execute(delete(Student))
    db.expire_all()
    assert (await record(db, held)).student_id is None
    assert (await read_uses(db, period_of(NOW), None))["day"].total == USAGE_USD
    assert await count_differences(db) == 0
    assert await db.scalar(select(BudgetPeriod).where(BudgetPeriod.student_id == pupil)) is None


async def test_reservations_at_once_never_pass_the_budget(database_url: str) -> None:
    budgets = Budgets(day=Decimal("0.1"), pupil_day=Decimal(1), month=Decimal(1))

    async def one() -> bool:
        async with database.session_scope() as db:
            return isinstance(await ledger.reserve(db, asked("0.007"), budgets, NOW), Reservation)

    granted = await asyncio.gather(*(one() for _ in range(40)))
    assert sum(granted) == 14
    async with database.session_scope() as db:
        uses = await read_uses(db, period_of(NOW), None)
    assert uses["day"].reserved == Decimal("0.098")


async def told_at(now: datetime) -> list[tuple[str, int | None, int]]:
    heard: list[tuple[str, int | None, int]] = []

    async def tell(alert: Alert) -> None:
        heard.append((alert.budget.value, alert.student_id, alert.percent))

    assert await tell_alerts(database.session_scope, tell, now) == len(heard)
    return heard


async def spend(usd: str, budgets: Budgets, student_id: int | None = None) -> None:
    async with database.session_scope() as db:
        await ledger.reserve(db, asked(usd, student_id), budgets, NOW)


async def test_operators_are_warned_once_at_80_and_once_at_100_percent(database_url: str) -> None:
    budgets = Budgets(day=Decimal("0.1"), pupil_day=Decimal(1), month=Decimal("0.2"))
    await spend("0.0799999999", budgets)
    assert await told_at(NOW) == []
    await spend("0.0000000001", budgets)
    assert await told_at(NOW) == [("day", None, 80)]
    await spend("0.01", budgets)
    assert await told_at(NOW) == []
    heard = []
    for _ in range(3):
        await spend("0.02", budgets)
        heard += await told_at(NOW)
    assert heard == [("day", None, 100)]
    await spend("0.01", budgets)
    assert await told_at(NOW) == []


async def test_a_refusal_is_the_last_warning(database_url: str) -> None:
    budgets = Budgets(day=Decimal("0.1"), pupil_day=Decimal("0.05"), month=Decimal(1))
    async with database.session_scope() as db:
        pupil = await add_pupil(db)
    await spend("0.03", budgets, pupil)
    await spend("0.03", budgets, pupil)
    assert await told_at(NOW) == [("pupil_day", pupil, 80), ("pupil_day", pupil, 100)]
    await spend("0.03", budgets, pupil)
    assert await told_at(NOW) == []


async def test_a_warning_that_could_not_be_told_is_told_later(database_url: str) -> None:
    budgets = Budgets(day=Decimal("0.1"), pupil_day=Decimal(1), month=Decimal(1))
    await spend("0.09", budgets)

    async def fail(_: Alert) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await tell_alerts(database.session_scope, fail, NOW)
    assert await told_at(NOW + timedelta(minutes=9)) == []
    assert await told_at(NOW + timedelta(minutes=11)) == [("day", None, 80)]
    assert await told_at(NOW + timedelta(minutes=22)) == []


async def test_of_two_who_tell_at_once_one_does(database_url: str) -> None:
    await spend("0.09", Budgets(Decimal("0.1"), Decimal(1), Decimal(1)))
    heard = await asyncio.gather(*(told_at(NOW) for _ in range(5)))
    assert sorted(map(len, heard)) == [0, 0, 0, 0, 1]
