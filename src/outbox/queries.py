"""All SQL of the outbox."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    bindparam,
    case,
    exists,
    false,
    func,
    null,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from src.errors import MaybeSent
from src.language import Language
from src.models import OutboxKind, OutboxMessage, OutboxOutcome, Person, Student
from src.models.types import Ids, is_among
from src.storage.prepared import Prepared, run
from src.storage.statements import dialect_insert, dialect_of, fetch, insert_for, table_of

O = table_of(OutboxMessage).c  # noqa: E741 - the letter of the table, as elsewhere
_CORE = {"synchronize_session": False}
_UNCLAIMED = OutboxMessage.outcome.is_(None) & OutboxMessage.claimed_at.is_(None)

_IS_REPLY = OutboxMessage.kind == OutboxKind.REPLY
# Of the table: an alias of the model would configure all models when this is imported.
_EARLIER = table_of(OutboxMessage).alias("earlier").c
_HAS_EARLIER_REPLY = exists().where(
    _EARLIER.person_id == OutboxMessage.person_id,
    _EARLIER.kind == OutboxKind.REPLY,
    _EARLIER.outcome.is_(None),
    _EARLIER.id < OutboxMessage.id,
)

# That a message may have been sent before it was sent is still known afterwards: it is counted.
DOUBTFUL = ("Abandoned", MaybeSent.__name__)
DOUBT = case((OutboxMessage.error.in_(DOUBTFUL), OutboxMessage.error), else_=null())


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that nobody has claimed, locked.

    Attributes:
        id: Of its row.
        kind: What it is.
        student_id: The pupil whom it is about, if any.
        subject: What it is about.
        payload: Of a parked reply.
        local_day: The reader's day for which it is.
        chat_id: The person's private chat.
        language: The person's.
        error: Of an earlier try.
    """

    id: int
    kind: OutboxKind
    student_id: int | None
    subject: str
    payload: Any
    local_day: date
    chat_id: int
    language: Language
    error: str | None = None


_OF_ENTRY = (
    *("kind", "subject", "revision", "priority", "payload"),
    *("local_day", "due_at", "expires_at", "outcome"),
)


@cache
def _add(dialect: str) -> Prepared:
    values = {name: bindparam(f"new_{name}", type_=O[name].type) for name in _OF_ENTRY}
    pupils = select(Student.person_id, Student.id, *values.values())
    statement = dialect_insert(dialect)(table_of(OutboxMessage)).from_select(
        ["person_id", "student_id", *values],
        pupils.where(is_among(Student.id, bindparam("students", type_=Ids))),
    )
    return Prepared(statement.on_conflict_do_nothing())


async def add(db: AsyncSession, students: Sequence[int], values: dict[str, Any]) -> None:
    """Insert a message for each of some pupils; who has it already keeps that one."""
    new = {f"new_{name}": values[name] for name in _OF_ENTRY}
    await run(db, _add(dialect_of(db)), {"students": students} | new)


async def add_to(db: AsyncSession, values: dict[str, Any]) -> None:
    """Insert a message; where it is there already it is left alone."""
    await db.execute(insert_for(db)(OutboxMessage).values(**values).on_conflict_do_nothing())


