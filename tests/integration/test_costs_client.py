"""The client against a stand-in of the Messages API: what it makes of every way a call can end."""

import socket
from collections.abc import AsyncGenerator, Iterator
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select

from src import database
from src.clients.calls import (
    Completion,
    Message,
    ModelCutOff,
    ModelError,
    ModelRefused,
    ModelRejected,
    ModelUnavailable,
    Prompt,
)
from src.clients.claude import ClaudeClient, make_client
from src.costs.ledger import Purpose
from src.costs.meter import Meter, make_meter
from src.costs.prices import PriceList
from src.costs.rules import Budgets
from src.errors import BudgetUsedUp, SettingsError
from src.models import ApiProvider, CostRecord, CostStatus, OperationType
from src.settings import CostSettings, ModelPrices, ModelSettings
from tests.fixtures.messages_api import KEY, Behaviour, MessagesApi, serve

SYSTEM = "You are a kind tutor. Give one hint and never the answer. " * 40
PROMPT = Prompt("claude-haiku-5-5", SYSTEM, [Message("user", "১/২ + ১/৪ কত?")], max_tokens=100)
WIDE = Budgets(Decimal(1), Decimal(1), Decimal(1))
PURPOSE = Purpose(OperationType.HINT_GENERATION)
PENNY = Decimal("1e-10")


@pytest.fixture(scope="module")
def api() -> Iterator[MessagesApi]:
    with serve() as serving:
        yield serving


@pytest.fixture
async def client(api: MessagesApi) -> AsyncGenerator[ClaudeClient]:
    api.calls.clear()
    asked = ClaudeClient(KEY, api.url, total_seconds=5)
    yield asked
    await asked.close()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


async def fail(client: ClaudeClient, prompt: Prompt = PROMPT) -> ModelError:
    with pytest.raises(ModelError) as raised:
        await client.complete(prompt)
    return raised.value


async def test_an_answer_comes_with_what_it_used(api: MessagesApi, client: ClaudeClient) -> None:
    api.enqueue(Behaviour(text="Which parts are  equal?\nLook again.", thinking_tokens=30))
    completion = await client.complete(PROMPT)
    usage = api.calls[-1].usage
    assert completion.text == "Which parts are  equal?\nLook again."
    assert completion.request_id == api.calls[-1].request_id
    assert completion.usage is not None
    assert completion.usage.output_tokens == usage["output_tokens"]
    assert completion.usage.thinking_tokens == 30
    assert not completion.usage.is_estimate


async def test_the_standing_part_of_a_prompt_is_cached(
    api: MessagesApi, client: ClaudeClient
) -> None:
    prompt = replace(PROMPT, system=SYSTEM + "Cache me.")
    first, second = await client.complete(prompt), await client.complete(prompt)
    assert first.usage is not None
    assert second.usage is not None
    assert first.usage.cache_write_tokens > 512
    assert first.usage.cache_read_tokens == 0
    assert second.usage.cache_read_tokens == first.usage.cache_write_tokens
    assert second.usage.cache_write_tokens == 0


@pytest.mark.parametrize(
    ("model", "thinking"),
    [
        ("claude-haiku-5-5", {"type": "disabled"}),
        ("claude-sonnet-5-5", {"type": "between_tools"}),
        ("claude-opus-5-5", None),
    ],
)
async def test_each_model_is_asked_to_think_as_little_as_it_can(
    api: MessagesApi, client: ClaudeClient, model: str, thinking: dict[str, str] | None
) -> None:
    await client.complete(replace(PROMPT, model=model))
    body = api.calls[-1].body
    assert body.get("thinking") == thinking
    assert body["output_config"] == {"effort": "low"}
    assert "temperature" not in body


@pytest.mark.parametrize(
    ("status", "kind", "reached"),
    [
        (400, ModelRejected, False),
        (401, ModelRejected, False),
        (403, ModelRejected, False),
        (404, ModelRejected, False),
        (413, ModelRejected, False),
        (429, ModelUnavailable, False),
        (500, ModelUnavailable, True),
        (503, ModelUnavailable, True),
        (529, ModelUnavailable, False),
    ],
)
async def test_an_error_is_told_apart_and_never_tried_again(
    api: MessagesApi, client: ClaudeClient, status: int, kind: type[ModelError], reached: bool
) -> None:
    api.enqueue(Behaviour(status=status, retry_after=3600))
    error = await fail(client)
    assert type(error) is kind
    assert (error.reached, error.usage) == (reached, None)
    assert [call.request_id for call in api.calls] == [error.request_id]
    assert KEY not in str(error)


