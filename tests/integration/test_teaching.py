"""Teachers and classes: who may have one, who is in it, and how it ends."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock
from src.accounts import service as accounts
from src.accounts.pupil import Pupil
from src.errors import ClassFull, NoSuchClass, TooManyCodes
from src.models import AuditEvent, MemberNote, SchoolClass, Teacher
from src.privacy.service import erase_person
from src.teaching import rules, service
from src.teaching.results import ClassCard, TeacherCard
from tests.fixtures.factories import make_person, make_student, make_teacher

NOW = clock.now()


async def add_teacher(db: AsyncSession, name: str = "Ms Akter") -> TeacherCard:
    person = make_person()
    db.add(person)
    await db.flush()
    db.add(make_teacher(name=name, person_id=person.id, accepted_at=NOW))
    await db.flush()
    teacher = await service.teacher_of(db, person.id)
    assert teacher is not None
    return teacher


async def add_pupil(db: AsyncSession) -> Pupil:
    student = make_student()
    db.add(student)
    await db.flush()
    pupil = await accounts.find_student(db, student.id)
    assert pupil is not None
    return pupil


async def add_class(db: AsyncSession) -> tuple[TeacherCard, ClassCard]:
    teacher = await add_teacher(db)
    return teacher, await service.make_class(db, teacher, "7A", 7, NOW)


async def join(db: AsyncSession, pupil: Pupil, card: ClassCard) -> None:
    assert card.code is not None
    await service.join(db, pupil, card.code, NOW, sees_before=False)


async def test_an_invitation_is_taken_once_and_only_within_its_time(db: AsyncSession) -> None:
    _, payload = await service.invite(db, "Ms Akter", "Green Road School", NOW)
    assert payload.startswith("t_")
    assert len(payload) <= 64
    first, second = make_person(), make_person()
    db.add_all([first, second])
    await db.flush()
    assert await service.teacher_of(db, first.id) is None
    assert await service.invitation(db, payload, NOW + timedelta(days=15)) is None
    teacher = await service.accept(db, first.id, payload, NOW)
    assert (teacher.name, teacher.school) == ("Ms Akter", "Green Road School")
    assert await service.accept(db, first.id, payload, NOW) == teacher
    with pytest.raises(NoSuchClass):
        await service.accept(db, second.id, payload, NOW)
    assert await service.teacher_of(db, second.id) is None


async def test_a_removed_teacher_has_nothing(db: AsyncSession) -> None:
    teacher, card = await add_class(db)
    await service.remove(db, teacher.id, NOW)
    assert await service.teacher_of(db, teacher.person_id) is None
    assert await service.classes_of(db, teacher.id) == []
    with pytest.raises(NoSuchClass):
        await service.class_of(db, teacher.id, card.id)
    with pytest.raises(NoSuchClass):
        await service.remove(db, teacher.id, NOW)


@pytest.mark.parametrize("typed", ["{}", " {} ", "c_{}"])
async def test_a_pupil_joins_by_a_code_and_leaves(db: AsyncSession, typed: str) -> None:
    teacher, card = await add_class(db)
    pupil = await add_pupil(db)
    assert card.code is not None
    offered = await service.offer(db, pupil, typed.format(card.code.lower()), NOW)
    assert offered is not None
    assert (offered.teachers, offered.school, offered.member_id) == (
        ("Ms Akter",),
        "Green Road School",
        None,
    )
    assert await service.memberships(db, pupil) == []
    await join(db, pupil, card)
    await join(db, pupil, card)
    [there] = await service.memberships(db, pupil)
    assert there.member_id is not None
    assert (await service.class_of(db, teacher.id, card.id)).members == 1
    await service.write_note(db, teacher.id, card.id, pupil.id, "Good.")
    await service.leave(db, pupil, card.id, NOW)
    assert await service.memberships(db, pupil) == []
    assert (await db.scalars(select(func.count()).select_from(MemberNote))).one() == 0
    with pytest.raises(NoSuchClass):
        await service.write_note(db, teacher.id, card.id, pupil.id, "Good.")
    with pytest.raises(NoSuchClass):
        await service.leave(db, pupil, card.id, NOW)
    actions = [event.action for event in await db.scalars(select(AuditEvent))]
    assert actions == ["connect", "disconnect"]


async def test_five_wrong_codes_an_hour(db: AsyncSession) -> None:
    _, card = await add_class(db)
    pupil, other = await add_pupil(db), await add_pupil(db)
    assert card.code is not None
    for n in range(5):
        assert await service.offer(db, pupil, f"AAAAA{n + 2}", NOW) is None
    with pytest.raises(TooManyCodes):
        await service.offer(db, pupil, card.code, NOW)
    assert await service.offer(db, other, card.code, NOW) is not None
    assert await service.offer(db, pupil, card.code, NOW + timedelta(minutes=61)) is not None


async def test_an_old_code_and_old_words_join_nobody(db: AsyncSession) -> None:
    teacher, card = await add_class(db)
    pupil = await add_pupil(db)
    assert card.code is not None
    with pytest.raises(NoSuchClass):
        await service.join(db, pupil, card.code, NOW, sees_before=False, version="older")
    assert await service.offer(db, pupil, card.code, NOW + timedelta(days=91)) is None
    new = await service.rotate_code(db, teacher.id, card.id, NOW)
    assert new.code != card.code
    with pytest.raises(NoSuchClass):
        await service.join(db, pupil, card.code, NOW, sees_before=False)
    await service.close_class(db, teacher, card.id, NOW)
    assert new.code is not None
    assert await service.offer(db, pupil, new.code, NOW) is None
    assert await service.classes_of(db, teacher.id) == []


async def test_a_teacher_cannot_join_the_own_class(db: AsyncSession) -> None:
    teacher, card = await add_class(db)
    student = make_student(person_id=teacher.person_id)
    db.add(student)
    await db.flush()
    pupil = await accounts.find_student(db, student.id)
    assert pupil is not None
    with pytest.raises(ClassFull):
        await join(db, pupil, card)


async def test_a_class_of_others_is_as_if_it_were_not_there(db: AsyncSession) -> None:
    teacher, card = await add_class(db)
    stranger, _ = await add_class(db)
    pupil = await add_pupil(db)
    await join(db, pupil, card)
    theirs = (stranger.id, card.id)
    for attempt in (
        service.class_of(db, *theirs),
        service.rotate_code(db, *theirs, NOW),
        service.close_class(db, stranger, card.id, NOW),
        service.set_topic(db, *theirs, "fractions", NOW),
        service.colleagues(db, stranger, card.id),
        service.add_co_teacher(db, stranger, card.id, stranger.id, NOW),
        service.write_note(db, *theirs, pupil.id, "x"),
        service.delete_note(db, *theirs, pupil.id, 1),
        service.set_label(db, *theirs, pupil.id, "x"),
        service.remove_member(db, stranger, card.id, pupil.id, NOW),
    ):
        with pytest.raises(NoSuchClass):
            await attempt
    assert (await service.class_of(db, teacher.id, card.id)).members == 1


async def test_a_colleague_has_the_same_rights_after_being_added(db: AsyncSession) -> None:
    teacher, card = await add_class(db)
    other = await add_teacher(db, "Mr Das")
    assert other.id in {one.id for one in await service.colleagues(db, teacher, card.id)}
    with pytest.raises(NoSuchClass):
        await service.class_of(db, other.id, card.id)
    await service.add_co_teacher(db, teacher, card.id, other.id, NOW)
    assert (await service.class_of(db, other.id, card.id)).name == "7A"
    pupil = await add_pupil(db)
    assert card.code is not None
    offered = await service.offer(db, pupil, card.code, NOW)
    assert offered is not None
    assert offered.teachers == ("Ms Akter", "Mr Das")


def test_codes_are_read_as_people_type_them() -> None:
    assert rules.read_code("ab-cd 23") == "ABCD23"
    assert rules.read_code("ABCD২৩") == "ABCD23"
    assert rules.read_code("ABCDE0") is None
    assert rules.read_code("ABCDE") is None
    assert {rules.read_code(rules.make_code()) is not None for _ in range(50)} == {True}


def test_the_name_of_a_class_is_one_line() -> None:
    assert rules.tidy_name("  7\n A\u202e ") == "7 A"
    assert rules.tidy_name("\n") == ""


async def test_with_a_teacher_go_the_classes_that_nobody_else_has(db: AsyncSession) -> None:
    teacher, own = await add_class(db)
    shared = await service.make_class(db, teacher, "7B", 7, NOW)
    other = await add_teacher(db, "Mr Das")
    await service.add_co_teacher(db, teacher, shared.id, other.id, NOW)
    pupil, gone = await add_pupil(db), make_student(person_id=teacher.person_id)
    await join(db, pupil, own)
    db.add(gone)
    await db.flush()
    themself = await accounts.find_student(db, gone.id)
    assert themself is not None
    await erase_person(db, themself)
    assert [card.name for card in await service.classes_of(db, other.id)] == ["7B"]
    assert [row.id for row in await db.scalars(select(SchoolClass))] == [shared.id]
    assert [row.name for row in await db.scalars(select(Teacher))] == ["Mr Das"]
    assert await service.memberships(db, pupil) == []
