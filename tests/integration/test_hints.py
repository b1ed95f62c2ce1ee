"""A hint that was asked for is made once and sent, wherever the work on it is killed."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock, database
from src.clients.claude import make_client
from src.costs.meter import Transactions, make_meter
from src.hints import queries, service
from src.hints.maker import TOTAL, HintMaker, ReadyHint
from src.hints.rules import Ask, Switches, fingerprint
from src.models import CostRecord, CostStatus, HintRequest, KeptHint, Response, Student
from src.practice import queries as practice_queries
from src.practice.results import Place
from src.settings import CostSettings, ModelSettings
from tests.fixtures.factories import make_kept_hint, make_problem, make_session, make_student
from tests.fixtures.messages_api import KEY, Behaviour, MessagesApi, serve

HINT = "Do the two parts have the same size?"
ON = Switches(kept=True, model=True)


class Chat:
    """Takes what would be sent; can be told to stop the work at a moment."""

    def __init__(self) -> None:
        self.sent: list[ReadyHint] = []

    async def show_thinking(self, chat_id: int) -> None:
        pass

    async def send_hint(self, hint: ReadyHint) -> None:
        self.sent.append(hint)


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    with serve(MessagesApi(answer=lambda _: HINT)) as running:
        yield running


def maker_for(api: MessagesApi, chat: Chat, transactions: Transactions) -> HintMaker:
    settings = ModelSettings(api_key=SecretStr(KEY), base_url=api.url)
    client = make_client(settings)
    assert client is not None
    models = settings.by_language
    meter = make_meter(CostSettings(), models.values(), transactions, client)
    return HintMaker(transactions, meter, models, chat, client)


@pytest.fixture
def chat() -> Chat:
    return Chat()


@pytest.fixture
async def maker(api: MessagesApi, chat: Chat) -> AsyncGenerator[HintMaker]:
    maker = maker_for(api, chat, database.session_scope)
    await maker.prepare()
    yield maker
    await maker.close()


async def begin(typed: str | None = "2/7", **consent: Any) -> Student:
    """Make a pupil in the middle of a session, with a wrong answer if there is one."""
    async with database.session_scope() as db:
        student = make_student(model_hints_consented_at=clock.now(), **consent)
        problems = [make_problem() for _ in range(5)]
        db.add_all([student, *problems])
        await db.flush()
        practice = make_session(student_id=student.id, problem_ids=[p.id for p in problems])
        db.add(practice)
        await db.flush()
        if typed is not None:
            db.add(
                Response(
                    session_id=practice.id,
                    problem_id=problems[0].id,
                    student_answer=typed,
                    attempts=1,
                    shown_at=clock.now(),
                )
            )
    return student


async def place_of(db: AsyncSession, student: Student) -> Place:
    place = await practice_queries.active_place(db, student.id)
    assert place is not None
    return place


async def ask(student: Student, switches: Switches = ON) -> service.Hinted:
    async with database.session_scope() as db:
        place = await place_of(db, student)
        return await service.give(db, student, place, switches)  # type: ignore[arg-type]  # a row serves as a pupil


async def rows(model: type[Any]) -> list[Any]:
    async with database.session_scope() as db:
        return list(await db.scalars(select(model).order_by(model.id)))


async def test_a_request_is_made_sent_and_counted_once(
    database_url: str, api: MessagesApi, maker: HintMaker, chat: Chat
) -> None:
    student = await begin()
    assert isinstance(await ask(student), service.HintPending)
    [request] = await rows(HintRequest)
    for _ in range(3):
        await maker.run(request.id)
    [sent] = chat.sent
    assert (sent.text, sent.chat_id, sent.step) == (HINT, student.telegram_id, None)
    assert len(api.calls) == 1
    [response] = await rows(Response)
    assert [hint["source"] for hint in response.hints_viewed] == ["claude"]


class Killed(BaseException):
    """The process is gone."""


class Killer:
    """Ends the work at one moment: before or after one commit, or around the sending."""

    def __init__(self, moment: int) -> None:
        self._left = moment
        self.has_killed = False

    def step(self) -> None:
        self._left -= 1
        if self._left == 0:
            self.has_killed = True
            raise Killed

    @asynccontextmanager
    async def transactions(self) -> AsyncGenerator[AsyncSession]:
        async with database.session_scope() as db:
            yield db
            self.step()
        self.step()


class KilledChat(Chat):
    def __init__(self, killer: Killer) -> None:
        super().__init__()
        self._killer = killer

    async def send_hint(self, hint: ReadyHint) -> None:
        self._killer.step()
        await super().send_hint(hint)
        self._killer.step()


@pytest.mark.parametrize("moment", range(1, 14))
async def test_a_kill_at_any_moment_ends_in_one_hint_sent(
    database_url: str, api: MessagesApi, maker: HintMaker, chat: Chat, moment: int
) -> None:
    student = await begin()
    await ask(student)
    [request] = await rows(HintRequest)
    killer = Killer(moment)
    killed_chat = KilledChat(killer)
    doomed = maker_for(api, killed_chat, killer.transactions)
    with suppress(Killed):
        await doomed.run(request.id)
    assert killer.has_killed == (moment <= 12)
    await maker.run(request.id)
    await doomed.close()
    sent = [*killed_chat.sent, *chat.sent]
    assert len(sent) in {1, 2}
    assert {hint.text for hint in sent} == {HINT}
    if len(sent) == 2:
        # Only a kill after Telegram took it, and before that is noted, says the same again.
        assert moment in {10, 11}
    [response] = await rows(Response)
    assert [hint["source"] for hint in response.hints_viewed] == ["claude"]
    [request] = await rows(HintRequest)
    assert request.sent_at is not None
    assert len(await rows(KeptHint)) == 1
    # What was called has its row in the ledger, whatever became of the hint.
    assert len(await rows(CostRecord)) >= len(api.calls)


async def test_a_request_that_kills_its_process_is_answered_from_the_ladder(
    sqlite_url: str, api: MessagesApi, maker: HintMaker, chat: Chat
) -> None:
    student = await begin()
    await ask(student)
    async with database.session_scope() as db:
        [request_id] = await queries.unsent(db)
        (await db.get_one(HintRequest, request_id)).attempts = 3
    await maker.run(request_id)
    assert [(hint.step, hint.text) for hint in chat.sent] == [(1, make_problem().hints[0]["en"])]
    assert api.calls == []


async def test_a_request_that_waited_too_long_is_answered_from_the_ladder(
    sqlite_url: str, api: MessagesApi, maker: HintMaker, chat: Chat
) -> None:
    student = await begin()
    await ask(student)
    async with database.session_scope() as db:
        [request_id] = await queries.unsent(db)
        (await db.get_one(HintRequest, request_id)).created_at = clock.now() - TOTAL
    await maker.run(request_id)
    assert [hint.step for hint in chat.sent] == [1]
    assert api.calls == []


async def test_a_model_that_hangs_is_not_waited_for_and_its_cost_is_settled_later(
    sqlite_url: str, api: MessagesApi, maker: HintMaker, chat: Chat
) -> None:
    student = await begin()
    await ask(student)
    api.behave = lambda _: Behaviour(held=True)
    async with database.session_scope() as db:
        [request_id] = await queries.unsent(db)
        request = await db.get_one(HintRequest, request_id)
        # Enough for a busy machine to come to ask the model.
        request.created_at = clock.now() - TOTAL + timedelta(seconds=8)
    await maker.run(request_id)
    assert [hint.step for hint in chat.sent] == [1]
    [cost] = await rows(CostRecord)
    assert cost.status == CostStatus.RESERVED
    await maker.close()
    [cost] = await rows(CostRecord)
    assert cost.status == CostStatus.SETTLED
    assert cost.cost_usd >= api.billed


@pytest.mark.parametrize("typed", ["2/7", None])
async def test_a_kept_hint_is_shown_only_while_the_problem_is_as_it_was(
    sqlite_url: str, typed: str | None
) -> None:
    student = await begin(typed)
    async with database.session_scope() as db:
        problem = (await place_of(db, student)).problem
        key = service.reuse_key(problem, Ask(1, typed))
        kept = {"problem_id": problem.id, "answer_key": key, "step": 1 if typed else 4}
        db.add(make_kept_hint(fingerprint=fingerprint(problem), text=HINT, **kept))
    without_model = Switches(kept=True)
    if typed is None:
        for _ in range(3):
            await ask(student, without_model)
    assert isinstance(await ask(student, without_model), service.HintMade)
    async with database.session_scope() as db:
        (await db.get_one(KeptHint, 1)).fingerprint = "another"
        response = (await db.scalars(select(Response))).one()
        response.hints_viewed = [h for h in response.hints_viewed if h["source"] == "authored"]
    assert not isinstance(await ask(student, without_model), service.HintMade)


async def test_a_kept_hint_that_leaks_after_all_is_not_shown(sqlite_url: str) -> None:
    student = await begin()
    async with database.session_scope() as db:
        problem = (await place_of(db, student)).problem
        key = service.reuse_key(problem, Ask(1, "2/7"))
        values = {"problem_id": problem.id, "answer_key": key, "text": "Three quarters it is."}
        db.add(make_kept_hint(fingerprint=fingerprint(problem), **values))
    assert not isinstance(await ask(student, Switches(kept=True)), service.HintMade)


async def test_an_always_leaking_model_shows_no_leak(
    sqlite_url: str, api: MessagesApi, maker: HintMaker, chat: Chat
) -> None:
    api.behave = lambda _: Behaviour(text="The sum of the fractions is 3/4.")
    student = await begin()
    await ask(student)
    [request] = await rows(HintRequest)
    await maker.run(request.id)
    assert [hint.step for hint in chat.sent] == [1]
    assert len(api.calls) == 2
    assert await rows(KeptHint) == []


async def test_what_was_answered_is_forgotten(sqlite_url: str, maker: HintMaker) -> None:
    student = await begin()
    await ask(student)
    [request] = await rows(HintRequest)
    await maker.run(request.id)
    async with database.session_scope() as db:
        assert await service.prune(db, clock.now()) == 1
    assert await rows(HintRequest) == []
