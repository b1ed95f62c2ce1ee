"""All SQL of teachers, classes and members. Each question of a teacher joins what is theirs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import (
    ClassMember,
    ClassTeacher,
    MemberNote,
    Person,
    SchoolClass,
    Student,
    Teacher,
    WrongCode,
)
from src.storage.statements import insert_for
from src.teaching.results import ClassCard, ClassOffer, InvitedTeacher, TeacherCard

_CARD = (Teacher.id, Teacher.person_id, Teacher.name, Teacher.school)
_HERE = ClassMember.left_at.is_(None)


async def add_teacher(db: AsyncSession, **values: Any) -> int:
    """Insert an invitation and return its id."""
    return (await db.scalars(insert(Teacher).values(**values).returning(Teacher.id))).one()


async def teachers(db: AsyncSession) -> list[InvitedTeacher]:
    """Return every invitation, the oldest first."""
    mine = ClassTeacher.teacher_id == Teacher.id
    classes = (
        select(func.count())
        .select_from(ClassTeacher)
        .join(SchoolClass, SchoolClass.id == ClassTeacher.class_id)
        .where(mine, SchoolClass.closed_at.is_(None))
        .scalar_subquery()
    )
    shown = (Teacher.id, Teacher.name, Teacher.school, Teacher.created_at, Teacher.accepted_at)
    rows = await db.execute(select(*shown, Teacher.removed_at, classes).order_by(Teacher.id))
    return [InvitedTeacher(*row) for row in rows]


async def find_invite(db: AsyncSession, invite_hash: str, now: datetime) -> TeacherCard | None:
    """Return the teacher of an invitation that can be taken; nobody's account is in it yet."""
    columns = (Teacher.id, Teacher.name, Teacher.school)
    open_ = select(*columns).where(
        Teacher.invite_hash == invite_hash,
        Teacher.invite_expires_at > now,
        Teacher.person_id.is_(None),
        Teacher.removed_at.is_(None),
    )
    row = (await db.execute(open_)).one_or_none()
    return TeacherCard(row.id, 0, row.name, row.school) if row else None


async def accept(db: AsyncSession, teacher_id: int, person_id: int, now: datetime) -> bool:
    """Give an invitation to a person; return whether it was still to be had."""
    # Who was removed and is invited again lets go of the row of the first time.
    before = update(Teacher).where(Teacher.person_id == person_id, Teacher.removed_at.is_not(None))
    await db.execute(before.values(person_id=None, accepted_at=None))
    taken = update(Teacher).where(Teacher.id == teacher_id, Teacher.person_id.is_(None))
    values = {"person_id": person_id, "accepted_at": now, "invite_hash": None}
    done = await db.execute(taken.values(**values).returning(Teacher.id))
    return done.scalar_one_or_none() is not None


async def teacher_of(db: AsyncSession, person_id: int) -> TeacherCard | None:
    """Return the teacher that a person is; None for others and for who was removed."""
    mine = select(*_CARD).where(Teacher.person_id == person_id, Teacher.removed_at.is_(None))
    row = (await db.execute(mine)).one_or_none()
    return TeacherCard(*tuple[Any, ...](row)) if row else None


async def change_teacher(db: AsyncSession, teacher_id: int, **values: Any) -> int | None:
    """Set columns of a teacher who was not removed; return the person, 0 for nobody's yet."""
    changed = update(Teacher).where(Teacher.id == teacher_id, Teacher.removed_at.is_(None))
    row = (await db.execute(changed.values(**values).returning(Teacher.person_id))).one_or_none()
    return None if row is None else row[0] or 0


async def colleagues(db: AsyncSession, teacher: TeacherCard, class_id: int) -> list[TeacherCard]:
    """Return teachers of the same school who do not have a class yet."""
    have = select(ClassTeacher.teacher_id).where(ClassTeacher.class_id == class_id)
    others = select(*_CARD).where(
        Teacher.school == teacher.school,
        Teacher.person_id.is_not(None),
        Teacher.removed_at.is_(None),
        Teacher.id.not_in(have),
    )
    return [
        TeacherCard(*tuple[Any, ...](row))
        for row in await db.execute(others.order_by(Teacher.name))
    ]


