"""What was spent on what, what it gave, and what is left."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from src.costs import groups, queries
from src.costs.rules import BudgetName, Budgets, Use, period_of
from src.errors import InvalidReport
from src.models import CostRecord, CostStatus, DailyCost, Problem, Response, Session
from src.models.types import MoneySum, json_length
from src.storage.statements import dialect_of

_COUNTS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
_CENTS = Decimal("0.000001")

Keys = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Spending:
    """What calls to a model used and cost; `usd` is exact."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    usd: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class PracticeTotals:
    """What pupils did on the days of a report.

    Attributes:
        pupils: Different pupils who saw a problem.
        sessions: Different sessions.
        hints: Hints shown.
        paid_hints: Those of them that were paid for.
        right_after_hint: Problems solved after a hint.
    """

    pupils: int = 0
    sessions: int = 0
    hints: int = 0
    paid_hints: int = 0
    right_after_hint: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One group of a report.

    Attributes:
        keys: The value of each group, as it is shown.
        spending: What was spent.
        practice: What pupils did in this group; groups that practice does not know are ignored.
        knows_hints: Whether the hints are those of this group alone.
    """

    keys: tuple[str, ...]
    spending: Spending
    practice: PracticeTotals
    knows_hints: bool = True

    @property
    def free_share(self) -> Decimal | None:
        """The share of hints that cost nothing, 0 to 1; None where there were no hints."""
        if not self.knows_hints or not self.practice.hints:
            return None
        free = self.practice.hints - self.practice.paid_hints
        return (Decimal(free) / self.practice.hints).quantize(Decimal("0.0001"))

    def usd_per(self, number: int) -> Decimal | None:
        """Return the dollars divided by a number, to a millionth; None for 0."""
        return (self.spending.usd / number).quantize(_CENTS) if number else None


@dataclass(frozen=True, slots=True)
class CostReport:
    """Lines, and all of them together."""

    by: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One budget; amounts in US dollars.

    Attributes:
        budget: Which one.
        starts_on: The day, or the first of the month, in UTC.
        student_id: Whose, for the budget of one pupil; None if none has used any.
        limit: The most.
        use: What is spent and reserved.
        calls: Made for the one pupil this day; None for the other budgets.
        most_calls: How many there may be; None where there is no limit.
    """

    budget: BudgetName
    starts_on: date
    student_id: int | None
    limit: Decimal
    use: Use
    calls: int | None = None
    most_calls: int | None = None

    @property
    def left(self) -> Decimal:
        """What there is room for."""
        return max(self.limit - self.use.total, Decimal(0))


async def make_report(db: AsyncSession, first: date, last: date, by: Sequence[str]) -> CostReport:
    """Report on some days.

    Args:
        db: A session that reads.
        first: The first day, in UTC.
        last: The last day, included.
        by: Names of groups, outermost first; none gives the total alone.

    Raises:
        InvalidReport: The last day is before the first, or a group is unknown or named twice.
    """
    _check(first, last, by)
    known = [group for group in by if group in groups.PRACTISED]
    spent = await read_spending(db, first, last, by)
    practised = await _read_practice(db, first, last, known)
    whole = practised if not known else await _read_practice(db, first, last, [])
    keys = list(spent)
    if len(known) == len(by):
        # Days on which every hint was free belong in the report too.
        keys += [key for key in practised if key not in spent]
    lines = [
        Line(
            tuple(groups.show(group, value) for group, value in zip(by, key, strict=True)),
            spent.get(key, Spending()),
            practised.get(_only(known, by, key), PracticeTotals()),
            knows_hints=len(known) == len(by),
        )
        for key in (keys if by else [])
    ]
    total = Line((), _add_up(spent.values()), whole.get((), PracticeTotals()))
    return CostReport(tuple(by), tuple(sorted(lines, key=lambda line: _order(line, by))), total)


def _check(first: date, last: date, by: Sequence[str]) -> None:
    if last < first:
        raise InvalidReport(f"the report would end ({last}) before it begins ({first})")
    for group in by:
        if group not in groups.GROUPS:
            raise InvalidReport(f"no report by {group!r}; there are: {', '.join(groups.GROUPS)}")
    if len(set(by)) < len(by):
        raise InvalidReport("the report is grouped by the same twice")


def _only(known: Sequence[str], by: Sequence[str], key: Keys) -> Keys:
    return tuple(value for group, value in zip(by, key, strict=True) if group in known)


def _order(line: Line, by: Sequence[str]) -> tuple[Any, ...]:
    """Sort by time where the first group is one, otherwise what cost most first."""
    times = sum(group in groups.TIMES for group in by[:1])
    return (*line.keys[:times], -line.spending.usd, line.keys)


