"""`dars teachers` and `dars web`."""

import asyncio
import json
import os
import re
import signal
import sys
from pathlib import Path

import aiohttp
import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from src import clock, database
from src.teaching import service
from tests.fixtures.factories import make_person

ROOT = Path(__file__).resolve().parents[2]


async def dars(*words: str) -> Result:
    await database.dispose()
    return await asyncio.to_thread(CliRunner().invoke, app, words)


async def listed() -> list[tuple[str, str]]:
    found = json.loads((await dars("teachers", "list", "--format", "json")).output)
    return [(row["name"], row["state"]) for row in found]


@pytest.mark.usefixtures("database_url")
async def test_an_operator_invites_lists_and_removes() -> None:
    assert "No teachers" in (await dars("teachers", "list")).output
    said = (await dars("teachers", "invite", "Ms Akter", "--school", "Green Road")).output
    payload = re.search(r"/start (t_\S+)", said)
    assert payload
    assert f"?start={payload[1]}" in said
    assert await listed() == [("Ms Akter", "invited")]
    async with database.session_scope() as db:
        person = make_person()
        db.add(person)
        await db.flush()
        await service.accept(db, person.id, payload[1], clock.now())
    assert await listed() == [("Ms Akter", "accepted")]
    assert "Green Road" in (await dars("teachers", "list")).output
    assert (await dars("teachers", "remove", "1")).exit_code == 0
    assert await listed() == [("Ms Akter", "removed")]
    gone = await dars("teachers", "remove", "1")
    assert "there is no teacher 1" in str(gone.exception)
    assert (await dars("teachers", "invite", " ", "--school", "x")).exit_code == 2
    events = json.loads((await dars("audit", "--subject", "teacher", "--format", "json")).output)
    assert [event["action"] for event in events] == ["disconnect", "connect", "connect"]


async def test_the_pages_are_served_until_they_are_told_to_stop(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from cli.main import main; main()", "web", "--port", "0"),
        env=os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/web.db", "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(120):
        url = (await process.stdout.readline()).decode().rpartition(" ")[2].strip()
        async with aiohttp.ClientSession() as http, http.get(f"{url}/healthz") as answer:
            assert await answer.json() == {"status": "ok"}
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
