"""Nothing says that all is well while no worker runs: after an orderly stop, and after a kill."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import pytest
from sqlalchemy import select

from sandbox.run import Running
from src import clock, database, queue
from src.models import Worker
from src.settings import OperatorSettings
from tests.acceptance.test_operations import ROOT, dars, figures, get
from tests.acceptance.webhooks import environment
from tests.fixtures.factories import make_student, make_worker
from web.operators import operators_port

LIMIT = {"DARS_WORKER_SILENCE_LIMIT": "2", "DARS_JOB_HEARTBEAT": "1"}
PATIENCE_SECONDS = 30


@asynccontextmanager
async def running(
    command: str, sandbox: Running, url: str
) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Run `dars worker` or `dars bot`, and end it at last whatever happens."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from cli.main import main; main()", command),
        env=environment(sandbox, url) | LIMIT,
        cwd=ROOT,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def until(seen: bool, url: str, http: aiohttp.ClientSession) -> dict[str, object]:
    """Wait until /readyz says that all is well, or that it is not, and return what it says."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            status, body = await get(http, f"{url}/readyz")
            if (status == 200) == seen:
                found: dict[str, object] = json.loads(body)
                return found
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_without_a_worker_nothing_is_well(
    number: signal.Signals,
    database_url: str,
    sandbox: Running,
    http: aiohttp.ClientSession,
    unused_tcp_port: int,
) -> None:
    command = "bot" if database_url.startswith("sqlite") else "worker"
    settings = OperatorSettings(port=unused_tcp_port, worker_silence_limit_seconds=2)
    url = f"http://127.0.0.1:{unused_tcp_port}"
    async with operators_port(settings, database.get_engine()):
        found = await until(False, url, http)
        assert found["faults"] == [
            "no worker has been seen ever: start `dars worker`, on SQLite `dars bot`"
        ]
        async with running(command, sandbox, database_url) as process:
            await until(True, url, http)
            process.send_signal(number)
            assert await process.wait() == (0 if number is signal.SIGTERM else -number)
        found = await until(False, url, http)
        assert "no worker has been seen for" in str(found["faults"])
        status, out, _ = await dars("health", DATABASE_URL=database_url, **LIMIT)
        assert status == 1
        assert "fault: no worker has been seen for" in out


async def test_who_is_due_and_not_planned_is_late(
    database_url: str, http: aiohttp.ClientSession, unused_tcp_port: int
) -> None:
    now = clock.now()
    async with database.session_scope() as db:
        db.add_all(
            make_student(next_nudge_at=now + timedelta(hours=hours)) for hours in (-2, -1, 3)
        )
        db.add(make_worker(seen_at=now - timedelta(hours=3)))
    settings = OperatorSettings(port=unused_tcp_port)
    async with operators_port(settings, database.get_engine()):
        page = figures((await get(http, f"http://127.0.0.1:{unused_tcp_port}/metrics"))[1])
    assert 7200 <= page['dars_outbox_late_seconds{kind="nudge"}'] < 7300
    assert page['dars_outbox_late_seconds{kind="reply"}'] == 0
    assert (page["dars_workers"], page["dars_worker_silent_seconds"] // 60) == (0, 180)


@pytest.mark.usefixtures("database_url")
async def test_workers_that_are_gone_are_forgotten_but_for_the_last() -> None:
    now, day = clock.now(), timedelta(days=1)
    async with database.session_scope() as db:
        for days in (2, 3, 4):
            db.add(make_worker(name=str(days), seen_at=now - days * day))
    async with database.session_scope() as db:
        await queue.forget_gone(db, now, day)
    async with database.read_scope() as db:
        assert list(await db.scalars(select(Worker.name))) == ["2"]
