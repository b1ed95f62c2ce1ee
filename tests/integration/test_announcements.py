"""Announcements: to whom, once each, never at night, gone on with after a kill, stopped."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner

from bot.views.announcements import announcement
from cli.main import app
from src import clock, database
from src.language import Language
from src.models import Announcement, AuditEvent, OutboxKind, OutboxMessage, OutboxOutcome
from src.operations import announcements
from src.operations.announcements import AnnouncedText, AnnouncementWriter, Audience
from src.outbox import queries as outbox
from src.outbox.delivery import Draft
from tests.fixtures.factories import make_class_member, make_school_class, make_student

NOON = datetime(2026, 3, 2, 6, tzinfo=UTC)  # in Dhaka
TEXTS = ("No school <tomorrow> & later.", "কাল স্কুল নেই।")


async def add_pupils(db: AsyncSession, **values: Any) -> list[int]:
    """Add two pupils of grade 6 and one of grade 7; return the people."""
    defaults: dict[str, Any] = {"registered_at": NOON, "language": "bn"}
    pupils = [make_student(**defaults | {"grade": grade} | values) for grade in (6, 6, 7)]
    db.add_all(pupils)
    await db.flush()
    for pupil in pupils:
        await db.refresh(pupil)
    return [pupil.person_id or 0 for pupil in pupils]


async def order(db: AsyncSession, audience: Audience | None = None) -> int:
    until = NOON + timedelta(days=3)
    return await announcements.create(db, TEXTS, audience or Audience(), until, NOON)


async def plan_all(db: AsyncSession) -> int:
    steps = 0
    while await announcements.plan_some(db, NOON):
        steps += 1
    return steps


async def told(db: AsyncSession) -> list[int]:
    return list(await db.scalars(select(OutboxMessage.person_id).order_by(OutboxMessage.id)))


async def test_everyone_is_told_once_whatever_is_repeated(db: AsyncSession) -> None:
    people = await add_pupils(db)
    number = await order(db)
    await plan_all(db)
    assert await told(db) == people
    # Killed before it was noted how far it came.
    kept = await db.get(Announcement, number)
    assert kept is not None
    kept.last_person_id, kept.planned_at = people[0], None
    await plan_all(db)
    assert await told(db) == people
    assert await announcements.plan_some(db, NOON) == 0


async def test_a_grade_alone(db: AsyncSession) -> None:
    people = await add_pupils(db)
    await order(db, Audience(grade=7))
    await plan_all(db)
    assert await told(db) == people[2:]


async def test_members_of_a_class_are_told_while_they_are_in_it(db: AsyncSession) -> None:
    pupils = [make_student(registered_at=NOON, grade=6, language="bn") for _ in range(3)]
    room = make_school_class()
    db.add_all([*pupils, room])
    await db.flush()
    db.add(make_class_member(class_id=room.id, student_id=pupils[0].id))
    db.add(make_class_member(class_id=room.id, student_id=pupils[1].id, left_at=NOON))
    await db.flush()
    audience = Audience(class_id=room.id)
    assert await announcements.count_people(db, audience) == {Language.BN: 1}
    await order(db, audience)
    await plan_all(db)
    assert len(await told(db)) == 1


async def test_who_wants_no_such_messages_is_left_alone(db: AsyncSession) -> None:
    await add_pupils(db, nudges_enabled=False)
    await add_pupils(db, registered_at=None)
    await order(db)
    await plan_all(db)
    assert await told(db) == []


async def first_waiting(db: AsyncSession) -> Any:
    [message_id, *_] = await outbox.find_waiting(db, list(OutboxKind), NOON, 9)
    waiting = await outbox.lock_waiting(db, message_id)
    assert waiting is not None
    return waiting


async def test_never_at_night_and_in_the_language_of_the_reader(db: AsyncSession) -> None:
    sent = list[AnnouncedText]()

    async def send(notice: AnnouncedText) -> None:
        sent.append(notice)

    await add_pupils(db)
    number = await order(db)
    await plan_all(db)
    waiting = await first_waiting(db)
    writer = AnnouncementWriter(send)
    night = NOON + timedelta(hours=10)
    assert await writer.prepare(db, waiting, night) == NOON + timedelta(hours=20)
    draft = await writer.prepare(db, waiting, NOON)
    assert isinstance(draft, Draft)
    await draft.send()
    assert [notice.text for notice in sent] == [TEXTS[1]]
    await announcements.stop(db, number, NOON)
    assert await writer.prepare(db, waiting, NOON) is OutboxOutcome.SKIPPED_UNWANTED


def test_a_pupil_sees_the_words_as_they_are_and_how_to_stop_them() -> None:
    said = announcement(AnnouncedText(1, Language.EN, TEXTS[0])).text
    assert "No school &lt;tomorrow&gt; &amp; later." in said
    assert "/stop" in said
    assert "/stop" in announcement(AnnouncedText(1, Language.BN, TEXTS[1])).text


async def dars(*words: str) -> Any:
    await database.dispose()
    return await asyncio.to_thread(CliRunner().invoke, app, ["announce", *words])


async def test_the_commands_show_order_list_and_stop(database_url: str) -> None:
    async with database.session_scope() as db:
        await add_pupils(db)
    words = ("new", "--en", TEXTS[0], "--bn", TEXTS[1], "--grade", "6")
    dry = await dars(*words, "--dry-run")
    assert "কাল স্কুল নেই।" in dry.output
    assert "To 2 people" in dry.output
    assert "Nothing was ordered" in dry.output
    assert "Announcement 1 is ordered" in (await dars(*words, "--yes")).output
    async with database.session_scope() as db:
        while await announcements.plan_some(db, clock.now()):
            pass
        assert await db.scalar(select(func.count()).select_from(AuditEvent)) == 1
    [found] = json.loads((await dars("list", "--format", "json")).output)
    assert (found["messages"], found["planned"]) == ({"waiting": 2}, True)
    assert "grade 6" in (await dars("list")).output
    assert "goes to nobody any more" in (await dars("stop", "1")).output
    assert "no announcement 7" in str((await dars("stop", "7")).exception)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--en", " ", "--bn", "x"), "empty"),
        (("--en", "x" * 5000, "--bn", "x"), "too long"),
        (("--en", "x", "--bn", "x", "--grade", "6", "--class", "1"), "not both"),
        (("--en", "x", "--bn", "x", "--class", "1"), "no class 1"),
    ],
)
async def test_what_cannot_be_sent_is_refused(
    sqlite_url: str, words: tuple[str, ...], said: str
) -> None:
    assert said in str((await dars("new", *words)).exception)
