"""Nobody but their owner reads the files in which pupils are, whatever umask a process has."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest
from typer.testing import CliRunner

from cli.db import app
from sandbox.config import SandboxConfig
from sandbox.run import start
from src import database
from tests.fixtures.factories import make_student


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """The one that most machines have."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """Return the mode of a folder and of all that is in it."""
    paths = [folder, *folder.rglob("*")]
    return {str(path.relative_to(folder)): path.stat().st_mode & 0o777 for path in paths}


def use(folder: Path) -> None:
    database.configure(f"sqlite:///{folder}/dars.db")


async def write() -> None:
    """Leave something in the database and its log."""
    await database.init_db()
    async with database.session_scope() as db:
        db.add(make_student())


ALONE = {".": 0o700, "dars.db": 0o600, "dars.db-wal": 0o600, "dars.db-shm": 0o600}


async def dars_db(*words: str) -> None:
    await database.dispose()
    await asyncio.to_thread(CliRunner().invoke, app, words, catch_exceptions=False)


@pytest.fixture(autouse=True)
def no_database_stays() -> Iterator[None]:
    yield
    database.configure()


async def test_a_new_database_is_its_owners_alone(tmp_path: Path) -> None:
    use(tmp_path / "a" / "b")
    await write()
    assert modes(tmp_path / "a" / "b") == ALONE
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o700
    await database.dispose()


@pytest.mark.parametrize("folder", ["data", ".dars"])
async def test_one_that_others_could_read_is_closed(tmp_path: Path, folder: str) -> None:
    place = tmp_path / folder
    place.mkdir(mode=0o755)
    if folder == ".dars":
        (place / "sandbox.journal").touch(mode=0o600)
    with closing(sqlite3.connect(place / "dars.db")) as old:
        old.execute("PRAGMA journal_mode=WAL")
        old.execute("CREATE TABLE old (id)")
        old.commit()
        assert modes(place)["dars.db-wal"] == 0o644
        use(place)
        await write()
        assert modes(place) | ALONE == modes(place)
        await database.dispose()


async def test_a_folder_of_others_is_left_as_it_is(tmp_path: Path) -> None:
    place = tmp_path / "shared"
    place.mkdir(mode=0o755)
    (place / "of somebody else").touch()
    use(place)
    await write()
    assert modes(place) == ALONE | {".": 0o755, "of somebody else": 0o644}
    await database.dispose()


async def test_what_is_restored_is_its_owners_alone(tmp_path: Path) -> None:
    use(tmp_path / "here")
    await write()
    await dars_db("backup", str(tmp_path / "dars.backup"))
    for place in (tmp_path / "new", tmp_path / "there"):
        use(place)
        if place.name == "there":
            place.mkdir(mode=0o755)
            (place / "dars.db").touch(mode=0o644)
        await dars_db("restore", "--force", str(tmp_path / "dars.backup"))
        await write()
        assert modes(place) == ALONE
        await database.dispose()


@pytest.mark.parametrize("planted", ["link", "dangling link", "file"])
async def test_a_backup_writes_into_nothing_that_is_there(tmp_path: Path, planted: str) -> None:
    use(tmp_path / "here")
    await write()
    victim, part = tmp_path / "victim", tmp_path / "b.backup.part"
    if planted != "dangling link":
        victim.write_text("precious")
    if planted == "file":
        victim.rename(part)
    else:
        part.symlink_to(victim)
    runner = CliRunner()
    await database.dispose()
    result = await asyncio.to_thread(runner.invoke, app, ["backup", str(tmp_path / "b.backup")])
    assert "exists already" in str(result.exception)
    assert not (tmp_path / "b.backup").exists()
    if planted == "dangling link":
        assert not victim.exists()
    else:
        assert (part if planted == "file" else victim).read_text() == "precious"
    await database.dispose()


async def test_what_the_sandbox_keeps_is_its_owners_alone(tmp_path: Path) -> None:
    running = start(SandboxConfig(port=0, state=tmp_path / "box" / "journal"))
    form = aiohttp.FormData()
    form.add_field("document", b"\x00", filename="a.txt")
    form.add_field("chat_id", "5")
    async with aiohttp.ClientSession(running.url) as http:
        async with http.post("/sandbox/users/5/messages", json={"text": "hi"}):
            pass
        async with http.post(f"/bot{running.config.token}/sendDocument", data=form) as answer:
            assert answer.status == 200
    running.stop()
    found = modes(tmp_path / "box")
    assert any(name.endswith(".txt") for name in found)
    assert set(found.values()) == {0o700, 0o600}
