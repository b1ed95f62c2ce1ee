"""An erased pupil is in no file of the database, not even where rows were."""

import asyncio
import io
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.run import run_polling
from sandbox.run import Running
from src import database
from src.models import ReceivedUpdate
from tests.acceptance.conftest import MakePupil, bot_settings
from tests.acceptance.pupil import Pupil
from tests.fixtures.library import add_library

NAME, ANSWER = "Zubaidakhatun", "987654321.75"


@pytest.fixture
async def pupil(sqlite_url: str, sandbox: Running, make_pupil: MakePupil) -> AsyncGenerator[Pupil]:
    """A pupil of a bot on SQLite."""
    async with database.session_scope() as db:
        await add_library(db)
    stopping = asyncio.Event()
    running = asyncio.create_task(run_polling(bot_settings(sandbox), stopping))
    yield make_pupil(first_name=NAME)
    stopping.set()
    await running


def kept(folder: Path) -> bytes:
    """Return what is in all files of the database."""
    files = io.BytesIO()
    for path in sorted(folder.glob("dars.db*")):
        files.write(path.read_bytes())
    return files.getvalue()


async def test_what_was_erased_is_in_no_file_and_no_log(
    pupil: Pupil, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await pupil.register()
    await pupil.say("/practice")
    await pupil.say(ANSWER)
    assert ANSWER.encode() in kept(tmp_path)
    assert NAME.encode() in kept(tmp_path)
    await pupil.say("/settings")
    await pupil.tap("Delete everything about me")
    await pupil.tap("Yes, delete everything")
    assert ANSWER.encode() not in kept(tmp_path)
    assert NAME.encode() not in kept(tmp_path)
    async with database.read_scope() as db:
        told = [row.replies for row in await db.scalars(select(ReceivedUpdate)) if row.sender]
    assert told == []
    logged = "".join(capsys.readouterr())
    assert "update handled" in logged
    for sign in (NAME, ANSWER, str(pupil.id)):
        assert sign not in logged
