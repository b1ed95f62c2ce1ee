"""All SQL about charges and entitlements."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import Entitlement


async def has_right(db: AsyncSession, person_id: int, at: datetime) -> bool:
    """Return whether somebody has premium at an instant."""
    statement = (
        select(Entitlement.id)
        .where(
            Entitlement.person_id == person_id,
            Entitlement.lasts_until > at,
            Entitlement.starts_at <= at,
            Entitlement.revoked_at.is_(None),
        )
        .limit(1)
    )
    return await db.scalar(statement) is not None
