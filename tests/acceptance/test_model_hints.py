"""Hints from a model: over HTTP from the pupil's chat to a stand-in of the provider and back."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Iterator
from datetime import timedelta
from decimal import Decimal

import aiohttp
import pytest

from bot.run import run_polling
from bot.worker import run_worker
from sandbox.run import Running
from src import clock, database
from src.models import (
    CostRecord,
    CostStatus,
    HintRequest,
    KeptHint,
    OutboxMessage,
    Response,
    Student,
)
from tests.acceptance.conftest import MakePupil, bot_settings
from tests.acceptance.pupil import PATIENCE_SECONDS, Pupil, text_of
from tests.acceptance.test_exactly_once import set_faults, start_bot
from tests.acceptance.test_practice import all_of, right_answer
from tests.fixtures.library import add_library
from tests.fixtures.messages_api import KEY, Behaviour, MessagesApi, serve

HINT = "Look at the hundreds of both numbers: what changes when a thousand comes in?"
OTHER = "Which digit of the number is changed by adding a thousand?"
BANGLA_HINT = "হাজারের ঘরে কী যোগ হচ্ছে, সেটি আগে দেখো।"

NULL = "event: message_start\ndata: null\n\n"
EMPTY_MESSAGE = 'event: message_start\ndata: {"type": "message_start", "message": null}\n\n'
GIGANTIC = (
    'event: message_start\ndata: {"type": "message_start", '
    '"message": {"model": "m", "usage": {"input_tokens": 1e30}}}\n\n'
)


def name_of(behaviour: Behaviour) -> str:
    return f"{behaviour.status or behaviour.body or behaviour.stop_reason}"[:60]


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    with serve(MessagesApi(answer=lambda _: HINT)) as running:
        yield running


async def run_bot(
    sandbox: Running, api: MessagesApi, stopping: asyncio.Event, **variables: str
) -> list[asyncio.Task[None]]:
    """Start the bot, and a worker where the bot has none beside it."""
    defaults = {
        "ANTHROPIC_API_KEY": KEY,
        "ANTHROPIC_BASE_URL": api.url,
        "DARS_MODEL_HINTS": "true",
    }
    settings = bot_settings(sandbox, **defaults | variables)
    runs = [run_polling]
    if database.get_engine().dialect.name == "postgresql":
        runs.append(run_worker)
    return [asyncio.create_task(run(settings, stopping)) for run in runs]


@pytest.fixture
def more_settings() -> dict[str, str]:
    return {}


@pytest.fixture
async def tutor(
    database_url: str, sandbox: Running, api: MessagesApi, more_settings: dict[str, str]
) -> AsyncGenerator[None]:
    async with database.session_scope() as db:
        await add_library(db)
    stopping = asyncio.Event()
    tasks = await run_bot(sandbox, api, stopping, **more_settings)
    yield
    stopping.set()
    await asyncio.gather(*tasks)


async def accept_hints(pupil: Pupil) -> None:
    await pupil.say("/settings")
    await pupil.tap("💡")
    await pupil.tap("✅")


async def join(make_pupil: MakePupil) -> Pupil:
    pupil = make_pupil()
    await pupil.register()
    await accept_hints(pupil)
    return pupil


async def next_message(pupil: Pupil, seen: int) -> str:
    """Wait for a message of the bot that comes by itself."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE_SECONDS
    while loop.time() < deadline:
        news = [m for m in await pupil.chat() if m["message_id"] > seen and m["from"] == "bot"]
        if news:
            return text_of(news)
        await asyncio.sleep(0.02)
    raise AssertionError("no hint came")


async def until_answered() -> None:
    """Wait until nobody sees to the one request any more."""
    while (await all_of(HintRequest))[0].sent_at is None:
        await asyncio.sleep(0.05)


