"""All SQL of people on their way to a school, and of the schools that are offered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src.canvas.connection_queries import lock_host
from src.models import CanvasArrival, CanvasHost
from src.storage.statements import save

_CORE = {"synchronize_session": False}
A = CanvasArrival


async def listed(db: AsyncSession) -> Sequence[CanvasHost]:
    """Return the schools that are offered, by name."""
    query = select(CanvasHost).where(CanvasHost.listed_as.is_not(None))
    return (await db.scalars(query.order_by(CanvasHost.listed_as, CanvasHost.id))).all()


async def set_listed(db: AsyncSession, url: str, name: str) -> None:
    """Offer a school under a name."""
    (await lock_host(db, url)).listed_as = name


async def unlist(db: AsyncSession, url: str) -> bool:
    """Offer a school no longer; return whether it was."""
    found = await db.execute(
        update(CanvasHost)
        .where(CanvasHost.url == url, CanvasHost.listed_as.is_not(None))
        .values(listed_as=None)
        .returning(CanvasHost.id),
        execution_options=_CORE,
    )
    return found.first() is not None


async def put(db: AsyncSession, person_id: int, values: Mapping[str, Any]) -> None:
    """Make the row of a person anew."""
    await save(db, A, ["person_id"], {"person_id": person_id} | dict(values))


async def of_person(db: AsyncSession, person_id: int) -> CanvasArrival | None:
    """Return the row of a person."""
    return (await db.scalars(select(A).where(A.person_id == person_id))).one_or_none()


async def change(db: AsyncSession, person_id: int, values: Mapping[str, Any]) -> int | None:
    """Set columns of the row of a person; return its id, None where there is none."""
    changed = update(A).where(A.person_id == person_id).values(**values).returning(A.id)
    return await db.scalar(changed, execution_options=_CORE)


async def lock(db: AsyncSession, arrival_id: int) -> CanvasArrival | None:
    """Lock a row."""
    query = select(A).where(A.id == arrival_id).with_for_update()
    return (await db.scalars(query)).one_or_none()


async def delete_of(db: AsyncSession, person_id: int) -> None:
    """Delete the row of a person."""
    await db.execute(delete(A).where(A.person_id == person_id), execution_options=_CORE)


async def waiting(db: AsyncSession, before: datetime) -> Sequence[int]:
    """Return who gave something and whom nobody takes to their school now."""
    free = or_(A.claimed_at.is_(None), A.claimed_at <= before)
    return (await db.scalars(select(A.id).where(A.secret.is_not(None), free).limit(100))).all()


async def forget_old(db: AsyncSession, before: datetime) -> None:
    """Delete the rows that were made before an instant."""
    await db.execute(delete(A).where(A.updated_at < before), execution_options=_CORE)
