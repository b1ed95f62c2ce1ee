"""The ledger under any answer: over HTTP, what it says against what the provider bills.

An answer here has its parts left out, spoilt, doubled, or in another order. Whatever comes, the
ledger is not below the bill and nothing stays reserved; where a number was not told, it says so.
"""

import gzip
import json
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from src import clock, database
from src.clients.calls import Message, ModelError, ModelRejected, ModelUnavailable, Prompt
from src.clients.claude import ClaudeClient
from src.costs import ledger
from src.costs.ledger import CostRequest, Purpose, Reservation
from src.costs.meter import Meter, close
from src.costs.prices import Price, PriceList
from src.costs.rules import Budgets
from src.models import ApiProvider, CostRecord, CostStatus, OperationType
from tests.fixtures.messages_api import KEY, Behaviour, Events, MessagesApi, serve

SYSTEM = "You are a kind tutor. Give one hint and never the answer. " * 40
PROMPT = Prompt("claude-haiku-5-5", SYSTEM, [Message("user", "১/২ + ১/৪ কত?")], max_tokens=100)
WIDE = Budgets(Decimal(1), Decimal(1), Decimal(1))
PURPOSE = Purpose(OperationType.HINT_GENERATION)
WORST = PriceList().upper_bound(PROMPT).usd
PENNY = Decimal("1e-10")
START, END = "message_start", "message_delta"
ABSENT: Any = object()
ODD_COUNTS = [ABSENT, None, 0, -40, "40", "many", True, [40], {"n": 40}, 1e30, 10**30, 0.5]

Change = Callable[[Events], Events]
Edit = Callable[[dict[str, Any]], Any]


@pytest.fixture(scope="module")
def api() -> Iterator[MessagesApi]:
    with serve() as serving:
        yield serving


@pytest.fixture
async def meter(api: MessagesApi) -> AsyncGenerator[Meter]:
    api.calls.clear()
    client = ClaudeClient(KEY, api.url, total_seconds=20)
    yield Meter(database.session_scope, client, PriceList(), WIDE)
    await client.close()


async def rows() -> list[CostRecord]:
    async with database.read_scope() as db:
        return list((await db.scalars(select(CostRecord))).all())


async def settled(api: MessagesApi, meter: Meter, how: Behaviour) -> CostRecord:
    """Make one call; return its row, which is over and not below the bill."""
    api.enqueue(how)
    with suppress(ModelError):
        await meter.complete(PROMPT, PURPOSE)
    [row] = await rows()
    assert len(api.calls) == 1
    assert row.status is CostStatus.SETTLED
    assert row.cost_usd >= api.billed
    return row


def in_usage(kind: str, **counts: Any) -> Change:
    """Say these counts in the events of a kind instead of the true ones."""

    def edit(event: dict[str, Any]) -> Any:
        owner = event["message"] if kind == START else event
        usage = {name: n for name, n in {**owner["usage"], **counts}.items() if n is not ABSENT}
        return with_usage(kind, event, usage)

    return edited(kind, edit)


def with_usage(kind: str, event: dict[str, Any], usage: Any) -> Any:
    owner = event["message"] if kind == START else event
    owner = {name: value for name, value in owner.items() if name != "usage"}
    owner |= {} if usage is ABSENT else {"usage": usage}
    return {**event, "message": owner} if kind == START else owner


def usage_is(kind: str, usage: Any) -> Change:
    return edited(kind, lambda event: with_usage(kind, event, usage))


def edited(kind: str, edit: Edit) -> Change:
    return lambda events: [(n, edit(event) if n == kind else event) for n, event in events]


def doubled(kind: str, again: Change) -> Change:
    """Send the event of a kind a second time, changed."""

    def change(events: Events) -> Events:
        for name, event in events:
            yield name, event
            if name == kind:
                yield from again([(name, event)])

    return change


def both(first: Change, second: Change) -> Change:
    return lambda events: second(first(events))


def cut_before(kind: str) -> Change:
    def change(events: Events) -> Events:
        for name, event in events:
            if name == kind:
                return
            yield name, event

    return change


def told_at_the_end(events: Events) -> Events:
    """As gateways do: zeros at the start, and everything in the last event."""
    told = {}
    for name, event in events:
        if name == START:
            told = event["message"]["usage"]
            zeros = {key: 0 if isinstance(value, int) else value for key, value in told.items()}
            yield name, with_usage(START, event, zeros)
        elif name == END:
            yield name, {**event, "usage": {**told, **event["usage"]}}
        else:
            yield name, event


