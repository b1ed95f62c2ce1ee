"""What operators see: health, figures, logs, and what Telegram knows of the bot."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import text, update
from typer.testing import CliRunner

from bot.gateway.profile import read_status, set_up
from bot.run import run_polling
from cli.bot import run_bot
from cli.main import app
from sandbox.run import Running, start
from src import clock, database
from src.errors import SettingsError
from src.models import CostStatus, OutboxOutcome, Problem
from src.settings import OperatorSettings, WebhookSettings, load_settings
from tests.acceptance.conftest import MakePupil, bot_settings
from tests.acceptance.pupil import PATIENCE_SECONDS, text_of
from tests.acceptance.sandbox_client import Api
from tests.acceptance.test_exactly_once import finish_session
from tests.acceptance.test_practice import right_answer
from tests.acceptance.webhooks import (
    Process,
    deliver_to,
    environment,
    receiving,
    webhook_settings,
)
from tests.fixtures.factories import (
    make_cost_record,
    make_outbox_message,
    make_session,
    make_student,
    make_worker,
)
from tests.fixtures.library import add_library
from tests.fixtures.postgres import find_binaries, run_server
from web.operators import operators_port

ROOT = Path(__file__).resolve().parents[2]
NAME = "Zubaidatulnesa"
USER_ID = 987_654_321_012


async def dars(*words: str, **env: str) -> tuple[int, str, str]:
    """Run `dars` and return (exit status, output, errors)."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from cli.main import main; main()"),
        *words,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | env,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def get(http: aiohttp.ClientSession, url: str) -> tuple[int, str]:
    async with http.get(url) as answer:
        return answer.status, await answer.text()


