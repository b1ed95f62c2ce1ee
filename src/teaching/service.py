"""Use cases of teachers and classes. Each runs in the caller's transaction."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from src import audit
from src.accounts.pupil import Pupil
from src.clock import local_day
from src.errors import ClassFull, NoSuchClass, TooManyCodes
from src.mastery import service as mastery
from src.models import AuditAction
from src.teaching import entering_queries, queries, rules
from src.teaching.results import ClassCard, ClassOffer, InvitedTeacher, TeacherCard


async def invite(db: AsyncSession, name: str, school: str, now: datetime) -> tuple[int, str]:
    """Invite a teacher; return the number, and the payload of the deep link that takes it once."""
    secret = rules.make_secret()
    teacher_id = await queries.add_teacher(
        db,
        name=name,
        school=school,
        invite_hash=rules.hash_of(secret),
        invite_expires_at=now + rules.INVITE_DAYS,
    )
    _note(db, AuditAction.CONNECT, ("teacher", teacher_id), audit_actor=None, at=now)
    return teacher_id, rules.TEACH + secret


async def teachers(db: AsyncSession) -> list[InvitedTeacher]:
    """Return every teacher who was ever invited."""
    return await queries.teachers(db)


async def remove(db: AsyncSession, teacher_id: int, now: datetime) -> None:
    """End the rights of a teacher at once, in every browser; their classes stay for others.

    Raises:
        NoSuchClass: There is no such teacher, or they were removed before.
    """
    person_id = await queries.change_teacher(db, teacher_id, removed_at=now, invite_hash=None)
    if person_id is None:
        raise NoSuchClass(f"there is no teacher {teacher_id}")
    if person_id:
        await entering_queries.end_all(db, person_id, now)
    _note(db, AuditAction.DISCONNECT, ("teacher", teacher_id), audit_actor=None, at=now)


async def invitation(db: AsyncSession, payload: str, now: datetime) -> TeacherCard | None:
    """Return whom a deep link invites to teach; None where it cannot be taken (any more)."""
    secret = payload.removeprefix(rules.TEACH)
    return await queries.find_invite(db, rules.hash_of(secret), now)


async def accept(db: AsyncSession, person_id: int, payload: str, now: datetime) -> TeacherCard:
    """Make a person the teacher whom a deep link invites; who is one already stays that one.

    Raises:
        NoSuchClass: It was taken by somebody else, or is too old.
    """
    there = await queries.teacher_of(db, person_id)
    if there is not None:
        return there
    invited = await invitation(db, payload, now)
    if invited is None or not await queries.accept(db, invited.id, person_id, now):
        raise NoSuchClass
    _note(db, AuditAction.CONNECT, ("teacher", invited.id), audit_actor=person_id, at=now)
    return TeacherCard(invited.id, person_id, invited.name, invited.school)


async def teacher_of(db: AsyncSession, person_id: int) -> TeacherCard | None:
    """Return the teacher that a person is; None for everybody else."""
    return await queries.teacher_of(db, person_id)


async def classes_of(db: AsyncSession, teacher_id: int) -> list[ClassCard]:
    """Return the open classes of a teacher."""
    return await queries.classes_of(db, teacher_id)


async def class_of(db: AsyncSession, teacher_id: int, class_id: int) -> ClassCard:
    """Return an open class of a teacher.

    Raises:
        NoSuchClass: There is none, or it is somebody else's: nobody can tell which.
    """
    found = await queries.classes_of(db, teacher_id, class_id)
    if not found:
        raise NoSuchClass
    return found[0]


async def make_class(
    db: AsyncSession, teacher: TeacherCard, name: str, grade: int, now: datetime
) -> ClassCard:
    """Make a class of a teacher, with a code to join it.

    Raises:
        ClassFull: The teacher has too many.
        ValueError: The name is empty or the grade none of ours.
    """
    name = rules.tidy_name(name)
    if not name or grade not in {6, 7, 8}:
        raise ValueError("a class needs a name and a grade from 6 to 8")
    if len(await queries.classes_of(db, teacher.id)) >= rules.MOST_CLASSES:
        raise ClassFull
    class_id = await queries.add_class(
        db,
        teacher.id,
        name=name,
        school=teacher.school,
        grade=grade,
        code=rules.make_code(),
        code_expires_at=now + rules.CODE_DAYS,
    )
    return await class_of(db, teacher.id, class_id)


async def rotate_code(db: AsyncSession, teacher_id: int, class_id: int, now: datetime) -> ClassCard:
    """Give a class a new code; the old one, with its link and picture, ends at once.

    Raises:
        NoSuchClass: It is not theirs.
    """
    await class_of(db, teacher_id, class_id)
    new = {"code": rules.make_code(), "code_expires_at": now + rules.CODE_DAYS}
    await queries.change_class(db, class_id, **new)
    return await class_of(db, teacher_id, class_id)


async def close_class(
    db: AsyncSession, teacher: TeacherCard, class_id: int, now: datetime
) -> ClassCard:
    """Close a class for good: nobody joins, and no teacher sees its pupils any more.

    Raises:
        NoSuchClass: It is not theirs.
    """
    card = await class_of(db, teacher.id, class_id)
    await queries.change_class(db, class_id, closed_at=now, code=None, code_expires_at=None)
    by = teacher.person_id
    _note(db, AuditAction.DISCONNECT, ("class", class_id), audit_actor=by, at=now)
    return card


async def colleagues(db: AsyncSession, teacher: TeacherCard, class_id: int) -> list[TeacherCard]:
    """Return who could become a co-teacher: the other teachers of the school.

    Raises:
        NoSuchClass: It is not theirs.
    """
    await class_of(db, teacher.id, class_id)
    return await queries.colleagues(db, teacher, class_id)


async def add_co_teacher(
    db: AsyncSession, teacher: TeacherCard, class_id: int, other_id: int, now: datetime
) -> TeacherCard:
    """Give a class of a teacher to a colleague too, with the same rights.

    Raises:
        NoSuchClass: The class is not theirs, or the other one is no colleague.
    """
    for other in await colleagues(db, teacher, class_id):
        if other.id == other_id:
            await queries.add_class_teacher(db, class_id, other_id)
            _note(
                db,
                AuditAction.CONNECT,
                ("class", class_id),
                audit_actor=teacher.person_id,
                at=now,
                teacher=other_id,
            )
            return other
    raise NoSuchClass


async def set_topic(
    db: AsyncSession, teacher_id: int, class_id: int, topic: str | None, now: datetime
) -> ClassCard:
    """Choose the topic of the week for a class; None ends it.

    The five of its pupils come from it for seven days, but for those who chose one themselves. They
    can go back to all topics whenever they like.

    Raises:
        NoSuchClass: It is not theirs.
    """
    await class_of(db, teacher_id, class_id)
    ids = await queries.member_ids(db, class_id)
    zones = await queries.time_zones(db, ids)
    until = (
        None if topic is None else max(_last_day(zone, now) for zone in [*zones.values(), "UTC"])
    )
    await queries.change_class(db, class_id, topic=topic, topic_until=until)
    for student_id, zone in zones.items():
        await _wish(db, student_id, topic, local_day(now, zone), _last_day(zone, now))
    return await class_of(db, teacher_id, class_id)


def _last_day(zone: str, now: datetime) -> date:
    return local_day(now + rules.TOPIC_DAYS, zone)


async def _wish(
    db: AsyncSession, student_id: int, topic: str | None, today: date, until: date
) -> None:
    if topic is not None and await mastery.wished(db, student_id, today) is None:
        await mastery.wish_for(db, student_id, topic, until, is_test=False)


async def classmates(db: AsyncSession, class_id: int) -> list[int]:
    """Return the pupils of a class, for what only they see of each other: the board."""
    return await queries.member_ids(db, class_id)


async def offer(db: AsyncSession, pupil: Pupil, typed: str, now: datetime) -> ClassOffer | None:
    """Return the class of a code that somebody typed or came by; None where there is none.

    The class is named with its teachers, and nothing is seen by them yet.

    Raises:
        TooManyCodes: Five were wrong within an hour.
    """
    wrong = await queries.wrong_codes_since(db, pupil.person_id, now - rules.WRONG_CODES_WITHIN)
    if wrong >= rules.MOST_WRONG_CODES:
        raise TooManyCodes
    code = rules.read_code(typed)
    class_id = await queries.find_by_code(db, code, now) if code else None
    offered = await _offered(db, pupil, class_id) if class_id else None
    if offered is None:
        await queries.add_wrong_code(db, pupil.person_id, now)
    return offered


async def _offered(db: AsyncSession, pupil: Pupil, class_id: int) -> ClassOffer | None:
    found = await queries.offers(db, student_id=pupil.id, class_id=class_id)
    return found[0] if found else None


async def join(
    db: AsyncSession,
    pupil: Pupil,
    code: str,
    now: datetime,
    *,
    sees_before: bool,
    version: str = rules.CONSENT_VERSION,
) -> ClassOffer:
    """Let the teachers of a class see a pupil from now on, as the pupil agreed.

    Args:
        db: The open transaction.
        pupil: Who agrees, and states that a parent or guardian knows.
        code: By which they came: it still holds, or a button of long ago would do.
        now: The current instant, aware.
        sees_before: Whether what was before is seen too.
        version: Of the words that were agreed to.

    Raises:
        NoSuchClass: The code holds no more, or the words were others.
        ClassFull: There is no room, or the pupil is its teacher.
    """
    class_id = await queries.find_by_code(db, code, now)
    if class_id is None or version != rules.CONSENT_VERSION:
        raise NoSuchClass
    full = await queries.count_members(db, class_id) >= rules.MOST_MEMBERS
    if full or await queries.teaches(db, pupil.person_id, class_id):
        raise ClassFull
    is_new = await queries.add_member(
        db,
        class_id=class_id,
        student_id=pupil.id,
        joined_at=now,
        consent_version=version,
        sees_before=sees_before,
    )
    if is_new:
        subject = ("class", class_id)
        by = pupil.person_id
        _note(db, AuditAction.CONNECT, subject, audit_actor=by, at=now, student=pupil.id)
    offered = await _offered(db, pupil, class_id)
    if offered is None:
        raise NoSuchClass
    return offered


async def memberships(db: AsyncSession, pupil: Pupil) -> list[ClassOffer]:
    """Return the classes whose teachers see a pupil."""
    return await queries.offers(db, student_id=pupil.id)


async def leave(db: AsyncSession, pupil: Pupil, class_id: int, now: datetime) -> None:
    """End what the teachers of a class see of a pupil, at once; what they wrote is deleted.

    Raises:
        NoSuchClass: The pupil is not in it.
    """
    if not await queries.end_membership(db, class_id, pupil.id, now):
        raise NoSuchClass
    subject = ("class", class_id)
    by = pupil.person_id
    _note(db, AuditAction.DISCONNECT, subject, audit_actor=by, at=now, student=pupil.id)


async def remove_member(
    db: AsyncSession, teacher: TeacherCard, class_id: int, student_id: int, now: datetime
) -> None:
    """Take a pupil out of a class of a teacher; they see nothing of them any more.

    Raises:
        NoSuchClass: The class is not theirs, or the pupil not in it.
    """
    if await queries.member_of(db, teacher.id, class_id, student_id) is None:
        raise NoSuchClass
    await queries.end_membership(db, class_id, student_id, now)
    subject = ("class", class_id)
    by = teacher.person_id
    _note(db, AuditAction.DISCONNECT, subject, audit_actor=by, at=now, student=student_id)


async def write_note(
    db: AsyncSession, teacher_id: int, class_id: int, student_id: int, text: str
) -> None:
    """Keep a note about a pupil, who can read it.

    Raises:
        NoSuchClass: The pupil is in no class of theirs by that number.
        ValueError: It is empty or too long.
    """
    member = await _member(db, teacher_id, class_id, student_id)
    if not text.strip() or len(text) > rules.LONGEST_NOTE:
        raise ValueError("a note has one to a thousand signs")
    await queries.add_note(db, member, teacher_id, text.strip())


async def delete_note(
    db: AsyncSession, teacher_id: int, class_id: int, student_id: int, note_id: int
) -> None:
    """Delete a note about a pupil.

    Raises:
        NoSuchClass: The pupil is in no class of theirs by that number.
    """
    member = await _member(db, teacher_id, class_id, student_id)
    await queries.delete_note(db, note_id, member)


async def set_label(
    db: AsyncSession, teacher_id: int, class_id: int, student_id: int, label: str
) -> None:
    """Give a pupil a name of the teachers' own, beside the pupil's; empty takes it away.

    Raises:
        NoSuchClass: The pupil is in no class of theirs by that number.
    """
    member = await _member(db, teacher_id, class_id, student_id)
    await queries.set_label(db, member, rules.tidy_name(label))


async def _member(db: AsyncSession, teacher_id: int, class_id: int, student_id: int) -> int:
    member = await queries.member_of(db, teacher_id, class_id, student_id)
    if member is None:
        raise NoSuchClass
    return member


async def forget_person(db: AsyncSession, person_id: int) -> None:
    """Delete the classes that only a person taught; what else is theirs goes with their rows."""
    await queries.delete_classes_of(db, person_id)


def _note(
    db: AsyncSession,
    action: AuditAction,
    subject: tuple[str, int],
    *,
    audit_actor: int | None,
    at: datetime,
    **detail: int,
) -> None:
    """Note what a person did; None is an operator."""
    actor = "operator" if audit_actor is None else audit.person(audit_actor)
    audit.note(db, action, subject, actor=actor, at=at, detail=detail)
