"""Budgets and their periods: pure decisions. Days and months are those of UTC."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

BudgetName = Literal["month", "day", "pupil_day"]
Limit = BudgetName | Literal["pupil_requests"]
Percent = Literal[0, 80, 100]

# Far longer than a call may take; a batch ends within a day.
ORPHAN_AGE = timedelta(minutes=10)
BATCH_ORPHAN_AGE = timedelta(hours=30)


@dataclass(frozen=True, slots=True)
class Budgets:
    """The most that may be spent, in US dollars; zero allows nothing.

    Attributes:
        day: By everyone in a day.
        pupil_day: For one pupil in a day.
        month: By everyone in a month.
        pupil_requests: How often a model may be asked for one pupil in a day; None: ever so often.
    """

    day: Decimal
    pupil_day: Decimal
    month: Decimal
    pupil_requests: int | None = None

    def limit(self, budget: BudgetName) -> Decimal:
        """Return one of them by its name."""
        return {"day": self.day, "pupil_day": self.pupil_day, "month": self.month}[budget]


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a budget is used, in US dollars.

    Attributes:
        spent: The cost of calls that are over.
        reserved: The worst case of calls that are not.
    """

    spent: Decimal
    reserved: Decimal

    @property
    def total(self) -> Decimal:
        """What counts against the limit."""
        return self.spent + self.reserved


Uses = Mapping[BudgetName, Use]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is used up at an instant.

    Attributes:
        uses: Of each budget.
        requests: Made for the pupil this day, whatever became of them.
    """

    uses: Uses
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """The day and the month of an instant.

    Attributes:
        day: The date in UTC.
        month: The first of its month.
    """

    day: date
    month: date

    @property
    def day_begins(self) -> datetime:
        """The first instant of the day."""
        return _midnight(self.day)

    @property
    def day_ends(self) -> datetime:
        """The first instant after the day."""
        return _midnight(self.day + timedelta(days=1))

    @property
    def month_begins(self) -> datetime:
        """The first instant of the month."""
        return _midnight(self.month)

    @property
    def next_month(self) -> date:
        """The first of the month after."""
        return (self.month + timedelta(days=31)).replace(day=1)

    @property
    def month_ends(self) -> datetime:
        """The first instant after the month."""
        return _midnight(self.next_month)

    def starts_on(self, budget: BudgetName) -> date:
        """Return the first day of a budget's period."""
        return self.month if budget == "month" else self.day


def period_of(instant: datetime) -> Period:
    """Return the day and the month of an aware instant."""
    day = instant.astimezone(UTC).date()
    return Period(day, day.replace(day=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def without_room(uses: Uses, budgets: Budgets, more: Decimal) -> Iterator[BudgetName]:
    """Name the budgets that have no room for some more dollars."""
    for budget, use in uses.items():
        if use.total + more > budgets.limit(budget):
            yield budget


def has_requests_left(standing: Standing, budgets: Budgets) -> bool:
    """Return whether a model may be asked once more for the pupil."""
    return budgets.pupil_requests is None or standing.requests < budgets.pupil_requests


def percent_reached(use: Use, limit: Decimal, more: Decimal) -> Percent:
    """Return the alert threshold, in percent, that using some more dollars would reach."""
    used = (use.total + more) * 100
    if used >= limit * 100:
        return 100
    return 80 if used >= limit * 80 else 0