def end_first(events: Events) -> Events:
    return sorted(events, key=lambda pair: pair[0] != END)


SOME_OUTPUT = {"type": END, "delta": {}, "usage": {"output_tokens": 2}}
ZEROS = {"input_tokens": 0, "output_tokens": 0, "cache_creation_input_tokens": 0}
NEGATIVE = {"input_tokens": -9, "output_tokens": -9, "cache_creation_input_tokens": -9}
UNTOLD = {
    "no usage at the end": usage_is(END, ABSENT),
    "null at the end": usage_is(END, None),
    "nothing in it at the end": usage_is(END, {}),
    "a text at the end": usage_is(END, "none"),
    "nothing in both": both(usage_is(START, {}), usage_is(END, {})),
    "texts in both": both(usage_is(START, "none"), usage_is(END, "none")),
    "input at the end, cut": both(told_at_the_end, cut_before(END)),
    "nothing at the start, cut": both(usage_is(START, {}), cut_before(END)),
    "a negative start, cut": both(in_usage(START, **NEGATIVE), cut_before(END)),
    "negative in both": both(in_usage(START, **NEGATIVE), in_usage(END, **NEGATIVE)),
    "zeros in both": both(in_usage(START, **ZEROS), in_usage(END, **ZEROS)),
    "no start": lambda events: [pair for pair in events if pair[0] != START],
    "ends early": cut_before(END),
    "a count before its reason": both(
        in_usage(END, output_tokens=ABSENT),
        doubled(
            START, lambda _: [(END, {"type": END, "delta": {}, "usage": {"output_tokens": 2}})]
        ),
    ),
}
TOLD = {
    "input at the end": told_at_the_end,
    "zeros at a second start": doubled(START, in_usage(START, **ZEROS)),
    "nothing at a second start": doubled(START, usage_is(START, None)),
    "zeros at a second end": doubled(END, in_usage(END, **ZEROS)),
    "nothing at a second end": doubled(END, usage_is(END, ABSENT)),
    "no reason at a second end": doubled(END, edited(END, lambda e: {**e, "delta": {}})),
    "all twice": both(doubled(START, list), doubled(END, list)),
    "the end first": end_first,
    "the end after the stop": lambda events: sorted(events, key=lambda pair: pair[0] == END),
    "null for what there is none of": in_usage(END, cache_read_input_tokens=None),
}


@pytest.mark.parametrize("case", UNTOLD)
async def test_what_is_not_told_is_taken_at_its_most(
    api: MessagesApi, meter: Meter, sqlite_url: str, case: str
) -> None:
    row = await settled(api, meter, Behaviour(events=UNTOLD[case]))
    assert row.is_estimate
    assert row.cost_usd <= WORST


@pytest.mark.parametrize("case", TOLD)
async def test_what_was_told_once_is_not_taken_back(
    api: MessagesApi, meter: Meter, sqlite_url: str, case: str
) -> None:
    row = await settled(api, meter, Behaviour(events=TOLD[case]))
    assert not row.is_estimate
    assert row.cost_usd - api.billed < PENNY


@pytest.mark.parametrize("odd", ODD_COUNTS, ids=lambda odd: repr(odd)[:9])
@pytest.mark.parametrize(
    "names",
    [
        {END: ["output_tokens"]},
        {START: ["input_tokens"]},
        {START: ["input_tokens", "output_tokens"], END: ["output_tokens"]},
    ],
    ids=["output", "input", "both"],
)
async def test_no_odd_number_is_believed(
    api: MessagesApi, meter: Meter, sqlite_url: str, names: dict[str, list[str]], odd: Any
) -> None:
    def change(events: Events) -> Events:
        for kind, fields in names.items():
            events = in_usage(kind, **dict.fromkeys(fields, odd))(events)
        return events

    row = await settled(api, meter, Behaviour(events=change))
    assert row.is_estimate
    assert row.cost_usd <= WORST


@pytest.mark.parametrize("odd", [-5, "700", True, [7], 1e30])
async def test_an_odd_count_of_the_cache_leaves_the_whole_input_unknown(
    api: MessagesApi, meter: Meter, sqlite_url: str, odd: Any
) -> None:
    change = in_usage(START, cache_creation_input_tokens=odd, cache_creation=None)
    row = await settled(api, meter, Behaviour(events=change))
    assert row.is_estimate
    assert row.cost_usd <= WORST


