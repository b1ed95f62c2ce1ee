"""Use cases of accounts. Each runs in the caller's transaction."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from src import audit, clock
from src.accounts import queries
from src.accounts.pupil import Pupil
from src.accounts.timezones import find_timezone
from src.errors import StaleAction
from src.language import Language, language_of
from src.models import AuditAction
from src.nudges import service as nudges
from src.storage.statements import empty_log_at_commit

# Changes with the words of `ask-consent`.
CONSENT_VERSION = "2026-11-28"
LONGEST_NAME = 100
LONGEST_PAYLOAD = 64
GRADES = (6, 7, 8)
# A write for each message would say no more.
SEEN_EVERY = timedelta(hours=1)


async def enter(
    db: AsyncSession, telegram_id: int, name: str, language_code: str | None, at: datetime
) -> Pupil:
    """Lock the sender's row, making it for somebody new, and note that they are here.

    Args:
        db: The open transaction.
        telegram_id: The sender.
        name: Their first name.
        language_code: The language of their app, as Telegram tells it.
        at: When they wrote or tapped, aware.

    Returns:
        The pupil, whose row stays locked until the end of the transaction.
    """
    pupil = await queries.lock_pupil(db, telegram_id)
    if pupil is None:
        language = language_of(language_code)
        await queries.add_pupil(db, telegram_id, name[:LONGEST_NAME], language, "language")
        pupil = await queries.lock_pupil(db, telegram_id)
    if pupil is None:
        raise StaleAction
    return await _welcome(db, pupil, at)


async def _welcome(db: AsyncSession, pupil: Pupil, at: datetime) -> Pupil:
    """Note when a pupil was last here, and that one who had blocked us is back."""
    if pupil.blocked_at is not None and at >= pupil.blocked_at:
        pupil = await welcome_back(db, pupil)
    seen = pupil.last_active_at
    if seen is not None and at - seen < SEEN_EVERY:
        return pupil
    return await _change(db, pupil, last_active_at=at)


async def welcome_back(db: AsyncSession, pupil: Pupil) -> Pupil:
    """Note that a pupil who had blocked the bot can be written to again."""
    back = await _change(db, pupil, blocked_at=None)
    _note(db, AuditAction.UNBLOCK, pupil.person_id, clock.now())
    await nudges.reschedule(db, pupil.id, clock.now())
    return back


async def find(db: AsyncSession, telegram_id: int) -> Pupil | None:
    """Lock the row of somebody and return it; None where there is none."""
    return await queries.lock_pupil(db, telegram_id)


async def mark_blocked(db: AsyncSession, telegram_id: int, at: datetime) -> None:
    """Note that the pupil blocked the bot; they are left alone until they write again."""
    person_id = await queries.mark_blocked(db, telegram_id, at)
    if person_id is not None:
        _note(db, AuditAction.BLOCK, person_id, at)
    await nudges.stop_for(db, telegram_id)


async def keep_payload(db: AsyncSession, pupil: Pupil, payload: str) -> None:
    """Keep the payload of the deep link by which a pupil came; the first one counts."""
    await queries.keep_payload(db, pupil.id, payload[:LONGEST_PAYLOAD])


async def choose_language(db: AsyncSession, pupil: Pupil, language: str) -> Pupil:
    """Set the language, and return the pupil as they are then.

    Raises:
        StaleAction: It is not one that Dars speaks.
    """
    if language not in set(Language):
        raise StaleAction
    return await _change(db, pupil, language=Language(language), dialog=_after(pupil, "language"))


async def choose_grade(db: AsyncSession, pupil: Pupil, grade: int) -> Pupil:
    """Set the grade, and return the pupil as they are then.

    Raises:
        StaleAction: It is not 6, 7 or 8.
    """
    if grade not in GRADES:
        raise StaleAction
    return await _change(db, pupil, grade=grade, dialog=_after(pupil, "grade"))


async def choose_timezone(db: AsyncSession, pupil: Pupil, timezone: str) -> Pupil:
    """Set the time zone, and return the pupil as they are then.

    Raises:
        StaleAction: It is no IANA name.
    """
    if find_timezone(timezone) != timezone:
        raise StaleAction
    changed = await _change(db, pupil, timezone=timezone, dialog=_after(pupil, "timezone"))
    await nudges.reschedule(db, pupil.id, clock.now())
    return changed


async def consent(db: AsyncSession, pupil: Pupil, now: datetime) -> None:
    """Keep the consent, which finishes the registration."""
    given = {"consented_at": now, "consent_version": CONSENT_VERSION, "registered_at": now}
    await queries.update_pupil(db, pupil, given | {"last_active_at": now, "dialog": None})
    await nudges.reschedule(db, pupil.id, now)


async def wait_for(db: AsyncSession, pupil: Pupil, dialog: str | None) -> Pupil:
    """Keep what the bot is waiting for, and return the pupil as they are then."""
    return await _change(db, pupil, dialog=dialog)


async def choose_nudges(
    db: AsyncSession, pupil: Pupil, *, enabled: bool, at: time | None = None
) -> None:
    """Turn the daily reminder on or off, and set its local time."""
    values = {"nudges_enabled": enabled} | ({"nudge_time": at} if at else {})
    await queries.update_pupil(db, pupil, values)
    await nudges.reschedule(db, pupil.id, clock.now())


async def erase(db: AsyncSession, pupil: Pupil) -> None:
    """Delete the pupil and all that is kept of them, for good."""
    await queries.delete_person(db, pupil.person_id)
    await empty_log_at_commit(db)
    _note(db, AuditAction.ERASE, pupil.person_id, clock.now())


def _note(db: AsyncSession, action: AuditAction, person_id: int, at: datetime) -> None:
    """Note what a person did to their own account."""
    actor, subject = audit.person(person_id), ("person", person_id)
    audit.note(db, action, subject, actor=actor, at=at)


REGISTRATION = ("language", "grade", "timezone", "consent")


def _after(pupil: Pupil, step: str) -> str | None:
    """Return the dialog after a choice: the next step of the registration, or none."""
    if pupil.registered_at is not None:
        return None
    return REGISTRATION[REGISTRATION.index(step) + 1]


async def _change(db: AsyncSession, pupil: Pupil, **values: Any) -> Pupil:
    await queries.update_pupil(db, pupil, values)
    return replace(pupil, **values)
