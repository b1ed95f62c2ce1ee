"""Updates that Telegram delivers by itself: each counts once, whichever process takes it."""

import asyncio
import io
import json
import random
import resource
import signal
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager

import aiohttp
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import func, select, text, update
from yarl import URL

from bot.run import prepare_database
from sandbox.config import SandboxConfig
from sandbox.run import Running, start
from src import database
from src.errors import SchemaMismatch
from src.models import (
    Problem,
    ReceivedUpdate,
    Response,
    Session,
    Streak,
    Student,
    UpdateStatus,
)
from tests.acceptance.conftest import MakePupil
from tests.acceptance.pupil import PATIENCE_SECONDS, text_of
from tests.acceptance.test_exactly_once import (
    assert_sessions_are_perfect,
    finish_session,
    set_faults,
    wait_for_text,
)
from tests.acceptance.test_practice import all_of, right_answer
from tests.acceptance.webhooks import SECRET, Balancer, Gate, Process, deliver_to, receiving
from tests.fixtures.library import add_library
from tests.fixtures.postgres import find_binaries, run_server

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def sandbox() -> Iterator[Running]:
    """A sandbox that soon tries a failed delivery again."""
    running = start(SandboxConfig(port=0, webhook_backoff=0.2))
    yield running
    running.stop()


@pytest.fixture(autouse=True)
async def no_process_stays() -> AsyncGenerator[None]:
    """Whatever becomes of a test."""
    yield
    await Process.kill_all()


@pytest.fixture
async def webhook(database_url: str, sandbox: Running) -> AsyncGenerator[str]:
    """The address of a bot that takes deliveries, with a library."""
    async with database.session_scope() as db:
        await add_library(db)
    async with receiving(sandbox) as url:
        yield url


async def count_updates() -> int:
    async with database.session_scope() as db:
        return await db.scalar(select(func.count()).select_from(ReceivedUpdate)) or 0


def start_message(update_id: int = 5, user: int = 77) -> dict[str, object]:
    person = {"id": user, "is_bot": False, "first_name": "Forged"}
    return {
        "update_id": update_id,
        "message": {
            "message_id": 1,
            "date": 1_700_000_000,
            "chat": {"id": user, "type": "private", "first_name": "Forged"},
            "from": person,
            "text": "/start",
        },
    }


async def test_doubled_and_reordered_deliveries_count_once(
    webhook: str, make_pupil: MakePupil, http: aiohttp.ClientSession, sandbox: Running
) -> None:
    pupils = [make_pupil() for _ in range(2)]
    await asyncio.gather(*(pupil.register() for pupil in pupils))
    await set_faults(http, sandbox, seed=3, jitter_ms=10, duplicate_rate=0.5, reorder_rate=0.5)
    await asyncio.gather(*(finish_session(pupil) for pupil in pupils))
    await set_faults(http, sandbox)
    await assert_sessions_are_perfect(len(pupils))
    for pupil in pupils:
        assert "Right: 5 of 5" in text_of(await pupil.chat())


@pytest.mark.parametrize("header", [{}, {HEADER: ""}, {HEADER: SECRET[:-1]}, {HEADER: "দরস"}])
async def test_without_the_secret_nothing_is_handled(
    webhook: str, http: aiohttp.ClientSession, header: dict[str, str]
) -> None:
    async with http.post(webhook, json=start_message(), headers=header) as answer:
        assert answer.status == 401
        assert await answer.read() == b""
    assert await count_updates() == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"update_id": true}',
        b'{"update_id": "7"}',
        b'{"update_id": -1}',
        b'{"update_id": 1e400}',
        b'{"update_id": 99999999999999999999}',
        b'{"update_id": 7, "message": "text"}',
        b'{"update_id": 7, "message": {"message_id": 1}}',
        b'{"update_id": 7, "callback_query": []}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
async def test_rubbish_is_refused(webhook: str, http: aiohttp.ClientSession, body: bytes) -> None:
    async with http.post(webhook, data=body, headers={HEADER: SECRET}) as answer:
        assert answer.status == 400
    assert await all_of(Student) == []


