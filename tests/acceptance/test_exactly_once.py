"""What the network, Telegram, the database and a kill can do to an update: it counts once."""

import asyncio
import os
import random
import signal
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select, update

from bot.run import run_polling
from sandbox.run import Running
from src import database
from src.models import Attempt, Problem, ReceivedUpdate, Response, Session, Streak, UpdateStatus
from tests.acceptance.conftest import MakePupil, bot_settings
from tests.acceptance.pupil import PATIENCE_SECONDS, Pupil, text_of
from tests.acceptance.test_practice import all_of, right_answer
from tests.fixtures.library import add_library
from tests.fixtures.postgres import find_binaries, run_server

ROOT = Path(__file__).resolve().parents[2]


async def set_faults(http: aiohttp.ClientSession, sandbox: Running, **faults: Any) -> None:
    async with http.post(f"{sandbox.url}/sandbox/faults", json=faults) as response:
        assert response.status == 200, await response.text()


async def finish_session(pupil: Pupil) -> None:
    """Answer the open question rightly until the session is over, reading the chat each time."""
    await pupil.say("/practice")
    for _ in range(5):
        questions = [m["text"] for m in await pupil.chat() if "What is 1000" in m["text"]]
        await pupil.say(str(right_answer(questions[-1])))


async def assert_sessions_are_perfect(pupils: int) -> None:
    """Each pupil has one session: five problems, each answered once and rightly."""
    sessions = await all_of(Session)
    assert [(s.status, s.problems_correct) for s in sessions] == [("completed", 5)] * pupils
    responses = await all_of(Response)
    assert [(r.attempts, r.is_correct) for r in responses] == [(1, True)] * 5 * pupils
    assert [(a.number, a.verdict) for a in await all_of(Attempt)] == [(1, "correct")] * 5 * pupils
    assert [s.current_streak for s in await all_of(Streak)] == [1] * pupils


async def test_doubled_reordered_delayed_and_cut_deliveries_change_the_data_once(
    bot: None, make_pupil: MakePupil, http: aiohttp.ClientSession, sandbox: Running
) -> None:
    pupils = [make_pupil() for _ in range(3)]
    await asyncio.gather(*(pupil.register() for pupil in pupils))
    await set_faults(
        http,
        sandbox,
        seed=11,
        jitter_ms=20,
        error_rate=0.05,
        drop_rate=0.03,
        drop_reply_rate=0.05,
        duplicate_rate=0.4,
        reorder_rate=0.5,
    )
    await asyncio.gather(*(finish_session(pupil) for pupil in pupils))
    await set_faults(http, sandbox)
    await assert_sessions_are_perfect(len(pupils))
    for pupil in pupils:
        assert "Right: 5 of 5" in text_of(await pupil.chat())


async def test_a_burst_of_one_pupil_is_judged_in_order(pupil: Pupil) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    typed = [str(right + n) for n in (1, 2)] + [str(right)]
    await asyncio.gather(*(pupil._post("messages", {"text": text}) for text in typed))
    await pupil.wait()
    [response] = await all_of(Response)
    assert response.attempts in {1, 2, 3}
    assert response.is_correct
    chat = [m["text"] for m in await pupil.chat()]
    order = [text for text in chat if text in typed]
    wrong_before = order.index(str(right))
    assert response.attempts == wrong_before + 1
    made = [attempt.typed for attempt in await all_of(Attempt)]
    assert made == order[: wrong_before + 1]


async def test_a_double_tap_skips_one_problem(pupil: Pupil) -> None:
    await pupil.say("/practice")
    message, data = await pupil.find_button("Skip")
    body = {"message_id": message, "data": data}
    await asyncio.gather(*(pupil._post("taps", body) for _ in range(6)))
    await pupil.wait()
    [session] = await all_of(Session)
    assert session.current_index == 1
    assert len(await all_of(Response)) == 1


async def test_a_flood_limit_delays_a_reply_and_loses_none(
    pupil: Pupil, http: aiohttp.ClientSession, sandbox: Running
) -> None:
    plan = [{"fault": "retry_after", "seconds": 1, "method": "sendMessage"}]
    await set_faults(http, sandbox, once=plan)
    assert "Question 1 of 5" in text_of(await pupil.say("/practice"))


async def test_a_poisonous_update_is_set_aside_and_blocks_nobody(
    pupil: Pupil, make_pupil: MakePupil
) -> None:
    other = make_pupil()
    await other.register()
    await pupil.say("/practice")
    async with database.session_scope() as db:
        await db.execute(update(Problem).values(hints=[{}, {}, {}]))
    said = await pupil.say("/hint")
    assert text_of(said).count("Something went wrong on my side") == 1
    assert "Go on" in str(said)
    async with database.session_scope() as db:
        failed = (
            await db.scalars(
                select(ReceivedUpdate).where(ReceivedUpdate.status == UpdateStatus.FAILED)
            )
        ).one()
    assert (failed.attempts, failed.error) == (3, "KeyError")
    assert [r.hints_used for r in await all_of(Response)] == []
    assert "Question 1 of 5" in text_of(await pupil.tap("Go on"))
    assert "Question 1 of 5" in text_of(await other.say("/practice"))


