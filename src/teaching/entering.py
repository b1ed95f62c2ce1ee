"""How a teacher comes in to the pages: a link from the bot, spent by a POST, and a session.

Robots that preview links open them: to open one changes nothing.
"""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from src.errors import LinkSpent, SignedOut
from src.language import Language
from src.teaching import entering_queries as queries
from src.teaching import queries as people
from src.teaching import rules
from src.teaching.results import TeacherCard, Visitor


async def make_link(
    db: AsyncSession, teacher: TeacherCard, now: datetime, *, lasts: timedelta = rules.LINK_TIME
) -> str:
    """Return the secret of a new link of a teacher; an older one ends."""
    secret = rules.make_secret()
    expires_at = now + lasts
    await queries.add_link(db, teacher.person_id, rules.hash_of(secret), expires_at)
    return secret


async def look_at_link(db: AsyncSession, secret: str, now: datetime) -> None:
    """See whether a link works; it stays as it was.

    Raises:
        LinkSpent: It was used, or is too old, or never was one.
    """
    if not await queries.is_link(db, rules.hash_of(secret), now):
        raise LinkSpent


async def come_in(db: AsyncSession, secret: str, now: datetime) -> str:
    """Use a link up, and return the secret of a session for the cookie.

    Raises:
        LinkSpent: It was used, or is too old, or never was one.
    """
    person_id = await queries.spend_link(db, rules.hash_of(secret), now)
    if person_id is None or await people.teacher_of(db, person_id) is None:
        raise LinkSpent
    cookie = rules.make_secret()
    await queries.add_session(
        db,
        person_id=person_id,
        hash=rules.hash_of(cookie),
        language=Language(await people.language_of(db, person_id)),
        began_at=now,
        expires_at=now + rules.SESSION_TIME,
    )
    return cookie


async def visitor(db: AsyncSession, cookie: str, now: datetime) -> Visitor:
    """Return who looks.

    Raises:
        SignedOut: Nobody who is let in.
    """
    found = await queries.visitor(db, rules.hash_of(cookie), now)
    if found is None:
        raise SignedOut
    return found


async def sign_out(
    db: AsyncSession, who: Visitor, now: datetime, *, everywhere: bool = False
) -> None:
    """End the session, or all of the person in every browser."""
    if everywhere:
        await queries.end_all(db, who.person_id, now)
    else:
        await queries.end(db, who.session_id, now)


async def choose_language(db: AsyncSession, who: Visitor, language: Language) -> None:
    """Set the language of the pages in this browser."""
    await queries.set_language(db, who.session_id, language)


def is_fresh(who: Visitor, now: datetime) -> bool:
    """Return whether somebody came in so lately that they may export or erase."""
    return now - who.began_at <= rules.FRESH_TIME