async def ask_hint(pupil: Pupil) -> str:
    """Ask for a hint and return it, whether it comes at once or later."""
    seen = max(m["message_id"] for m in await pupil.chat())
    await pupil.say("/hint")
    return await next_message(pupil, seen + 1)


async def answer_wrongly(pupil: Pupil, by: int = 1) -> int:
    """Begin a session, give a wrong answer and return the right one."""
    right = right_answer(text_of(await pupil.say("/practice")))
    await pupil.say(str(right + by))
    return right


async def test_a_wrong_answer_gets_a_hint_of_its_own(
    tutor: None, make_pupil: MakePupil, api: MessagesApi
) -> None:
    pupil = await join(make_pupil)
    right = await answer_wrongly(pupil)
    assert HINT in await ask_hint(pupil)
    [response] = await all_of(Response)
    assert response.hints_viewed == [{"step": 1, "source": "claude", "attempt": 1}]
    [kept] = await all_of(KeptHint)
    assert (kept.text, kept.source_model, kept.step) == (HINT, "claude-haiku-5-5", 1)
    [cost] = await all_of(CostRecord)
    assert (cost.status, cost.grade) == (CostStatus.SETTLED, 7)
    assert abs(cost.cost_usd - api.billed) <= Decimal("1e-10")
    [call] = api.calls
    assert "Mitu" not in str(call.body)
    assert str(pupil.id) not in str(call.body)
    assert str(right) not in str(call.body)
    [request] = await all_of(HintRequest)
    assert (request.typed, request.source) == (None, "claude")


async def test_a_hint_that_telegram_does_not_take_now_is_parked(
    tutor: None, make_pupil: MakePupil, http: aiohttp.ClientSession, sandbox: Running
) -> None:
    pupil = await join(make_pupil)
    await answer_wrongly(pupil)
    pause = {"fault": "retry_after", "seconds": 3600, "method": "sendMessage"}
    await set_faults(http, sandbox, once=[pause])
    await pupil.say("/hint")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not all(request.sent_at for request in await all_of(HintRequest)):
            await asyncio.sleep(0.05)
    [row] = await all_of(OutboxMessage)
    assert row.subject.startswith("hint:")
    assert HINT in row.payload["text"]
    assert row.outcome is None
    assert row.due_at > clock.now() + timedelta(minutes=50)
    assert HINT not in text_of(await pupil.chat())


async def test_the_next_hints_are_the_ladder_and_then_made_again(
    tutor: None, make_pupil: MakePupil, api: MessagesApi
) -> None:
    pupil = await join(make_pupil)
    await answer_wrongly(pupil)
    assert HINT in await ask_hint(pupil)
    for step in (1, 2, 3):
        assert f"Hint {step} of 3" in await ask_hint(pupil)
    api.answer = lambda _: OTHER
    assert OTHER in await ask_hint(pupil)
    [response] = await all_of(Response)
    assert [hint["source"] for hint in response.hints_viewed] == [
        "claude",
        "authored",
        "authored",
        "authored",
        "claude",
    ]
    for _ in range(2):
        await ask_hint(pupil)
    assert "seen all the hints" in await ask_hint(pupil)
    assert len(api.calls) == 4


async def test_what_one_pupil_was_told_is_free_for_the_next(
    tutor: None, make_pupil: MakePupil, api: MessagesApi
) -> None:
    first = await join(make_pupil)
    right = await answer_wrongly(first)
    await ask_hint(first)
    async with database.session_scope() as db:
        problem_id = (await all_of(Response))[0].problem_id
        kept = await db.get_one(KeptHint, (await all_of(KeptHint))[0].id)
        assert kept.problem_id == problem_id
    second = await join(make_pupil)
    asked = text_of(await second.say("/practice"))
    while right_answer(asked) != right:
        asked = text_of(await second.skip())
        if "Session finished" in asked:
            asked = text_of(await second.say("/practice"))
    await second.say(f"{right + 1}.0")
    assert HINT in await ask_hint(second)
    assert len(api.calls) == 1
    sources = [hint["source"] for r in await all_of(Response) for hint in r.hints_viewed]
    assert sorted(sources) == ["claude", "kept"]


