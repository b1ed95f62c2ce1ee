"""Announcements: one text in both languages to many people, each of whom is told once.

The row of an announcement is the order; a job puts it into the outbox, some hundred people at a
time, and notes how far it came: a killed one is gone on with. From there it goes out like whatever
Dars writes first: on the one lane, never at night, and to nobody who wants no such messages.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from src import audit
from src.errors import NoSuchAnnouncement
from src.language import Bilingual, Language
from src.models import (
    Announcement,
    AuditAction,
    ClassMember,
    OutboxKind,
    OutboxMessage,
    OutboxOutcome,
    Person,
    Student,
)
from src.outbox import service as outbox
from src.outbox.delivery import Draft
from src.outbox.rules import is_quiet, next_waking
from src.outbox.service import Entry, Waiting

AT_ONCE = 500
OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told: all pupils, or those of a grade or a class.

    Attributes:
        grade: Only this one.
        class_id: Only the members of this class.
    """

    grade: int | None = None
    class_id: int | None = None


@dataclass(frozen=True, slots=True)
class AnnouncedText:
    """An announcement for one person.

    Attributes:
        chat_id: Their private chat.
        language: Theirs.
        text: In it.
    """

    chat_id: int
    language: Language
    text: str


async def count_people(db: AsyncSession, audience: Audience) -> dict[str, int]:
    """Return how many people would be told, by language."""
    found = await db.execute(
        select(Person.language, func.count()).where(_wanted(audience)).group_by(Person.language)
    )
    return {language: int(number) for language, number in found}


async def create(
    db: AsyncSession,
    texts: tuple[str, str],
    audience: Audience,
    expires_at: datetime,
    now: datetime,
) -> int:
    """Order an announcement; return its number.

    Args:
        db: The open transaction.
        texts: In English and Bangla.
        audience: Who is told.
        expires_at: When it is too late to tell.
        now: The present instant.
    """
    order = Announcement(text_en=texts[0], text_bn=texts[1], expires_at=expires_at)
    order.grade, order.class_id = audience.grade, audience.class_id
    db.add(order)
    await db.flush()
    detail = {"grade": audience.grade, "class": audience.class_id}
    subject = ("announcement", order.id)
    audit.note(db, AuditAction.ANNOUNCE, subject, actor=OPERATOR, at=now, detail=detail)
    return order.id


async def plan_some(db: AsyncSession, now: datetime) -> int:
    """Put the next people of the oldest announcement that is not done into the outbox.

    Returns:
        1 where there may be more to do, else 0.
    """
    order = await db.scalar(
        select(Announcement)
        .where(Announcement.planned_at.is_(None))
        .order_by(Announcement.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if order is None:
        return 0
    people = await _next_people(db, order)
    if people and order.expires_at > now:
        entry = Entry(OutboxKind.ANNOUNCEMENT, str(order.id), now.date(), now, order.expires_at)
        await outbox.add_for_people(db, people, entry)
        await outbox.send_soon(db)
        order.last_person_id = people[-1]
    else:
        order.planned_at = now
    return 1


async def _next_people(db: AsyncSession, order: Announcement) -> list[int]:
    audience = Audience(order.grade, order.class_id)
    later = Person.id > order.last_person_id
    wanted = select(Person.id).where(later, _wanted(audience)).order_by(Person.id).limit(AT_ONCE)
    return list(await db.scalars(wanted))


def _wanted(audience: Audience) -> ColumnElement[bool]:
    """Return who is told: has a pupil who belongs to it and wants what Dars writes first."""
    pupil = (Student.person_id == Person.id) & Student.registered_at.is_not(None)
    pupil &= Student.deleted_at.is_(None) & Student.nudges_enabled.is_(True)
    if audience.grade is not None:
        pupil &= Student.grade == audience.grade
    if audience.class_id is not None:
        pupil &= exists().where(
            ClassMember.student_id == Student.id,
            ClassMember.class_id == audience.class_id,
            ClassMember.left_at.is_(None),
        )
    return Person.blocked_at.is_(None) & exists().where(pupil)


async def list_orders(db: AsyncSession, most: int) -> list[dict[str, Any]]:
    """Return the latest announcements, with what became of their messages."""
    orders = await db.scalars(select(Announcement).order_by(Announcement.id.desc()).limit(most))
    return [await _describe(db, order) for order in orders.all()]


async def _describe(db: AsyncSession, order: Announcement) -> dict[str, Any]:
    row = OutboxMessage
    mine = (row.kind == OutboxKind.ANNOUNCEMENT) & (row.subject == str(order.id))
    counts = await db.execute(select(row.outcome, func.count()).where(mine).group_by(row.outcome))
    return {
        "id": order.id,
        "ordered_at": order.created_at.isoformat(),
        "grade": order.grade,
        "class": order.class_id,
        "planned": order.planned_at is not None,
        "expires_at": order.expires_at.isoformat(),
        "messages": {str(outcome or "waiting"): int(number) for outcome, number in counts},
        "en": order.text_en,
        "bn": order.text_bn,
    }


async def stop(db: AsyncSession, order_id: int, now: datetime) -> None:
    """Tell nobody any more; who was told was told.

    Raises:
        NoSuchAnnouncement: There is none of that number.
    """
    order = await db.get(Announcement, order_id, with_for_update=True)
    if order is None:
        raise NoSuchAnnouncement(f"there is no announcement {order_id}")
    order.expires_at = min(order.expires_at, now)
    order.planned_at = order.planned_at or now


class AnnouncementWriter:
    """Looks once more whether an announcement is still to be told, and has it put into words.

    Args:
        send: Sends it once; raises as the draft's ``send`` does.
    """

    def __init__(self, send: Callable[[AnnouncedText], Awaitable[None]]) -> None:
        self._send = send

    async def prepare(
        self, db: AsyncSession, message: Waiting, now: datetime
    ) -> Draft | OutboxOutcome | datetime:
        """Return what to send, why not, or until when it has to wait."""
        order = await db.get(Announcement, int(message.subject))
        zone = await _zone_of_reader(db, message.chat_id)
        if order is None or order.expires_at <= now or zone is None:
            return OutboxOutcome.SKIPPED_UNWANTED
        if is_quiet(now, zone):
            return next_waking(now, zone)
        text = Bilingual(order.text_en, order.text_bn).in_(message.language)
        return Draft(partial(self._send, AnnouncedText(message.chat_id, message.language, text)))


async def _zone_of_reader(db: AsyncSession, chat_id: int) -> str | None:
    """Return where somebody lives; None where they no longer want what Dars writes first."""
    return await db.scalar(
        select(Student.timezone)
        .join(Person, Person.id == Student.person_id)
        .where(
            Person.telegram_id == chat_id,
            Person.blocked_at.is_(None),
            Student.registered_at.is_not(None),
            Student.deleted_at.is_(None),
            Student.nudges_enabled.is_(True),
        )
        .order_by(Student.id)
        .limit(1)
    )
