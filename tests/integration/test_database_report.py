"""``dars db report`` and the scripts that open the same doors."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner

from cli.db import app
from src import clock, database
from src.operations.database_report import report
from src.storage.schema import migration_connection
from tests.fixtures.factories import make_worker
from tests.fixtures.postgres import Databases, run

ROOT = Path(__file__).resolve().parents[2]
FILL = {
    "postgresql": "INSERT INTO filled SELECT n, repeat('x', 90) FROM generate_series(1, 9000) n",
    "sqlite": "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 9000) "
    "INSERT INTO filled SELECT n, hex(zeroblob(45)) FROM s",
}


async def fill() -> None:
    kind = database.get_engine().dialect.name
    async with migration_connection(database.get_engine()) as db:
        await db.execute(text("CREATE TABLE filled (id BIGINT, words TEXT)"))
        await db.execute(text("CREATE INDEX idx_filled_nobody_uses ON filled (words)"))
        await db.execute(text(FILL[kind]))
    if kind == "postgresql":
        async with database.get_engine().connect() as db:
            await db.execution_options(isolation_level="AUTOCOMMIT")
            await db.execute(text("ANALYZE filled"))
            await db.execute(text("SELECT pg_stat_force_next_flush()"))


@pytest.mark.usefixtures("database_url")
async def test_the_largest_table_comes_first_with_its_rows_and_bytes() -> None:
    await fill()
    found = await report(database.get_engine(), clock.now())
    largest = found.tables[0]
    assert largest["table"] == "filled"
    assert largest["rows"] == 9000
    assert found.bytes > largest["bytes"] > 400_000
    assert found.growth_bytes_a_day is None


async def test_on_a_server_it_names_unused_indexes_and_who_waits(postgres_url: str) -> None:
    await fill()
    blocker, waiter = database.create_engine(postgres_url), database.create_engine(postgres_url)
    async with blocker.connect() as first, waiter.connect() as second:
        await first.execute(text("LOCK TABLE filled"))
        waiting = asyncio.create_task(second.execute(text("SELECT count(*) FROM filled")))
        found = await report(database.get_engine(), clock.now())
        while not found.locks:
            found = await report(database.get_engine(), clock.now())
        await first.rollback()
        await waiting
    await blocker.dispose()
    await waiter.dispose()
    assert [lock["table"] for lock in found.locks] == ["filled"]
    assert found.waits is not None
    assert ("Lock", "relation") in {(wait["kind"], wait["event"]) for wait in found.waits}
    assert found.unused_indexes is not None
    assert "idx_filled_nobody_uses" in {row["index"] for row in found.unused_indexes}
    assert found.counters is not None
    assert found.counters["max_connections"] > 10


@pytest.mark.usefixtures("database_url")
def test_the_report_before_gives_the_growth(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    command = ["report", "--output", str(file)]
    asyncio.run(_add_worker_and_close())
    assert CliRunner().invoke(app, command).exit_code == 0
    assert json.loads(file.read_text())["growth_bytes_a_day"] is None
    asyncio.run(_fill_and_close())
    assert CliRunner().invoke(app, command).exit_code == 0
    assert json.loads(file.read_text())["growth_bytes_a_day"] > 0


async def _add_worker_and_close() -> None:
    async with database.session_scope() as db:
        db.add(make_worker())
    await database.dispose()


async def _fill_and_close() -> None:
    await fill()
    await database.dispose()


@pytest.mark.usefixtures("sqlite_url")
def test_a_file_that_is_no_report_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text("mine")
    result = CliRunner().invoke(app, ["report", "--output", str(file)])
    assert "is no report" in str(result.exception)
    assert file.read_text() == "mine"


def script(name: str, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", f"scripts.{name}", *words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


async def add_worker(url: str) -> None:
    engine = database.create_engine(url)
    async with AsyncSession(engine) as db, db.begin():
        db.add(make_worker())
    await engine.dispose()


def test_the_scripts_make_check_and_report_on_a_database(
    tmp_path: Path, postgres_databases: Databases
) -> None:
    url = run(postgres_databases.create(migrated=False))
    made = script("init_migrations", url, "--env", "development")
    assert made.returncode == 0, made.stderr
    assert "The database is current." in made.stdout
    run(add_worker(url))
    file = tmp_path / "health_report.json"
    looked = script("db_health_check", url, "--env", "testing", "--output", str(file))
    assert looked.returncode == 0, looked.stderr
    found = json.loads(file.read_text())
    assert (found["environment"], found["health"]["status"]) == ("testing", "ok")
    verified = script("verify_db_relationships", url)
    assert verified.returncode == 0, verified.stderr
    assert "All belongs together." in verified.stdout
    run(postgres_databases.drop(url))
    gone = script("verify_db_relationships", url)
    assert gone.returncode == 1
    assert gone.stderr.startswith("dars: ")


def test_an_unknown_environment_is_refused(tmp_path: Path) -> None:
    refused = script("init_migrations", f"sqlite:///{tmp_path}/a.db", "--env", "moon")
    assert refused.returncode == 2
    assert not (tmp_path / "a.db").exists()