async def test_a_named_mistake_is_free_and_then_the_ladder_follows(
    tutor: None, make_pupil: MakePupil, api: MessagesApi
) -> None:
    pupil = await join(make_pupil)
    right = right_answer(text_of(await pupil.say("/practice")))
    assert "how many zeros" in text_of(await pupil.say(str(right - 900)))
    assert "Hint 1 of 3" in await ask_hint(pupil)
    assert api.calls == []
    [response] = await all_of(Response)
    assert [hint["source"] for hint in response.hints_viewed] == ["misconception", "authored"]


async def test_without_the_pupils_consent_nothing_is_asked(
    tutor: None, make_pupil: MakePupil, api: MessagesApi
) -> None:
    pupil = make_pupil()
    await pupil.register()
    await answer_wrongly(pupil)
    assert "Hint 1 of 3" in await ask_hint(pupil)
    said = text_of(await pupil.say("Why do I have to carry here?"))
    assert "Good question" in said
    assert "Hint 2 of 3" in said
    assert api.calls == []


async def test_consent_is_kept_with_its_version_and_can_be_withdrawn(
    tutor: None, make_pupil: MakePupil, api: MessagesApi
) -> None:
    pupil = make_pupil()
    await pupil.register()
    await pupil.say("/settings")
    assert "Anthropic" in text_of(await pupil.tap("Hints for my own answers"))
    await pupil.tap("Yes, I would like that")
    [student] = await all_of(Student)
    assert student.model_hints_consented_at is not None
    assert student.model_hints_consent_version
    await pupil.say("/settings")
    await pupil.tap("Hints for my own answers")
    await pupil.tap("Stop it")
    [student] = await all_of(Student)
    assert student.model_hints_consented_at is None
    assert student.model_hints_consent_version is None
    await answer_wrongly(pupil)
    assert "Hint 1 of 3" in await ask_hint(pupil)
    assert api.calls == []


async def test_who_has_seen_the_ladder_is_offered_more(
    tutor: None, make_pupil: MakePupil, api: MessagesApi
) -> None:
    pupil = make_pupil()
    await pupil.register()
    await answer_wrongly(pupil)
    for _ in range(3):
        await ask_hint(pupil)
    with pytest.raises(AssertionError, match="no button"):
        await pupil.find_button("Hints for my own answers")
    assert "seen all the hints" in await ask_hint(pupil)
    await pupil.tap("Hints for my own answers")
    await pupil.tap("Yes, I would like that")
    assert HINT in await ask_hint(pupil)


async def test_a_leak_is_not_shown_and_the_second_try_is(
    tutor: None, make_pupil: MakePupil, api: MessagesApi
) -> None:
    pupil = await join(make_pupil)
    right = right_answer(text_of(await pupil.say("/practice")))
    await pupil.say(str(right + 1))
    api.enqueue(Behaviour(text=f"The number is {right}."), Behaviour(text=OTHER))
    said = await ask_hint(pupil)
    assert OTHER in said
    assert str(right) not in said
    assert "gives the final answer away" in api.calls[1].body["messages"][-1]["content"]