@pytest.mark.parametrize("text", ["Hm.", "a"])
async def test_a_true_count_of_one_stays_one(
    api: MessagesApi, meter: Meter, sqlite_url: str, text: str
) -> None:
    row = await settled(api, meter, Behaviour(text=text))
    assert (row.output_tokens, row.is_estimate) == (1, False)
    assert row.cost_usd - api.billed < PENNY


async def test_a_whole_number_may_be_written_with_a_point(
    api: MessagesApi, meter: Meter, sqlite_url: str
) -> None:
    row = await settled(api, meter, Behaviour(text="A", events=in_usage(END, output_tokens=1.0)))
    assert (row.output_tokens, row.is_estimate) == (1, False)


async def test_thinking_that_is_counted_apart_is_output_too(
    api: MessagesApi, meter: Meter, sqlite_url: str
) -> None:
    how = Behaviour(text="Hm.", thinking_tokens=60, events=in_usage(END, output_tokens=1))
    row = await settled(api, meter, how)
    assert row.output_tokens >= 61
    assert row.is_estimate


@pytest.mark.parametrize(
    ("status", "at_the_door"),
    [(307, True), (400, True), (429, True), (529, True), (418, False), (503, False), (504, False)],
)
async def test_only_who_turns_away_at_the_door_is_believed_to_have_done_nothing(
    api: MessagesApi, meter: Meter, sqlite_url: str, status: int, at_the_door: bool
) -> None:
    api.enqueue(Behaviour(status=status, bills_error=not at_the_door))
    with pytest.raises(ModelError):
        await meter.complete(PROMPT, PURPOSE)
    [row] = await rows()
    if at_the_door:
        assert (row.status, row.cost_usd) == (CostStatus.RELEASED, Decimal(0))
    else:
        assert (row.status, row.cost_usd, row.is_estimate) == (CostStatus.SETTLED, WORST, True)
    assert row.cost_usd >= api.billed


MALFORMED: dict[str, Any] = {
    "null": "null",
    "a list": "[]",
    "a number": "7",
    "a text": '"message_start"',
    "nothing": "{}",
    "no JSON": "{not json",
    "no message": '{"type": "message_start", "message": null}',
    "a list for a message": '{"type": "message_start", "message": []}',
    "no delta": '{"type": "message_delta", "delta": null}',
    "an odd reason": '{"type": "message_delta", "delta": {"stop_reason": {"a": 1}}}',
    "a number for a reason": '{"type": "message_delta", "delta": {"stop_reason": 5}}',
    "no text": '{"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta"}}',
    "a number for a text": (
        '{"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": 5}}'
    ),
    "half a sign": (
        '{"type": "content_block_delta", "index": 0,'
        ' "delta": {"type": "text_delta", "text": "\\ud800"}}'
    ),
    "deep": "[" * 100_000,
}


def insert(after: int, data: str) -> Change:
    def change(events: Events) -> Events:
        for number, (name, event) in enumerate(events):
            if number == after:
                yield "content_block_delta", data
            yield name, event

    return change


def insert_event(after: int, event: dict[str, Any]) -> Change:
    def change(events: Events) -> Events:
        for number, pair in enumerate(events):
            if number == after:
                yield event["type"], event
            yield pair

    return change


