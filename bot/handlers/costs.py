"""/costs: what the model costs, for operators. For everybody else there is no such command."""

from datetime import timedelta

from bot.context import Turn
from bot.handlers.common import ends_dialog
from bot.replies import Reply
from bot.updates import Handler
from bot.views import costs as views
from src import clock
from src.costs.reports import Spending, read_budgets, read_spending
from src.costs.rules import Budgets, period_of

DAYS = 30


def costs_within(budgets: Budgets) -> Handler:
    """Return the handler of /costs.

    Args:
        budgets: The limits to compare with.
    """

    @ends_dialog
    async def costs(turn: Turn) -> list[Reply]:
        """Say what is spent and left, with a chart of the last thirty days."""
        now = clock.now()
        today = period_of(now).day
        days = [today - timedelta(days=ago) for ago in reversed(range(DAYS))]
        lines = await read_budgets(turn.db, budgets, now)
        spent = await read_spending(turn.db, days[0], today, ["day"])
        by_day = [(day, spent.get((day,), Spending()).usd) for day in days]
        return [views.costs(turn.words, lines, by_day)]

    return costs
