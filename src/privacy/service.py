"""Erasing a person, with what every feature keeps of them."""

from sqlalchemy.ext.asyncio import AsyncSession

from src import clock
from src.accounts import service as accounts
from src.accounts.pupil import Pupil
from src.canvas import erasing as canvas
from src.mastery import service as mastery
from src.premium import service as premium
from src.teaching import service as teaching


async def erase_person(db: AsyncSession, pupil: Pupil) -> None:
    """Delete the pupil and all that is kept of them, their view of a school with its history."""
    now = clock.now()
    opened = await canvas.open_person(db, pupil.person_id, now)
    await mastery.forget_person(db, pupil.person_id, now)
    await premium.forget_person(db, pupil.person_id, now)
    await teaching.forget_person(db, pupil.person_id)
    await accounts.erase(db, pupil)
    await canvas.close_person(db, opened, now)
