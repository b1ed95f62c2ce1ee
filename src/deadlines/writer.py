"""Reminders, digests and notices of schools, as the outbox sends them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from src.deadlines import digests, reminders, schools
from src.deadlines.results import Digest, DueNotice, Meant, SchoolNotice
from src.models import OutboxOutcome
from src.nudges import service as nudges
from src.outbox.delivery import Draft
from src.outbox.service import Waiting

Notice = DueNotice | Digest | SchoolNotice


class DeadlineWriter:
    """Looks once more whether what is to be told still fits, and has it put into words.

    Args:
        send: Sends it once; raises as the draft's ``send`` does.
    """

    def __init__(self, send: Callable[[Notice], Awaitable[None]]) -> None:
        self._send = send

    async def prepare(
        self, db: AsyncSession, message: Waiting, now: datetime
    ) -> Draft | OutboxOutcome | datetime:
        """Return what to send, why it no longer fits, or until when it has to wait."""
        found = await _PREPARED[message.subject.partition(":")[0]](db, message, now)
        if isinstance(found, OutboxOutcome | datetime):
            return found
        shared = await nudges.name_among_others(db, message.student_id or 0)
        if shared is not None:
            found = replace(found, meant=Meant(message.student_id or 0, shared[0]))
        return Draft(partial(self._send, found), message.subject.partition(":")[0])


class _Prepare(Protocol):
    async def __call__(
        self, db: AsyncSession, message: Waiting, now: datetime, /
    ) -> Notice | OutboxOutcome | datetime: ...


_PREPARED: dict[str, _Prepare] = {
    reminders.SUBJECT: reminders.prepare,
    digests.SUBJECT: digests.prepare,
    schools.SUBJECT: schools.prepare,
}
