"""Schools of a pupil: connecting, how they stand, and that one wants to be connected again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from src import audit
from src.accounts.pupil import Pupil
from src.canvas import arrivals, connections
from src.canvas import refresh as reading
from src.canvas.connections import (
    CONSENT_VERSION,
    WARN_BEFORE,
    Account,
    Grant,
    NoConnection,
    Owner,
)
from src.clock import local_day
from src.deadlines import queries
from src.deadlines.results import SchoolNotice
from src.errors import StaleAction
from src.models import (
    ConnectionKind,
    OutboxKind,
    OutboxOutcome,
    SyncPriority,
)
from src.outbox import service as outbox
from src.outbox.rules import is_quiet, next_waking
from src.outbox.service import Entry, Waiting

SUBJECT = "school"
MOST_AT_ONCE = 100
_LASTS = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class SchoolState:
    """How a pupil's connection with a school stands.

    Attributes:
        id: Of the connection.
        address: The school's.
        kind: How it was connected.
        state: As `connections.state_of` says.
        read_at: When it was last read whole; None: not yet.
        has_agreed: Whether the pupil agreed to what is read and kept, in today's words.
    """

    id: int
    address: str
    kind: ConnectionKind
    state: str
    read_at: datetime | None
    has_agreed: bool


@dataclass(frozen=True, slots=True)
class CameIn:
    """What a school said of somebody who logged in there."""

    account: Account
    grant: Grant


async def schools(db: AsyncSession, pupil: Pupil, now: datetime) -> list[SchoolState]:
    """Return the schools of a pupil, with those whose token is dead."""
    mine = {one.connection_id for one in await queries.schools_of(db, pupil.id)}
    rows = await connections.of_person(db, pupil.person_id)
    return [
        SchoolState(
            row.id,
            row.host.url,
            row.kind,
            state,
            row.last_sync_at,
            row.consent_version == CONSENT_VERSION,
        )
        for row in rows
        if row.id in mine and (state := connections.state_of(row, now)) != "disconnected"
    ]


async def as_of(db: AsyncSession, pupil: Pupil, now: datetime) -> datetime | None:
    """Return since when the list may be out of date: a school refuses its token."""
    dead = [one for one in await schools(db, pupil, now) if one.state in {"refused", "expired"}]
    return min((one.read_at for one in dead if one.read_at), default=None)


async def refresh(db: AsyncSession, pupil: Pupil, now: datetime) -> int:
    """Have the schools of a pupil read now; return how many can be."""
    alive = [one for one in await schools(db, pupil, now) if one.state in {"connected", "expires"}]
    for one in alive:
        await reading.ask_sync(db, one.id, SyncPriority.ASKED, now)
    return len(alive)


async def disconnect(db: AsyncSession, pupil: Pupil, connection_id: int, now: datetime) -> None:
    """Forget the token of a school; what is known of it stays.

    Raises:
        StaleAction: The pupil has no such school.
    """
    mine = [one.id for one in await schools(db, pupil, now)]
    if connection_id not in mine:
        raise StaleAction
    try:
        await connections.disconnect(db, connection_id, audit.person(pupil.person_id), now)
    except NoConnection:
        raise StaleAction from None


async def let_in(db: AsyncSession, person_id: int, came: CameIn, now: datetime) -> None:
    """Keep by what right a pupil's school lets us in, and have it read and told in the chat.

    Args:
        db: The open transaction.
        person_id: Whose.
        came: What the school said.
        now: The present, aware.
    """
    owner = Owner(person_id=person_id)
    await connections.keep(db, owner, came.account, came.grant, now)
    await arrivals.begin(db, person_id, came.account.address)
    await arrivals.agree(db, person_id)
    given = arrivals.Given(ConnectionKind.OAUTH, came.grant.secret, None)
    await arrivals.give(db, person_id, given)


async def tell(db: AsyncSession, now: datetime) -> int:
    """Put into the outbox that tokens are dead or end soon, once each; return how many."""
    untold = await queries.lock_untold(db, now, now + WARN_BEFORE, MOST_AT_ONCE)
    for school in untold:
        row = await connections.get(db, school.connection_id)
        timezone = await queries.timezone(db, school.student_id)
        school.told_dead_at = now
        if row is not None and timezone is not None:
            at = next_waking(now, timezone)
            state = "dead" if row.token_invalid_at else "ends"
            entry = Entry(
                OutboxKind.REMINDER,
                f"{SUBJECT}:{row.id}",
                local_day(at, timezone),
                at,
                at + _LASTS,
                revision=f"{state}:{int(now.timestamp())}",
            )
            await outbox.add(db, [school.student_id], entry)
    await db.flush()
    if untold:
        await outbox.send_soon(db)
    return len(untold)


async def prepare(
    db: AsyncSession, message: Waiting, now: datetime
) -> SchoolNotice | OutboxOutcome | datetime:
    """Return that a school wants to be connected again; nothing where it is by now."""
    timezone = await queries.timezone(db, message.student_id or 0)
    row = await connections.get(db, int(message.subject.partition(":")[2]))
    if timezone is None or row is None or row.secret is None:
        return OutboxOutcome.SKIPPED_UNWANTED
    state = connections.state_of(row, now)
    if state == "connected":
        return OutboxOutcome.SKIPPED_UNWANTED
    if is_quiet(now, timezone):
        return next_waking(now, timezone)
    return SchoolNotice(message.chat_id, message.language, row.host.url, state != "expires")