def _theirs(teacher_id: int, *columns: Any) -> Select[Any]:
    """Select of the open classes of a teacher."""
    return (
        select(*columns)
        .select_from(SchoolClass)
        .join(ClassTeacher, ClassTeacher.class_id == SchoolClass.id)
        .join(Teacher, Teacher.id == ClassTeacher.teacher_id)
        .where(
            ClassTeacher.teacher_id == teacher_id,
            Teacher.removed_at.is_(None),
            SchoolClass.closed_at.is_(None),
        )
    )


async def classes_of(db: AsyncSession, teacher_id: int, only: int | None = None) -> list[ClassCard]:
    """Return the open classes of a teacher, or the one of them that is wanted."""
    members = (
        select(func.count())
        .where(ClassMember.class_id == SchoolClass.id, _HERE)
        .select_from(ClassMember)
        .scalar_subquery()
    )
    c = SchoolClass
    shown = (c.id, c.name, c.school, c.grade, c.code, c.code_expires_at, c.topic, c.topic_until)
    found = _theirs(teacher_id, *shown, members).order_by(c.name, c.id)
    if only is not None:
        found = found.where(c.id == only)
    return [ClassCard(*row) for row in await db.execute(found)]


async def add_class(db: AsyncSession, teacher_id: int, **values: Any) -> int:
    """Insert a class with its first teacher, and return its id."""
    made = insert(SchoolClass).values(**values).returning(SchoolClass.id)
    class_id = (await db.scalars(made)).one()
    await add_class_teacher(db, class_id, teacher_id)
    return class_id


async def add_class_teacher(db: AsyncSession, class_id: int, teacher_id: int) -> None:
    """Give a class a teacher; one who has it already is left alone."""
    new = insert_for(db)(ClassTeacher).values(class_id=class_id, teacher_id=teacher_id)
    await db.execute(new.on_conflict_do_nothing())


async def change_class(db: AsyncSession, class_id: int, **values: Any) -> None:
    """Set columns of a class; whose it is was asked before."""
    await db.execute(update(SchoolClass).where(SchoolClass.id == class_id).values(**values))


async def find_by_code(db: AsyncSession, code: str, now: datetime) -> int | None:
    """Return the class that can be joined by a code."""
    valid = select(SchoolClass.id).where(
        SchoolClass.code == code,
        SchoolClass.code_expires_at > now,
        SchoolClass.closed_at.is_(None),
    )
    return (await db.execute(valid)).scalar_one_or_none()


async def offers(
    db: AsyncSession, *, student_id: int, class_id: int | None = None
) -> list[ClassOffer]:
    """Return the open classes that a pupil is in, or one whatever they are in it.

    Args:
        db: The open transaction.
        student_id: The pupil.
        class_id: The class that is wanted, whether they are in it or not.
    """
    here = (ClassMember.class_id == SchoolClass.id) & (ClassMember.student_id == student_id) & _HERE
    m = ClassMember
    found = (
        select(SchoolClass.id, SchoolClass.name, SchoolClass.school, Teacher.name)
        .add_columns(m.id, m.sees_before, m.joined_at)
        .select_from(SchoolClass)
        .join(ClassTeacher, ClassTeacher.class_id == SchoolClass.id)
        .join(Teacher, Teacher.id == ClassTeacher.teacher_id)
        .join(ClassMember, here, isouter=class_id is not None)
        .where(SchoolClass.closed_at.is_(None), Teacher.removed_at.is_(None))
        .order_by(SchoolClass.id, ClassTeacher.id)
    )
    if class_id is not None:
        found = found.where(SchoolClass.id == class_id)
    by_id: dict[int, ClassOffer] = {}
    for cid, name, school, teacher, *membership in (tuple(r) for r in await db.execute(found)):
        names = (*(by_id[cid].teachers if cid in by_id else ()), teacher)
        by_id[cid] = ClassOffer(cid, name, school, names, *_membership(membership))
    return list(by_id.values())


def _membership(values: Sequence[Any]) -> tuple[int | None, bool, datetime | None]:
    member_id, sees_before, joined_at = values
    return member_id, bool(sees_before), joined_at


async def teaches(db: AsyncSession, person_id: int, class_id: int) -> bool:
    """Return whether a person has a class."""
    mine = (
        select(ClassTeacher.id)
        .join(Teacher, Teacher.id == ClassTeacher.teacher_id)
        .where(Teacher.person_id == person_id, ClassTeacher.class_id == class_id)
    )
    return (await db.execute(mine)).first() is not None


