"""Use cases of adults whom pupils chose. Each runs in the caller's transaction.

A pupil invites, an adult agrees, the pupil says that it is the right one: only then is anything
told. Either of them ends it at once. What is told is worked out from the rows when it is sent.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncSession

from src import audit
from src.accounts.pupil import Pupil
from src.clock import local_day
from src.errors import StaleAction
from src.models import AuditAction, Guardian, OutboxKind, OutboxOutcome
from src.outbox import service as outbox
from src.outbox.rules import is_quiet, next_waking, window_end
from src.outbox.service import Entry, Waiting
from src.storage.statements import AnyRow
from src.teaching import guardian_queries as queries
from src.teaching.guardian_rules import DAYS, TopicWeek, Week, next_message, summed_up, weekday_of

MOST = 2
OPEN_FOR = timedelta(days=7)
# No letter that looks like another one; 32**10 codes, of which one opens.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 10
# After so long without practice there is nothing to tell, and nobody is told again and again.
_TELL_OF = 2 * DAYS
_AT_ONCE = 200
PREFIX = "g_"


class GuardianState(StrEnum):
    """How far an adult is."""

    INVITED = "invited"
    AGREED = "agreed"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class GuardianLine:
    """An adult, as the pupil sees them.

    Attributes:
        id: Of the row.
        name: The adult's first name; empty while nobody has agreed.
        state: How far it is.
    """

    id: int
    name: str
    state: GuardianState


@dataclass(frozen=True, slots=True)
class Ward:
    """A pupil, as the adult who hears of them sees them.

    Attributes:
        id: Of the guardian's row.
        name: The pupil's first name.
        is_confirmed: Whether the pupil said that it is the right adult.
    """

    id: int
    name: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that an adult opened.

    Attributes:
        name: The pupil's first name.
        weekday: On which the messages come; Monday is 0.
        is_own: Whether it is the pupil who opened it.
        is_known: Whether this adult hears of the pupil already.
    """

    name: str
    weekday: int
    is_own: bool
    is_known: bool


@dataclass(frozen=True, slots=True)
class GuardianNews:
    """What the outbox tells: the week to an adult, or to a pupil that an adult agreed.

    Attributes:
        guardian_id: Of the row, for the button that ends it.
        name: Of the other one.
        week: What is told; None where the pupil is asked.
        pupil: Whom of those on the phone the question is for.
    """

    guardian_id: int
    name: str
    week: Week | None = None
    pupil: str = ""


async def of_pupil(db: AsyncSession, pupil: Pupil, now: datetime) -> list[GuardianLine]:
    """Return the adults of a pupil, and an invitation that is open."""
    return [_line(row) for row in await queries.of_pupil(db, pupil.id, now)]


def _line(row: AnyRow) -> GuardianLine:
    state = GuardianState.INVITED if row.agreed_at is None else GuardianState.AGREED
    if row.confirmed_at is not None:
        state = GuardianState.CONFIRMED
    return GuardianLine(row.id, row.name or "", state)


async def of_person(db: AsyncSession, person_id: int) -> list[Ward]:
    """Return the pupils of whom an adult hears, or will hear."""
    rows = await queries.of_person(db, person_id)
    return [Ward(row.id, row.name or "", row.confirmed_at is not None) for row in rows]


async def invite(db: AsyncSession, pupil: Pupil, now: datetime) -> str:
    """Make an invitation, in place of one that nobody has taken, and return its code.

    Raises:
        StaleAction: Two adults have agreed already.
    """
    await queries.drop_invitations(db, pupil.id)
    if len(await queries.of_pupil(db, pupil.id, now)) >= MOST:
        raise StaleAction
    code = PREFIX + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    db.add(Guardian(student_id=pupil.id, code_hash=_hash(code), expires_at=now + OPEN_FOR))
    await db.flush()
    return code


def _hash(code: str) -> str:
    return sha256(code.strip().encode()).hexdigest()


async def open_invitation(
    db: AsyncSession, code: str, person_id: int, now: datetime
) -> Invitation | None:
    """Return what an invitation is about; None where it is over or there is none."""
    row = await queries.by_code(db, _hash(code), now)
    if row is None:
        return None
    is_known = await queries.hears_of(db, person_id, row.student_id)
    weekday = weekday_of(row.timezone)
    return Invitation(row.name or "", weekday, row.person_id == person_id, is_known)


async def agree(db: AsyncSession, code: str, adult: Pupil, name: str, now: datetime) -> Invitation:
    """Keep that an adult agrees, and ask the pupil whether it is the one they meant.

    Args:
        db: The open transaction.
        code: Of the invitation.
        adult: Who agrees.
        name: Their first name.
        now: The current instant, aware.

    Raises:
        StaleAction: The invitation is over, their own, or they hear of the pupil already.
    """
    row = await queries.by_code(db, _hash(code), now)
    found = await open_invitation(db, code, adult.person_id, now)
    if row is None or found is None or found.is_own or found.is_known:
        raise StaleAction
    values = {"person_id": adult.person_id, "agreed_at": now, "code_hash": None}
    await queries.change(db, row.id, name=name[:100], **values)
    _note(db, AuditAction.CONNECT, row.id, adult.person_id, now)
    day = local_day(now, row.timezone)
    ask = Entry(OutboxKind.GUARDIAN, f"ask:{row.id}", day, now, now + OPEN_FOR)
    await outbox.add_to(db, row.person_id, row.student_id, ask)
    await outbox.send_soon(db)
    return found


