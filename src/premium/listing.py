"""What operators see of payments and entitlements. It reads, and changes nothing."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from src.premium import queries


async def latest(db: AsyncSession, most: int) -> list[dict[str, Any]]:
    """Return what was paid and given, the latest first, a dictionary each.

    A payment of somebody who is erased, or whom nobody knows, has no person.
    """
    paid = await queries.latest_charges(db, most)
    given = await queries.latest_grants(db, most)
    return sorted([*paid, *given], key=lambda row: row["at"], reverse=True)[:most]


async def is_refunded(db: AsyncSession, charge: str) -> bool:
    """Return whether a payment went back."""
    return bool((await queries.known_charges(db, [charge])).get(charge))
