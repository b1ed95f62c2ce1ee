"""Use cases of accounts. Each runs in the caller's transaction."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from src import audit, clock
from src.accounts import queries
from src.accounts.pupil import Pupil
from src.accounts.steps import CONSENT_VERSION, Dialog, Step, step_after, step_of
from src.accounts.timezones import find_timezone
from src.errors import NotRegistered, StaleAction
from src.language import Language, language_of
from src.models import AuditAction
from src.nudges import service as nudges
from src.storage.statements import empty_log_at_commit
from src.streaks import board

LONGEST_NAME = 100
LONGEST_PAYLOAD = 64
GRADES = (6, 7, 8)
# A write for each message would say no more.
SEEN_EVERY = timedelta(hours=1)
# What is kept of somebody who did not agree. An earlier version noted a block of theirs too.
BEFORE_CONSENT = frozenset({"language", "dialog", "blocked_at"})
MOST_AT_ONCE = 1000


async def enter(
    db: AsyncSession, telegram_id: int, language_code: str | None, at: datetime
) -> Pupil:
    """Lock the sender's row, making it for somebody new, and note that they are here.

    Of somebody who has not agreed nothing is noted but the id, the language and the step.

    Args:
        db: The open transaction.
        telegram_id: The sender.
        language_code: The language of their app, as Telegram tells it.
        at: When they wrote or tapped, aware.

    Returns:
        The pupil, whose row stays locked until the end of the transaction.
    """
    pupil = await queries.lock_pupil(db, telegram_id, clock.now())
    if pupil is None:
        language = language_of(language_code)
        await queries.add_pupil(db, telegram_id, language, Step.LANGUAGE)
        pupil = await queries.lock_pupil(db, telegram_id, clock.now())
    if pupil is None:
        raise StaleAction
    return await _welcome(db, pupil, at)


async def _welcome(db: AsyncSession, pupil: Pupil, at: datetime) -> Pupil:
    """Note when a pupil was last here, and that one who had blocked us is back."""
    if pupil.blocked_at is not None and at >= pupil.blocked_at:
        pupil = await welcome_back(db, pupil)
    seen = pupil.last_active_at
    misled = seen is not None and nudges.is_ahead(seen, clock.now())
    recent = seen is not None and at - seen < SEEN_EVERY and not misled
    if not pupil.agreed or recent:
        return pupil
    pupil = await _change(db, pupil, last_active_at=at)
    if misled:
        await nudges.reckon_anew(db, [pupil.id], clock.now())
    return pupil


async def welcome_back(db: AsyncSession, pupil: Pupil) -> Pupil:
    """Note that a pupil who had blocked the bot can be written to again."""
    back = await _change(db, pupil, blocked_at=None)
    _note(db, AuditAction.UNBLOCK, pupil.person_id, clock.now())
    for student_id in await queries.students_of(db, pupil.person_id):
        await nudges.reschedule(db, student_id, clock.now())
    return back


async def find(db: AsyncSession, telegram_id: int) -> Pupil | None:
    """Lock the row of somebody and return it; None where there is none."""
    return await queries.lock_pupil(db, telegram_id, clock.now())


async def language_in(db: AsyncSession, telegram_id: int) -> Language | None:
    """Return the language of who has a private chat; None where nobody is known there."""
    return await queries.language_in(db, telegram_id)


async def find_student(db: AsyncSession, student_id: int) -> Pupil | None:
    """Lock the rows of a pupil and their person, and return the pupil; None where there is none."""
    return await queries.lock_student(db, student_id, clock.now())


async def find_person(db: AsyncSession, person_id: int) -> Pupil | None:
    """Lock a person and the pupil who has the phone; return the pupil, None if there is none."""
    return await queries.lock_person(db, person_id, clock.now())


async def first_name(db: AsyncSession, pupil: Pupil) -> str:
    """Return the first name that a pupil has on Telegram, empty where none is kept."""
    return await queries.first_name(db, pupil.id) or ""


async def mark_blocked(db: AsyncSession, telegram_id: int, at: datetime) -> None:
    """Note that the pupil blocked the bot; they are left alone until they write again.

    Of one who had not agreed nothing stays.
    """
    pupil = await queries.lock_pupil(db, telegram_id, clock.now())
    if pupil is not None and not pupil.agreed:
        await erase(db, pupil)
        return
    person_id = await queries.mark_blocked(db, telegram_id, at)
    if person_id is not None:
        _note(db, AuditAction.BLOCK, person_id, at)
    await nudges.stop_for(db, telegram_id)


async def keep_payload(db: AsyncSession, pupil: Pupil, payload: str) -> None:
    """Keep the payload of the deep link by which a pupil came; the first one counts.

    That of somebody who has not agreed is not kept.
    """
    if pupil.agreed:
        await queries.keep_payload(db, pupil.id, payload[:LONGEST_PAYLOAD])


async def choose_language(db: AsyncSession, pupil: Pupil, language: str) -> Pupil:
    """Set the language, and return the pupil as they are then.

    Raises:
        StaleAction: It is not one that Dars speaks.
    """
    if language not in set(Language):
        raise StaleAction
    adult = pupil.dialog == Dialog.GUARDIAN
    after = pupil.dialog if adult else step_after(pupil, Step.LANGUAGE)
    return await _change(db, pupil, language=Language(language), dialog=after)


async def choose_grade(db: AsyncSession, pupil: Pupil, grade: int) -> Pupil:
    """Set the grade, and return the pupil as they are then.

    Raises:
        StaleAction: It is not 6, 7 or 8.
    """
    if grade not in GRADES:
        raise StaleAction
    await board.change_grade(db, pupil.id, grade)
    after = step_after(pupil, Step.GRADE)
    return await _change(db, pupil, grade=grade, wants_practice=True, dialog=after)


async def choose_deadlines_only(db: AsyncSession, pupil: Pupil) -> Pupil:
    """Note that a pupil wants no maths, so that no class is asked; return them as they are then.

    Raises:
        StaleAction: They are registered, or chose a class.
    """
    if pupil.registered_at is not None or pupil.grade is not None:
        raise StaleAction
    after = step_after(pupil, Step.GRADE)
    return await _change(db, pupil, wants_practice=False, dialog=after)


async def choose_timezone(db: AsyncSession, pupil: Pupil, timezone: str) -> Pupil:
    """Set the time zone, and return the pupil as they are then.

    Raises:
        StaleAction: It is no IANA name.
    """
    if find_timezone(timezone) != timezone:
        raise StaleAction
    after = step_after(pupil, Step.TIMEZONE)
    changed = await _change(db, pupil, timezone=timezone, dialog=after)
    await nudges.reschedule(db, pupil.id, clock.now())
    return changed


async def consent(
    db: AsyncSession, pupil: Pupil, name: str, now: datetime, *, version: str = CONSENT_VERSION
) -> Pupil:
    """Keep the consent to words of a version and the first name, and return the pupil then."""
    given: dict[str, Any] = {"consented_at": now, "consent_version": version, "last_active_at": now}
    if pupil.position == 1:
        given["name"] = name[:LONGEST_NAME]
    await queries.update_pupil(db, pupil, given)
    agreed = replace(pupil, consented_at=now, last_active_at=now)
    return await wait_for(db, agreed, step_after(agreed, Step.CONSENT))


async def finish(
    db: AsyncSession, pupil: Pupil, now: datetime, *, enabled: bool, at: time | None = None
) -> Pupil:
    """Finish the registration with the last answer: whether to be reminded, and when.

    Raises:
        StaleAction: Another step is open.
    """
    if pupil.registered_at is not None or step_of(pupil) is not Step.NUDGES:
        raise StaleAction
    pupil = await _change(db, pupil, registered_at=now, dialog=None)
    await choose_nudges(db, pupil, enabled=enabled, at=at)
    return pupil


async def wait_for(db: AsyncSession, pupil: Pupil, dialog: str | None) -> Pupil:
    """Keep what the bot is waiting for, and return the pupil as they are then."""
    return await _change(db, pupil, dialog=dialog)


async def choose_nudges(
    db: AsyncSession, pupil: Pupil, *, enabled: bool, at: time | None = None
) -> None:
    """Turn the daily reminder on or off, and set its local time."""
    values = {"nudges_enabled": enabled} | ({"nudge_time": at} if at else {})
    await _change(db, pupil, **values)
    await nudges.reschedule(db, pupil.id, clock.now())


async def set_holidays(
    db: AsyncSession, pupil: Pupil, begin: date | None, end: date | None
) -> None:
    """Keep on which local days a pupil wants no nudges and no digests; None: there are none.

    Raises:
        NotRegistered: The pupil has not agreed to anything yet.
    """
    if not pupil.agreed:
        raise NotRegistered
    await queries.update_pupil(db, pupil, {"holidays_from": begin, "holidays_until": end})
    await nudges.reschedule(db, pupil.id, clock.now())


async def holidays(db: AsyncSession, pupil: Pupil) -> tuple[date | None, date | None]:
    """Return the first and the last local day of the holidays that a pupil set."""
    return await queries.holidays(db, pupil.id)


async def erase(db: AsyncSession, pupil: Pupil, actor: str | None = None) -> None:
    """Delete the person with their pupils and all that is kept of them, for good.

    That it was done is noted only of somebody who had agreed.

    Args:
        db: The open transaction.
        pupil: Whom.
        actor: Who does it, as in the audit; None for the person.
    """
    await queries.delete_person(db, pupil.person_id)
    await empty_log_at_commit(db)
    if pupil.agreed:
        _note(db, AuditAction.ERASE, pupil.person_id, clock.now(), actor)


async def erase_student(db: AsyncSession, pupil: Pupil, actor: str | None = None) -> None:
    """Delete one of several pupils of a person; the phone passes to another one."""
    await queries.delete_student(db, pupil)
    await empty_log_at_commit(db)
    actor = actor or audit.person(pupil.person_id)
    audit.note(db, AuditAction.ERASE, ("student", pupil.id), actor=actor, at=clock.now())


async def forget_silent(db: AsyncSession, before: datetime) -> int:
    """Delete those who never agreed and went silent; return how many, a thousand at most."""
    return await queries.delete_silent(db, before, MOST_AT_ONCE)


def _note(
    db: AsyncSession,
    action: AuditAction,
    person_id: int,
    at: datetime,
    actor: str | None = None,
) -> None:
    """Note what a person, or somebody for them, did to their account."""
    subject = ("person", person_id)
    audit.note(db, action, subject, actor=actor or audit.person(person_id), at=at)


async def _change(db: AsyncSession, pupil: Pupil, **values: Any) -> Pupil:
    if not (pupil.agreed or values.keys() <= BEFORE_CONSENT):
        raise NotRegistered
    await queries.update_pupil(db, pupil, values)
    return replace(pupil, **values)