EARLY_END = {"type": END, "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}}


@pytest.mark.parametrize("after", [0, 4])
@pytest.mark.parametrize("case", MALFORMED)
async def test_a_malformed_stream_is_an_error_of_the_model(
    api: MessagesApi, meter: Meter, sqlite_url: str, case: str, after: int
) -> None:
    api.enqueue(Behaviour(events=insert(after, MALFORMED[case])))
    with pytest.raises(ModelUnavailable):
        await meter.complete(PROMPT, PURPOSE)
    [row] = await rows()
    assert (row.status, row.is_estimate) == (CostStatus.SETTLED, True)
    assert api.billed <= row.cost_usd <= WORST


@pytest.mark.parametrize(("name", "kept"), [("req" * 90, 100), ("সাড়া", 0)])
async def test_the_name_of_a_call_fits_into_the_ledger(
    database_url: str, name: str, kept: int
) -> None:
    with serve(MessagesApi(name=lambda _: name)) as api:
        client = ClaudeClient(KEY, api.url)
        await Meter(database.session_scope, client, PriceList(), WIDE).complete(PROMPT, PURPOSE)
        await client.close()
    [row] = await rows()
    assert row.status is CostStatus.SETTLED
    assert len(row.request_id or "") == kept


@pytest.mark.parametrize("change", [list, insert_event(3, EARLY_END)], ids=["", "after its end"])
async def test_an_answer_that_runs_on_is_cut_within_what_was_reserved(
    api: MessagesApi, meter: Meter, sqlite_url: str, change: Change
) -> None:
    how = Behaviour(text="and so on " * 2_000, runs_on=True, events=change)
    row = await settled(api, meter, how)
    assert row.is_estimate
    assert row.cost_usd <= WORST
    assert api.calls[0].usage["output_tokens"] < 200


async def test_an_event_that_never_ends_is_given_up(
    api: MessagesApi, meter: Meter, sqlite_url: str
) -> None:
    """It is not kept in memory, and counted as if all of it had been an answer."""
    how = Behaviour(events=insert(4, '{"type": "news", "text": "' + "and so on " * 10**6))
    row = await settled(api, meter, how)
    assert row.is_estimate
    assert 2**17 < row.output_tokens < 2**18


async def test_a_little_too_much_that_is_not_told_is_counted_by_its_length(
    api: MessagesApi, meter: Meter, sqlite_url: str
) -> None:
    how = Behaviour(text="and so on " * 39, runs_on=True, events=usage_is(END, None))
    row = await settled(api, meter, how)
    assert row.output_tokens == api.calls[0].usage["output_tokens"] == 130
    assert row.cost_usd <= WORST


async def test_an_answer_that_is_told_to_run_on_is_cut(
    api: MessagesApi, meter: Meter, sqlite_url: str
) -> None:
    beyond = {"type": END, "delta": {"stop_reason": None}, "usage": {"output_tokens": 101}}
    how = Behaviour(text="and so on " * 200, runs_on=True, events=insert_event(5, beyond))
    row = await settled(api, meter, how)
    assert row.is_estimate
    assert row.output_tokens >= 101
    assert row.cost_usd <= WORST
    assert api.calls[0].usage["output_tokens"] < 101


@pytest.mark.parametrize("start", [list, usage_is(START, None)], ids=["input told", "not told"])
async def test_a_count_beyond_what_was_asked_for_is_the_one_way_past_a_reservation(
    api: MessagesApi, meter: Meter, sqlite_url: str, start: Change
) -> None:
    """Told with the end of an answer, when there is nothing left to cut; the bill comes first."""
    how = Behaviour(thinking_tokens=5_000, runs_on=True, text="Hm.", events=start)
    row = await settled(api, meter, how)
    assert row.cost_usd > WORST
    assert row.output_tokens == 5_001
    if start is list:
        assert row.cost_usd - api.billed < PENNY


async def test_no_redirect_is_followed(api: MessagesApi, meter: Meter, sqlite_url: str) -> None:
    """It would carry what a pupil wrote to an address that nobody agreed to."""
    with serve() as elsewhere:
        for status in (301, 302, 303, 307, 308):
            api.enqueue(Behaviour(status=status, location=f"{elsewhere.url}/v1/messages"))
            with pytest.raises(ModelRejected, match=str(status)):
                await meter.complete(PROMPT, PURPOSE)
        assert elsewhere.calls == []


ODD_RESULTS = [
    {"usage": None},
    {"usage": {}},
    {"usage": "none"},
    {"usage": {"input_tokens": 0, "output_tokens": 20}},
    {"usage": {"input_tokens": 900, "output_tokens": None}},
    {"usage": {"input_tokens": 900, "output_tokens": -1}},
    {"usage": {"input_tokens": 1e30, "output_tokens": 1e30}},
    {"usage": None, "content": None},
    {"usage": None, "stop_reason": 7},
    None,
]


@pytest.mark.parametrize("odd", ODD_RESULTS, ids=repr)
async def test_a_result_of_a_batch_that_does_not_tell_keeps_its_worst(
    api: MessagesApi, meter: Meter, sqlite_url: str, odd: dict[str, Any] | None
) -> None:
    spoilt = Behaviour(result=lambda message: odd and message | odd)
    api.enqueue(Behaviour(), spoilt, Behaviour())
    client, prices = ClaudeClient(KEY, api.url), PriceList()
    worst = prices.upper_bound(PROMPT, batch=True)
    held = [await reserve(worst) for _ in range(2)]
    batch = await client.create_batch({str(h.record_id): PROMPT for h in held})
    while not await client.has_ended(batch):
        pass
    async for name, result in client.batch_results(batch):
        [mine] = [h for h in held if str(h.record_id) == name]
        async with database.session_scope() as db:
            await close(db, mine, result, prices)
    await client.close()
    first, second = await rows()
    assert (first.status, first.cost_usd, first.is_estimate) == ("settled", worst.usd, True)
    assert not second.is_estimate
    assert first.cost_usd >= api.calls[0].billed
    assert 0 <= second.cost_usd - api.calls[1].billed < PENNY


BOMB = gzip.compress(b"a" * 10_000_000)


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize(
    ("piece", "coding"),
    [(b"a" * 65_536, ""), (BOMB, "gzip"), (gzip.compress(BOMB), "gzip, gzip"), (b"a" * 9999, "br")],
    ids=["plain", "packed", "packed twice", "another packing"],
)
async def test_a_body_without_end_is_not_read(
    api: MessagesApi, meter: Meter, sqlite_url: str, piece: bytes, coding: str, status: int
) -> None:
    """Nobody keeps it in memory or unpacks it, and the ledger has the worst case."""
    how = Behaviour(status=status, endless=piece, coding=coding)
    api.enqueue(how)
    with pytest.raises(ModelError):
        await meter.complete(PROMPT, PURPOSE)
    assert api.sent < 2**23
    [row] = await rows()
    assert row.status is (CostStatus.RELEASED if status == 400 else CostStatus.SETTLED)


async def test_events_without_names_are_read(
    api: MessagesApi, meter: Meter, sqlite_url: str
) -> None:
    def and_done(events: Events) -> Events:
        yield from events
        yield "", "[DONE]"

    row = await settled(api, meter, Behaviour(is_named=False, events=and_done))
    assert not row.is_estimate
    assert row.cost_usd - api.billed < PENNY


@pytest.mark.parametrize(
    ("said", "is_estimate"),
    [
        ('"output_tokens": %d, "output_tokens": 0', False),
        ('"output_tokens": 0, "output_tokens": %d', False),
        ('"output_tokens": %d, "output_tokens": null', True),
        ('"output_tokens": %d}, "usage": {"output_tokens": 1', False),
        ('"output_tokens": %d}, "usage": {"output_tokens": "none"', True),
    ],
)
async def test_of_two_counts_of_one_name_the_larger_is_meant(
    api: MessagesApi, meter: Meter, sqlite_url: str, said: str, is_estimate: bool
) -> None:
    delta = '"type": "message_delta", "delta": {"stop_reason": "end_turn"}'

    def change(events: Events) -> Events:
        for name, event in events:
            count = event["usage"]["output_tokens"] if name == END else 0
            text = "{" + delta + ', "usage": {' + said % count + "}}" if name == END else event
            yield name, text

    row = await settled(api, meter, Behaviour(events=change))
    assert row.is_estimate == is_estimate


async def test_an_input_that_is_told_twice_in_one_event_is_the_larger_one(
    api: MessagesApi, meter: Meter, sqlite_url: str
) -> None:
    def change(events: Events) -> Events:
        for name, event in events:
            text = json.dumps(event)
            yield (
                name,
                text.replace('"output_tokens": 1,', '"input_tokens": 0, "output_tokens": 1,'),
            )

    row = await settled(api, meter, Behaviour(events=change))
    assert not row.is_estimate
    assert row.cost_usd - api.billed < PENNY


@pytest.mark.parametrize("body", ["{}", '{"id": null}', '{"id": 7}', "null", "[]", "<html>"])
async def test_a_batch_without_a_name_may_exist(api: MessagesApi, body: str) -> None:
    client = ClaudeClient(KEY, api.url)
    api.enqueue(Behaviour(body=body), Behaviour())
    with pytest.raises(ModelUnavailable) as raised:
        await client.create_batch({"a": PROMPT})
    await client.close()
    assert raised.value.reached


async def reserve(worst: Price) -> Reservation:
    request = CostRequest(PURPOSE, ApiProvider.CLAUDE, PROMPT.model, worst, batch=True)
    async with database.session_scope() as db:
        held = await ledger.reserve(db, request, WIDE, clock.now())
    assert isinstance(held, Reservation)
    return held
