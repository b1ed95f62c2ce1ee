"""From revision 0012, with a dispute in its response, to this schema and back."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from src import clock, database
from src.practice import service as practice
from src.storage import schema
from tests.fixtures.factories import make_problem, make_response, make_session, make_student
from tests.integration.test_migration_outbox import rows

pytestmark = pytest.mark.usefixtures("database_url")
NOON = datetime(2026, 3, 10, 6, tzinfo=UTC)


async def test_what_was_defended_before_is_a_dispute_and_can_be_settled() -> None:
    async with database.session_scope() as db:
        problems, student = [make_problem() for _ in range(5)], make_student()
        db.add_all([*problems, student])
        await db.flush()
        session = make_session(student_id=student.id, problem_ids=[p.id for p in problems])
        db.add(session)
        await db.flush()
        said = {"disputed": True, "disputed_at": NOON, "disputed_answer": "0.74\n0.76"}
        for number, values in enumerate(({"attempts": 2} | said, said, {})):
            problem_id = problems[number].id
            db.add(make_response(session_id=session.id, problem_id=problem_id, **values))
    await schema.downgrade(database.get_engine(), "0012")
    await schema.upgrade(database.get_engine())
    found = await rows("attempt, typed, decision, operators_told_at", "disputes")
    assert found == [(2, "0.74\n0.76", None, None), (1, "0.74\n0.76", None, None)]
    assert await rows("is_paused", "sessions") == [(0,)]
    async with database.session_scope() as db:
        [one, _] = await practice.defended_answers(db, most=5)
        assert one.raised_at == NOON
        await practice.settle_dispute(db, one.id, accepted=False, actor="dars", at=clock.now())
    assert len(await rows("kind", "outbox WHERE kind = 'settled'")) == 1
    await schema.downgrade(database.get_engine(), "0012")
    async with database.session_scope() as db:
        assert list(await db.scalars(text("SELECT id FROM outbox WHERE kind = 'settled'"))) == []
    await schema.upgrade(database.get_engine())