async def count_members(db: AsyncSession, class_id: int) -> int:
    """Return how many pupils are in a class."""
    here = select(func.count()).select_from(ClassMember).where(ClassMember.class_id == class_id)
    return (await db.scalars(here.where(_HERE))).one()


async def member_ids(db: AsyncSession, class_id: int) -> list[int]:
    """Return the pupils of a class."""
    here = select(ClassMember.student_id).where(ClassMember.class_id == class_id, _HERE)
    return list(await db.scalars(here.order_by(ClassMember.student_id)))


async def add_member(db: AsyncSession, **values: Any) -> bool:
    """Insert a membership; return whether the pupil was not in the class already."""
    new = insert_for(db)(ClassMember).values(label="", **values).on_conflict_do_nothing()
    return (await db.execute(new.returning(ClassMember.id))).scalar_one_or_none() is not None


async def end_membership(db: AsyncSession, class_id: int, student_id: int, now: datetime) -> bool:
    """End a membership; return whether there was one. What teachers wrote of it is deleted."""
    mine = (ClassMember.class_id == class_id, ClassMember.student_id == student_id, _HERE)
    member = (await db.execute(select(ClassMember.id).where(*mine))).scalar_one_or_none()
    if member is None:
        return False
    await db.execute(delete(MemberNote).where(MemberNote.member_id == member))
    gone = update(ClassMember).where(ClassMember.id == member)
    await db.execute(gone.values(left_at=now, label=""))
    return True


async def wrong_codes_since(db: AsyncSession, person_id: int, since: datetime) -> int:
    """Return how many wrong codes a person typed since an instant; forget those before it."""
    mine = WrongCode.person_id == person_id
    await db.execute(delete(WrongCode).where(mine, WrongCode.at <= since))
    return (await db.scalars(select(func.count()).select_from(WrongCode).where(mine))).one()


async def add_wrong_code(db: AsyncSession, person_id: int, now: datetime) -> None:
    """Count a wrong code."""
    await db.execute(insert(WrongCode).values(person_id=person_id, at=now))


async def time_zones(db: AsyncSession, ids: Sequence[int]) -> dict[int, str]:
    """Return the time zones of pupils."""
    rows = await db.execute(select(Student.id, Student.timezone).where(Student.id.in_(ids)))
    return {student_id: zone for student_id, zone in rows}  # noqa: C416 - rows, not tuples


async def language_of(db: AsyncSession, person_id: int) -> Any:
    """Return the language of a person."""
    return await db.scalar(select(Person.language).where(Person.id == person_id))


async def add_note(db: AsyncSession, member_id: int, teacher_id: int, text: str) -> None:
    """Keep what a teacher wrote about a member."""
    await db.execute(
        insert(MemberNote).values(member_id=member_id, teacher_id=teacher_id, text=text)
    )


async def delete_note(db: AsyncSession, note_id: int, member_id: int) -> None:
    """Delete a note about a member."""
    gone = delete(MemberNote).where(MemberNote.id == note_id, MemberNote.member_id == member_id)
    await db.execute(gone)


async def set_label(db: AsyncSession, member_id: int, label: str) -> None:
    """Keep the teachers' own name of a member."""
    await db.execute(update(ClassMember).where(ClassMember.id == member_id).values(label=label))


async def member_of(
    db: AsyncSession, teacher_id: int, class_id: int, student_id: int
) -> int | None:
    """Return the membership of a pupil in an open class of a teacher."""
    pupil = (
        _theirs(teacher_id, ClassMember.id)
        .join(ClassMember, ClassMember.class_id == SchoolClass.id)
        .join(Student, Student.id == ClassMember.student_id)
        .where(SchoolClass.id == class_id, Student.id == student_id, _HERE, Student.visible())
    )
    found: int | None = (await db.execute(pupil)).scalar_one_or_none()
    return found


async def delete_classes_of(db: AsyncSession, person_id: int) -> None:
    """Delete the classes whose only teacher is a person, with their memberships and notes."""
    mine = select(Teacher.id).where(Teacher.person_id == person_id)
    theirs = select(ClassTeacher.class_id).where(ClassTeacher.teacher_id.in_(mine))
    shared = select(ClassTeacher.class_id).where(ClassTeacher.teacher_id.not_in(mine))
    alone = SchoolClass.id.in_(theirs) & SchoolClass.id.not_in(shared)
    await db.execute(
        delete(SchoolClass).where(alone), execution_options={"synchronize_session": False}
    )
