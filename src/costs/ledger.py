"""The ledger: reserve the worst case before a call, settle the true cost after it.

Each function works in the caller's transaction and flushes; nothing here calls a model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from src.clients.calls import Usage
from src.costs import queries
from src.costs.prices import Price, PriceList
from src.costs.rules import (
    BATCH_ORPHAN_AGE,
    ORPHAN_AGE,
    Budgets,
    Limit,
    has_requests_left,
    percent_reached,
    period_of,
    without_room,
)
from src.models import ApiProvider, CostRecord, CostStatus, OperationType


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a call is for.

    Attributes:
        operation: The kind of work.
        student_id: For whom, if for one pupil.
        session_id: In which session.
        problem_id: About which problem.
        grade: Its grade.
    """

    operation: OperationType
    student_id: int | None = None
    session_id: int | None = None
    problem_id: int | None = None
    grade: int | None = None


@dataclass(frozen=True, slots=True)
class CostRequest:
    """A call that is about to be made.

    Attributes:
        purpose: What it is for.
        provider: Who is called.
        model: The name of the model.
        worst: The most that it can cost: ``PriceList.upper_bound``.
        batch: Whether it goes through the Message Batches API.
    """

    purpose: Purpose
    provider: ApiProvider
    model: str
    worst: Price
    batch: bool = False


@dataclass(frozen=True, slots=True)
class Reservation:
    """Room for one call in every budget; settle or release it.

    Attributes:
        record_id: The row of the ledger.
        model: The name of the model.
        batch: Whether the call goes through the Message Batches API.
    """

    record_id: int
    model: str
    batch: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """There is no room for a call.

    Attributes:
        budget: The budget that is used up; where several are, the widest; or the pupil's requests.
    """

    budget: Limit


async def reserve(
    db: AsyncSession, request: CostRequest, budgets: Budgets, now: datetime
) -> Reservation | Refused:
    """Hold the worst case of a call, if every budget has room for it.

    Commit at once, also after a refusal: it may have noted an alert. All who reserve in a month
    wait for each other until then.

    Args:
        db: A transaction with nothing else in it.
        request: The call.
        budgets: The limits.
        now: The current instant; its day and month are charged.
    """
    period, student_id = period_of(now), request.purpose.student_id
    await queries.lock_month(db, period)
    standing = await queries.read_standing(db, period, student_id)
    if not has_requests_left(standing, budgets):
        return Refused("pupil_requests")
    uses, more = standing.uses, request.worst.usd
    full = list(without_room(uses, budgets, more))
    for budget, use in uses.items():
        limit = budgets.limit(budget)
        percent = 100 if budget in full else percent_reached(use, limit, more)
        # A budget of zero is a switch; nobody wants to be told that it is off.
        if percent and limit:
            await queries.note_reached(db, period, budget, student_id, percent)
    if full:
        return Refused(full[0])
    return await _record(db, request, now)


async def _record(db: AsyncSession, request: CostRequest, now: datetime) -> Reservation:
    purpose = request.purpose
    row = CostRecord(
        student_id=purpose.student_id,
        session_id=purpose.session_id,
        problem_id=purpose.problem_id,
        grade=purpose.grade,
        operation=purpose.operation,
        api_provider=request.provider,
        model=request.model,
        cost_usd=request.worst.usd,
        prices=_stored(request.worst.rates, batch=request.batch),
        status=CostStatus.RESERVED,
        recorded_at=now,
    )
    db.add(row)
    await db.flush()
    return Reservation(row.id, request.model, request.batch)


def _stored(rates: Mapping[str, str], *, batch: bool) -> dict[str, str | bool]:
    return {**rates, "batch": True} if batch else dict(rates)


async def settle(
    db: AsyncSession,
    reservation: Reservation,
    usage: Usage,
    prices: PriceList,
    *,
    request_id: str | None = None,
    latency_ms: int | None = None,
) -> Price:
    """Write the true cost of a call; the same again changes nothing, and less neither.

    What the provider says comes before any estimate, however late it is: a row that was settled as
    an orphan or released is put right too.

    Args:
        db: A transaction.
        reservation: What was held.
        usage: What the provider counted.
        prices: What it costs.
        request_id: The provider's name for the call.
        latency_ms: How long it took, milliseconds.
    """
    price = prices.price(reservation.model, usage, batch=reservation.batch)
    values = {
        "status": CostStatus.SETTLED,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "thinking_tokens": usage.thinking_tokens,
        "cache_read_tokens": usage.cache_read_tokens,
        "cache_write_tokens": usage.cache_write_tokens + usage.cache_write_1h_tokens,
        "cost_usd": price.usd,
        "is_estimate": usage.is_estimate,
        "prices": _stored(price.rates, batch=reservation.batch),
        "request_id": request_id,
        "latency_ms": latency_ms,
    }
    await queries.settle_record(db, reservation.record_id, values)
    return price


async def settle_at_worst(
    db: AsyncSession,
    reservation: Reservation,
    *,
    request_id: str | None = None,
    latency_ms: int | None = None,
) -> None:
    """Keep the worst case as the cost: the provider may charge, and nobody knows how much."""
    values = {
        "status": CostStatus.SETTLED,
        "is_estimate": True,
        "request_id": request_id,
        "latency_ms": latency_ms,
    }
    await queries.change_reserved(db, reservation.record_id, values)


async def release(
    db: AsyncSession,
    reservation: Reservation,
    *,
    request_id: str | None = None,
    latency_ms: int | None = None,
) -> None:
    """Give back what was held for a call that the provider never worked on."""
    values = {
        "status": CostStatus.RELEASED,
        "cost_usd": 0,
        "request_id": request_id,
        "latency_ms": latency_ms,
    }
    await queries.change_reserved(db, reservation.record_id, values)


async def cost_of(db: AsyncSession, reservation: Reservation) -> Decimal:
    """Return what the ledger says of a call, US dollars."""
    return await queries.cost_of(db, reservation.record_id)


async def recover_orphans(db: AsyncSession, now: datetime) -> int:
    """Settle at their worst case the reservations whose process must be gone.

    Returns:
        How many there were.
    """
    return await queries.settle_orphans(db, now - ORPHAN_AGE, now - BATCH_ORPHAN_AGE)
