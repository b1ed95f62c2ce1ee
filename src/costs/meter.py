"""Calls to a model that cannot cost more than the budgets allow, whatever happens to them."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from src import clock
from src.clients.calls import Completion, ModelError, ModelUnavailable, Prompt
from src.costs import ledger
from src.costs.ledger import CostRequest, Purpose, Refused, Reservation
from src.costs.prices import PriceList
from src.costs.rules import Budgets
from src.errors import BudgetUsedUp
from src.models import ApiProvider
from src.settings import CostSettings

Transactions = Callable[[], AbstractAsyncContextManager[AsyncSession]]


class ModelClient(Protocol):
    """Whatever can be asked; ``src.clients.claude.ClaudeClient`` is one."""

    @property
    def provider(self) -> ApiProvider:
        """What the ledger calls the provider."""

    async def complete(self, prompt: Prompt) -> Completion:
        """Make one attempt.

        Raises:
            ModelError: Nothing to use; what the provider counted is in it.
        """


def budgets_of(settings: CostSettings) -> Budgets:
    """Return the limits in the settings."""
    return Budgets(
        settings.day_usd,
        settings.pupil_day_usd,
        settings.month_usd,
        settings.pupil_day_requests,
    )


def make_meter(
    settings: CostSettings, models: Iterable[str], transactions: Transactions, client: ModelClient
) -> "Meter":
    """Return a meter with the prices and budgets in the settings; call it once, at the start.

    Args:
        settings: The prices and budgets.
        models: Those that will be called.
        transactions: Opens a transaction; it commits at the end.
        client: Who is asked.

    Raises:
        SettingsError: One of the models has no price.
    """
    prices = PriceList(settings.prices)
    prices.require(models)
    return Meter(transactions, client, prices, budgets_of(settings))


class Meter:
    """Makes calls and enters them in the ledger, each step in a transaction of its own."""

    def __init__(
        self, transactions: Transactions, client: ModelClient, prices: PriceList, budgets: Budgets
    ) -> None:
        self._transactions, self._client = transactions, client
        self._prices, self._budgets = prices, budgets

    async def complete(
        self, prompt: Prompt, purpose: Purpose, *, seconds: float | None = None
    ) -> Completion:
        """Make one attempt, reserved before and settled after. Call it with no transaction open.

        Args:
            prompt: What to ask.
            purpose: What it is for.
            seconds: How long to wait for the answer, if less than the client would: unlike a
                cancellation it leaves a settled row.

        Raises:
            BudgetUsedUp: A budget has no room for it; nothing was called.
            ModelError: Nothing to use; its cost is in the ledger.
        """
        reservation = await self._reserve(prompt, purpose)
        # Whatever else ends the call, a kill or a cancellation, leaves an orphan to be recovered.
        try:
            completion = await self._ask(prompt, seconds)
        except ModelError as error:
            await self._close(reservation, error)
            raise
        await self._close(reservation, completion)
        return completion

    async def _ask(self, prompt: Prompt, seconds: float | None) -> Completion:
        try:
            async with asyncio.timeout(seconds):
                return await self._client.complete(prompt)
        except TimeoutError:
            raise ModelUnavailable("the answer took too long") from None

    async def _reserve(self, prompt: Prompt, purpose: Purpose) -> Reservation:
        worst = self._prices.upper_bound(prompt)
        request = CostRequest(purpose, self._client.provider, prompt.model, worst)
        async with self._transactions() as db:
            outcome = await ledger.reserve(db, request, self._budgets, clock.now())
        if isinstance(outcome, Refused):
            raise BudgetUsedUp(outcome.budget)
        return outcome

    async def _close(self, reservation: Reservation, outcome: Completion | ModelError) -> None:
        async with self._transactions() as db:
            await close(db, reservation, outcome, self._prices)


async def close(
    db: AsyncSession, reservation: Reservation, outcome: Completion | ModelError, prices: PriceList
) -> None:
    """Settle or release what was held for a call that is over.

    Args:
        db: A transaction.
        reservation: What was held.
        outcome: The answer, or how it failed: with usage, without, or at the door.
        prices: What the usage costs.
    """
    # A batch takes as long as it takes.
    request_id, took = outcome.request_id, None if reservation.batch else outcome.latency_ms
    if outcome.usage is not None:
        await ledger.settle(
            db, reservation, outcome.usage, prices, request_id=request_id, latency_ms=took
        )
    elif isinstance(outcome, ModelError) and not outcome.reached:
        await ledger.release(db, reservation, request_id=request_id, latency_ms=took)
    else:
        await ledger.settle_at_worst(db, reservation, request_id=request_id, latency_ms=took)
