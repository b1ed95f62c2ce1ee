"""Moving to another Telegram account, and shutting one out. In the caller's transaction."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from src import audit, clock
from src.accounts import queries
from src.accounts.pupil import Pupil
from src.errors import MoveRefused
from src.models import AuditAction
from src.nudges import service as nudges
from src.storage.statements import empty_log_at_commit

# Without signs that look alike: a child types it from another phone.
SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 10
GOOD_FOR = timedelta(minutes=30)


async def make_code(db: AsyncSession, pupil: Pupil, at: datetime) -> str:
    """Return a code by which another account takes this one over; one before it is void.

    Only its sum is kept: 31^10 codes cannot be tried in half an hour.
    """
    code = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    await queries.set_person(
        db, pupil.person_id, move_code=_sum_of(code), move_code_until=at + GOOD_FOR
    )
    return f"{code[:5]}-{code[5:]}"


async def move_by_code(db: AsyncSession, newcomer: Pupil, typed: str, at: datetime) -> Pupil:
    """Let what belongs to the owner of a code belong to the account that typed it.

    Args:
        db: The open transaction, holding the newcomer's lock.
        newcomer: Who typed it.
        typed: In any case, with or without the dash.
        at: When, aware.

    Returns:
        The pupil, with the newcomer's Telegram id.

    Raises:
        MoveRefused: The code is not good, or the new account has something of its own.
    """
    code = "".join(sign for sign in typed.upper() if sign in SIGNS)[: LENGTH + 1]
    owner = await queries.owner_of_code(db, _sum_of(code), at)
    if owner is None or owner == newcomer.person_id:
        raise MoveRefused("code")
    pupil = await queries.lock_person(db, owner, clock.now())
    if pupil is None:
        raise MoveRefused("code")
    to, actor = newcomer.telegram_id, audit.person(owner)
    return await move(db, pupil, newcomer, to, actor=actor, at=at)


async def move(
    db: AsyncSession,
    pupil: Pupil,
    newcomer: Pupil | None,
    telegram_id: int,
    *,
    actor: str,
    at: datetime,
) -> Pupil:
    """Let a person be another Telegram account, noted in the audit.

    Args:
        db: The open transaction, holding both locks.
        pupil: A pupil of the person.
        newcomer: Who has the other account so far; None for nobody.
        telegram_id: The other account.
        actor: Who does it, as in the audit.
        at: When, aware.

    Raises:
        MoveRefused: The other account has something of its own.
    """
    if newcomer is not None:
        if newcomer.agreed:
            raise MoveRefused("taken")
        await queries.delete_person(db, newcomer.person_id)
    await queries.give_telegram_id(db, pupil, telegram_id)
    await empty_log_at_commit(db)
    audit.note(db, AuditAction.MOVE, ("person", pupil.person_id), actor=actor, at=at)
    moved = await queries.lock_person(db, pupil.person_id, clock.now())
    assert moved is not None
    await nudges.reschedule(db, moved.id, at)
    return moved


async def bar(db: AsyncSession, pupil: Pupil, at: datetime, *, barred: bool) -> None:
    """Shut a person out, who is then neither answered nor written to, or let them in again."""
    await queries.set_person(db, pupil.person_id, barred_at=at if barred else None)
    action = AuditAction.BLOCK if barred else AuditAction.UNBLOCK
    audit.note(db, action, ("person", pupil.person_id), actor="operator", at=at)
    if barred:
        await nudges.stop_for(db, pupil.telegram_id)
    else:
        await nudges.reschedule(db, pupil.id, at)


def _sum_of(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
