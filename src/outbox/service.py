"""Use cases of the outbox. Each runs in the caller's transaction.

The rows decide: a person has at most one message of a kind about a subject by a unique index,
whoever claims it may send it, and what may have arrived is sent again only where its kind says so.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from src import queue
from src.models import OutboxKind, OutboxMessage, OutboxOutcome
from src.outbox import queries
from src.outbox.queries import Waiting
from src.outbox.rules import AT_LEAST_ONCE, TERMS

__all__ = ["Entry", "Parked", "Result", "Waiting"]

# The version before has a job of this name: so the two never have the one lane at once.
SEND = "send_nudges"
ABANDONED_AFTER = timedelta(minutes=10)
# Longer than any call takes: whoever claimed it is gone, and later replies wait behind it.
SENT_AGAIN_AFTER = timedelta(seconds=90)
REPLIES_EXPIRE_AFTER = timedelta(hours=12)
MOST_PARKED = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """A message that is to be added, the same for some pupils.

    Attributes:
        kind: What it is.
        subject: What it is about.
        local_day: The pupils' day for which it is.
        due_at: When it may go out.
        expires_at: When it is too late.
        outcome: Why nothing will be sent; None when it will be.
        revision: Another one of the same subject is told again.
        payload: What its writer needs to know, as JSON; not to be changed.
    """

    kind: OutboxKind
    subject: str
    local_day: date
    due_at: datetime
    expires_at: datetime
    outcome: OutboxOutcome | None = None
    revision: str = ""
    payload: Any = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a claimed message.

    Attributes:
        message_id: Of its row.
        outcome: None when it did not arrive, or may not have, and is to be sent again.
        sent_at: When Telegram accepted it.
        error: The class of the error.
        due_at: When one that is to be sent again may go out; None is at once.
    """

    message_id: int
    outcome: OutboxOutcome | None
    sent_at: datetime | None = None
    error: str | None = None
    due_at: datetime | None = None


async def add(db: AsyncSession, students: Sequence[int], entry: Entry) -> None:
    """Add a message for each of some pupils; who has it already keeps that one."""
    values = asdict(entry) | {"priority": TERMS[entry.kind].priority}
    await queries.add(db, students, values)


async def add_to(db: AsyncSession, person_id: int, student_id: int | None, entry: Entry) -> None:
    """Add a message to a person about a pupil or about none; who has it already keeps that one."""
    values = asdict(entry) | {"priority": TERMS[entry.kind].priority}
    await queries.add_to(db, values | {"person_id": person_id, "student_id": student_id})


async def add_for_people(db: AsyncSession, people: Sequence[int], entry: Entry) -> None:
    """Add a message that is about no pupil for each of some people, as `add` does."""
    values = asdict(entry) | {"priority": TERMS[entry.kind].priority, "revision": ""}
    await queries.add_for_people(db, [values | {"person_id": person} for person in people])


@dataclass(frozen=True, slots=True)
class Parked:
    """Replies that Telegram does not take now.

    Attributes:
        chat_id: The person's private chat.
        subject: The update that they answer.
        replies: As JSON, in their order.
    """

    chat_id: int
    subject: str
    replies: Sequence[dict[str, Any]]


async def park(db: AsyncSession, parked: Parked, now: datetime, wait: timedelta) -> bool:
    """Have replies said later, behind those that are parked already.

    Of many only the last are said: who floods the bot is not flooded by it for an hour.

    Returns:
        False where the person is not known, such as one who has just been erased.
    """
    person_id = await queries.person_in(db, parked.chat_id)
    if person_id is None:
        return False
    due_at = now + wait
    values = {
        "person_id": person_id,
        "kind": OutboxKind.REPLY,
        "priority": TERMS[OutboxKind.REPLY].priority,
        "local_day": now.date(),
        "due_at": due_at,
        "expires_at": due_at + REPLIES_EXPIRE_AFTER,
    }
    await queries.add_replies(db, values, parked.subject, parked.replies)
    await queries.skip_earlier_replies(db, person_id, MOST_PARKED)
    await queries.expire_together(db, person_id)
    await queue.enqueue(db, SEND, key=f"{SEND}:{person_id}:{due_at:%H%M%S}", after=wait)
    return True


async def has_parked(db: AsyncSession, chat_id: int, now: datetime) -> bool:
    """Return whether something is still to be said in a private chat."""
    return await queries.has_parked(db, chat_id, now)


async def send_soon(db: AsyncSession) -> None:
    """Put a job into the queue that sends what waits."""
    await queue.enqueue(db, SEND, key=SEND)


async def tidy(db: AsyncSession, now: datetime) -> None:
    """Close what is over, and see to it that a job sends what waits, should the queue be lost."""
    await _close_expired(db, now)
    abandoned = OutboxMessage.claimed_at < now - ABANDONED_AFTER
    again = OutboxMessage.claimed_at < now - SENT_AGAIN_AFTER
    again &= OutboxMessage.kind.in_(AT_LEAST_ONCE)
    await queries.close(db, None, again, claimed_at=None, error="Abandoned")
    await queries.close(db, OutboxOutcome.AMBIGUOUS, abandoned)
    if await queries.find_waiting(db, list(OutboxKind), now, most=1):
        await send_soon(db)


async def _close_expired(db: AsyncSession, now: datetime) -> None:
    """Give up what became too late before its turn came."""
    expired = OutboxMessage.claimed_at.is_(None) & (OutboxMessage.expires_at <= now)
    await queries.close(db, OutboxOutcome.SKIPPED_CAPACITY, expired)


async def waiting(
    db: AsyncSession, kinds: Collection[OutboxKind], now: datetime, most: int
) -> list[int]:
    """Give up what is too late by now, and return what is to be sent, the most urgent first."""
    await _close_expired(db, now)
    return await queries.find_waiting(db, kinds, now, most)


async def last_claim(db: AsyncSession, now: datetime) -> datetime | None:
    """Return when a message of these days was last claimed, by whatever process."""
    return await queries.last_claim(db, (now - timedelta(days=2)).date())


async def lock(db: AsyncSession, message_id: int) -> Waiting | None:
    """Lock a message that nobody has claimed; None if it is gone or taken."""
    return await queries.lock_waiting(db, message_id)


async def claim(db: AsyncSession, message_id: int, now: datetime, variant: str | None) -> None:
    """Claim a locked message, so that nobody else sends it."""
    await queries.change(db, message_id, claimed_at=now, variant=variant)


async def skip(db: AsyncSession, message_id: int, reason: OutboxOutcome) -> None:
    """Decide that a message is not sent."""
    await queries.change(db, message_id, outcome=reason)


async def postpone(db: AsyncSession, message_id: int, due_at: datetime) -> None:
    """Let a message wait until an instant."""
    await queries.change(db, message_id, due_at=due_at)


async def record(db: AsyncSession, result: Result) -> None:
    """Keep what became of a claimed message; one that did not arrive can be claimed again."""
    if result.outcome is None:
        later = {"due_at": result.due_at} if result.due_at else {}
        await queries.change(db, result.message_id, claimed_at=None, error=result.error, **later)
        if result.due_at:
            await queries.put_off(db, result.message_id, result.due_at + REPLIES_EXPIRE_AFTER)
        return
    await queries.change(
        db,
        result.message_id,
        outcome=result.outcome,
        sent_at=result.sent_at,
        error=result.error or queries.DOUBT,
    )
