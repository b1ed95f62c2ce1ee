"""`dars db backup` and `dars db restore` on both databases, as an operator runs them."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, make_url, select, text
from typer.testing import CliRunner

from cli.db import app
from src import clock, database, inbox
from src.errors import BackupError
from src.models import Base
from src.operations import backup
from src.operations.programs import run_program
from src.storage import schema
from tests.fixtures.factories import (
    make_cost_record,
    make_notification,
    make_outbox_message,
    make_received_update,
    make_response,
    make_session,
    make_streak,
    make_student,
)
from tests.fixtures.library import add_library
from tests.fixtures.postgres import Databases, find_binaries


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put PostgreSQL's programs on the path, as on a machine of an operator."""
    monkeypatch.setenv("PATH", f"{find_binaries()[0]}{os.pathsep}{os.environ['PATH']}")


async def dars_db(*words: str) -> str:
    """Run `dars db` beside the loop of the test, and return what it prints."""
    await database.dispose()
    result = await asyncio.to_thread(CliRunner().invoke, app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


async def refused(*words: str) -> str:
    """Return the reason for which `dars db` does not do something."""
    with pytest.raises(BackupError) as caught:
        await dars_db(*words)
    return str(caught.value)


async def fill() -> None:
    """Give every pupil something in every table."""
    async with database.session_scope() as db:
        await add_library(db)
        for number in range(3):
            student = make_student(name=f"Pupil {number}; ' ১২৩")
            db.add(student)
            await db.flush()
            practice = make_session(student_id=student.id)
            db.add(practice)
            await db.flush()
            db.add_all(
                [
                    make_response(session_id=practice.id, problem_id=1, student_answer="৩/৪\n\\."),
                    make_streak(student_id=student.id, current_streak=number),
                    make_notification(student_id=student.id),
                    make_outbox_message(student_id=student.id, subject="2026-01-01"),
                    make_cost_record(student_id=student.id, session_id=practice.id),
                    make_received_update(),
                ]
            )


async def summarise() -> dict[str, object]:
    """Return the revision, and of each table its rows as text."""
    found: dict[str, object] = {"revision": await schema.get_revision(database.get_engine())}
    async with database.read_scope() as db:
        for table in Base.metadata.sorted_tables:
            # A backup cannot hold how it ended.
            if table.name == "backup_runs":
                continue
            rows = (await db.execute(select(table))).all()
            found[table.name] = sorted(str(row) for row in rows)
    await database.dispose()
    return found


def as_restored(before: dict[str, object], url: str) -> dict[str, object]:
    """Return what a restore brings back: a dump leaves out what waits, and what was handled."""
    return before | {"received_updates": []} if url.startswith("postgresql") else before


@pytest.fixture
async def empty_url(
    database_url: str, tmp_path: Path, postgres_databases: Databases
) -> AsyncGenerator[str]:
    """The address of an empty database of the same kind."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/other.db"
        return
    url = await postgres_databases.create(migrated=False)
    yield url
    await postgres_databases.drop(url)


async def test_what_was_backed_up_comes_back(
    database_url: str, empty_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "dars.backup"
    await fill()
    before = await summarise()
    assert "It holds personal data." in await dars_db("backup", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.glob("dars.backup*")) == ["dars.backup"]
    database.configure(empty_url)
    said = await dars_db("restore", str(file))
    assert said == f"Restored. The database is at {schema.get_head()} (current).\n"
    assert await summarise() == as_restored(before, database_url)
    await _can_be_used()
    database.configure(database_url)


async def test_what_waits_for_its_turn_is_in_no_backup(
    database_url: str, empty_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "dars.backup"
    secret = {"message": {"text": "Zubaida-and-her-words"}}
    async with database.session_scope() as db:
        key = inbox.UpdateKey(1, 7)
        await inbox.keep(db, [inbox.Kept(key, 42, secret)], clock.now())
    await database.dispose()
    await dars_db("backup", str(file))
    database.configure(empty_url)
    await dars_db("restore", str(file))
    summary = await summarise()
    assert "Zubaida" not in str(summary)
    assert summary["revision"] == schema.get_head()
    if database_url.startswith("postgresql"):
        assert "Zubaida" not in run_program("pg_restore", "--file=-", str(file))
    else:
        assert b"Zubaida" not in file.read_bytes()
    database.configure(database_url)


async def _can_be_used() -> None:
    """Sequences and constraints came back too."""
    async with database.session_scope() as db:
        db.add(make_student())
        await db.flush()
        assert await db.scalar(select(func.count()).select_from(text("students"))) == 4
    await schema.check(database.get_engine())
    await database.dispose()


async def test_a_database_with_rows_is_replaced_only_by_force(
    database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "dars.backup"
    await fill()
    before = await summarise()
    await dars_db("backup", str(file))
    async with database.session_scope() as db:
        db.add(make_student())
    after = await summarise()
    assert "the database is not empty" in await refused("restore", str(file))
    assert await summarise() == after
    await dars_db("restore", "--force", str(file))
    assert await summarise() == as_restored(before, database_url)


async def test_a_file_that_is_no_backup_changes_nothing(database_url: str, tmp_path: Path) -> None:
    await fill()
    before = await summarise()
    rubbish = tmp_path / "rubbish"
    for content in (b"", b"PGDMP and more", b"SQLite format 3\0 and more"):
        rubbish.write_bytes(content)
        assert await refused("restore", "--force", str(rubbish))
    assert "there is no file" in await refused("restore", "--force", "/none")
    assert await summarise() == before


async def test_a_backup_never_replaces_a_file(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "precious"
    file.write_text("precious")
    assert "exists already" in await refused("backup", str(file))
    assert file.read_text() == "precious"
    assert "cannot be written" in await refused("backup", "/none/file")


async def test_a_backup_of_a_newer_version_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "dars.backup"
    backup.backup(database.get_url(), file)
    with sqlite3.connect(file) as copy:
        copy.execute("UPDATE alembic_version SET version_num = '9999'")
    copy.close()
    with pytest.raises(BackupError, match=r"newer version of Dars \(revision 9999\)"):
        backup.restore(database.get_url(), file)


EVIL = [
    (
        "CREATE TRIGGER evil AFTER INSERT ON responses BEGIN DELETE FROM students; END",
        (
            "CREATE FUNCTION evil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
            "CREATE TRIGGER evil AFTER INSERT ON responses EXECUTE FUNCTION evil()"
        ),
    ),
    (
        (
            "DROP TRIGGER roll_up_costs_delete; CREATE TRIGGER roll_up_costs_delete"
            " AFTER DELETE ON cost_records BEGIN DELETE FROM students; END"
        ),
        (
            "CREATE OR REPLACE FUNCTION roll_up_costs_delete() RETURNS trigger LANGUAGE plpgsql"
            " AS $evil$BEGIN DELETE FROM students; RETURN NULL; END$evil$"
        ),
    ),
    (
        "CREATE VIEW evil AS SELECT * FROM students",
        "CREATE VIEW evil AS SELECT * FROM students",
    ),
    (
        "ALTER TABLE daily_costs RENAME TO kept; CREATE VIEW daily_costs AS SELECT * FROM kept",
        "CREATE RULE evil AS ON INSERT TO responses DO ALSO DELETE FROM students",
    ),
]


@pytest.mark.parametrize("evil", EVIL, ids=["trigger", "our trigger", "view", "our table"])
async def test_what_acts_by_itself_and_is_not_ours_is_not_restored(
    database_url: str, empty_url: str, tmp_path: Path, evil: tuple[str, str]
) -> None:
    file = tmp_path / "dars.backup"
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(tmp_path / "dars.db")) as changed:
            changed.executescript(evil[0])
    else:
        async with database.session_scope() as db:
            for statement in evil[1].split(";C"):
                await db.execute(text("C" * (statement[0] != "C") + statement))
    await dars_db("backup", str(file))
    database.configure(empty_url)
    assert "holds what Dars did not make" in await refused("restore", str(file))
    assert await schema.get_revision(database.get_engine()) is None
    await database.dispose()
    database.configure(database_url)


GONE = [
    ("DROP TRIGGER keep_grade_history_delete", "DROP TRIGGER keep_grade_history_delete ON {0}"),
    (
        "DROP TRIGGER keep_grade_history_delete; DROP TRIGGER keep_grade_history_update",
        "ALTER TABLE {0} DISABLE TRIGGER keep_grade_history_delete",
    ),
]


@pytest.mark.parametrize("gone", GONE, ids=["one", "more"])
async def test_a_copy_without_our_triggers_is_not_restored(
    database_url: str, empty_url: str, tmp_path: Path, gone: tuple[str, str]
) -> None:
    """History that a database let nobody change could be changed from then on."""
    file = tmp_path / "dars.backup"
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(tmp_path / "dars.db")) as changed:
            changed.executescript(gone[0])
    else:
        async with database.session_scope() as db:
            await db.execute(text(gone[1].format("grade_history")))
    await dars_db("backup", str(file))
    database.configure(empty_url)
    reason = await refused("restore", str(file))
    assert "lacks what keeps the data right: ['trigger keep_grade_history_delete'" in reason
    await database.dispose()
    database.configure(database_url)


async def test_missing_programs_are_named(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    reason = await refused("backup", str(tmp_path / "x"))
    assert "pg_dump is not installed: install PostgreSQL's client programs" in reason
    assert list(tmp_path.glob("x*")) == []


async def test_sqlite_is_copied_while_it_is_written(sqlite_url: str, tmp_path: Path) -> None:
    await fill()
    async with database.session_scope() as db:
        db.add(make_student())
        await db.flush()
        backup.backup(database.get_url(), tmp_path / "copy")
    with sqlite3.connect(tmp_path / "copy") as copy:
        assert copy.execute("SELECT count(*) FROM students").fetchone() == (3,)
    copy.close()


def test_the_password_is_in_a_file_and_not_in_the_list_of_processes() -> None:
    address = make_url("postgresql+asyncpg://u:p%3A%5C'x@db.example:6543/dars?ssl=require")
    with backup.connection_words(address) as words:
        assert "p:" not in words
        assert "host='db.example' port='6543' user='u' dbname='dars' sslmode='require'" in words
        file = Path(words.rpartition("passfile='")[2].rstrip("'"))
        assert file.read_text() == "*:*:*:*:p\\:\\\\'x"
        assert file.stat().st_mode & 0o777 == 0o600
    assert not file.exists()


async def test_a_rehearsal_restores_looks_and_leaves_nothing(
    database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "dars.backup"
    await fill()
    async with database.session_scope() as db:
        await db.execute(text("UPDATE streaks SET current_streak = 0, longest_streak = 0"))
    before = await summarise()
    await dars_db("backup", str(file))
    # As one that was killed leaves it.
    for _ in range(2):
        said = await dars_db("rehearse", str(file))
        assert said.splitlines()[0] == f"revision  {schema.get_head()}"
        assert "responses: 3" in said
        assert said.splitlines()[-2:] == ["3 streaks replayed", "This backup can be restored."]
    assert await summarise() == before
    if database_url.startswith("postgresql"):
        name = f"{make_url(database_url).database}_rehearsal"
        async with database.read_scope() as db:
            left = text("SELECT count(*) FROM pg_database WHERE datname = :name")
            assert await db.scalar(left, {"name": name}) == 0


@pytest.mark.usefixtures("database_url")
async def test_a_rehearsal_tells_of_a_streak_that_the_sessions_do_not_give(tmp_path: Path) -> None:
    file = tmp_path / "dars.backup"
    await fill()
    await dars_db("backup", str(file))
    result = await asyncio.to_thread(CliRunner().invoke, app, ["rehearse", str(file)])
    assert result.exit_code == 1
    assert "fault: the streak of pupil" in result.output
    assert result.output.splitlines()[-1] == "Something is wrong."
