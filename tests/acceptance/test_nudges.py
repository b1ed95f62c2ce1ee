"""Nudges through real processes that are killed: nobody twice, nobody forgotten, never too many."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable

import aiohttp
import pytest
from sqlalchemy import select

from sandbox.run import Running
from src import database
from src.models import Student
from src.outbox.lane import MOST_IN_FLIGHT
from tests.acceptance.conftest import MakePupil
from tests.acceptance.evening import FIRST_ID, PATIENCE, Evening, enrol_the_others, make_evening
from tests.acceptance.pupil import Pupil, text_of
from tests.fixtures.library import add_library

RATE = 100

PlanEvening = Callable[..., Evening]


@pytest.fixture
async def plan_evening(
    http: aiohttp.ClientSession, sandbox: Running
) -> AsyncGenerator[PlanEvening]:
    """Makes evenings; no process outlives the test."""
    evenings: list[Evening] = []

    def plan(url: str, rate: int, **values: int) -> Evening:
        evenings.append(make_evening(http, sandbox, url, rate, **values))
        return evenings[-1]

    yield plan
    for evening in evenings:
        await evening.abandon()


async def check(evening: Evening, ids: list[int], others: list[int], kills: int) -> None:
    """Nobody twice; nobody forgotten but one a kill, who is counted; nobody at the wrong time."""
    received = await evening.received(ids)
    assert max(received.values()) == 1, "somebody was nudged twice"
    forgotten = {number for number, messages in received.items() if messages == 0}
    assert len(forgotten) <= kills
    assert forgotten <= await evening.in_hand()
    outcomes = await evening.outcomes()
    assert outcomes["sent"] + outcomes["in hand"] == len(ids)
    assert not any((await evening.received(others)).values())
    await evening.assert_in_their_hours()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("pupils", [240, pytest.param(940, marks=pytest.mark.soak)])
async def test_many_pupils_while_workers_stand_still_and_are_killed(
    postgres_url: str, plan_evening: PlanEvening, pupils: int
) -> None:
    # The same number of seconds to send, whatever their number: so a worker has time to start.
    rate = RATE * pupils // 940
    evening = plan_evening(postgres_url, rate)
    ids = list(range(FIRST_ID, FIRST_ID + pupils))
    await evening.invite(ids)
    await evening.enrol(ids)
    others = await enrol_the_others(evening, 90_000, each=pupils // 60)
    await evening.api.post("limits", {"per_second": rate})

    async def until_left(share: float) -> None:
        await evening.until_left(int(share * pupils))

    holder = await evening.start("worker")
    await until_left(0.96)
    heir = await evening.start("worker")
    await until_left(0.7)
    holder.send_signal(signal.SIGSTOP)
    stopped_at = await evening.left()
    await until_left(stopped_at / pupils - 0.07)
    holder.send_signal(signal.SIGCONT)
    await until_left(0.37)
    await evening.kill(heir)
    await evening.start("worker")
    await until_left(0.16)
    await evening.kill(holder)
    await evening.start("worker")
    await until_left(0)
    # One more scheduler, which finds everything done.
    await evening.start("worker")
    await evening.until_running()
    await evening.close()
    await check(evening, ids, others, kills=2)
    sends = (await evening.api.get("stats"))["sends"]
    # What was in flight when the worker was stopped arrives when it goes on, beside the others.
    assert sends["max_per_second"] <= rate + MOST_IN_FLIGHT
    assert sends["refused"] <= MOST_IN_FLIGHT


async def test_two_workers_keep_to_one_limit(postgres_url: str, plan_evening: PlanEvening) -> None:
    # Nobody is to be taken for dead here, however long a busy machine lets a worker wait.
    evening = plan_evening(postgres_url, 50, heartbeat=60)
    ids = list(range(FIRST_ID, FIRST_ID + 150))
    await evening.invite(ids)
    await evening.enrol(ids)
    workers = [await evening.start("worker"), await evening.start("worker")]
    await evening.until_left(70)
    await evening.until_running()
    # The holder hands over in good order; the other one must not crowd the same second.
    workers[0].send_signal(signal.SIGTERM)
    await evening.until_left(0)
    await evening.until_running()
    # To its end: a second signal would kill a process that is about to end well.
    assert await asyncio.wait_for(workers[0].wait(), PATIENCE) == 0
    await evening.close()
    assert await evening.outcomes() == {"sent": 150}
    assert (await evening.api.get("stats"))["sends"]["max_per_second"] <= 50


async def test_a_telegram_that_asks_for_pauses_gets_them_and_loses_nobody(
    postgres_url: str, plan_evening: PlanEvening
) -> None:
    evening = plan_evening(postgres_url, RATE)
    # So few a second that any machine can send more.
    ids, per_second = list(range(FIRST_ID, FIRST_ID + 30)), 6
    await evening.invite(ids)
    await evening.enrol(ids)
    await evening.api.post("limits", {"per_second": per_second})
    await evening.start("worker")
    await evening.until_left(0)
    await evening.close()
    await check(evening, ids, [], kills=0)
    sends = (await evening.api.get("stats"))["sends"]
    # A pause of a second after each burst: the lane went on asking for nothing meanwhile.
    bursts = len(ids) // per_second + 1
    assert 0 < sends["refused"] <= bursts * MOST_IN_FLIGHT


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("pupils", "kills"), [(120, 1), pytest.param(300, 2, marks=pytest.mark.soak)]
)
async def test_many_pupils_beside_the_bot_in_one_process(
    sqlite_url: str, plan_evening: PlanEvening, make_pupil: MakePupil, pupils: int, kills: int
) -> None:
    async with database.session_scope() as db:
        await add_library(db)
    evening = plan_evening(sqlite_url, RATE // 3 * kills)
    ids = list(range(FIRST_ID, FIRST_ID + pupils))
    await evening.invite(ids)
    await evening.enrol(ids)
    others = await enrol_the_others(evening, 90_000, each=5)
    bot = await evening.start("bot")
    for number in range(kills):
        await evening.until_left(pupils * 4 // 5 - 80 * number)
        await evening.kill(bot)
        bot = await evening.start("bot")
    pupil = make_pupil()
    assert "Welcome to Dars" in text_of(await pupil.say("/start"))
    assert await evening.left() > 0, "the reply waited behind the nudges"
    await evening.until_left(0)
    await evening.close()
    await check(evening, ids, others, kills)


async def test_the_pupil_starts_or_stops_from_the_nudge(
    database_url: str, plan_evening: PlanEvening, make_pupil: MakePupil
) -> None:
    async with database.session_scope() as db:
        await add_library(db)
    evening = plan_evening(database_url, RATE)
    eager, tired, gone = (make_pupil() for _ in range(3))
    bot = await evening.start("bot")
    for pupil in (eager, tired, gone):
        await pupil.register()
    await gone.block()
    async with database.session_scope() as db:
        for student in await db.scalars(select(Student)):
            assert (student.next_nudge_at is None) == (student.telegram_id == gone.id)
            student.next_nudge_at = evening.due_at
    if database_url.startswith("sqlite"):
        bot.send_signal(signal.SIGTERM)
        await bot.wait()
        bot = await evening.start("bot")
    else:
        await evening.start("worker")
    await evening.until_left(0)
    for pupil in (eager, tired):
        await wait_for(pupil, "Five new problems are ready")
    assert "Question 1 of 5" in text_of(await eager.tap("Start"))
    await tired.tap("No reminders")
    assert "No more reminders" in text_of(await tired.chat())
    async with database.session_scope() as db:
        rows = {row.telegram_id: row for row in await db.scalars(select(Student))}
    assert rows[eager.id].next_nudge_at is not None
    assert rows[tired.id].next_nudge_at is None
    assert not rows[tired.id].nudges_enabled
    assert rows[gone.id].next_nudge_at is None
    assert await evening.outcomes() == {"sent": 2}
    await evening.close()


async def wait_for(pupil: Pupil, text: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while text not in text_of(await pupil.chat()):
            await asyncio.sleep(0.02)
