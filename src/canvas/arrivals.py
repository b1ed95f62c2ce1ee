"""People on their way to a school: which one, and what they gave until the school has answered.

The token stands in the row only sealed, and the row goes when the school has said whose it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from src import queue
from src.canvas import arrival_queries as queries
from src.canvas.connections import CONSENT_VERSION
from src.models import CanvasArrival, ConnectionKind, Sealed

CONNECT = "connect_canvas"
# Longer than a school may take to say who somebody is: whoever asked is gone.
CLAIMED_FOR = timedelta(minutes=2)
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ListedSchool:
    """A school that the operator offers to everybody.

    Attributes:
        id: Of its row.
        address: Scheme and host.
        name: As it is shown.
        has_key: Whether it lets people in by its own log-in.
    """

    id: int
    address: str
    name: str
    has_key: bool


async def listed_schools(db: AsyncSession) -> list[ListedSchool]:
    """Return the schools that the operator offers, by name."""
    return [
        ListedSchool(row.id, row.url, row.listed_as or row.url, row.client_id is not None)
        for row in await queries.listed(db)
    ]


async def list_school(db: AsyncSession, address: str, name: str) -> None:
    """Offer a school to everybody.

    Args:
        db: The open transaction.
        address: The school's, as `read_address` gives it.
        name: As it is shown.
    """
    await queries.set_listed(db, address, name)


async def unlist_school(db: AsyncSession, address: str) -> bool:
    """Offer a school no longer; who is connected stays so. Return whether it was offered."""
    return await queries.unlist(db, address)


async def begin(db: AsyncSession, person_id: int, address: str) -> None:
    """Keep which school a person wants to connect; an earlier one is forgotten."""
    nothing = dict.fromkeys(("kind", "secret", "consent_version", "claimed_at", "message_id"))
    await queries.put(db, person_id, {"address": address, "attempts": 0} | nothing)


async def of_person(db: AsyncSession, person_id: int) -> CanvasArrival | None:
    """Return what a person has begun; None where nothing is open."""
    return await queries.of_person(db, person_id)


async def agree(db: AsyncSession, person_id: int) -> None:
    """Keep that a person agreed to what is read and kept, in the words of this version."""
    await queries.change(db, person_id, {"consent_version": CONSENT_VERSION})


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody gave to come in.

    Attributes:
        kind: What it is.
        secret: Sealed.
        message_id: The message that held it.
    """

    kind: ConnectionKind
    secret: Sealed
    message_id: int | None


async def give(db: AsyncSession, person_id: int, given: Given) -> None:
    """Keep a token or a feed until the school has answered, and have it asked at once."""
    secret = given.secret
    values: dict[str, Any] = {"kind": given.kind, "secret": secret, "attempts": 0}
    values |= {"message_id": given.message_id, "claimed_at": None}
    arrival_id = await queries.change(db, person_id, values)
    if arrival_id is not None:
        key = f"{CONNECT}:{arrival_id}:{secret.text[-8:]}"
        await queue.enqueue(db, CONNECT, {"id": arrival_id}, key=key, priority=3)


async def give_up(db: AsyncSession, person_id: int) -> None:
    """Forget what a person has begun."""
    await queries.delete_of(db, person_id)


async def claim(db: AsyncSession, arrival_id: int, now: datetime) -> CanvasArrival | None:
    """Take somebody to their school; None where another worker does, or nothing is left."""
    row = await queries.lock(db, arrival_id)
    if row is None or row.secret is None or row.kind is None:
        return None
    if row.claimed_at is not None and row.claimed_at > now - CLAIMED_FOR:
        return None
    row.claimed_at, row.attempts = now, row.attempts + 1
    return row


async def release(db: AsyncSession, arrival_id: int, now: datetime, pause: timedelta) -> None:
    """Let somebody be taken to their school again after a while."""
    row = await queries.lock(db, arrival_id)
    if row is not None:
        row.claimed_at = now - CLAIMED_FOR + pause


async def done(db: AsyncSession, arrival_id: int, secret: Sealed) -> None:
    """Forget what somebody gave, unless they gave something else meanwhile."""
    row = await queries.lock(db, arrival_id)
    if row is not None and row.secret == secret:
        await db.delete(row)


async def refused(db: AsyncSession, arrival_id: int, secret: Sealed) -> None:
    """Forget a secret that a school refuses, but not at which school, unless a new one came."""
    row = await queries.lock(db, arrival_id)
    if row is not None and row.secret == secret:
        row.secret, row.kind, row.claimed_at, row.message_id = None, None, None, None


async def resume(db: AsyncSession, now: datetime) -> None:
    """Put into the queue who waits for a school, and forget who did not go on."""
    await queries.forget_old(db, now - KEPT_FOR)
    for arrival_id in await queries.waiting(db, now - CLAIMED_FOR):
        await queue.enqueue(db, CONNECT, {"id": arrival_id}, key=f"{CONNECT}:{arrival_id}")