async def test_a_database_that_goes_away_loses_nothing(
    sandbox: Running, make_pupil: MakePupil
) -> None:
    with run_server(find_binaries()[0]) as server:
        database.configure(server.url)
        await database.init_db()
        async with database.session_scope() as db:
            await add_library(db)
        stopping = asyncio.Event()
        running = asyncio.create_task(run_polling(bot_settings(sandbox), stopping))
        pupil = make_pupil()
        await pupil.register()
        right = right_answer(text_of(await pupil.say("/practice")))
        server.stop(keep=True)
        await pupil._post("messages", {"text": str(right + 1)})
        await pupil._post("messages", {"text": str(right)})
        await wait_for_text(pupil, "need not send it again")
        server.start()
        await pupil.wait()
        chat = text_of(await pupil.chat())
        assert chat.count("need not send it again") == 1
        assert "আবার পাঠাতে হবে না" in chat
        assert "Question 2 of 5" in chat
        [response] = await all_of(Response)
        assert (response.attempts, response.is_correct) == (2, True)
        stopping.set()
        await running
        await database.dispose()
        database.configure()


async def wait_for_text(pupil: Pupil, text: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while text not in text_of(await pupil.chat()):
            await asyncio.sleep(0.01)


async def count_handled() -> int:
    """Return how many updates are recorded."""
    async with database.read_scope() as db:
        return await db.scalar(select(func.count()).select_from(ReceivedUpdate)) or 0


async def start_bot(sandbox: Running, database_url: str) -> asyncio.subprocess.Process:
    """Start the bot as an operator does."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        env=os.environ
        | {
            "DATABASE_URL": database_url,
            "TELEGRAM_BOT_TOKEN": sandbox.config.token,
            "DARS_TELEGRAM_API_URL": sandbox.url,
            "PYTHONPATH": str(ROOT),
        },
        cwd=ROOT,
        stderr=asyncio.subprocess.DEVNULL,
    )


@pytest.mark.parametrize("most_kills", [2, pytest.param(4, marks=pytest.mark.soak)])
async def test_a_bot_that_is_killed_again_and_again_counts_each_answer_once(
    database_url: str, sandbox: Running, make_pupil: MakePupil, most_kills: int
) -> None:
    async with database.session_scope() as db:
        await add_library(db)
    rng = random.Random(5)
    pupils = [make_pupil() for _ in range(3)]

    async def practise() -> None:
        await asyncio.gather(*(pupil.register() for pupil in pupils))
        await asyncio.gather(*(finish_session(pupil) for pupil in pupils))

    practising = asyncio.create_task(practise())
    kills = 0
    while not practising.done():
        process = await start_bot(sandbox, database_url)
        wanted = await count_handled() + 5 + rng.randrange(4)
        # Killed by what was done, not by the clock, at any moment of the next update.
        while kills < most_kills and not practising.done() and await count_handled() < wanted:
            await asyncio.sleep(0.002)
        await asyncio.sleep(rng.random() * 0.02)
        if kills == most_kills:
            await practising
        assert process.returncode is None, "the bot ended by itself"
        process.send_signal(signal.SIGTERM if practising.done() else signal.SIGKILL)
        kills += not practising.done()
        await process.wait()
    await practising
    assert kills >= most_kills - 1
    await assert_sessions_are_perfect(len(pupils))
    assert await count_handled() == 3 * (1 + 5 + 1 + 5)


async def test_a_terminated_bot_finishes_what_is_in_hand_and_ends_well(
    database_url: str, sandbox: Running, make_pupil: MakePupil
) -> None:
    async with database.session_scope() as db:
        await add_library(db)
    process = await start_bot(sandbox, database_url)
    pupil = make_pupil()
    await pupil.register()
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), PATIENCE_SECONDS) == 0
    async with database.session_scope() as db:
        assert await db.scalar(select(func.count()).select_from(ReceivedUpdate)) == 6


async def test_connections_that_the_server_closed_while_idle_are_not_noticed_by_a_pupil(
    postgres_url: str, sandbox: Running, make_pupil: MakePupil
) -> None:
    async with database.session_scope() as db:
        await add_library(db)
    stopping = asyncio.Event()
    running = asyncio.create_task(run_polling(bot_settings(sandbox), stopping))
    pupil = make_pupil()
    await pupil.register()
    engine = database.create_engine(postgres_url)
    async with engine.begin() as connection:
        await connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    await engine.dispose()
    said = text_of(await pupil.say("/practice"))
    assert "Question 1 of 5" in said
    assert "technical problem" not in text_of(await pupil.chat())
    stopping.set()
    await running


async def test_an_update_of_an_unknown_shape_costs_nobody_an_answer(
    sqlite_url: str, sandbox: Running, make_pupil: MakePupil
) -> None:
    async with database.session_scope() as db:
        await add_library(db)
    first, odd, last = make_pupil(), make_pupil(), make_pupil()
    await first._post("messages", {"text": "/start"})
    await odd._post("messages", {"location": {}})
    await last._post("messages", {"text": "/start"})
    stopping = asyncio.Event()
    running = asyncio.create_task(run_polling(bot_settings(sandbox), stopping))
    await first.wait()
    for pupil in (first, last):
        assert "Which language" in text_of(await pupil.chat())
    await odd.register()
    stopping.set()
    await running