@pytest.mark.parametrize(
    ("behaviour", "input_known"),
    [
        (Behaviour(cut_after=0), False),
        (Behaviour(cut_after=1), True),
        (Behaviour(cut_after=5), True),
        (Behaviour(overload_after=3), True),
        (Behaviour(hang_seconds=60), False),
        (Behaviour(hang_after=4), True),
        (Behaviour(body="<html>gateway</html>"), False),
        (Behaviour(body="event: message_start\ndata: {not json\n\n"), False),
    ],
)
async def test_an_answer_that_breaks_off_tells_at_most_what_it_can_cost(
    api: MessagesApi, behaviour: Behaviour, input_known: bool
) -> None:
    hangs = behaviour.hang_seconds or behaviour.hang_after
    client = ClaudeClient(KEY, api.url, total_seconds=1.5 if hangs else 60)
    api.calls.clear()
    api.enqueue(behaviour)
    error = await fail(client)
    await client.close()
    assert type(error) is ModelUnavailable
    assert error.reached
    assert (error.usage is not None) == input_known
    if error.usage is not None:
        assert error.usage.is_estimate
        assert error.usage.output_tokens == 100
        assert PriceList().price(PROMPT.model, error.usage).usd >= api.calls[-1].billed


async def test_an_answer_that_breaks_off_after_its_count_is_known_exactly(
    api: MessagesApi, client: ClaudeClient
) -> None:
    # message_start, ping, block start, two words, block stop, message_delta; no message_stop.
    api.enqueue(Behaviour(text="Look again.", overload_after=7))
    error = await fail(client)
    assert error.usage is not None
    assert not error.usage.is_estimate
    assert PriceList().price(PROMPT.model, error.usage).usd == api.calls[-1].billed


async def test_a_refusal_and_a_cut_carry_their_usage(
    api: MessagesApi, client: ClaudeClient
) -> None:
    api.enqueue(Behaviour(stop_reason="refusal"), Behaviour(text="and so on " * 90))
    for kind in (ModelRefused, ModelCutOff):
        error = await fail(client)
        assert type(error) is kind
        assert error.usage is not None
        assert not error.usage.is_estimate
        assert PriceList().price(PROMPT.model, error.usage).usd == api.calls[-1].billed


async def test_nobody_there_is_not_paid_for() -> None:
    client = ClaudeClient(KEY, f"http://127.0.0.1:{free_port()}")
    error = await fail(client)
    await client.close()
    assert type(error) is ModelUnavailable
    assert not error.reached


async def test_a_gateway_that_counts_nothing_is_taken_at_its_worst(
    api: MessagesApi, client: ClaudeClient
) -> None:
    api.enqueue(Behaviour(counts=False))
    completion = await client.complete(PROMPT)
    assert completion.usage is not None
    assert completion.usage.is_estimate
    assert completion.usage.input_tokens == PROMPT.most_input_tokens
    assert completion.usage.output_tokens == 100


async def test_a_batch_is_answered_by_name_at_half_the_price(
    api: MessagesApi, client: ClaudeClient
) -> None:
    api.enqueue(
        Behaviour(),
        Behaviour(text="First."),
        Behaviour(status=500),
        Behaviour(stop_reason="refusal"),
    )
    batch = await client.create_batch(dict.fromkeys(("a", "b", "c"), PROMPT))
    assert not await client.has_ended(batch)
    assert await client.has_ended(batch)
    results = {name: result async for name, result in client.batch_results(batch)}
    first, second, third = (results[name] for name in ("a", "b", "c"))
    assert isinstance(first, Completion)
    assert first.text == "First."
    assert first.usage is not None
    assert PriceList().price(PROMPT.model, first.usage, batch=True).usd == api.calls[0].billed
    assert isinstance(second, ModelUnavailable)
    assert not second.reached
    assert isinstance(third, ModelRefused)
    assert third.usage is not None


async def test_an_unknown_batch_is_an_error(client: ClaudeClient) -> None:
    with pytest.raises(ModelRejected, match="404"):
        await client.has_ended("msgbatch_nothing")


async def test_a_batch_whose_answer_is_lost_may_exist(
    api: MessagesApi, client: ClaudeClient
) -> None:
    api.enqueue(Behaviour(cut_after=0))
    with pytest.raises(ModelUnavailable) as raised:
        await client.create_batch({"a": PROMPT})
    assert raised.value.reached