def _add_up(spent: Iterable[Spending]) -> Spending:
    columns = zip(*(astuple(each) for each in spent), strict=True)
    return Spending(*(sum(column) for column in columns))


async def read_spending(
    db: AsyncSession, first: date, last: date, by: Sequence[str]
) -> dict[Keys, Spending]:
    """Return what was spent on some days, by groups; from the rollup where it knows them all."""
    statement = _spending_of(dialect_of(db), tuple(by))
    begin, end = _instants(first, last)
    values = {"first": first, "last": last, "begin": begin, "end": end}
    rows = await db.execute(statement, values)
    return {tuple(row[: len(by)]): _spending(row[len(by) :]) for row in rows}


@cache
def _spending_of(dialect: str, by: Keys) -> Select[Any]:
    """Build the statement; that takes longer than the rollup needs to answer it."""
    if groups.ROLLED_UP.issuperset(by):
        table: Any = DailyCost
        columns = [groups.rollup_column(dialect, group) for group in by]
        calls: Any = func.sum(DailyCost.calls)
        within = DailyCost.day.between(bindparam("first"), bindparam("last"))
        where = [within, DailyCost.calls != 0]
    else:
        table = CostRecord
        columns = [groups.record_column(dialect, group) for group in by]
        calls = func.count()
        where = [*_within(CostRecord.recorded_at), CostRecord.status == CostStatus.SETTLED]
    sums = [func.sum(getattr(table, name), type_=Integer()) for name in _COUNTS]
    cost = func.sum(table.cost_usd, type_=MoneySum())
    statement = select(*columns, calls, *sums, cost).select_from(table).where(*where)
    if "problem" in by:
        statement = statement.outerjoin(Problem, Problem.id == CostRecord.problem_id)
    return statement.group_by(*columns).having(calls > 0)


def _spending(values: Sequence[Any]) -> Spending:
    calls, tokens_in, tokens_out, read, written, usd = values
    return Spending(int(calls), int(tokens_in), int(tokens_out), int(read), int(written), usd)


def _within(column: Any) -> tuple[Any, Any]:
    return column >= bindparam("begin"), column < bindparam("end")


def _instants(first: date, last: date) -> tuple[datetime, datetime]:
    """Return the first instant of some days, and the first after them."""
    after = datetime.combine(last, time(), UTC) + timedelta(days=1)
    return datetime.combine(first, time(), UTC), after


async def _read_practice(
    db: AsyncSession, first: date, last: date, by: Sequence[str]
) -> dict[Keys, PracticeTotals]:
    dialect = dialect_of(db)
    begin, end = _instants(first, last)
    columns = [groups.practice_column(dialect, group) for group in by]
    right_after = case((Response.is_correct & (Response.hints_used > 0), 1), else_=0)
    sums = (json_length(Response.hints_viewed), groups.paid_hints(dialect), right_after)
    statement = (
        select(
            *columns,
            func.count(Session.student_id.distinct()),
            func.count(Response.session_id.distinct()),
            *(func.sum(value, type_=Integer()) for value in sums),
        )
        .select_from(Response)
        .join(Session, Session.id == Response.session_id)
        .join(Problem, Problem.id == Response.problem_id)
        .where(*_within(Response.created_at))
        .group_by(*columns)
    )
    return {
        tuple(row[: len(by)]): PracticeTotals(*(int(value or 0) for value in row[len(by) :]))
        for row in await db.execute(statement, {"begin": begin, "end": end})
    }


async def read_budgets(
    db: AsyncSession, budgets: Budgets, now: datetime, student_id: int | None = None
) -> list[BudgetLine]:
    """Return how much of each budget is used.

    Args:
        db: A session that reads.
        budgets: The limits.
        now: The current instant.
        student_id: The pupil to look at; the one who used most today if None.
    """
    period = period_of(now)
    if student_id is None:
        student_id = await queries.find_dearest_pupil(db, period)
    nothing = Use(Decimal(0), Decimal(0))
    standing = await queries.read_standing(db, period, student_id)
    uses = {"pupil_day": nothing, **standing.uses}
    of_pupil = (standing.requests, budgets.pupil_requests)
    names: tuple[BudgetName, ...] = ("day", "month", "pupil_day")
    return [
        BudgetLine(
            name,
            period.starts_on(name),
            student_id if name == "pupil_day" else None,
            budgets.limit(name),
            uses[name],
            *(of_pupil if name == "pupil_day" else ()),
        )
        for name in names
    ]
