"""People and their pupils: what the version before writes about a student, the person has too."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock, database
from src.accounts import service as accounts
from src.errors import NotRegistered, StaleAction
from src.language import Language
from src.models import AuditEvent, Person, Student
from tests.fixtures.factories import make_outbox_message, make_student

OF_OLD_CODE = (
    "INSERT INTO students (telegram_id, name, language, timezone, nudge_time, nudges_enabled, "
    "dialog) VALUES (77, 'Rima', 'bn', 'Asia/Dhaka', '18:00:00', TRUE, 'language')"
)


async def people() -> list[tuple[Any, ...]]:
    columns = (Person.telegram_id, Person.language, Person.dialog, Person.blocked_at)
    async with database.session_scope() as db:
        return [tuple(row) for row in await db.execute(select(*columns).order_by(Person.id))]


async def run(*statements: str) -> None:
    async with database.session_scope() as db:
        for statement in statements:
            await db.execute(text(statement))


@pytest.mark.usefixtures("database_url")
async def test_a_pupil_of_the_version_before_is_known_to_this_one() -> None:
    await run(OF_OLD_CODE)
    assert await people() == [(77, Language.BN, "language", None)]
    async with database.session_scope() as db:
        pupil = await accounts.enter(db, 77, "en", clock.now())
    assert (pupil.language, pupil.dialog) == (Language.BN, "language")


@pytest.mark.usefixtures("database_url")
async def test_what_the_version_before_changes_is_changed_for_the_person() -> None:
    await run(OF_OLD_CODE, "UPDATE students SET language = 'en', dialog = NULL")
    assert await people() == [(77, Language.EN, None, None)]
    await run("UPDATE students SET blocked_at = CURRENT_TIMESTAMP")
    [(_, _, _, blocked_at)] = await people()
    assert blocked_at is not None
    await run("UPDATE students SET blocked_at = NULL, grade = 7")
    assert await people() == [(77, Language.EN, None, None)]


@pytest.mark.usefixtures("database_url")
async def test_what_this_version_changes_the_one_before_sees() -> None:
    async with database.session_scope() as db:
        pupil = await accounts.enter(db, 77, "en", clock.now())
        pupil = await accounts.choose_language(db, pupil, "bn")
        await accounts.consent(db, pupil, "Rima", clock.now())
        await accounts.mark_blocked(db, 77, clock.now())
    async with database.session_scope() as db:
        student = await db.get_one(Student, pupil.id)
    assert (student.telegram_id, student.language, student.dialog) == (77, "bn", "grade")
    assert student.blocked_at is not None


@pytest.mark.usefixtures("database_url")
async def test_an_erasure_by_the_version_before_leaves_no_person() -> None:
    await run(OF_OLD_CODE, "DELETE FROM students")
    assert await people() == []


@pytest.mark.usefixtures("database_url")
async def test_an_erasure_leaves_no_pupil_and_no_person() -> None:
    async with database.session_scope() as db:
        pupil = await accounts.enter(db, 77, "en", clock.now())
        await accounts.erase(db, pupil)
    assert await people() == []
    async with database.session_scope() as db:
        assert await db.scalar(select(Student.id)) is None


@pytest.mark.usefixtures("database_url")
async def test_only_who_never_agreed_and_went_silent_is_forgotten() -> None:
    now = clock.now()
    async with database.session_scope() as db:
        for number in (77, 78, 79):
            pupil = await accounts.enter(db, number, "en", now)
        await accounts.consent(db, pupil, "Rima", now)
    await run("UPDATE people SET updated_at = '2026-01-01 00:00:00+00:00' WHERE telegram_id > 77")
    async with database.session_scope() as db:
        assert await accounts.forget_silent(db, now - timedelta(days=30)) == 1
    assert [person[0] for person in await people()] == [77, 79]


@pytest.mark.usefixtures("database_url")
async def test_before_a_yes_nothing_else_can_be_chosen() -> None:
    async with database.session_scope() as db:
        pupil = await accounts.enter(db, 77, "en", clock.now())
        with pytest.raises(NotRegistered):
            await accounts.choose_grade(db, pupil, 7)
        with pytest.raises(NotRegistered):
            await accounts.choose_nudges(db, pupil, enabled=True)
        with pytest.raises(StaleAction):
            await accounts.finish(db, pupil, clock.now(), enabled=True)


async def test_a_pupil_who_was_hidden_comes_back(db: AsyncSession) -> None:
    db.add(make_student(id=5, telegram_id=77, deleted_at=clock.now()))
    await db.flush()
    assert await accounts.find(db, 77) is None
    assert (await accounts.enter(db, 77, "en", clock.now())).id == 5


async def test_of_two_pupils_on_a_phone_the_current_one_is_met(db: AsyncSession) -> None:
    first = await accounts.enter(db, 77, "en", clock.now())
    second = make_student(person_id=first.person_id, position=2, telegram_id=None)
    db.add(second)
    await db.flush()
    person = await db.get_one(Person, first.person_id)
    person.current_student_id = second.id
    assert (await accounts.enter(db, 77, "en", clock.now())).id == second.id
    await db.refresh(second)
    assert second.language == first.language


async def test_blocking_coming_back_and_erasing_are_noted(db: AsyncSession) -> None:
    pupil = await accounts.enter(db, 77, "en", clock.now())
    await accounts.consent(db, pupil, "Rima", clock.now())
    await accounts.mark_blocked(db, 77, clock.now())
    await accounts.mark_blocked(db, 77, clock.now())
    pupil = await accounts.enter(db, 77, "en", clock.now())
    await accounts.erase(db, pupil)
    events = (await db.scalars(select(AuditEvent).order_by(AuditEvent.id))).all()
    assert [event.action for event in events] == ["block", "unblock", "erase"]
    who = f"person:{pupil.person_id}"
    assert {(e.actor, e.subject_kind, e.subject_id) for e in events} == {
        (who, "person", pupil.person_id)
    }


async def test_what_came_too_late_to_be_said_silences_nobody(db: AsyncSession) -> None:
    pupil = await accounts.enter(db, 77, "en", clock.now())
    now = clock.now()
    message = make_outbox_message(student_id=pupil.id, kind="reply", expires_at=now)
    db.add(message)
    await db.flush()
    found = await accounts.find(db, 77)
    assert found is not None
    assert not found.has_parked
    message.expires_at = now + timedelta(hours=1)
    await db.flush()
    found = await accounts.find(db, 77)
    assert found is not None
    assert found.has_parked
