"""What adults are told, as the outbox sends it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from src.language import Language
from src.models import OutboxOutcome
from src.outbox.delivery import Draft
from src.outbox.service import Waiting
from src.teaching import guardians
from src.teaching.guardians import GuardianNews


class GuardianWriter:
    """Has what is told put into words, outside the quiet hours of the pupil.

    Args:
        send: Sends it once to a chat, in a language; raises as the draft's ``send`` does.
    """

    def __init__(self, send: Callable[[int, Language, GuardianNews], Awaitable[None]]) -> None:
        self._send = send

    async def prepare(
        self, db: AsyncSession, message: Waiting, now: datetime
    ) -> Draft | OutboxOutcome | datetime:
        """Return what to send, why it no longer fits, or until when it has to wait."""
        found = await guardians.prepare(db, message, now)
        if isinstance(found, GuardianNews):
            return Draft(partial(self._send, message.chat_id, message.language, found))
        return found
