"""The digest of Monday morning: the week at a glance."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from src.clock import local_day
from src.deadlines import queries, rules
from src.deadlines.results import Digest
from src.deadlines.service import is_holiday, to_due
from src.models import OutboxKind, OutboxOutcome
from src.outbox import service as outbox
from src.outbox.rules import is_quiet, window_end
from src.outbox.service import Entry, Waiting
from src.premium import service as premium

SUBJECT = "digest"
MOST_AT_ONCE = 200
_WEEK = timedelta(days=7)
_MOST = 50


async def plan(db: AsyncSession, now: datetime) -> int:
    """Put the digests that are due into the outbox; return how many pupils were due."""
    due = await queries.lock_digests(db, now, MOST_AT_ONCE)
    for row in due:
        day = local_day(row.next_digest_at, row.timezone)
        end = window_end(day, row.timezone)
        reachable = row.blocked_at is None and now < end
        on_holiday = is_holiday(day, row.holidays_from, row.holidays_until)
        if reachable and not on_holiday and await premium.is_premium(db, row.person_id, now):
            subject = f"{SUBJECT}:{day.isoformat()}"
            entry = Entry(OutboxKind.REMINDER, subject, day, row.next_digest_at, end)
            await outbox.add(db, [row.id], entry)
            await outbox.send_soon(db)
        next_at = rules.next_monday(now, row.timezone)
        await queries.choose(db, row.id, {"next_digest_at": next_at})
    return len(due)


async def prepare(
    db: AsyncSession, message: Waiting, now: datetime
) -> Digest | OutboxOutcome | datetime:
    """Return the week of a pupil; nothing where there is nothing in it."""
    student_id = message.student_id or 0
    timezone = await queries.timezone(db, student_id)
    choices = await queries.choices(db, student_id)
    if timezone is None or choices is None or not choices.wants_digest:
        return OutboxOutcome.SKIPPED_UNWANTED
    if is_quiet(now, timezone) or local_day(now, timezone) != message.local_day:
        return OutboxOutcome.SKIPPED_LATE
    _, end = rules.day_bounds(now, timezone, 7)
    tasks = [to_due(row) for row in await queries.due_between(db, student_id, now, end, _MOST)]
    since = now - _WEEK
    moved = [to_due(r) for r in await queries.moved_since(db, student_id, since, now, _MOST)]
    done = await queries.count_done(db, student_id, since)
    if not tasks and not moved and not done:
        return OutboxOutcome.SKIPPED_UNWANTED
    return Digest(message.chat_id, message.language, timezone, now, tasks, moved, done)
