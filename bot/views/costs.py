"""What operators read about costs. Pure and synchronous."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from bot.replies import CostChart
from bot.words import Words, in_both
from src.costs.alerts import Alert
from src.costs.reports import BudgetLine
from src.models import BudgetKind


def costs(t: Words, lines: Sequence[BudgetLine], days: Sequence[tuple[date, Decimal]]) -> CostChart:
    """Return each budget in a line, over a chart of the days."""
    caption = [t("costs-heading"), *(_budget(t, line) for line in lines)]
    limit = next(line.limit for line in lines if line.budget == "day")
    return CostChart(
        "\n".join(caption),
        [(day.isoformat(), str(usd)) for day, usd in days],
        str(limit),
    )


def _budget(t: Words, line: BudgetLine) -> str:
    amounts = (line.use.spent, line.use.reserved, line.left, line.limit)
    spent, reserved, left, limit = (_dollars(t, amount) for amount in amounts)
    key = f"costs-{line.budget.replace('_', '-')}"
    return t(key, spent=spent, reserved=reserved, left=left, limit=limit)


def _dollars(t: Words, amount: Decimal) -> str:
    written = f"{amount:,.4f}"
    return "$" + "".join(t.number(int(sign)) if sign.isdecimal() else sign for sign in written)


def alert(alert: Alert) -> str:
    """Return a warning in both languages: an operator need not be a pupil."""
    whose = alert.student_id or 0
    if alert.budget is BudgetKind.PUPIL_DAY:
        return in_both("cost-alert-pupil", percent=alert.percent, student=whose)
    key = "cost-alert-day" if alert.budget is BudgetKind.DAY else "cost-alert-month"
    return in_both(key, percent=alert.percent)
