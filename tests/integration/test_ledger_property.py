"""Whatever sequence of good and odd parts a provider streams, the ledger is not below its bill.

Nor is it above what was reserved, unless the provider says that it did more than it was asked.
"""

from collections.abc import AsyncGenerator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from src import database
from src.clients.calls import Message, ModelError, Prompt
from src.clients.claude import ClaudeClient
from src.costs.ledger import Purpose
from src.costs.meter import Meter
from src.costs.prices import PriceList
from src.costs.rules import Budgets
from src.models import CostRecord, CostStatus, OperationType
from tests.fixtures.messages_api import KEY, Behaviour, Events, MessagesApi, serve

SYSTEM = "You are a kind tutor. Give one hint and never the answer. " * 40
PROMPT = Prompt("claude-haiku-5-5", SYSTEM, [Message("user", "১/২ + ১/৪ কত?")], max_tokens=100)
WIDE = Budgets(Decimal(100), Decimal(100), Decimal(100))
WORST = PriceList().upper_bound(PROMPT).usd

ABSENT = "absent"
NAMES = [
    "input_tokens",
    "output_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
]
UNTOLD: list[Any] = [ABSENT, None, 0]
NO_COUNTS: list[Any] = [-1, -(10**9), "7", "many", True, [], {}, [9], 0.5, 1e30, -1e30, 10**30]
TOO_MUCH: list[Any] = [101, 4_000, 5_000.0, 1_000_000]
NO_USAGES: list[Any] = [ABSENT, None, {}, [], "none", 5, True]
JUNK = [
    "null",
    "[]",
    "{}",
    "7",
    '"end"',
    "{not json",
    "[" * 5_000,
    '{"type": null}',
    '{"type": "ping"}',
    '{"type": "news", "usage": {"output_tokens": 1}}',
    '{"type": "error", "error": null}',
    '{"type": "message_start"}',
    '{"type": "message_start", "message": {}}',
    '{"type": "message_delta", "delta": {}}',
    '{"type": "message_delta", "delta": {"stop_reason": 1}}',
    '{"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": NaN}',
    '{"type": "message_delta", "delta": {"stop_reason": "tool_use"}}',
    '{"type": "message_delta", "delta": {}, "usage": {"output_tokens": 1}}',
    '{"type": "content_block_delta", "delta": {"type": "text_delta", "text": "\\\\udfff"}}',
]

places = st.integers(0, 30)
counts = st.dictionaries(
    st.sampled_from(NAMES), st.sampled_from(UNTOLD + NO_COUNTS + TOO_MUCH), max_size=2
)
usages = st.one_of(st.just({}), counts, st.sampled_from(NO_USAGES).map(lambda usage: (usage,)))


@dataclass(frozen=True)
class Plan:
    """How a stream is spoilt.

    Attributes:
        start: Numbers at the start that are not the true ones, or another thing than numbers.
        end: The same at the end.
        moves: What is done with a part: which, and where it goes to.
        junk: What comes in between, and where.
        length: How many parts come at all.
    """

    start: Any
    end: Any
    moves: list[tuple[str, int, int]]
    junk: list[tuple[str, int]]
    length: int

    @property
    def tells_too_much(self) -> bool:
        told = [*self.numbers(self.start), *self.numbers(self.end)]
        return any(number in TOO_MUCH for number in told if not isinstance(number, bool))

    def numbers(self, usage: Any) -> list[Any]:
        return list(usage.values()) if isinstance(usage, dict) else []

    def change(self, events: Events) -> Events:
        parts = [self.spoil(name, event) for name, event in events]
        for what, origin, target in self.moves:
            part = parts[origin % len(parts)]
            if what != "double" and len(parts) > 1:
                parts.remove(part)
            if what != "lose":
                parts.insert(target % (len(parts) + 1), part)
        for junk, target in self.junk:
            parts.insert(target % (len(parts) + 1), ("content_block_delta", junk))
        return parts[: self.length]

    def spoil(self, name: str, event: Any) -> tuple[str, Any]:
        if name == "message_start":
            return name, {**event, "message": spoilt(event["message"], self.start)}
        return name, spoilt(event, self.end) if name == "message_delta" else event


def spoilt(owner: dict[str, Any], change: Any) -> dict[str, Any]:
    usage = change[0] if isinstance(change, tuple) else spoilt_counts(owner["usage"], change)
    rest = {name: value for name, value in owner.items() if name != "usage"}
    return rest if usage == ABSENT else rest | {"usage": usage}


def spoilt_counts(usage: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    told = {}
    for name, true in usage.items():
        odd = change.get(name, true)
        # A lie that looks like the truth: nobody who hears it can know.
        is_lie = odd in TOO_MUCH and odd < true
        is_hidden = name.startswith("cache") and true and odd in UNTOLD
        told[name] = true if is_lie or is_hidden else odd
    return {name: value for name, value in told.items() if value != ABSENT}


plans = st.builds(
    Plan,
    usages,
    usages,
    st.lists(st.tuples(st.sampled_from(["double", "move", "lose"]), places, places), max_size=3),
    st.lists(st.tuples(st.sampled_from(JUNK), places), max_size=2),
    st.just(99) | places,
)
answers = st.builds(
    Behaviour,
    text=st.sampled_from(["a", "Look again.", "Which parts are equal? " * 4, "কোন অংশ সমান? " * 2]),
    thinking_tokens=st.sampled_from([0, 20]),
    geo=st.sampled_from(["not_available", "us"]),
    events=plans.map(lambda plan: plan.change),
)


@pytest.fixture(scope="module")
def api() -> Iterator[MessagesApi]:
    with serve() as serving:
        yield serving


@pytest.fixture
async def meter(api: MessagesApi, sqlite_url: str) -> AsyncGenerator[Meter]:
    client = ClaudeClient(KEY, api.url)
    yield Meter(database.session_scope, client, PriceList(), WIDE)
    await client.close()


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(how=answers)
async def test_any_stream(api: MessagesApi, meter: Meter, how: Behaviour) -> None:
    api.calls.clear()
    async with database.session_scope() as db:
        await db.execute(delete(CostRecord))
    api.enqueue(how)
    with suppress(ModelError):
        await meter.complete(PROMPT, Purpose(OperationType.HINT_GENERATION))
    async with database.read_scope() as db:
        [row] = (await db.scalars(select(CostRecord))).all()
    assert row.status is CostStatus.SETTLED
    assert row.cost_usd >= api.billed
    plan: Plan = how.events.__self__  # type: ignore[attr-defined]  # it is a method of a plan
    assert row.cost_usd <= WORST or plan.tells_too_much
