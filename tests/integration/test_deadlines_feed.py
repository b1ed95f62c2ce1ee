"""A pupil's private calendar address: the same file until something changes, and ended."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest
import vobject

from src import clock, database
from src.accounts import service as accounts
from src.accounts.pupil import Pupil
from src.deadlines import feeds, service
from src.deadlines.results import NewTask
from src.models import TaskSource
from src.premium import service as premium
from src.settings import PremiumSettings, Settings
from tests.fixtures import factories as make
from web.app import create_app


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    """A calendar program."""
    transport = httpx2.ASGITransport(app=create_app(Settings()))
    async with httpx2.AsyncClient(transport=transport, base_url="http://dars.test") as found:
        yield found


async def new_pupil() -> Pupil:
    async with database.session_scope() as db:
        row = make.make_student()
        db.add(row)
        await db.flush()
        found = await accounts.find_student(db, row.id)
    assert found is not None
    return found


async def test_a_program_reads_it_until_it_is_ended(
    database_url: str, client: httpx2.AsyncClient
) -> None:
    pupil, now = await new_pupil(), clock.now()
    async with database.session_scope() as db:
        new = NewTask(TaskSource.MANUAL, "ইতিহাস রচনা", now + timedelta(days=3))
        task = await service.add_manual(db, pupil, new, now)
        token = await feeds.open_feed(db, pupil, now)
    first = await client.get(f"/calendar/{token}.ics")
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    [event] = vobject.readOne(first.text).vevent_list
    assert event.summary.value == "ইতিহাস রচনা"
    tag = {"if-none-match": first.headers["etag"]}
    assert (await client.get(f"/calendar/{token}.ics", headers=tag)).status_code == 304
    async with database.session_scope() as db:
        await service.tick(db, pupil, task.id, clock.now(), is_done=True)
    changed = await client.get(f"/calendar/{token}.ics", headers=tag)
    assert (changed.status_code, "VEVENT" in changed.text) == (200, False)
    async with database.session_scope() as db:
        other = await feeds.open_feed(db, pupil, now)
    assert (await client.get(f"/calendar/{token}.ics")).status_code == 404
    assert (await client.get(f"/calendar/{other}.ics")).status_code == 200
    async with database.session_scope() as db:
        assert await feeds.end_feeds(db, pupil, now)
        assert not await feeds.end_feeds(db, pupil, now)
    assert (await client.get(f"/calendar/{other}.ics")).status_code == 404


async def test_it_is_of_premium(sqlite_url: str, client: httpx2.AsyncClient) -> None:
    pupil = await new_pupil()
    async with database.session_scope() as db:
        token = await feeds.open_feed(db, pupil, clock.now())
    premium.configure(PremiumSettings(stars=50, support="@dars"))
    try:
        assert (await client.get(f"/calendar/{token}.ics")).status_code == 404
    finally:
        premium.configure()


@pytest.mark.parametrize("token", ["short", "x" * 22, "../" * 8, "%00" * 20])
async def test_a_guess_finds_nothing(
    sqlite_url: str, client: httpx2.AsyncClient, token: str
) -> None:
    assert (await client.get(f"/calendar/{token}.ics")).status_code in {404, 422}
