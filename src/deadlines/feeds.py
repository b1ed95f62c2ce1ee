"""Private calendar addresses: whoever has one reads the list, so only its hash is kept."""

import secrets
from datetime import datetime
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncSession

from src.accounts import service as accounts
from src.accounts.pupil import Pupil
from src.deadlines import queries, service
from src.deadlines.calendars import write_calendar
from src.premium import service as premium

# 128 bits: nobody guesses one.
_BYTES = 16


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


async def open_feed(db: AsyncSession, pupil: Pupil, now: datetime) -> str:
    """Make a new private address, and end those before; return what it ends in, which is a secret.

    It is said once: nobody can tell it again.
    """
    token = secrets.token_urlsafe(_BYTES)
    await queries.end_feeds(db, pupil.id, now)
    await queries.add_feed(db, pupil.id, _hash(token))
    return token


async def end_feeds(db: AsyncSession, pupil: Pupil, now: datetime) -> bool:
    """End the private address of a pupil; return whether there was one."""
    return await queries.end_feeds(db, pupil.id, now)


async def read_feed(db: AsyncSession, token: str, now: datetime) -> bytes | None:
    """Return the calendar behind a private address.

    None where there is none, it was ended, or premium is over: then it is as if it were not there.
    """
    student_id = await queries.student_of_feed(db, _hash(token))
    pupil = await accounts.find_student(db, student_id) if student_id else None
    if pupil is None or not await premium.is_premium(db, pupil.person_id, now):
        return None
    tasks = await service.calendar_tasks(db, pupil, now)
    # A program drops what is not there any more.
    there = [one for one in tasks if not one.is_done and not one.is_deleted]
    return write_calendar(there, "Dars", service.UID_HOST, now)
