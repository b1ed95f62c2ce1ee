"""All SQL of the way in to the pages."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src.language import Language
from src.models import LoginLink, Teacher, WebSession
from src.teaching.results import Visitor


async def add_link(db: AsyncSession, person_id: int, hashed: str, expires_at: datetime) -> None:
    """Keep a link; those of the person from before it are deleted: only the newest works."""
    await db.execute(delete(LoginLink).where(LoginLink.person_id == person_id))
    values = {"person_id": person_id, "hash": hashed, "expires_at": expires_at}
    await db.execute(insert(LoginLink).values(**values))


async def is_link(db: AsyncSession, hashed: str, now: datetime) -> bool:
    """Return whether a link can still be used; nothing is changed."""
    return (await db.execute(select(LoginLink.id).where(*_usable(hashed, now)))).first() is not None


async def spend_link(db: AsyncSession, hashed: str, now: datetime) -> int | None:
    """Use a link up, and return whose it was; None where it was used or is too old."""
    spent = update(LoginLink).where(*_usable(hashed, now)).values(used_at=now)
    return (await db.execute(spent.returning(LoginLink.person_id))).scalar_one_or_none()


def _usable(hashed: str, now: datetime) -> tuple[Any, ...]:
    return LoginLink.hash == hashed, LoginLink.used_at.is_(None), LoginLink.expires_at > now


async def add_session(db: AsyncSession, **values: Any) -> None:
    """Insert a session; those of the person that are over for long are deleted."""
    over = WebSession.expires_at <= values["began_at"]
    mine = WebSession.person_id == values["person_id"]
    await db.execute(delete(WebSession).where(mine, over))
    await db.execute(insert(WebSession).values(**values))


async def visitor(db: AsyncSession, hashed: str, now: datetime) -> Visitor | None:
    """Return who looks, by the hash of their cookie; None for nobody that is let in."""
    w = WebSession
    found = (
        select(w.id, w.person_id, Teacher.id, Teacher.name, w.language, w.began_at)
        .join(Teacher, Teacher.person_id == w.person_id)
        .where(w.hash == hashed, w.ended_at.is_(None), w.expires_at > now)
        .where(Teacher.removed_at.is_(None))
    )
    row = (await db.execute(found)).one_or_none()
    return Visitor(*row) if row else None


async def end(db: AsyncSession, session_id: int, now: datetime) -> None:
    """End a session."""
    await db.execute(update(WebSession).where(WebSession.id == session_id).values(ended_at=now))


async def end_all(db: AsyncSession, person_id: int, now: datetime) -> None:
    """End every session of a person, and the link that would begin one."""
    mine = update(WebSession).where(WebSession.person_id == person_id)
    await db.execute(mine.where(WebSession.ended_at.is_(None)).values(ended_at=now))
    await db.execute(delete(LoginLink).where(LoginLink.person_id == person_id))


async def set_language(db: AsyncSession, session_id: int, language: Language) -> None:
    """Set the language of the pages in a browser."""
    mine = update(WebSession).where(WebSession.id == session_id)
    await db.execute(mine.values(language=language))
