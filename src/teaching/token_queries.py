"""All SQL of tokens."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import ApiToken, AuditAction, AuditEvent, Teacher
from src.storage.statements import fetch

T = ApiToken


class KnownToken(NamedTuple):
    """A token that holds, as it is checked."""

    id: int
    sha256: str
    person_id: int | None
    scopes: list[str]
    last_used_at: datetime | None


class TokenRow(NamedTuple):
    """A token as an operator sees it."""

    prefix: str
    name: str
    scopes: list[str]
    person_id: int | None
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


async def person_of(db: AsyncSession, teacher_id: int) -> int | None:
    """Return the account of a teacher; None where nobody has taken the invitation."""
    query = select(Teacher.person_id).where(Teacher.id == teacher_id, Teacher.removed_at.is_(None))
    return await db.scalar(query)


async def tokens(db: AsyncSession) -> list[TokenRow]:
    """Return every token, the oldest first."""
    columns: Any = [getattr(T, name) for name in TokenRow._fields]
    return [TokenRow(*row) for row in await fetch(db, select(*columns).order_by(T.id), {})]


async def revoke(db: AsyncSession, prefix: str, now: datetime) -> int | None:
    """End a token that still holds; return its id."""
    held = update(T).where(T.prefix == prefix, T.revoked_at.is_(None))
    return await db.scalar(held.values(revoked_at=now).returning(T.id))


async def by_prefix(db: AsyncSession, prefix: str) -> KnownToken | None:
    """Return a token that holds."""
    columns: Any = [getattr(T, name) for name in KnownToken._fields]
    query = select(*columns).where(T.prefix == prefix, T.revoked_at.is_(None))
    return next((KnownToken(*row) for row in await fetch(db, query, {})), None)


async def note_use(db: AsyncSession, token_id: int, now: datetime) -> None:
    """Note that a token was used."""
    await fetch(db, update(T).where(T.id == token_id).values(last_used_at=now), {})


async def has_looked(
    db: AsyncSession, actor: str, what: str, student_id: int | None, since: datetime
) -> bool:
    """Return whether a look is noted since an instant."""
    e = AuditEvent
    whose = e.subject_id.is_(None) if student_id is None else e.subject_id == student_id
    query = select(e.id).where(
        *(e.subject_kind == f"api:{what}", whose, e.at > since),
        *(e.actor == actor, e.action == AuditAction.LOOK),
    )
    return await db.scalar(query.limit(1)) is not None
