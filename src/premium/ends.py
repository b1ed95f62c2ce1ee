"""What somebody is told of their premium by the outbox: once, and only while it is so."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from src.models import OutboxKind, OutboxOutcome
from src.outbox import service as outbox
from src.outbox.delivery import Draft
from src.outbox.rules import is_quiet, next_waking
from src.outbox.service import Entry, Waiting
from src.premium import queries, rules
from src.premium.results import PremiumNews
from src.premium.service import offer

# Who had premium without a renewal hears of its end for so long.
RECENTLY = timedelta(days=3)


async def plan(db: AsyncSession, now: datetime) -> int:
    """Have those told whose premium ends in a week, or whose subscription is over.

    Returns:
        How many; who was told before is among them, and is not told again.
    """
    if not offer().is_selling:
        return 0
    before = rules.told_before(offer().period)
    found = [
        one for one in await queries.ending(db, now, before, RECENTLY) if one.is_told(now, before)
    ]
    for one in found:
        kind = "over" if one.is_recurring else "ends"
        until = one.ends_at + RECENTLY * one.is_recurring
        # Another end of the same is told again, as when something before it was given back.
        entry = _entry(f"{kind}:{one.id}", now, until, revision=one.ends_at.isoformat())
        await outbox.add_to(db, one.person_id, None, entry)
    if found:
        await outbox.send_soon(db)
    return len(found)


async def tell_paid(db: AsyncSession, charge_id: int, now: datetime) -> None:
    """Have somebody told that a payment of which no update came was counted."""
    given = await queries.given_by(db, charge_id)
    if given is not None:
        entry = _entry(f"paid:{given.id}", now, now + timedelta(days=7))
        await outbox.add_to(db, given.person_id, None, entry)
        await outbox.send_soon(db)


async def tell_back(db: AsyncSession, charge_id: int, person_id: int, now: datetime) -> None:
    """Have somebody told that their Stars went back, whoever noted it first."""
    entry = _entry(f"back:{charge_id}", now, now + timedelta(days=7))
    await outbox.add_to(db, person_id, None, entry)
    await outbox.send_soon(db)


def _entry(subject: str, now: datetime, expires_at: datetime, revision: str = "") -> Entry:
    day: date = now.date()
    return Entry(OutboxKind.PREMIUM, subject, day, now, expires_at, revision=revision)


class PremiumWriter:
    """Looks once more whether what is to be told is so, and has it put into words.

    Args:
        send: Sends it once; raises as the draft's ``send`` does.
    """

    def __init__(self, send: Callable[[PremiumNews], Awaitable[None]]) -> None:
        self._send = send

    async def prepare(
        self, db: AsyncSession, message: Waiting, now: datetime
    ) -> Draft | OutboxOutcome | datetime:
        """Return what to send, why it is not so any more, or until when it has to wait."""
        kind, _, number = message.subject.partition(":")
        news = await self._news(db, kind, int(number))
        if news is None:
            return OutboxOutcome.SKIPPED_UNWANTED
        if is_quiet(now, news.timezone):
            return next_waking(now, news.timezone)
        return Draft(partial(self._send, news), kind)

    @staticmethod
    async def _news(db: AsyncSession, kind: str, number: int) -> PremiumNews | None:
        """Return what is told; None where it is not so any more."""
        if kind == "back":
            return await queries.news_of_refund(db, number)
        if kind != "paid" and not await queries.is_last(db, number):
            return None
        return await queries.news(db, number, kind)
