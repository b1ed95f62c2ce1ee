"""Hints made in advance, in batches at half the price, for pupils who reach the end of a ladder.

All that is kept of a batch is the rows of the ledger in which its calls are reserved: they name the
batch, and the name of each call in it says which row and which hint it is. So the next run after a
kill collects the results, and pays for none of them twice.
"""

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from src import clock
from src.clients.calls import Completion, ModelError, Prompt, Usage
from src.clients.claude import ClaudeClient
from src.costs import ledger
from src.costs.ledger import CostRequest, Purpose, Refused, Reservation
from src.costs.meter import Transactions, close
from src.costs.prices import PriceList
from src.costs.rules import Budgets
from src.hints import queries
from src.hints.checks import find_fault
from src.hints.prompt import build
from src.hints.rules import LADDER, Ask, fingerprint
from src.hints.service import reuse_key
from src.models import Language, OperationType, Problem

IN_A_BATCH = 500
# For the estimate only: bytes of UTF-8 in a token, and tokens of a hint.
_BYTES_IN_TOKEN = 3.5
_TOKENS_OF_HINT = {"en": 50, "bn": 140}

# What `Wanted.name` makes.
_NAME = re.compile(r"\d{1,18}-\d{1,18}-(?:en|bn)-\d{1,4}-[0-9a-f]{8}")

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A hint that is not there yet.

    Attributes:
        problem: The problem.
        language: ``en`` or ``bn``.
        number: Which of the hints for the problem, by `asks_of`.
        ask: What is wanted.
        key: Under which it is kept.
    """

    problem: Problem
    language: Language
    number: int
    ask: Ask
    key: str

    def name(self, record_id: int) -> str:
        """Return the name of the call in a batch."""
        mark = fingerprint(self.problem)[:8]
        return f"{record_id}-{self.problem.id}-{self.language}-{self.number}-{mark}"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What warming costs, US dollars.

    Attributes:
        hints: How many.
        likely: With answers of the usual length.
        at_most: What is reserved.
    """

    hints: int
    likely: Decimal
    at_most: Decimal


@dataclass(slots=True)
class Warmed:
    """What came of warming: hints kept, answers that failed a check or never came, dollars."""

    kept: int = 0
    refused: int = 0
    usd: Decimal = Decimal(0)
    stopped_by: str | None = None