async def confirm(db: AsyncSession, pupil: Pupil, guardian_id: int, now: datetime) -> GuardianLine:
    """Keep that the right adult agreed: from now on they are told.

    Raises:
        StaleAction: There is nobody to confirm by that number.
    """
    row = await _of_own(db, pupil, guardian_id)
    if row.agreed_at is None:
        raise StaleAction
    if row.confirmed_at is None:
        due = next_message(now, row.timezone)
        await queries.change(db, row.id, confirmed_at=now, next_at=due)
        _note(db, AuditAction.CONNECT, row.id, pupil.person_id, now)
    return GuardianLine(row.id, row.name or "", GuardianState.CONFIRMED)


async def end_by_pupil(db: AsyncSession, pupil: Pupil, guardian_id: int, now: datetime) -> str:
    """End it, and return the adult's name.

    Raises:
        StaleAction: There is nobody by that number.
    """
    row = await _of_own(db, pupil, guardian_id)
    await _end(db, row.id, pupil.person_id, now)
    return row.name or ""


async def end_by_adult(db: AsyncSession, person_id: int, guardian_id: int, now: datetime) -> str:
    """End it, and return the pupil's name.

    Raises:
        StaleAction: They hear of nobody by that number.
    """
    row = await queries.find(db, guardian_id)
    if row is None or row.person_id != person_id:
        raise StaleAction
    await _end(db, row.id, person_id, now)
    return row.pupil or ""


async def _of_own(db: AsyncSession, pupil: Pupil, guardian_id: int) -> AnyRow:
    row = await queries.find(db, guardian_id)
    # Whichever of the pupils on a phone is there just now: the question came to that phone.
    if row is None or row.owner_id != pupil.person_id:
        raise StaleAction
    return row


async def _end(db: AsyncSession, guardian_id: int, person_id: int, now: datetime) -> None:
    await queries.change(db, guardian_id, ended_at=now, next_at=None, code_hash=None)
    _note(db, AuditAction.DISCONNECT, guardian_id, person_id, now)


def _note(
    db: AsyncSession, action: AuditAction, guardian_id: int, person_id: int, at: datetime
) -> None:
    audit.note(db, action, ("guardian", guardian_id), actor=audit.person(person_id), at=at)


async def week_of(db: AsyncSession, student_id: int, today: date) -> Week:
    """Return a pupil's last seven local days, the present one included: four statements."""
    first = today - timedelta(days=DAYS - 1)
    topics = await queries.topics_of(db, student_id, first, today)
    return summed_up(
        await queries.name_of(db, student_id),
        await queries.days_of(db, student_id, first, today),
        [TopicWeek(topic, int(asked), int(right)) for topic, asked, right in topics],
        await queries.mastered(db, student_id, first, today),
    )


async def plan(db: AsyncSession, now: datetime) -> int:
    """Put the messages that are due into the outbox; return how many, 200 at most."""
    due: Sequence[AnyRow] = await queries.lock_due(db, now, _AT_ONCE)
    for row in due:
        day = local_day(row.next_at, row.timezone)
        until = window_end(day + timedelta(days=1), row.timezone)
        entry = Entry(OutboxKind.GUARDIAN, f"week:{row.id}:{day}", day, now, until)
        if until > now:
            await outbox.add_to(db, row.person_id, row.student_id, entry)
        await queries.change(db, row.id, next_at=next_message(now, row.timezone))
    if due:
        await outbox.send_soon(db)
    return len(due)


async def prepare(
    db: AsyncSession, message: Waiting, now: datetime
) -> GuardianNews | OutboxOutcome | datetime:
    """Return what to tell, why nothing is told any more, or until when it has to wait."""
    what, _, rest = message.subject.partition(":")
    row = await queries.find(db, int(rest.partition(":")[0]))
    if row is None:
        return OutboxOutcome.SKIPPED_UNWANTED
    if is_quiet(now, row.timezone):
        return next_waking(now, row.timezone)
    if what == "ask":
        if row.agreed_at is None or row.confirmed_at is not None:
            return OutboxOutcome.SKIPPED_UNWANTED
        return GuardianNews(row.id, row.name or "", pupil=row.pupil or "")
    return await _week(db, row, now)


async def _week(db: AsyncSession, row: AnyRow, now: datetime) -> GuardianNews | OutboxOutcome:
    today = local_day(now, row.timezone)
    since = today - timedelta(days=_TELL_OF - 1)
    has_practised = await queries.days_of(db, row.student_id, since, today)
    if row.confirmed_at is None or row.blocked_at is not None or not has_practised:
        return OutboxOutcome.SKIPPED_UNWANTED
    week = await week_of(db, row.student_id, today)
    return GuardianNews(row.id, row.pupil or "", week)