async def add_for_people(db: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Insert messages that are about no pupil; who has one already keeps that one."""
    statement = insert_for(db)(table_of(OutboxMessage)).on_conflict_do_nothing()
    await (await db.connection()).execute(statement, rows)


async def person_in(db: AsyncSession, chat_id: int) -> int | None:
    """Return who has a private chat."""
    return await db.scalar(select(Person.id).where(Person.telegram_id == chat_id))


async def has_parked(db: AsyncSession, chat_id: int, now: datetime) -> bool:
    """Return whether a reply waits for who has a private chat."""
    waiting = _IS_REPLY & OutboxMessage.outcome.is_(None) & (OutboxMessage.expires_at > now)
    statement = (
        select(OutboxMessage.id)
        .join(Person, Person.id == OutboxMessage.person_id)
        .where(Person.telegram_id == chat_id, waiting)
        .limit(1)
    )
    return await db.scalar(statement) is not None


async def add_replies(
    db: AsyncSession, values: dict[str, Any], subject: str, replies: Sequence[dict[str, Any]]
) -> None:
    """Insert replies to an update; those that are there already are left alone.

    They are counted from the last one: how many were said before the first of them may differ from
    one delivery of the update to the next.
    """
    rows = [
        values | {"subject": f"{subject}:{len(replies) - place}", "payload": reply}
        for place, reply in enumerate(replies)
    ]
    await db.execute(insert_for(db)(OutboxMessage).on_conflict_do_nothing(), rows)


async def skip_earlier_replies(db: AsyncSession, person_id: int, most: int) -> None:
    """Give up what a person has waiting, but for the last of it."""
    of_person = _UNCLAIMED & (OutboxMessage.person_id == person_id) & _IS_REPLY
    last = select(OutboxMessage.id).where(of_person).order_by(OutboxMessage.id.desc()).limit(most)
    await close(db, OutboxOutcome.SKIPPED_CAPACITY, of_person & OutboxMessage.id.not_in(last))


async def expire_together(db: AsyncSession, person_id: ColumnElement[int] | int) -> None:
    """Let no reply to a person expire before those that are said before it."""
    waiting = (OutboxMessage.person_id == person_id) & _IS_REPLY & OutboxMessage.outcome.is_(None)
    last = select(func.max(OutboxMessage.expires_at)).where(waiting).scalar_subquery()
    await db.execute(
        update(OutboxMessage).where(waiting).values(expires_at=last), execution_options=_CORE
    )


async def put_off(db: AsyncSession, message_id: int, until: datetime) -> None:
    """Let a reply that is due later expire no earlier than an instant, nor those behind it."""
    row = OutboxMessage
    reply = (row.id == message_id) & _IS_REPLY & (row.expires_at < until)
    await db.execute(update(row).where(reply).values(expires_at=until), execution_options=_CORE)
    whose = select(_EARLIER.person_id).where(_EARLIER.id == message_id).scalar_subquery()
    await expire_together(db, whose)


async def find_waiting(
    db: AsyncSession, kinds: Collection[OutboxKind], now: datetime, most: int
) -> list[int]:
    """Return what is due and nobody has claimed: by priority, then what expires first."""
    statement = (
        select(OutboxMessage.id)
        .where(
            _UNCLAIMED,
            OutboxMessage.kind.in_(kinds),
            OutboxMessage.due_at <= now,
            OutboxMessage.expires_at > now,
            # What is said to a person later must not overtake what is being said.
            ~(_IS_REPLY & _HAS_EARLIER_REPLY),
        )
        .order_by(
            OutboxMessage.priority,
            OutboxMessage.expires_at,
            OutboxMessage.due_at,
            OutboxMessage.id,
        )
        .limit(most)
    )
    return list(await db.scalars(statement))


async def last_claim(db: AsyncSession, since: date) -> datetime | None:
    """Return when a message for a day since then was last claimed."""
    return await db.scalar(
        select(func.max(OutboxMessage.claimed_at)).where(OutboxMessage.local_day >= since)
    )


async def lock_waiting(db: AsyncSession, message_id: int) -> Waiting | None:
    """Lock a message that nobody has claimed; None if it is gone or taken."""
    columns = (O.id, O.kind, O.student_id, O.subject, O.payload, O.local_day)
    statement = (
        select(*columns, Person.telegram_id, Person.language, O.error)
        .join_from(OutboxMessage, Person, Person.id == OutboxMessage.person_id)
        .where(OutboxMessage.id == message_id, _UNCLAIMED)
        .with_for_update(of=OutboxMessage, skip_locked=True)
    )
    rows = await fetch(db, statement, {})
    return Waiting(*rows[0]) if rows else None


async def change(db: AsyncSession, message_id: int, **values: Any) -> None:
    """Set columns of a message."""
    statement = update(OutboxMessage).where(OutboxMessage.id == message_id).values(**values)
    await fetch(db, statement, {})


async def close(
    db: AsyncSession,
    outcome: OutboxOutcome | None,
    which: ColumnElement[bool],
    **values: Any,
) -> int:
    """Decide, or release, what is not decided yet; return how many."""
    rows = await db.execute(
        update(OutboxMessage)
        .where(OutboxMessage.outcome.is_(None), which)
        .values(outcome=outcome, **values)
        .returning(OutboxMessage.id),
        execution_options=_CORE,
    )
    return len(rows.all())


async def count_outcomes(
    db: AsyncSession, since: date, kind: OutboxKind | None
) -> Sequence[Row[OutboxKind, date, OutboxOutcome | None, str | None, bool, bool, int]]:
    """Count messages by kind, day, outcome, wording, whether claimed, and maybe sent twice."""
    claimed = OutboxMessage.claimed_at.is_not(None)
    row = OutboxMessage
    twice = case((row.sent_at.is_not(None) & row.error.in_(DOUBTFUL), true()), else_=false())
    key = (row.kind, row.local_day, row.outcome, row.variant, claimed, twice)
    statement = select(*key, func.count()).where(row.local_day >= since).group_by(*key)
    if kind is not None:
        statement = statement.where(row.kind == kind)
    return (await db.execute(statement)).all()