def test_without_a_key_there_is_no_client() -> None:
    assert make_client(ModelSettings(api_key=None)) is None


def test_a_gateway_is_named_as_one() -> None:
    assert ClaudeClient("k", "https://api.anthropic.com").provider is ApiProvider.CLAUDE
    assert ClaudeClient("k", "http://localhost:8000").provider is ApiProvider.COMPATIBLE


def test_a_model_without_a_price_stops_the_start() -> None:
    models = ["claude-haiku-5-5", "bangla-7b"]
    client = ClaudeClient(KEY, "http://localhost:8000")
    with pytest.raises(SettingsError, match="bangla-7b"):
        make_meter(CostSettings(), models, database.session_scope, client)
    prices = {"bangla-7b": ModelPrices(input=Decimal(0), output=Decimal("0.1"))}
    make_meter(CostSettings(prices=prices), models, database.session_scope, client)


@pytest.mark.parametrize(
    ("behaviour", "status", "estimate"),
    [
        (Behaviour(), "settled", False),
        (Behaviour(geo="us"), "settled", False),
        (Behaviour(thinking_tokens=60), "settled", False),
        (Behaviour(stop_reason="refusal"), "settled", False),
        (Behaviour(text="and so on " * 90), "settled", False),
        (Behaviour(status=429), "released", False),
        (Behaviour(status=401), "released", False),
        (Behaviour(status=500, bills_error=True), "settled", True),
        (Behaviour(cut_after=0), "settled", True),
        (Behaviour(cut_after=4), "settled", True),
        (Behaviour(overload_after=2), "settled", True),
        (Behaviour(counts=False), "settled", True),
    ],
)
async def test_the_ledger_agrees_with_the_bill(
    api: MessagesApi,
    client: ClaudeClient,
    database_url: str,
    behaviour: Behaviour,
    status: str,
    estimate: bool,
) -> None:
    api.enqueue(behaviour)
    meter = Meter(database.session_scope, client, PriceList(), WIDE)
    with suppress(ModelError):
        await meter.complete(PROMPT, PURPOSE)
    async with database.read_scope() as db:
        [row] = (await db.scalars(select(CostRecord))).all()
    assert (row.status, row.is_estimate) == (status, estimate)
    assert row.request_id == api.calls[-1].request_id
    assert row.latency_ms is not None
    assert row.cost_usd >= api.billed
    if not estimate:
        assert row.cost_usd - api.billed < PENNY


async def test_who_waits_no_longer_has_it_settled_at_its_worst(
    api: MessagesApi, client: ClaudeClient, sqlite_url: str
) -> None:
    api.enqueue(Behaviour(hang_seconds=60))
    meter = Meter(database.session_scope, client, PriceList(), WIDE)
    with pytest.raises(ModelUnavailable):
        await meter.complete(PROMPT, PURPOSE, seconds=1.5)
    async with database.read_scope() as db:
        [row] = (await db.scalars(select(CostRecord))).all()
    assert (row.status, row.is_estimate) == (CostStatus.SETTLED, True)
    assert row.cost_usd == PriceList().upper_bound(PROMPT).usd > api.billed


async def test_nothing_is_called_without_a_budget(
    api: MessagesApi, client: ClaudeClient, sqlite_url: str
) -> None:
    prices = PriceList()
    worst = prices.upper_bound(PROMPT).usd
    meter = Meter(
        database.session_scope, client, prices, Budgets(worst - PENNY, Decimal(1), Decimal(1))
    )
    with pytest.raises(BudgetUsedUp) as raised:
        await meter.complete(PROMPT, PURPOSE)
    assert raised.value.budget == "day"
    assert api.calls == []


async def test_a_call_is_made_with_no_transaction_open(
    api: MessagesApi, client: ClaudeClient, sqlite_url: str
) -> None:
    """On SQLite a second transaction would have to wait for the first, which never ends."""

    class Nosy(ClaudeClient):
        async def complete(self, prompt: Prompt) -> Completion:
            async with database.session_scope() as db:
                [row] = (await db.scalars(select(CostRecord))).all()
                assert row.status is CostStatus.RESERVED
            return await super().complete(prompt)

    nosy = Nosy(KEY, api.url)
    meter = Meter(database.session_scope, nosy, PriceList(), WIDE)
    await meter.complete(PROMPT, PURPOSE)
    await nosy.close()
