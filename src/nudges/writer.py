"""Nudges, as the outbox sends them."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from src.models import OutboxOutcome
from src.nudges import service
from src.nudges.service import Nudge
from src.outbox.delivery import Draft
from src.outbox.service import Waiting


class NudgeWriter:
    """Looks once more whether a nudge fits, and has it put into words.

    Args:
        send: Sends a nudge once; raises as the draft's ``send`` does.
    """

    def __init__(self, send: Callable[[Nudge], Awaitable[None]]) -> None:
        self._send = send

    async def prepare(
        self, db: AsyncSession, message: Waiting, now: datetime
    ) -> Draft | OutboxOutcome:
        """Return the nudge, or why it no longer fits the pupil."""
        found = await service.prepare(db, message, now)
        if isinstance(found, OutboxOutcome):
            return found
        return Draft(partial(self._send, found), found.variant)
