"""From the schema of revision 0004, with rows in it, to this one and back: nobody is lost."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from src import clock, database
from src.accounts import service as accounts
from src.models import Base
from src.nudges import service as nudges
from src.storage import schema
from tests.integration.test_migration_streaks import STUDENT, insert

pytestmark = pytest.mark.usefixtures("database_url")
NOON = datetime(2026, 3, 10, 6, tzinfo=UTC)  # in Dhaka
HOUR = timedelta(hours=1)
NUDGE = {"kind": "nudge", "due_at": NOON, "expires_at": NOON + 9 * HOUR}


async def rows(columns: str, table: str, order: str = "id") -> list[tuple[Any, ...]]:
    query = text(f"SELECT {columns} FROM {table} ORDER BY {order}")
    async with database.session_scope() as db:
        return [tuple(row) for row in await db.execute(query)]


async def count_all() -> dict[str, int]:
    return {name: len(await rows("1", name, "1")) for name in Base.metadata.tables}


@pytest.fixture
async def old_rows(database_url: str) -> None:
    """Three pupils of the version before, with a nudge that waits, is in hand, and was sent."""
    await schema.downgrade(database.get_engine(), "0004")
    blocked = {"blocked_at": NOON, "language": "bn"}
    for number, own in ((1, {}), (2, blocked), (3, {"dialog": "language"})):
        await insert("students", **STUDENT | {"id": number, "telegram_id": 70 + number} | own)
    await insert("notifications", id=1, student_id=1, local_date="2026-03-10", **NUDGE)
    await insert(
        "notifications", id=2, student_id=2, local_date="2026-03-10", claimed_at=NOON, **NUDGE
    )
    sent: dict[str, Any] = {"claimed_at": NOON, "sent_at": NOON, "outcome": "sent"}
    await insert("notifications", id=3, student_id=3, local_date="2026-03-10", **sent, **NUDGE)
    await insert("processed_updates", update_id=5, status="done", attempts=1, replies=[])


@pytest.mark.usefixtures("old_rows")
async def test_every_pupil_becomes_a_person_with_what_they_chose() -> None:
    await schema.upgrade(database.get_engine())
    assert await rows("telegram_id, language, dialog, current_student_id", "people") == [
        (71, "en", None, 1),
        (72, "bn", None, 2),
        (73, "en", "language", 3),
    ]
    assert await rows("id", "people WHERE blocked_at IS NOT NULL") == [(2,)]
    assert await rows("person_id, position", "students") == [(1, 1), (2, 1), (3, 1)]
    async with database.session_scope() as db:
        pupil = await accounts.enter(db, 71, "en", clock.now())
    assert (pupil.id, pupil.timezone) == (1, "Asia/Dhaka")


@pytest.mark.usefixtures("old_rows")
async def test_what_waited_is_sent_from_the_outbox_and_by_nobody_else() -> None:
    await schema.upgrade(database.get_engine())
    columns = "student_id, subject, outcome, claimed_at IS NULL"
    assert await rows(columns, "outbox", "student_id") == [
        (1, "2026-03-10", None, 1),
        (2, "2026-03-10", None, 0),
        (3, "2026-03-10", "sent", 0),
    ]
    assert await rows("id", "notifications WHERE outcome IS NULL AND claimed_at IS NULL") == []


@pytest.mark.usefixtures("old_rows")
async def test_what_the_version_before_plans_and_sends_is_known_here() -> None:
    await schema.upgrade(database.get_engine())
    await insert("notifications", id=4, student_id=1, local_date="2026-03-11", **NUDGE)
    assert await rows("error", "notifications WHERE id = 4") == [("moved to outbox",)]
    assert await rows("outcome", "outbox WHERE subject = '2026-03-11'") == [(None,)]
    async with database.session_scope() as db:
        await db.execute(
            text(
                "UPDATE notifications SET outcome = 'sent', sent_at = CURRENT_TIMESTAMP "
                "WHERE id = 2"
            )
        )
    assert await rows("outcome", "outbox WHERE student_id = 2") == [("sent",)]


@pytest.mark.usefixtures("old_rows")
async def test_a_day_that_had_a_nudge_of_the_version_before_has_no_second_one() -> None:
    await schema.upgrade(database.get_engine())
    registered = NOON - timedelta(days=2)
    async with database.session_scope() as db:
        await db.execute(
            text("UPDATE students SET registered_at = :at, next_nudge_at = :at WHERE id = 3"),
            {"at": NOON.isoformat(" ") if on_sqlite() else NOON},
        )
        assert registered < NOON
        await nudges.reschedule(db, 3, NOON)
    [(due,)] = await rows("next_nudge_at", "students WHERE id = 3")
    assert "2026-03-11" in str(due)


def on_sqlite() -> bool:
    return database.get_engine().dialect.name == "sqlite"


@pytest.mark.usefixtures("old_rows")
async def test_the_way_back_gives_everything_back() -> None:
    before = await rows("student_id, local_date, outcome, error", "notifications")
    students = await rows("telegram_id, language, dialog, blocked_at", "students")
    await schema.upgrade(database.get_engine())
    await schema.downgrade(database.get_engine(), "0004")
    assert await rows("student_id, local_date, outcome, error", "notifications") == before
    assert await rows("telegram_id, language, dialog, blocked_at", "students") == students
    await schema.upgrade(database.get_engine())
    assert (await count_all())["people"] == 3
