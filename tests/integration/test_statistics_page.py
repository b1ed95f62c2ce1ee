"""How it is going as a page, and the word each morning: the figures of the rows, nobody's name."""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from bot.views.daily import daily
from src import clock, database, jobs
from src.operations.daily import DailyFigures, read
from src.queue import Work
from src.settings import OperatorSettings
from tests.fixtures.factories import make_session, make_student
from tests.integration.test_housekeeping import make_context
from web.operators import create_app

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def get(path: str) -> Any:
    app = create_app(database.get_engine(), OperatorSettings())
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://operators") as client:
        return await client.get(path)


@pytest.fixture
async def practised(database_url: str) -> None:
    """A pupil named by a tag, who practised on a day."""
    async with database.session_scope() as db:
        pupil = make_student(name="<b>Rahim</b>", registered_at=NOON)
        db.add(pupil)
        await db.flush()
        done = {"status": "completed", "problems_correct": 4, "completed_at": NOON}
        db.add(make_session(student_id=pupil.id, date=DAY, started_at=NOON, **done))


async def test_the_page_has_every_topic_with_its_table_and_names_nobody(practised: None) -> None:
    answer = await get("/statistics?from=2026-03-01&to=2026-03-03")
    assert answer.status_code == 200
    page = answer.text
    for topic in ("activity", "retention", "topics", "problems", "nudges", "sessions", "costs"):
        assert f'<section id="{topic}">' in page
    assert "<td>2026-03-02</td><td>1</td>" in page
    assert '<svg role="img"' in page
    assert "activity: pupils, at most 1" in page
    assert "prefers-color-scheme: dark" in page
    assert "Rahim" not in page
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=yesterday", "2026-03-31"),
        ("by=year", "day, week or month"),
        ("from=2026-03-03&to=2026-03-01", "is after"),
    ],
)
async def test_what_cannot_be_read_is_refused(sqlite_url: str, query: str, said: str) -> None:
    answer = await get(f"/statistics?{query}")
    assert (answer.status_code, said in answer.text) == (400, True)


async def test_nothing_is_changed_by_it(sqlite_url: str) -> None:
    app = create_app(database.get_engine(), OperatorSettings())
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://operators") as client:
        assert (await client.post("/statistics")).status_code == 405
    assert (await get("/statistics")).status_code == 200


async def test_a_day_is_told_in_figures(practised: None) -> None:
    async with database.read_scope() as db:
        found = await read(db, DAY, NOON + timedelta(days=1))
    assert (found.pupils, found.new_pupils, found.sessions, found.finished) == (1, 1, 1, 1)
    assert (found.dollars, found.disputes, found.backup_hours) == (Decimal(0), 0, None)
    said = daily(found).text
    assert "2026-03-02" in said
    assert "Sessions: 1, finished: 1" in said


async def test_who_wants_it_is_told_of_yesterday(database_url: str) -> None:
    told = list[DailyFigures]()

    async def tell(figures: DailyFigures) -> None:
        told.append(figures)

    context = make_context()
    once = Work({}, 1, last=False)
    await jobs.tell_daily_figures(context, once)
    await jobs.tell_daily_figures(dataclasses.replace(context, tell_daily=tell), once)
    assert [one.day for one in told] == [clock.now().date() - timedelta(days=1)]
