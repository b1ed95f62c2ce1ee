"""Use cases of premium. Each runs in the caller's transaction; no call goes out from here.

A payment is a row by the key that Telegram gave it, and what it gives stands in the same
transaction: whatever is delivered again, in whatever order, finds that row and adds nothing.
"""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from src.premium import queries
from src.premium.rules import Offer
from src.settings import PremiumSettings, get_settings

__all__ = ["Offer"]


class _State:
    settings: PremiumSettings | None = None


def configure(settings: PremiumSettings | None = None) -> None:
    """Sell as these settings say; None: as those of the process."""
    _State.settings = settings


def offer() -> Offer:
    """Return what is sold."""
    settings = _State.settings or get_settings().premium
    return Offer(settings.stars, timedelta(seconds=settings.period_seconds))


async def is_premium(session: AsyncSession, person_id: int, at: datetime) -> bool:
    """Return whether somebody has premium at an instant; where nothing is sold, everybody has.

    Args:
        session: The open transaction.
        person_id: Whose: of the person, not of one of their pupils.
        at: The instant, aware.
    """
    return not offer().is_selling or await queries.has_right(session, person_id, at)
