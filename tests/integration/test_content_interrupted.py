"""An import that is killed leaves nothing behind: a real process, a real SIGKILL."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from src.content.service import ImportSummary, import_rows
from tests.unit.content.good import ROOT, good_problem, numbered

# The rows come slowly or the commit does: the process says so and then waits to be killed.
PROGRAM = """
import asyncio, sys, time
from src import database
from src.content.service import import_rows
from tests.unit.content.good import good_problem, numbered

def say_and_wait():
    print("now", flush=True)
    time.sleep(60)

def rows(moment):
    yield good_problem(difficulty=3)
    for number in range(300):
        yield numbered(number)
    if moment == "reading":
        say_and_wait()

async def main(url, moment):
    database.configure(url)
    async with database.session_scope() as db:
        await import_rows(db, rows(moment))
        say_and_wait()

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize("moment", ["reading", "written"])
async def test_a_killed_import_leaves_nothing_behind(
    database_url: str, db: AsyncSession, moment: str, tmp_path: Path
) -> None:
    await import_rows(db, [good_problem()])
    await db.commit()

    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, database_url, moment], cwd=ROOT, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"now\n"
        process.send_signal(signal.SIGKILL)

    rows = (await db.execute(text("SELECT external_id, difficulty FROM problems"))).all()
    assert [tuple(row) for row in rows] == [("G6-EXAMPLE-001", 1)]
    await db.rollback()
    assert (await import_rows(db, [good_problem(), numbered(1)])) == ImportSummary(
        added=1, unchanged=1
    )
