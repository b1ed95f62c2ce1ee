"""What people write, ask to delete and erase: none of it is ever a sync's."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select, text

from src import database
from src.accounts import service as accounts
from src.canvas import erasing, notes
from src.canvas.results import Thing
from src.canvas.sync import Target, full_canvas_sync
from src.errors import DataValidationError, StaleAction, UnknownInMirror
from src.models import (
    AssignmentMetadata,
    AssignmentScore,
    AuditEvent,
    Base,
    CanvasAssignment,
    CanvasEnrollment,
    CanvasLifecycle,
    CanvasStudent,
    CourseMetadata,
    DeletionDecision,
    Erasure,
    GradeHistory,
    MirrorKind,
    StudentMetadata,
)
from src.models.base import OfConnection
from src.privacy.service import erase_person
from tests.fixtures import factories as make
from tests.fixtures.schools import MONDAY, add_connection, bundle, content, new_target, seat, task

pytestmark = pytest.mark.usefixtures("database_url")
LATER = MONDAY.replace(day=3)


async def mirrored(**parts: Any) -> Target:
    target = await new_target()
    await full_canvas_sync(bundle(content(**parts)), target, MONDAY)
    return target


async def one(model: Any) -> Any:
    async with database.session_scope() as db:
        return (await db.scalars(select(model))).one()


async def count(model: type[Base]) -> int:
    async with database.session_scope() as db:
        return await db.scalar(select(func.count()).select_from(model)) or 0


async def test_notes_of_all_three_kinds() -> None:
    number = (await mirrored()).connection_id
    async with database.session_scope() as db:
        await notes.add_student_note(db, number, 1, " asks good questions ")
        await notes.add_student_note(db, number, 1, "লাজুক")
        await notes.add_assignment_note(db, number, 21, "too long")
        await notes.add_course_note(db, number, 1, "room 12")
    assert (await one(StudentMetadata)).notes == "asks good questions\nলাজুক"
    async with database.session_scope() as db:
        await notes.update_student_notes(db, number, 1, "new")
        await notes.update_assignment_notes(db, number, 21, "")
        await notes.update_course_notes(db, number, 1, "room 13")
        await notes.set_words(db, Thing(number, MirrorKind.STUDENT, 1), ["a", "b", "a"])
        await notes.set_words(db, Thing(number, MirrorKind.COURSE, 1), ["core"])
        await notes.set_goal(db, number, 1, "half marks")
        await notes.set_curriculum(db, Thing(number, MirrorKind.COURSE, 1), "web_dev")
    student = await one(StudentMetadata)
    assert (student.notes, student.labels, student.goal) == ("new", ["a", "b"], "half marks")
    assert (await one(AssignmentMetadata)).notes == ""
    course = await one(CourseMetadata)
    assert (course.notes, course.tags, course.curriculum) == ("room 13", ["core"], "web_dev")


async def test_notes_that_are_added_at_once_all_stay() -> None:
    number = (await mirrored()).connection_id

    async def add(word: int) -> None:
        async with database.session_scope() as db:
            await notes.add_student_note(db, number, 1, f"note {word}")

    await asyncio.gather(*map(add, range(8)))
    assert sorted((await one(StudentMetadata)).notes.split("\n")) == [f"note {n}" for n in range(8)]


async def test_what_cannot_be_noted() -> None:
    number = (await mirrored()).connection_id
    async with database.session_scope() as db:
        with pytest.raises(UnknownInMirror, match="no student 9"):
            await notes.add_student_note(db, number, 9, "x")
        with pytest.raises(UnknownInMirror):
            await notes.add_student_note(db, number + 1, 1, "x")
        with pytest.raises(DataValidationError, match="empty"):
            await notes.add_course_note(db, number, 1, "  ")
        with pytest.raises(DataValidationError, match="at most"):
            await notes.update_course_notes(db, number, 1, "x" * 20_001)
        with pytest.raises(DataValidationError, match="1 to 64"):
            await notes.set_curriculum(db, Thing(number, MirrorKind.COURSE, 1), "x" * 65)
        with pytest.raises(DataValidationError, match="only a course or a student"):
            await notes.set_curriculum(db, Thing(number, MirrorKind.ASSIGNMENT, 21), "x")
        with pytest.raises(DataValidationError, match="notes are about"):
            await notes.add_note(db, Thing(number, MirrorKind.ENROLLMENT, 11), "x")


async def test_a_person_asks_and_a_person_decides() -> None:
    target = await mirrored()
    number = target.connection_id
    async with database.session_scope() as db:
        await notes.add_assignment_note(db, number, 22, "keep me")
    thing = Thing(number, MirrorKind.ASSIGNMENT, 22)
    async with database.session_scope() as db:
        with pytest.raises(StaleAction, match="is there at the school"):
            await erasing.ask_deletion(db, thing, "operator", MONDAY)
    without = content(assignments=[task(21)], submissions=[])
    await full_canvas_sync(bundle(without, at=LATER), target, LATER)
    async with database.session_scope() as db:
        asked = await erasing.ask_deletion(db, thing, "operator", LATER)
        assert (await erasing.ask_deletion(db, thing, "person:7", LATER)).id == asked.id
        refused = await erasing.decide_deletion(
            db, asked.id, DeletionDecision.REFUSED, "operator", LATER
        )
        assert refused.decided_by == "operator"
    assert await count(AssignmentScore) == 4
    async with database.session_scope() as db:
        asked = await erasing.ask_deletion(db, thing, "operator", LATER)
        await erasing.decide_deletion(db, asked.id, DeletionDecision.APPROVED, "operator", LATER)
    assert (await count(AssignmentScore), await count(CanvasAssignment)) == (2, 1)
    assert await count(AssignmentMetadata) == 0
    assert (await one(Erasure)).done_at == LATER
    async with database.session_scope() as db:
        with pytest.raises(UnknownInMirror, match="no deletion"):
            await erasing.decide_deletion(db, asked.id, DeletionDecision.APPROVED, "x", LATER)
        with pytest.raises(UnknownInMirror):
            await erasing.ask_deletion(db, thing, "operator", LATER)


async def test_what_has_come_back_is_not_deleted() -> None:
    target = await mirrored()
    without = content(enrollments=[seat(11, 1)], submissions=[])
    await full_canvas_sync(bundle(without, at=LATER), target, LATER)
    async with database.session_scope() as db:
        thing = Thing(target.connection_id, MirrorKind.STUDENT, 2)
        asked = await erasing.ask_deletion(db, thing, "operator", LATER)
    back = LATER.replace(day=4)
    await full_canvas_sync(bundle(at=back), target, back)
    with pytest.raises(StaleAction):
        async with database.session_scope() as db:
            await erasing.decide_deletion(db, asked.id, DeletionDecision.APPROVED, "x", back)
    assert await count(CanvasStudent) == 2


@pytest.mark.parametrize(
    ("kind", "canvas_id", "left"),
    [("course", 1, (0, 0, 0, 0)), ("enrollment", 12, (4, 2, 2, 1)), ("student", 2, (2, 1, 2, 1))],
)
async def test_what_goes_along_with_a_thing(
    kind: str, canvas_id: int, left: tuple[int, ...]
) -> None:
    target = await mirrored()
    thing = Thing(target.connection_id, MirrorKind(kind), canvas_id)
    async with database.session_scope() as db:
        await db.execute(text("UPDATE canvas_lifecycle SET is_active = false"))
        asked = await erasing.ask_deletion(db, thing, "operator", MONDAY)
        await erasing.decide_deletion(db, asked.id, DeletionDecision.APPROVED, "operator", MONDAY)
    models = (AssignmentScore, GradeHistory, CanvasAssignment, CanvasEnrollment)
    assert tuple([await count(model) for model in models]) == left
    # What was deleted because it was gone may come back; what was erased may not.
    await full_canvas_sync(bundle(at=LATER), target, LATER)
    assert await count(CanvasStudent) == 2


async def test_a_student_who_was_erased_is_nowhere_and_stays_so() -> None:
    target = await mirrored()
    number = target.connection_id
    async with database.session_scope() as db:
        await notes.add_student_note(db, number, 2, "private")
    async with database.session_scope() as db:
        await erasing.erase_student(db, number, 2, "operator", MONDAY)
    for at in (LATER, LATER.replace(day=5)):
        result = await full_canvas_sync(bundle(at=at), target, at)
        assert result.success
        assert result.total_students == 1
        async with database.session_scope() as db:
            for model, column in (
                (AssignmentScore, AssignmentScore.canvas_user_id),
                (GradeHistory, GradeHistory.canvas_user_id),
                (CanvasStudent, CanvasStudent.canvas_id),
                (CanvasEnrollment, CanvasEnrollment.canvas_user_id),
                (StudentMetadata, StudentMetadata.canvas_user_id),
            ):
                assert await db.scalar(select(func.count(model.id)).where(column == 2)) == 0
            lives = select(CanvasLifecycle.canvas_id).where(CanvasLifecycle.canvas_id.in_((2, 12)))
            assert (await db.scalars(lives)).all() == []
    noted = await one(AuditEvent)
    assert (noted.action, noted.subject_kind, noted.subject_id) == ("erase", "canvas_student", 2)
    async with database.session_scope() as db:
        with pytest.raises(UnknownInMirror):
            await erasing.erase_student(db, number, 2, "operator", LATER)


async def test_a_person_takes_their_view_of_a_school_along() -> None:
    async with database.session_scope() as db:
        student = make.make_student()
        db.add(student)
        await db.flush()
        person_id = await db.scalar(text("SELECT id FROM people"))
        number = await add_connection(db, person_id=person_id, label=None)
    target = Target(number, database.session_scope)
    await full_canvas_sync(bundle(), target, MONDAY)
    other = await mirrored()
    async with database.session_scope() as db:
        await erasing.erase_student(db, number, 2, "operator", MONDAY)
    async with database.session_scope() as db:
        pupil = await accounts.find(db, student.telegram_id or 0)
        assert pupil
        await erase_person(db, pupil)
    async with database.session_scope() as db:
        for mapper in Base.registry.mappers:
            if issubclass(mapper.class_, OfConnection):
                found = await db.scalars(select(mapper.class_.connection_id).distinct())
                assert set(found) <= {other.connection_id}
        left = (await db.scalars(select(Erasure))).all()
        assert [(row.kind, row.is_lasting, row.done_at is None) for row in left] == [
            (None, False, False)
        ]