@dataclass(slots=True)
class Warmer:
    """Makes hints in advance.

    Attributes:
        transactions: Opens a transaction that commits at the end.
        client: Asks the provider.
        prices: What it costs.
        budgets: What may be spent.
        models: The model for each language.
        pause: Seconds between two looks at a batch.
    """

    transactions: Transactions
    client: ClaudeClient
    prices: PriceList
    budgets: Budgets
    models: Mapping[str, str]
    pause: float = 30.0
    done: Warmed = field(default_factory=Warmed)

    async def wanted(self) -> list[Wanted]:
        """Return the hints that are not there yet."""
        async with self.transactions() as db:
            problems = await queries.active_problems(db)
            kept = await queries.kept_keys(db)
        return [item for item in _all_of(problems) if _row_of(item) not in kept]

    def estimate(self, wanted: Sequence[Wanted]) -> Estimate:
        """Return what it costs to make some hints."""
        likely = worst = Decimal(0)
        for item in wanted:
            prompt = self._prompt(item)
            said = sum(len(part.text.encode()) for part in prompt.messages)
            tokens = round((len(prompt.system.encode()) + said) / _BYTES_IN_TOKEN)
            usage = Usage(tokens, _TOKENS_OF_HINT[item.language])
            likely += self.prices.price(prompt.model, usage, batch=True).usd
            worst += self.prices.upper_bound(prompt, batch=True).usd
        return Estimate(len(wanted), likely, worst)

    async def resume(self, advance: Advance) -> None:
        """Collect the results of batches that an earlier run submitted and did not finish."""
        async with self.transactions() as db:
            batches = await queries.open_batches(db)
        for batch_id in batches:
            await self._finish(batch_id, advance)

    async def run(self, wanted: Sequence[Wanted], cap: Decimal, advance: Advance) -> Warmed:
        """Make hints until a budget or the cap has no more room.

        Args:
            wanted: Which.
            cap: Most that may be reserved in this run, US dollars.
            advance: Called with how many more are finished.
        """
        left = cap
        for start in range(0, len(wanted), IN_A_BATCH):
            prompts, record_ids = {}, []
            for item in wanted[start : start + IN_A_BATCH]:
                held, left = await self._reserve(item, left)
                if held is None:
                    break
                prompts[item.name(held.record_id)] = self._prompt(item)
                record_ids.append(held.record_id)
            if prompts:
                await self._hand_in(prompts, record_ids, advance)
            if self.done.stopped_by is not None:
                break
        return self.done

    async def _hand_in(
        self, prompts: Mapping[str, Prompt], record_ids: Sequence[int], advance: Advance
    ) -> None:
        try:
            batch_id = await self.client.create_batch(prompts)
        except ModelError as error:
            async with self.transactions() as db:
                for name, prompt in prompts.items():
                    held = Reservation(int(name.partition("-")[0]), prompt.model, batch=True)
                    await close(db, held, error, self.prices)
            raise
        async with self.transactions() as db:
            await queries.name_batch(db, record_ids, batch_id)
        await self._finish(batch_id, advance)

    async def _reserve(self, item: Wanted, left: Decimal) -> tuple[Reservation | None, Decimal]:
        prompt = self._prompt(item)
        worst = self.prices.upper_bound(prompt, batch=True)
        if worst.usd > left:
            self.done.stopped_by = "cap"
            return None, left
        purpose = Purpose(
            OperationType.HINT_WARMING, problem_id=item.problem.id, grade=item.problem.grade
        )
        request = CostRequest(purpose, self.client.provider, prompt.model, worst, batch=True)
        async with self.transactions() as db:
            held = await ledger.reserve(db, request, self.budgets, clock.now())
        if isinstance(held, Refused):
            self.done.stopped_by = held.budget
            return None, left
        return held, left - worst.usd

    async def _finish(self, batch_id: str, advance: Advance) -> None:
        """Wait for a batch and take its results, each in a transaction of its own."""
        while not await self.client.has_ended(batch_id):  # noqa: ASYNC110 - the provider ends it
            await asyncio.sleep(self.pause)
        async with self.transactions() as db:
            known = {p.id: p for p in await queries.active_problems(db)}
        async for name, result in self.client.batch_results(batch_id):
            await self._take(name, result, known)
            advance(1)

    async def _take(
        self, name: str, result: Completion | ModelError, known: Mapping[int, Problem]
    ) -> None:
        if not _NAME.fullmatch(name):
            # Not one of ours: what it may stand for is settled at its worst when it is too old.
            return
        record_id, problem_id, language, number, mark = name.split("-")
        problem = known.get(int(problem_id))
        held = Reservation(int(record_id), self.models[language], batch=True)
        async with self.transactions() as db:
            await close(db, held, result, self.prices)
            self.done.usd += await ledger.cost_of(db, held)
            item = _find(problem, Language(language), int(number), mark)
            text = "" if isinstance(result, ModelError) else result.text.strip()
            if item is None or not _is_good(item, text):
                self.done.refused += 1
                return
            await queries.keep(
                db,
                problem_id=item.problem.id,
                language=Language(language),
                step=item.ask.step,
                answer_key=item.key,
                fingerprint=fingerprint(item.problem),
                text=text,
                source_model=self.models[language],
                verified_at=clock.now(),
            )
            self.done.kept += 1

    def _prompt(self, item: Wanted) -> Prompt:
        return build(item.problem, item.language, item.ask, self.models[item.language])


def asks_of(problem: Problem) -> list[Ask]:
    """Return what is asked in advance: after the ladder, for anybody and for named mistakes."""
    step = LADDER + 1
    return [Ask(step), *(Ask(step, known["answer"]) for known in problem.misconceptions)]


def _all_of(problems: Iterable[Problem]) -> Iterator[Wanted]:
    for problem in problems:
        for number, ask in enumerate(asks_of(problem)):
            key = reuse_key(problem, ask)
            if key is not None:
                for language in Language:
                    yield Wanted(problem, language, number, ask, key)


def _row_of(item: Wanted) -> tuple[int, str, int, str, str]:
    problem = item.problem
    return problem.id, item.language, item.ask.step, item.key, fingerprint(problem)


def _find(problem: Problem | None, language: Language, number: int, mark: str) -> Wanted | None:
    """Return the hint that a call in a batch was for; None where the problem has changed."""
    if problem is None or fingerprint(problem)[:8] != mark:
        return None
    asks = asks_of(problem)
    key = reuse_key(problem, asks[number]) if number < len(asks) else None
    return Wanted(problem, language, number, asks[number], key) if key is not None else None


def _is_good(item: Wanted, text: str) -> bool:
    ask = item.ask
    fault = find_fault(text, item.problem, item.language, ask.typed, may_judge=ask.is_wrong_answer)
    return fault is None
