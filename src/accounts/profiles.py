"""Several pupils on one phone: who they are, and which of them has it. In the caller's transaction.

Each has their own answers, streak, reminders and data; the language and what the bot waits for
belong to the phone.
"""

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from src import clock
from src.accounts import queries
from src.accounts.pupil import Pupil
from src.accounts.steps import Step, step_of
from src.errors import StaleAction

MOST_PROFILES = 4


@dataclass(frozen=True, slots=True)
class Profile:
    """One of the pupils on a phone.

    Attributes:
        id: The student's id.
        name: First name; None while it is not known.
        grade: 6..8, or None before it was chosen.
        is_registered: Whether the registration is finished.
        is_on: Whether they have the phone now.
    """

    id: int
    name: str | None
    grade: int | None
    is_registered: bool
    is_on: bool


async def profiles(db: AsyncSession, person_id: int) -> list[Profile]:
    """Return the pupils of a person, in the order in which they came."""
    return [Profile(*row) for row in await queries.profiles_of(db, person_id)]


async def add(db: AsyncSession, pupil: Pupil) -> Pupil:
    """Add a pupil to a phone and hand it to them; nothing is known of them yet.

    Raises:
        StaleAction: There are four already.
    """
    if len(await queries.students_of(db, pupil.person_id)) >= MOST_PROFILES:
        raise StaleAction
    return await _hand_to(db, pupil, await queries.add_profile(db, pupil))


async def switch(db: AsyncSession, pupil: Pupil, student_id: int) -> Pupil:
    """Hand the phone to another pupil of it.

    Raises:
        StaleAction: There is no such pupil on this phone.
    """
    if student_id not in await queries.students_of(db, pupil.person_id):
        raise StaleAction
    return await _hand_to(db, pupil, student_id)


async def _hand_to(db: AsyncSession, pupil: Pupil, student_id: int) -> Pupil:
    await queries.set_person(db, pupil.person_id, current_student_id=student_id)
    now = await queries.lock_student(db, student_id, clock.now())
    assert now is not None
    step = step_of(now) if now.agreed else Step.CONSENT
    dialog = None if now.registered_at is not None else step
    await queries.set_person(db, pupil.person_id, dialog=dialog)
    return replace(now, dialog=dialog)


async def name_on(db: AsyncSession, person_id: int) -> str | None:
    """Return the name of who has the phone."""
    found = [one for one in await profiles(db, person_id) if one.is_on]
    return found[0].name if found else None


async def rename(db: AsyncSession, pupil: Pupil, name: str, after: Step | None) -> Pupil:
    """Keep the first name that a pupil typed, and go on with what comes after it."""
    await queries.update_pupil(db, pupil, {"name": name, "dialog": after})
    return replace(pupil, name=name, dialog=after)
