"""The job engine on both databases: keys, rollbacks, retries, schedules, stopping."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from sqlalchemy import text

from src import database, queue
from src.queue import Job, TryLater, Work
from tests.fixtures.postgres import find_binaries, run_server


@dataclass
class Diary:
    """What the jobs of a test did."""

    runs: list[tuple[str, int, int]] = field(default_factory=list)
    faults: int = 0
    finish: asyncio.Event = field(default_factory=asyncio.Event)


async def note(diary: Diary, work: Work) -> None:
    diary.runs.append(("note", work.payload.get("id", 0), work.attempt))


async def stumble(diary: Diary, work: Work) -> None:
    diary.runs.append(("stumble", work.payload.get("id", 0), work.attempt))
    if work.attempt <= diary.faults:
        raise ValueError("a pupil's own words")
    if work.attempt == diary.faults + 1:
        raise TryLater(timedelta(seconds=0.1))


async def linger(diary: Diary, work: Work) -> None:
    diary.runs.append(("linger", work.payload.get("id", 0), work.attempt))
    await diary.finish.wait()
    diary.runs.append(("lingered", work.payload.get("id", 0), work.attempt))


JOBS: tuple[Job[Diary], ...] = (
    Job("note", note),
    Job("stumble", stumble, attempts=3, first_delay=timedelta(seconds=0.1)),
    Job("linger", linger, at_once=1),
    Job("begin", note, at_start=True),
    Job("tick", note, schedule="* * * * * *"),
)


@asynccontextmanager
async def worker(diary: Diary) -> AsyncGenerator[asyncio.Event]:
    """A worker that has begun its work."""
    stopping = asyncio.Event()
    running = asyncio.create_task(
        queue.run_worker(
            database.get_engine(), JOBS, diary, stopping, heartbeat=timedelta(seconds=2)
        )
    )
    await until(lambda: bool(diary.runs))
    yield stopping
    stopping.set()
    diary.finish.set()
    await asyncio.wait_for(running, 60)


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not done():
            await asyncio.sleep(0.01)


async def put(name: str, number: int, key: str | None = None) -> None:
    async with database.session_scope() as db:
        await queue.enqueue(db, name, {"id": number}, key=key)


async def put_until_it_runs(diary: Diary, name: str, number: int) -> None:
    """Put a job whose key is in use until the one that has it is over."""

    async def put_repeatedly() -> None:
        while (name, number, 1) not in diary.runs:
            await put(name, number, key="one")
            await asyncio.sleep(0.1)

    await asyncio.wait_for(put_repeatedly(), 60)


async def put_and_fail(name: str, number: int) -> None:
    async with database.session_scope() as db:
        await queue.enqueue(db, name, {"id": number})
        raise ZeroDivisionError


@pytest.mark.usefixtures("database_url")
async def test_a_job_runs_once_when_the_transaction_commits() -> None:
    diary = Diary()
    async with worker(diary):
        await put("note", 1)
        await until(lambda: ("note", 1, 1) in diary.runs)
        with pytest.raises(ZeroDivisionError):
            await put_and_fail("note", 2)
        await put("note", 3)
        await until(lambda: ("note", 3, 1) in diary.runs)
    assert [number for _, number, _ in diary.runs if number] == [1, 3]


@pytest.mark.usefixtures("database_url")
async def test_a_key_keeps_a_second_job_out_until_the_first_is_over() -> None:
    diary = Diary()
    async with worker(diary):
        for number in (1, 2):
            await put("linger", number, key="one")
        await until(lambda: ("linger", 1, 1) in diary.runs)
        await put("linger", 3, key="one")
        diary.finish.set()
        await put_until_it_runs(diary, "linger", 4)
    # Not the second, nor the third; the fourth may have been put once more just when it was over.
    assert {number for name, number, _ in diary.runs if name == "linger"} == {1, 4}


@pytest.mark.usefixtures("database_url")
async def test_a_limited_job_never_overlaps() -> None:
    diary = Diary()
    async with worker(diary):
        for number in (1, 2):
            await put("linger", number)
        await until(lambda: ("linger", 1, 1) in diary.runs)
        # What came behind the second has been run: so the second waits for the first.
        await put("note", 3)
        await until(lambda: ("note", 3, 1) in diary.runs)
        assert ("linger", 2, 1) not in diary.runs
        diary.finish.set()
        await until(lambda: ("lingered", 2, 1) in diary.runs)


@pytest.mark.usefixtures("database_url")
async def test_an_error_is_tried_again_after_a_pause(caplog: pytest.LogCaptureFixture) -> None:
    diary = Diary(faults=1)
    async with worker(diary):
        await put("stumble", 1)
        await until(lambda: ("stumble", 1, 3) in diary.runs)
    assert [run for run in diary.runs if run[0] == "stumble"] == [
        ("stumble", 1, attempt) for attempt in (1, 2, 3)
    ]
    assert "own words" not in caplog.text


@pytest.mark.usefixtures("database_url")
async def test_a_job_is_given_up_after_its_last_attempt(caplog: pytest.LogCaptureFixture) -> None:
    diary = Diary(faults=99)
    async with worker(diary):
        await put("stumble", 1, key="one")
        await until(lambda: ("stumble", 1, 3) in diary.runs)
        await put_until_it_runs(diary, "stumble", 2)
    assert ("stumble", 1, 4) not in diary.runs
    assert "JobFailed: ValueError" in caplog.text
    assert "own words" not in caplog.text


@pytest.mark.usefixtures("database_url")
async def test_a_schedule_fires_by_itself() -> None:
    diary = Diary()
    async with worker(diary):
        await until(lambda: len(diary.runs) >= 2)


async def test_stopping_leaves_unfinished_work_to_another_worker(postgres_url: str) -> None:
    diary, heir = Diary(), Diary()
    stopping = asyncio.Event()
    running = asyncio.create_task(
        queue.run_worker(database.get_engine(), JOBS, diary, stopping, grace=0.5)
    )
    await until(lambda: bool(diary.runs))
    await put("linger", 1)
    await until(lambda: ("linger", 1, 1) in diary.runs)
    stopping.set()
    await asyncio.wait_for(running, 60)
    async with worker(heir):
        await until(lambda: ("linger", 1, 2) in heir.runs)


async def test_a_worker_goes_on_after_its_connection_was_cut(postgres_url: str) -> None:
    diary = Diary()
    async with worker(diary):
        async with database.session_scope() as db:
            await db.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        await put("note", 5)
        await until(lambda: ("note", 5, 1) in diary.runs)


async def test_a_worker_goes_on_after_the_server_was_restarted() -> None:
    diary = Diary()
    with run_server(find_binaries()[0]) as server:
        database.configure(server.url)
        await database.init_db()
        async with worker(diary):
            server.stop(keep=True)
            await asyncio.sleep(0.2)
            server.start()
            await put("note", 5)
            await until(lambda: ("note", 5, 1) in diary.runs)
        await database.dispose()
        database.configure()


async def test_without_a_worker_nothing_is_kept_in_memory(sqlite_url: str) -> None:
    await put("note", 1)
    diary = Diary()
    async with worker(diary):
        await put("note", 2)
        await until(lambda: ("note", 2, 1) in diary.runs)
    assert ("note", 1, 1) not in diary.runs


async def test_the_backlog_counts_what_could_run(database_url: str) -> None:
    on_server = database_url.startswith("postgresql")
    async with database.session_scope() as db:
        await queue.enqueue(db, "note", {"id": 1})
        await queue.enqueue(db, "note", {"id": 2}, after=timedelta(hours=1))
    async with database.session_scope() as db:
        waiting = await queue.backlog(db)
    assert waiting.jobs == (1 if on_server else 0)
    assert 0 <= waiting.oldest_seconds < 60


async def test_pruning_empties_the_records_of_the_engine(postgres_url: str) -> None:
    await put("note", 1)
    count = text("SELECT count(*) FROM dars_jobs.pgqueuer_log")
    async with database.session_scope() as db:
        await queue.prune(db, timedelta(hours=1))
        assert await db.scalar(count) == 1
    async with database.session_scope() as db:
        await queue.prune(db, timedelta(0))
        assert await db.scalar(count) == 0


async def test_the_migration_makes_what_the_installed_engine_wants(postgres_url: str) -> None:
    async with database.get_engine().connect() as connection:
        raw = await connection.get_raw_connection()
        driver = AsyncpgDriver(raw.driver_connection)
        plan = await queue.make_queries(driver).plan_upgrade()
    assert list(plan.statements) == []
