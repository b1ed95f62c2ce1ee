"""Own tasks in the school's calendar: written once, whatever happens to the line.

The row says what is to be done, with a random mark that stands in the event as well. Where nobody
knows whether an event was made, it is looked for by its mark before it is made again.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from src.canvas.refresh import CanvasReader
from src.clients.canvas import CanvasClient, NewEvent
from src.deadlines import queries
from src.errors import DarsError
from src.models import Task, TaskWrite

log = structlog.get_logger()

Scope = Callable[[], AbstractAsyncContextManager[AsyncSession]]
AT_ONCE = 20
# Longer than any call takes with its tries: whoever claimed it is gone.
CLAIMED_FOR = timedelta(minutes=3)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=3)
_MOST_DOUBLED = 10
_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Write:
    """What is to be done at a school, read in one transaction and done after it.

    Attributes:
        task_id: Of its row.
        connection_id: Over which.
        event_id: Canvas' number of the event, where it is known.
        mark: By which the event is found again.
        title: Of the event.
        due_at: When the task is due.
        attempts: How many times it was tried, with this one.
        is_removal: Whether the event is to go.
    """

    task_id: int
    connection_id: int
    event_id: int | None
    mark: str
    title: str
    due_at: datetime
    attempts: int
    is_removal: bool


async def write_some(scope: Scope, reader: CanvasReader, now: datetime) -> int:
    """Write what waits into calendars of schools, and take out what was deleted here.

    Returns:
        How many were tried.
    """
    async with scope() as db:
        claimed = await queries.claim_writes(db, now, now + CLAIMED_FOR, AT_ONCE)
        waiting = [found for task in claimed if (found := _write(task)) is not None]
    for one in waiting:
        try:
            event_id = await _do(await reader.client(one.connection_id), one)
        except DarsError as error:
            log.info("an own task was not written to its school", error=type(error).__name__)
            await _put_off(scope, one, now)
        else:
            await _note(scope, one, event_id)
    return len(waiting)


def _write(task: Task) -> Write | None:
    if task.connection_id is None or task.mark is None or task.due_at is None:
        task.write_state = None
        return None
    return Write(
        task.id,
        task.connection_id,
        task.canvas_event_id,
        task.mark,
        task.title,
        task.due_at,
        task.write_attempts,
        task.write_state is TaskWrite.REMOVING,
    )


async def _do(client: CanvasClient, write: Write) -> int | None:
    """Make the event or delete it; return its number, None where there is none any more."""
    who = await client.profile()
    found = write.event_id or await _look(client, who.id, write)
    if write.is_removal:
        if found is not None:
            await client.delete_event(str(found))
        return None
    if found is not None:
        return found
    zone = who.time_zone or "UTC"
    start, end = _span(write.due_at, zone)
    event = NewEvent(who.id, write.title, start, end, write.mark)
    made = await client.create_event(event)
    return int(made.id)


def _span(due_at: datetime, zone: str) -> tuple[datetime, datetime]:
    """Return begin and end: both at midnight of the school would become a whole day."""
    try:
        local = due_at.astimezone(ZoneInfo(zone))
    except (KeyError, ValueError):
        local = due_at.astimezone(UTC)
    return due_at, due_at + _QUARTER if local.time() == time() else due_at


async def _look(client: CanvasClient, user_id: int, write: Write) -> int | None:
    """Look for an event that an earlier try may have made; the first try has none."""
    if write.attempts <= 1 and not write.is_removal:
        return None
    day = timedelta(days=1)
    read = await client.calendar_events([f"user_{user_id}"], write.due_at - day, write.due_at + day)
    found = (one for one in read.rows if write.mark in (one.description or ""))
    return next((int(one.id) for one in found if one.id.isdigit()), None)


async def _note(scope: Scope, write: Write, event_id: int | None) -> None:
    """Keep what was done, unless the pupil wanted something else meanwhile."""
    async with scope() as db:
        task = await queries.lock_any(db, write.task_id)
        if task is None or task.mark != write.mark:
            return
        wanted = TaskWrite.REMOVING if write.is_removal else TaskWrite.PENDING
        task.canvas_event_id = event_id
        if task.write_state is wanted:
            task.write_state = TaskWrite.REMOVED if write.is_removal else TaskWrite.WRITTEN
            task.write_at, task.write_attempts = None, 0


async def _put_off(scope: Scope, write: Write, now: datetime) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(write.attempts, _MOST_DOUBLED), LONGEST_PAUSE)
    async with scope() as db:
        task = await queries.lock_any(db, write.task_id)
        if task is not None and task.mark == write.mark:
            task.write_at = now + pause