@pytest.mark.parametrize(
    "behaviours",
    [
        [Behaviour(status=429, retry_after=3600)],
        [Behaviour(status=529)],
        [Behaviour(status=500)],
        [Behaviour(status=401)],
        [Behaviour(cut_after=4)],
        [Behaviour(overload_after=4)],
        [Behaviour(status=503, bills_error=True)],
        [Behaviour(status=307, location="http://127.0.0.1:9/elsewhere")],
        [Behaviour(body="<html>")],
        [Behaviour(body=NULL)],
        [Behaviour(body=EMPTY_MESSAGE)],
        [Behaviour(body=GIGANTIC)],
        [Behaviour(text="number " * 4_000, runs_on=True)],
        [Behaviour(stop_reason="refusal")] * 2,
        [Behaviour(text="number " * 400)] * 2,
        [Behaviour(text="I'm sorry, I can't help with that number.")] * 2,
        [Behaviour(text=BANGLA_HINT)] * 2,
        [Behaviour(text="")] * 2,
    ],
    ids=lambda given: f"{name_of(given[0])}-{(given[0].text or '')[:9]}",
)
async def test_whatever_the_model_does_a_hint_comes(
    sqlite_url: str,
    sandbox: Running,
    api: MessagesApi,
    make_pupil: MakePupil,
    behaviours: list[Behaviour],
) -> None:
    async with database.session_scope() as db:
        await add_library(db)
    stopping = asyncio.Event()
    tasks = await run_bot(sandbox, api, stopping)
    pupil = await join(make_pupil)
    await answer_wrongly(pupil)
    api.enqueue(*behaviours)
    assert "Hint 1 of 3" in await ask_hint(pupil)
    assert len(api.calls) == len(behaviours) or behaviours[0].status == 401
    assert await all_of(KeptHint) == []
    assert "went wrong" not in text_of(await pupil.chat())
    # A job that fails is tried again seconds later, and would pay again.
    assert [request.attempts for request in await all_of(HintRequest)] == [1]
    costs = await all_of(CostRecord)
    assert all(cost.status != CostStatus.RESERVED for cost in costs)
    assert sum((cost.cost_usd for cost in costs), Decimal(0)) >= api.billed
    stopping.set()
    await asyncio.gather(*tasks)


async def test_a_question_is_answered_and_never_kept(
    tutor: None, make_pupil: MakePupil, api: MessagesApi
) -> None:
    pupil = await join(make_pupil)
    await pupil.say("/practice")
    seen = max(m["message_id"] for m in await pupil.chat())
    await pupil.say("Why is there a 1000? Call me: 01712345678, @mitu_m, https://x.example/a")
    assert HINT in await next_message(pupil, seen + 1)
    told = api.calls[0].body["messages"][0]["content"]
    assert "Why is there a 1000?" in told
    assert not any(word in told for word in ("01712345678", "mitu_m", "x.example"))
    assert await all_of(KeptHint) == []
    [response] = await all_of(Response)
    assert (response.attempts, response.hints_used) == (0, 0)
    assert response.hints_viewed == [{"step": 1, "source": "claude", "attempt": 0}]


async def test_a_text_that_asks_nothing_stays_unreadable(
    tutor: None, make_pupil: MakePupil, api: MessagesApi
) -> None:
    pupil = await join(make_pupil)
    await pupil.say("/practice")
    said = text_of(await pupil.say("I do not know this one at all, sorry"))
    assert "did not cost you a try" in said
    assert api.calls == []


async def test_a_question_that_names_the_right_answer_is_never_judged(
    tutor: None, make_pupil: MakePupil, api: MessagesApi
) -> None:
    pupil = await join(make_pupil)
    right = right_answer(text_of(await pupil.say("/practice")))
    said = text_of(await pupil.say(f"why can it not be {right} when I add them in my head?"))
    assert "did not cost you a try" in said
    assert api.calls == []


@pytest.mark.parametrize("more_settings", [{"DARS_BUDGET_DAY_USD": "0.0000001"}])
async def test_without_budget_there_is_a_kind_word_and_the_ladder(
    tutor: None, make_pupil: MakePupil, api: MessagesApi
) -> None:
    pupil = await join(make_pupil)
    await answer_wrongly(pupil)
    said = await ask_hint(pupil)
    assert "need a rest" in said
    assert "Hint 1 of 3" in said
    assert api.calls == []