async def test_a_delivery_that_is_cut_off_is_no_fault_of_the_bot(
    webhook: str, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    def cut_so_far() -> float:
        return REGISTRY.get_sample_value("dars_deliveries_refused_total", {"reason": "cut"}) or 0

    before, place = cut_so_far(), URL(webhook)
    _, writer = await asyncio.open_connection(place.host, place.port)
    head = f"POST {place.path} HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\n"
    writer.write(f"{head}Content-Length: 1000\r\n\r\n{{".encode())
    await writer.drain()
    await asyncio.sleep(0.2)
    writer.close()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while cut_so_far() == before:
            await asyncio.sleep(0.02)
    assert "Exception" not in caplog.text


@contextmanager
def few_files(most: int) -> Iterator[None]:
    """Let processes that are started in the block open so many files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_hundreds_who_say_nothing_keep_nobody_out(
    sqlite_url: str, sandbox: Running, http: aiohttp.ClientSession, unused_tcp_port: int
) -> None:
    health = URL.build(scheme="http", host="127.0.0.1", port=unused_tcp_port, path="/healthz")
    with few_files(160):
        process = await Process.start(sandbox, sqlite_url, DARS_METRICS_PORT=str(unused_tcp_port))
    head = f"POST /telegram HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\n".encode()
    writers = []
    for place in (URL(process.url), health):
        for _ in range(200):
            _, writer = await asyncio.open_connection(place.host, place.port)
            writer.write(head)
            writers.append(writer)
    async with http.post(process.url, json=start_message(), headers={HEADER: SECRET}) as answer:
        assert answer.status == 200
    async with http.get(health) as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ok"})
    for writer in writers:
        writer.close()
    assert await process.end(signal.SIGTERM) == 0


async def test_other_doors_are_closed(webhook: str, http: aiohttp.ClientSession) -> None:
    async with http.get(webhook) as answer:
        assert answer.status == 405
    async with http.post(f"{webhook}/else", headers={HEADER: SECRET}) as answer:
        assert answer.status == 404
    much = io.BytesIO(b" " * 2_000_000)
    async with http.post(webhook, data=much, headers={HEADER: SECRET}) as answer:
        assert answer.status == 413


async def test_an_update_that_cannot_be_read_is_set_aside_and_holds_up_nobody(
    webhook: str, http: aiohttp.ClientSession
) -> None:
    body = {"update_id": 7, "message": {"message_id": 1}}
    statuses = []
    for _ in range(4):
        async with http.post(webhook, json=body, headers={HEADER: SECRET}) as answer:
            statuses.append(answer.status)
    assert statuses == [400, 400, 200, 200]
    [record] = await all_of(ReceivedUpdate)
    assert record.status == UpdateStatus.FAILED


async def test_a_redelivery_is_answered_200_and_changes_nothing(
    webhook: str, make_pupil: MakePupil, http: aiohttp.ClientSession
) -> None:
    pupil = make_pupil()
    await pupil.say("/start")
    body = start_message(update_id=900_000_001, user=pupil.id)
    for _ in range(2):
        async with http.post(webhook, json=body, headers={HEADER: SECRET}) as answer:
            assert (answer.status, await answer.read()) == (200, b"")
    assert await count_updates() == 2
    assert len(await all_of(Student)) == 1


async def test_an_update_that_fails_comes_again_and_is_then_given_up(
    webhook: str, make_pupil: MakePupil
) -> None:
    pupil = make_pupil()
    await pupil.register()
    await pupil.say("/practice")
    async with database.session_scope() as db:
        await db.execute(update(Problem).values(hints=[{}, {}, {}]))
    assert text_of(await pupil.say("/hint")).count("Something went wrong on my side") == 1
    failed = [r for r in await all_of(ReceivedUpdate) if r.status == UpdateStatus.FAILED]
    assert [record.attempts for record in failed] == [3]


async def test_a_migration_under_a_running_bot_stops_nobody_but_who_starts_then(
    webhook: str, make_pupil: MakePupil
) -> None:
    pupil = make_pupil()
    await pupil.register()
    async with database.session_scope() as db:
        await db.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    assert "Question 1 of 5" in text_of(await pupil.say("/practice"))
    with pytest.raises(SchemaMismatch, match="ahead of this version"):
        await prepare_database()


async def test_while_the_database_is_away_telegram_is_told_to_come_again(
    sandbox: Running, make_pupil: MakePupil, http: aiohttp.ClientSession
) -> None:
    with run_server(find_binaries()[0]) as server:
        database.configure(server.url)
        await database.init_db()
        async with database.session_scope() as db:
            await add_library(db)
        async with receiving(sandbox) as url:
            pupil = make_pupil()
            await pupil.register()
            right = right_answer(text_of(await pupil.say("/practice")))
            server.stop(keep=True)
            await pupil._post("messages", {"text": str(right + 1)})
            await pupil._post("messages", {"text": str(right)})
            await wait_for_text(pupil, "need not send it again")
            async with http.post(url, json=start_message(), headers={HEADER: SECRET}) as answer:
                assert (answer.status, answer.headers["Retry-After"]) == (503, "3")
            server.start()
            await pupil.wait()
            chat = text_of(await pupil.chat())
            assert chat.count("need not send it again") == 1
            assert "Question 2 of 5" in chat
            [response] = await all_of(Response)
            assert (response.attempts, response.is_correct) == (2, True)
        await database.dispose()
        database.configure()


@pytest.mark.parametrize("kills", [1, pytest.param(3, marks=pytest.mark.soak)])
async def test_two_processes_share_the_pupils_and_survive_kills(
    postgres_url: str,
    sandbox: Running,
    make_pupil: MakePupil,
    http: aiohttp.ClientSession,
    kills: int,
) -> None:
    async with database.session_scope() as db:
        await add_library(db)
    balancer, dice, enough = Balancer(), random.Random(7), asyncio.Event()
    balancer.processes = list(
        await asyncio.gather(*(Process.start(sandbox, postgres_url) for _ in range(2)))
    )

    async def practise() -> int:
        """Finish a session, and more until there were enough kills; return how many."""
        pupil, finished = make_pupil(), 0
        await pupil.register()
        while not (finished and enough.is_set()):
            await finish_session(pupil)
            finished += 1
        return finished

    async with balancer.running() as url:
        await deliver_to(sandbox, url)
        await set_faults(http, sandbox, seed=7, jitter_ms=60, duplicate_rate=0.2)
        pupils = [asyncio.create_task(practise()) for _ in range(4)]
        for _ in range(kills):
            await balancer.all_have_answered()
            victim = dice.randrange(2)
            await balancer.processes[victim].end(signal.SIGKILL)
            balancer.processes[victim] = await Process.start(sandbox, postgres_url)
        await balancer.all_have_answered()
        enough.set()
        finished = sum(await asyncio.gather(*pupils))
        statuses = await asyncio.gather(*(p.end(signal.SIGTERM) for p in balancer.processes))
    assert statuses == [0, 0]
    sessions = await all_of(Session)
    assert [(s.status, s.problems_correct) for s in sessions] == [("completed", 5)] * finished
    responses = await all_of(Response)
    assert [(r.attempts, r.is_correct) for r in responses] == [(1, True)] * 5 * finished
    assert [s.current_streak for s in await all_of(Streak)] == [1] * len(pupils)
    assert await count_updates() == len(pupils) * (1 + 5) + finished * (1 + 5)


async def test_a_terminated_process_answers_what_it_has_taken(
    postgres_url: str, sandbox: Running, make_pupil: MakePupil, http: aiohttp.ClientSession
) -> None:
    gate, pupil = Gate(), make_pupil()
    async with gate.running(sandbox) as telegram:
        process = await Process.start(sandbox, postgres_url, DARS_TELEGRAM_API_URL=telegram)
        await deliver_to(sandbox, process.url)
        await pupil._post("messages", {"text": "/start", "first_name": "Mitu"})
        await gate.reached.wait()
        process.process.send_signal(signal.SIGTERM)
        await process.until_deaf()
        assert await count_updates() == 1
        assert {m["from"] for m in await pupil.chat()} == {"user"}
        gate.opened.set()
        assert await asyncio.wait_for(process.process.wait(), PATIENCE_SECONDS) == 0
    assert text_of(await pupil.chat()).count("Welcome to Dars") == 1
    await pupil.wait()
    async with http.get(f"{sandbox.url}/sandbox/stats") as answer:
        assert json.loads(await answer.text())["updates"]["pending"] == 0
