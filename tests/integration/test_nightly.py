"""A backup a night: noted, kept for two weeks, put back on trial on Sundays, and missed if not."""

import asyncio
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from cli.main import app
from cli.nightly import seconds_until, too_old
from src import clock, database
from src.models import BackupKind, BackupRun
from src.operations import health
from src.settings import OperatorSettings
from tests.fixtures.factories import make_backup_run, make_student

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def dars(*words: str) -> Any:
    await database.dispose()
    return await asyncio.to_thread(CliRunner().invoke, app, ["db", *words])


async def runs() -> list[BackupRun]:
    async with database.read_scope() as db:
        return list(await db.scalars(select(BackupRun).order_by(BackupRun.id)))


async def test_a_night_makes_a_backup_and_tries_it(database_url: str, tmp_path: Path) -> None:
    async with database.session_scope() as db:
        db.add(make_student())
    result = await dars("nightly", str(tmp_path / "kept"), "--rehearse")
    assert result.exit_code == 0, (result.output, result.exception)
    assert "came back as they should" in result.output
    [file] = (tmp_path / "kept").iterdir()
    assert file.stat().st_mode & 0o77 == 0
    backup, rehearsal = await runs()
    assert (backup.kind, backup.ok, backup.file) == (BackupKind.BACKUP, True, str(file))
    assert backup.bytes == file.stat().st_size
    assert (rehearsal.kind, rehearsal.ok, rehearsal.detail) == (BackupKind.REHEARSAL, True, None)
    found = await health.read(database.get_engine(), OperatorSettings())
    assert found is not None
    assert max(found.backup_seconds.values()) < 600
    assert found.failed_backups == {"backup": 0, "rehearsal": 0}


async def test_a_night_that_fails_is_noted_with_the_reason(
    database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "there.backup"
    file.touch()
    assert "exists already" in str((await dars("backup", str(file))).exception)
    [run] = await runs()
    assert (run.ok, run.bytes) == (False, None)
    assert "exists already" in (run.detail or "")
    found = await health.read(database.get_engine(), OperatorSettings())
    assert found is not None
    assert found.failed_backups["backup"] == 1
    assert found.backup_seconds["backup"] == math.inf


async def test_the_last_good_one_counts(database_url: str) -> None:
    now = clock.now()
    async with database.session_scope() as db:
        for hours, ok in ((50, True), (30, True), (2, False), (1, None)):
            begun = now - timedelta(hours=hours)
            db.add(make_backup_run(begun_at=begun, ok=ok, ended_at=begun if ok else None))
    found = await health.read(database.get_engine(), OperatorSettings())
    assert found is not None
    assert found.backup_seconds["backup"] == pytest.approx(30 * 3600, abs=60)
    assert found.failed_backups["backup"] == 1


async def test_before_an_upgrade_a_backup_is_made_though_it_cannot_be_noted(
    sqlite_url: str, tmp_path: Path
) -> None:
    await database.dispose()
    downgraded = await dars("downgrade", "0021")
    assert downgraded.exit_code == 0, downgraded.exception
    assert (await dars("backup", str(tmp_path / "before.backup"))).exit_code == 0


def test_old_backups_go_but_never_the_newest(tmp_path: Path) -> None:
    for day in (1, 10, 20):
        (tmp_path / f"dars-202601{day:02}-203000.backup").touch()
    (tmp_path / "mine.backup").touch()
    old = too_old(tmp_path, datetime(2026, 1, 15, tzinfo=UTC))
    assert [file.name for file in old] == [
        "dars-20260101-203000.backup",
        "dars-20260110-203000.backup",
    ]
    assert len(too_old(tmp_path, datetime(2027, 1, 1, tzinfo=UTC))) == 2
    assert too_old(tmp_path / "empty", NOW) == []


@pytest.mark.parametrize(
    ("at", "hours"), [("20:30", 8.5), ("12:00", 24.0), ("11:00", 23.0), ("12:01", 1 / 60)]
)
def test_it_waits_until_the_time_of_the_day(at: str, hours: float) -> None:
    assert seconds_until(at, NOW) == pytest.approx(hours * 3600)


async def test_a_wrong_time_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    assert "20:30" in str((await dars("nightly", str(tmp_path), "--daily-at", "25:00")).exception)