def figures(page: str) -> dict[str, float]:
    """Read Prometheus' text format."""
    lines = (line.rpartition(" ") for line in page.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


@pytest.fixture(autouse=True)
async def no_process_stays() -> AsyncGenerator[None]:
    """Whatever becomes of a test."""
    yield
    await Process.kill_all()


async def add_worker() -> None:
    """Add a worker that was seen just now: without one nothing is well."""
    async with database.session_scope() as db:
        db.add(make_worker())


@pytest.fixture
async def operators(database_url: str, unused_tcp_port: int) -> AsyncGenerator[str]:
    """The address of a port for operators, on a fresh database."""
    await add_worker()
    settings = OperatorSettings(port=unused_tcp_port)
    async with operators_port(settings, database.get_engine()):
        yield f"http://127.0.0.1:{unused_tcp_port}"


async def test_a_healthy_process_is_alive_and_ready(
    operators: str, http: aiohttp.ClientSession
) -> None:
    assert await get(http, f"{operators}/healthz") == (200, '{"status":"ok"}')
    status, body = await get(http, f"{operators}/readyz")
    assert status == 200
    found = json.loads(body)
    assert 0 <= found.pop("worker_silent_seconds") < 120
    assert found == {
        "status": "ok",
        "faults": [],
        "database": True,
        "schema": "current",
        "queue_age_seconds": 0.0,
        "queue_age_limit_seconds": 600.0,
        "worker_silence_limit_seconds": 120.0,
        "reason": None,
    }


async def test_a_schema_that_is_not_ours_is_not_ready(
    operators: str, http: aiohttp.ClientSession
) -> None:
    async with database.session_scope() as db:
        await db.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    status, body = await get(http, f"{operators}/readyz")
    assert (status, json.loads(body)["schema"]) == (503, "behind")
    assert "dars db upgrade" in json.loads(body)["faults"][0]
    assert (await get(http, f"{operators}/healthz"))[0] == 200


async def test_a_job_that_waits_too_long_is_not_ready(
    postgres_url: str, unused_tcp_port: int, http: aiohttp.ClientSession
) -> None:
    async with database.session_scope() as db:
        await db.execute(
            text(
                "INSERT INTO dars_jobs.pgqueuer (priority, entrypoint, status, created, updated, "
                "heartbeat, execute_after) VALUES (0, 'x', 'queued', now(), now(), now(), "
                "now() - interval '15 minutes')"
            )
        )
    settings = OperatorSettings(port=unused_tcp_port)
    async with operators_port(settings, database.get_engine()):
        status, body = await get(http, f"http://127.0.0.1:{unused_tcp_port}/readyz")
        _, page = await get(http, f"http://127.0.0.1:{unused_tcp_port}/metrics")
    assert status == 503
    assert "does `dars worker` run?" in json.loads(body)["faults"][0]
    assert figures(page)["dars_queue_jobs"] == 1
    assert figures(page)["dars_queue_age_seconds"] >= 900


async def test_a_database_that_is_away_is_told_and_survived(
    unused_tcp_port: int, http: aiohttp.ClientSession
) -> None:
    with run_server(find_binaries()[0]) as server:
        database.configure(server.url)
        await database.init_db()
        await add_worker()
        settings = OperatorSettings(port=unused_tcp_port)
        async with operators_port(settings, database.get_engine()):
            url = f"http://127.0.0.1:{unused_tcp_port}"
            server.stop(keep=True)
            status, body = await get(http, f"{url}/readyz")
            [fault] = json.loads(body)["faults"]
            assert (status, fault.partition(":")[0]) == (503, "the database does not answer")
            assert (await get(http, f"{url}/healthz"))[0] == 200
            page = figures((await get(http, f"{url}/metrics"))[1])
            assert page["dars_database_up"] == 0
            assert "dars_sessions_open" not in page
            server.start()
            assert (await get(http, f"{url}/readyz"))[0] == 200
        await database.dispose()
        database.configure()


async def test_figures_of_the_database(operators: str, http: aiohttp.ClientSession) -> None:
    today = clock.now().date()
    outcomes = [OutboxOutcome.SENT, OutboxOutcome.SENT, None]
    async with database.session_scope() as db:
        for outcome in outcomes:
            student = make_student()
            db.add(student)
            await db.flush()
            db.add(make_session(student_id=student.id))
            db.add(make_outbox_message(student_id=student.id, local_day=today, outcome=outcome))
        db.add(make_cost_record(cost_usd="0.0015"))
        db.add(make_cost_record(cost_usd="0.25", status=CostStatus.RESERVED))
        db.add(make_cost_record(cost_usd="0.5", status=CostStatus.RELEASED))
    page = figures((await get(http, f"{operators}/metrics"))[1])
    expected = {
        "dars_database_up": 1,
        "dars_sessions_open": 3,
        'dars_cost_dollars_today{status="spent"}': 0.0015,
        'dars_cost_dollars_today{status="reserved"}': 0.25,
        'dars_outbox_today{kind="nudge",outcome="sent"}': 2,
        'dars_outbox_today{kind="nudge",outcome="waiting"}': 1,
        "dars_queue_jobs": 0,
    }
    assert {name: page[name] for name in expected} == expected


async def test_updates_are_counted_over_all_processes(
    postgres_url: str,
    sandbox: Running,
    make_pupil: MakePupil,
    http: aiohttp.ClientSession,
    unused_tcp_port: int,
) -> None:
    async with database.session_scope() as db:
        await add_library(db)
    await add_worker()
    process = await Process.start(
        sandbox, postgres_url, "--workers", "2", DARS_METRICS_PORT=str(unused_tcp_port)
    )
    await deliver_to(sandbox, process.url)
    pupils = [make_pupil() for _ in range(4)]
    await asyncio.gather(*(pupil.register() for pupil in pupils))
    await pupils[0].say("/practice")
    await pupils[0].tap("Hint")
    right = right_answer(text_of(await pupils[0].chat()))
    await pupils[0].say(str(right - 900))
    await asyncio.gather(*(finish_session(pupil) for pupil in pupils))
    message_id, _ = await pupils[0].find_button("Five more")
    await pupils[0].tap_data(message_id, "v0:nonsense")
    url = f"http://127.0.0.1:{unused_tcp_port}"
    page = figures((await get(http, f"{url}/metrics"))[1])
    counted = {
        ("command", "done"): 4 * 2 + 1,
        ("tap", "done"): 4 * 5 + 1,
        ("message", "done"): 4 * 5 + 1,
        ("tap", "refused"): 1,
    }
    for (kind, outcome), times in counted.items():
        assert page[f'dars_updates_total{{kind="{kind}",outcome="{outcome}"}}'] == times
    assert page['dars_update_seconds_count{kind="message"}'] == 4 * 5 + 1
    assert page['dars_hints_total{source="authored"}'] == 1
    assert page['dars_hints_total{source="misconception"}'] == 1
    assert page["dars_db_pool_in_use"] == 0
    assert page["dars_db_pool_size"] == 2 * (5 + 10)
    assert (await get(http, f"{url}/readyz"))[0] == 200
    assert await asyncio.wait_for(process.end(signal.SIGTERM), PATIENCE_SECONDS) == 0
    with pytest.raises(aiohttp.ClientError):
        await get(http, f"{url}/healthz")


async def test_the_log_of_a_conversation_names_no_pupil(
    sqlite_url: str, sandbox: Running, make_pupil: MakePupil
) -> None:
    async with database.session_scope() as db:
        await add_library(db)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from cli.main import main; main()", "bot"),
        env=environment(sandbox, sqlite_url)
        | {"DARS_ENV": "production", "DARS_LOG_LEVEL": "DEBUG", "DARS_METRICS_PORT": "0"},
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    reading = asyncio.create_task(_read(process))
    try:
        said = await _converse(make_pupil)
    finally:
        process.send_signal(signal.SIGTERM)
        log = await reading
    assert await process.wait() == 0
    entries: list[dict[str, Any]] = [json.loads(line) for line in log.splitlines()]
    [failed, *_] = [entry for entry in entries if entry["event"] == "update failed"]
    assert failed["error"] == "KeyError"
    assert isinstance(failed["update_id"], int)
    handled = [entry for entry in entries if entry["event"] == "update handled"]
    assert [entry["outcome"] for entry in handled].count("done") == 1 + 5 + 1 + 4 + 1 + 1
    about_updates = [entry for entry in entries if entry["logger"] == "bot.updates"]
    assert all(isinstance(entry["update_id"], int) for entry in about_updates)
    for secret in (*said, NAME, str(USER_ID), sandbox.config.token, "sandbox-token"):
        assert secret not in log


async def _read(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    return (await process.stderr.read()).decode()


async def _converse(make_pupil: MakePupil) -> list[str]:
    """Have a pupil do everything that may be logged; return what they typed."""
    pupil = make_pupil(first_name=NAME)
    pupil.id = USER_ID
    await pupil.register()
    right = right_answer(text_of(await pupil.say("/practice")))
    typed = ["I-do-not-know-at-all", f"{right}.000000", "<b>not-html", "/nonsensical"]
    for words in typed:
        await pupil.say(words)
    await pupil.send(sticker="🦉")
    await pupil.tap_data((await pupil.find_button("Hint"))[0], "v0:secret-data")
    async with database.session_scope() as db:
        await db.execute(update(Problem).values(hints=[{}, {}, {}]))
    await pupil.say("/hint")
    await pupil.block()
    return [*typed, "secret-data"]


async def dars_health(*words: str) -> tuple[int, str]:
    """Run `dars health` beside the loop of the test."""
    await database.dispose()
    result = await asyncio.to_thread(CliRunner().invoke, app, ["health", *words])
    return result.exit_code, result.output


async def test_health_exits_with_what_it_finds(database_url: str) -> None:
    await add_worker()
    status, out = await dars_health("--format", "json")
    assert (status, json.loads(out)["status"]) == (0, "ok")
    async with database.session_scope() as db:
        await db.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    status, out = await dars_health()
    assert status == 1
    assert "ahead of this version" in out


async def test_telegram_is_told_the_webhook_and_the_profile(
    sandbox: Running, http: aiohttp.ClientSession
) -> None:
    env = environment(sandbox, "sqlite://")
    settings = webhook_settings(sandbox, DARS_WEBHOOK_URL="https://dars.example/telegram")
    assert not (await read_status(settings.telegram, settings.webhook)).ok
    status, out, _ = await dars("telegram", "setup", **env)
    assert (status, out.splitlines()[-1]) == (0, "@dars_sandbox_bot is ready.")
    status, out, _ = await dars("telegram", "status", "--format", "json", **env)
    assert status == 0
    assert all(json.loads(out)["parts"].values())
    bot = f"{sandbox.url}/bot{sandbox.config.token}"
    info = json.loads((await get(http, f"{bot}/getWebhookInfo"))[1])["result"]
    assert info["url"] == "https://dars.example/telegram"
    assert {"message", "callback_query"} <= set(info["allowed_updates"])
    menu = json.loads((await get(http, f"{bot}/getMyCommands?language_code=bn"))[1])["result"]
    assert {"command": "help", "description": "কীভাবে কাজ করে"} in menu
    name = json.loads((await get(http, f"{bot}/getMyName?language_code=bn"))[1])["result"]
    assert name == {"name": "দরস"}
    _, changed = await set_up(settings.telegram, WebhookSettings())
    assert changed == ["webhook"]
    info = json.loads((await get(http, f"{bot}/getWebhookInfo"))[1])["result"]
    assert info["url"] == ""


async def test_a_secret_that_differs_is_told_as_what_it_is(
    sqlite_url: str, sandbox: Running, make_pupil: MakePupil
) -> None:
    async with receiving(sandbox) as url:
        wrong = {"DARS_WEBHOOK_URL": url, "DARS_WEBHOOK_SECRET": "another-secret-of-a-webhook"}
        settings = bot_settings(sandbox, **wrong)
        status, _ = await set_up(settings.telegram, settings.webhook)
        assert status.ok
        waiting = asyncio.create_task(make_pupil().say("/start"))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (await read_status(settings.telegram, settings.webhook)).is_failing:
                await asyncio.sleep(0.05)
        env = environment(sandbox, sqlite_url) | wrong
        code, out, _ = await dars("telegram", "status", **env)
        assert (code, "401" in out, "All is as" in out) == (1, True, False)
        assert "Deliveries fail" in out
        await deliver_to(sandbox, url)
        await waiting
        settings = webhook_settings(sandbox, DARS_WEBHOOK_URL=url)
        assert (await read_status(settings.telegram, settings.webhook)).ok


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"DARS_WEBHOOK_SECRET": ""}, "DARS_WEBHOOK_SECRET: missing; 16 to 256 letters"),
        ({"DARS_WEBHOOK_HOST": "192.0.2.1"}, "DARS_WEBHOOK_PORT: 192.0.2.1:8090 cannot be used"),
        ({"TELEGRAM_BOT_TOKEN": ""}, "TELEGRAM_BOT_TOKEN: missing"),
    ],
)
def test_a_missing_setting_stops_the_start_with_its_name(
    monkeypatch: pytest.MonkeyPatch, sandbox: Running, variables: dict[str, str], said: str
) -> None:
    for name, value in (environment(sandbox, "sqlite://") | variables).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        run_bot(load_settings(), "webhook", None, None, 1)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DARS_WEBHOOK_SECRET", "short"),
        ("DARS_WEBHOOK_SECRET", "with a space in it, and long"),
        ("DARS_WEBHOOK_URL", "dars.example"),
        ("DARS_WEBHOOK_PORT", "99999"),
        ("DARS_METRICS_PORT", "http"),
        ("DARS_QUEUE_AGE_LIMIT", "0"),
    ],
)
def test_a_broken_setting_is_named_and_its_value_is_not(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).startswith(f"{name}: ")
    assert value not in str(caught.value) or name != "DARS_WEBHOOK_SECRET"


def test_several_processes_need_a_server(sandbox: Running, sqlite_url: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL: several processes need PostgreSQL"):
        run_bot(webhook_settings(sandbox), "webhook", None, None, 2)


async def test_a_token_that_is_revoked_stops_the_bot_with_its_name(
    database_url: str, sandbox: Running, http: aiohttp.ClientSession
) -> None:
    running = asyncio.create_task(run_polling(bot_settings(sandbox), asyncio.Event()))
    while (await Api(http, sandbox).get("stats"))["calls"].get("getUpdates", 0) == 0:
        await asyncio.sleep(0.02)
    sandbox.stop()
    port = int(sandbox.url.rsplit(":", 1)[1])
    other = start(replace(sandbox.config, port=port, token="1000000001:another-token"))
    try:
        with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN"):
            await asyncio.wait_for(running, PATIENCE_SECONDS)
    finally:
        other.stop()