@pytest.mark.parametrize("more_settings", [{"DARS_REQUESTS_PUPIL_DAY": "1"}])
async def test_beyond_the_requests_of_a_day_there_is_the_ladder(
    tutor: None, make_pupil: MakePupil, api: MessagesApi
) -> None:
    pupil = await join(make_pupil)
    right = await answer_wrongly(pupil)
    assert HINT in await ask_hint(pupil)
    await pupil.say(str(right + 2))
    said = await ask_hint(pupil)
    assert "need a rest" in said
    assert "Hint 1 of 3" in said
    assert len(api.calls) == 1


@pytest.mark.parametrize("more_settings", [{"ANTHROPIC_API_KEY": ""}])
async def test_without_a_key_the_ladder_serves_and_nobody_is_asked_to_consent(
    tutor: None, make_pupil: MakePupil, api: MessagesApi
) -> None:
    pupil = make_pupil()
    await pupil.register()
    await pupil.say("/settings")
    with pytest.raises(AssertionError, match="no button"):
        await pupil.find_button("Hints for my own answers")
    await answer_wrongly(pupil)
    assert "Hint 1 of 3" in await ask_hint(pupil)


async def test_two_requests_at_once_make_one_hint(
    tutor: None, make_pupil: MakePupil, api: MessagesApi
) -> None:
    pupil = await join(make_pupil)
    await answer_wrongly(pupil)
    api.behave = lambda _: Behaviour(held=True)
    for _ in range(3):
        await pupil.say("/hint")
    # There is one request, so nothing is left that could make another hint.
    [_] = await all_of(HintRequest)
    api.release()
    await until_answered()
    assert len(api.calls) == 1
    assert text_of(await pupil.chat()).count(HINT) == 1


async def test_a_hint_that_comes_too_late_for_its_problem_is_not_sent(
    tutor: None, make_pupil: MakePupil, api: MessagesApi
) -> None:
    pupil = await join(make_pupil)
    right = await answer_wrongly(pupil)
    api.behave = lambda _: Behaviour(held=True)
    await pupil.say("/hint")
    while not api.calls:
        await asyncio.sleep(0.05)
    await pupil.say(str(right))
    api.release()
    await until_answered()
    assert HINT not in text_of(await pupil.chat())


async def test_a_day_without_the_model_fails_no_session(
    tutor: None, make_pupil: MakePupil, api: MessagesApi
) -> None:
    api.behave = lambda _: Behaviour(status=529)
    pupil = await join(make_pupil)
    asked = text_of(await pupil.say("/practice"))
    for _ in range(5):
        right = right_answer(asked)
        await pupil.say(str(right + 1))
        assert "Hint 1 of 3" in await ask_hint(pupil)
        asked = text_of(await pupil.say(str(right)))
    assert "Right: 5 of 5" in asked
    assert len(api.calls) == 5


async def test_a_bot_that_is_killed_while_the_model_writes_sends_one_hint_later(
    sqlite_url: str,
    sandbox: Running,
    api: MessagesApi,
    make_pupil: MakePupil,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with database.session_scope() as db:
        await add_library(db)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", api.url)
    monkeypatch.setenv("DARS_MODEL_HINTS", "true")
    process = await start_bot(sandbox, sqlite_url)
    pupil = await join(make_pupil)
    await answer_wrongly(pupil)
    api.enqueue(Behaviour(hang_seconds=60))
    await pupil.say("/hint")
    seen = max(m["message_id"] for m in await pupil.chat())
    while not api.calls:
        await asyncio.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    process = await start_bot(sandbox, sqlite_url)
    said = await next_message(pupil, seen)
    # Too late for another call, or not: a hint comes, and one only.
    assert HINT in said or "Hint 1 of 3" in said
    process.send_signal(signal.SIGTERM)
    await process.wait()
    [request] = await all_of(HintRequest)
    assert request.sent_at is not None
    [response] = await all_of(Response)
    assert len(response.hints_viewed) == 1
    costs = await all_of(CostRecord)
    assert sum((cost.cost_usd for cost in costs), Decimal(0)) >= api.billed
