"""Migration 0011: what was kept before a yes is emptied, and all others keep theirs."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from src import database
from src.models import Student
from src.storage import schema
from tests.integration.test_migration_streaks import STUDENT, insert

AT = datetime(2026, 3, 10, 6, tzinfo=UTC)
OLD = {
    "name": "Rima",
    "grade": 7,
    "timezone": "Europe/London",
    "start_payload": "c_1",
    "last_active_at": AT,
    "dialog": "timezone",
}


@pytest.mark.usefixtures("database_url")
async def test_only_who_agreed_keeps_more_than_id_language_and_step() -> None:
    engine = database.get_engine()
    await schema.downgrade(engine, "0010")
    agreed = {"consented_at": AT, "registered_at": AT}
    for number, given in ((1, {}), (2, agreed)):
        await insert("students", **STUDENT | OLD | {"id": number, "telegram_id": number} | given)
    await schema.upgrade(engine)
    async with database.session_scope() as db:
        shy, registered = [await db.get_one(Student, number) for number in (1, 2)]
        people = list(await db.execute(text("SELECT language, dialog FROM people")))
    emptied = (shy.name, shy.grade, shy.start_payload, shy.last_active_at)
    assert (*emptied, shy.timezone) == (None, None, None, None, "Asia/Dhaka")
    assert (registered.name, registered.grade, registered.timezone) == ("Rima", 7, "Europe/London")
    assert (registered.start_payload, registered.last_active_at) == ("c_1", AT)
    assert (registered.nudges_enabled, registered.registered_at) == (True, AT)
    assert [tuple(person) for person in people] == [("en", "timezone")] * 2
