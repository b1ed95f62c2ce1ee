"""A pupil gets all that is kept of them as a file in the chat."""

import asyncio
import csv
import io
import json
import zipfile
from typing import Any

import aiohttp
import pytest

from sandbox.run import Running
from tests.acceptance.conftest import MakePupil
from tests.acceptance.pupil import PATIENCE_SECONDS, Pupil, text_of

TYPED = "98765.4321"


async def document_of(pupil: Pupil) -> dict[str, Any]:
    """Wait for the file."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            found = [m for m in await pupil.screen() if "document" in m]
            if found:
                return found[-1]
            await asyncio.sleep(0.05)


# On SQLite the jobs run beside the bot.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_all_that_is_kept_comes_as_a_file(
    pupil: Pupil, make_pupil: MakePupil, sandbox: Running, http: aiohttp.ClientSession
) -> None:
    await pupil.say("/practice")
    await pupil.say(TYPED)
    other = make_pupil(first_name="Somebody")
    await other.register()
    assert "within a minute" in text_of(await pupil.say("/export"))
    shown = await document_of(pupil)
    assert shown["document"]["file_name"].endswith(".zip")
    url = f"{sandbox.url}/sandbox/files/{shown['document']['file_id']}"
    async with http.get(url) as answer:
        archive = zipfile.ZipFile(io.BytesIO(await answer.read()))
    tables = json.loads(archive.read("data.json"))
    assert [row["typed"] for row in tables["attempts"]] == [TYPED]
    assert [row["name"] for row in tables["students"]] == ["Mitu"]
    assert [row["action"] for row in tables["audit_events"]] == ["export"]
    assert "Somebody" not in json.dumps(tables)
    text = archive.read("attempts.csv").decode("utf-8-sig")
    assert [row["typed"] for row in csv.DictReader(io.StringIO(text))] == [TYPED]
    assert "a moment ago" in text_of(await pupil.say("/export"))
    assert len([m for m in await pupil.screen() if "document" in m]) == 1


async def test_of_who_has_not_agreed_there_is_nothing_to_send(
    bot: None, make_pupil: MakePupil
) -> None:
    pupil = make_pupil()
    await pupil.say("/start")
    assert "language" in text_of(await pupil.say("/export")).lower()
    assert not [m for m in await pupil.screen() if "document" in m]
