"""What was decided about disputes, as the outbox sends it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from src.models import OutboxOutcome
from src.outbox.delivery import Draft
from src.outbox.rules import is_quiet, next_waking
from src.outbox.service import Waiting
from src.practice import dispute_queries as disputes
from src.practice.results import DisputeNews


class SettledWriter:
    """Has what was decided put into words, outside the quiet hours of the pupil.

    Args:
        send: Sends it once; raises as the draft's ``send`` does.
    """

    def __init__(self, send: Callable[[DisputeNews], Awaitable[None]]) -> None:
        self._send = send

    async def prepare(
        self, db: AsyncSession, message: Waiting, now: datetime
    ) -> Draft | OutboxOutcome | datetime:
        """Return what to send, or until when it has to wait."""
        found = await disputes.news(db, int(message.subject))
        if found is None:
            return OutboxOutcome.SKIPPED_UNWANTED
        news, zone = found
        if is_quiet(now, zone):
            return next_waking(now, zone)
        return Draft(partial(self._send, news))
