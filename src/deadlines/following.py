"""From a school to the list: after each reading of a school its work and events become tasks.

Assignments come from the mirror, with the pupil's own date and work; events are asked for, as the
mirror has none. What is read may be less than there is only by an error, which changes nothing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from src.accounts import service as accounts
from src.accounts.pupil import Pupil
from src.canvas import service as canvas
from src.canvas.connections import NoConnection
from src.canvas.refresh import CanvasReader
from src.canvas.service import OwnCourse, OwnWork
from src.clients.canvas_models import WireEvent
from src.deadlines import queries, rules
from src.deadlines.calendars import FeedUnreadable, read_tasks
from src.deadlines.results import NewTask
from src.deadlines.service import bulk_create_tasks, due_instant, move, rearm
from src.errors import DarsError
from src.models import ConnectionKind, FollowedSchool, Task, TaskCourse, TaskSource, TaskWrite

Scope = Callable[[], AbstractAsyncContextManager[AsyncSession]]
BACK, AHEAD = timedelta(days=14), timedelta(days=180)
TRY_AGAIN = timedelta(minutes=10)
AT_ONCE = 20
_MARK = re.compile(r"\bdars-[0-9a-f]{16}\b")
Key = tuple[TaskSource, int]


@dataclass(frozen=True, slots=True)
class Found:
    """What a school has for a pupil.

    Attributes:
        tasks: What is there.
        window: Between which instants events were asked for; others say nothing by being absent.
        courses: Those that the school shows or showed.
        gone: Assignments that were there and are not.
        marks: Events that we wrote ourselves, by their marks.
    """

    tasks: Sequence[NewTask]
    window: tuple[datetime, datetime]
    courses: Sequence[OwnCourse] = ()
    gone: frozenset[int] = frozenset()
    marks: Mapping[str, NewTask] | None = None


async def follow(scope: Scope, reader: CanvasReader, connection_id: int, now: datetime) -> int:
    """Take over what a school has for the pupil whose list it fills.

    Args:
        scope: Opens a transaction; none is open while the school is asked.
        reader: Asks the school.
        connection_id: Which connection.
        now: The present, aware.

    Returns:
        How many tasks are new.

    Raises:
        CanvasError: The school could not be asked; nothing was changed.
        NoConnection: It is disconnected.
    """
    async with scope() as db:
        row = await canvas.get_connection(db, connection_id)
        work = await canvas.get_own_work(db, connection_id)
        courses = await canvas.get_own_courses(db, connection_id)
    if row is None:
        raise NoConnection("there is no such connection")
    window = (now - BACK, now + AHEAD)
    if row.kind is ConnectionKind.FEED:
        tasks = read_tasks(await reader.read_feed(connection_id), connection_id)
        return await _take_over(scope, connection_id, Found(tasks, window), now)
    codes = [f"user_{row.canvas_user_id}"]
    codes += [f"course_{one.course_id}" for one in courses if one.is_there]
    client = await reader.client(connection_id)
    events = (await client.calendar_events(codes, *window)).rows
    found = _found(connection_id, work, courses, events, window)
    return await _take_over(scope, connection_id, found, now)


def _found(
    connection_id: int,
    work: Sequence[OwnWork],
    courses: Sequence[OwnCourse],
    events: Sequence[WireEvent],
    window: tuple[datetime, datetime],
) -> Found:
    names = {one.course_id: one.name for one in courses}
    there = [one for one in work if one.is_there]
    tasks = [_of_work(one, connection_id, names) for one in there]
    marks: dict[str, NewTask] = {}
    for event in events:
        task = _of_event(event, connection_id, names)
        mark = _MARK.search(event.description or "")
        if task is not None and mark:
            marks[mark[0]] = task
        elif task is not None:
            tasks.append(task)
    gone = frozenset(one.assignment_id for one in work if not one.is_there)
    return Found(tasks, window, courses, gone, marks)


def _of_work(one: OwnWork, connection_id: int, names: Mapping[int, str]) -> NewTask:
    return NewTask(
        TaskSource.CANVAS_ASSIGNMENT,
        one.name,
        one.due_at,
        connection_id=connection_id,
        canvas_course_id=one.course_id,
        canvas_assignment_id=one.assignment_id,
        course=names.get(one.course_id),
        url=one.html_url,
        done_at=one.done_at,
    )


def _of_event(event: WireEvent, connection_id: int, names: Mapping[int, str]) -> NewTask | None:
    """Return an event as a task; None for one that is no event, or is hidden or deleted."""
    if not event.id.isdigit() or event.workflow_state == "deleted" or event.hidden:
        return None
    kind, _, number = (event.effective_context_code or event.context_code or "").partition("_")
    course = int(number) if kind == "course" and number.isdigit() else None
    # Of a whole day the date counts: its instant is midnight in another zone.
    due_on = event.all_day_date if event.all_day else None
    return NewTask(
        TaskSource.CANVAS_EVENT,
        event.title or "?",
        None if due_on else event.start_at,
        due_on,
        connection_id=connection_id,
        canvas_course_id=course,
        canvas_event_id=int(event.id),
        course=names.get(course or 0),
        url=event.html_url,
    )


async def _take_over(scope: Scope, connection_id: int, found: Found, now: datetime) -> int:
    """Change the list of the pupil to what was found, in one transaction."""
    async with scope() as db:
        school = await queries.followed(db, connection_id)
        pupil = await accounts.find_student(db, school.student_id) if school else None
        if school is None or pupil is None:
            if school is not None:
                school.try_at = now + TRY_AGAIN
            return 0
        row = await canvas.get_connection(db, connection_id)
        await _keep_courses(db, pupil, connection_id, found.courses)
        new = await _merge(db, pupil, school, found, now)
        school.taken_at = row.last_sync_at if row and row.last_sync_at else now
        school.try_at = None
    return new


async def _keep_courses(
    db: AsyncSession, pupil: Pupil, connection_id: int, courses: Sequence[OwnCourse]
) -> None:
    known = {
        one.canvas_course_id: one
        for one in await queries.courses_of_connection(db, pupil.id, connection_id)
    }
    for course in courses:
        row = known.get(course.course_id)
        if row is None:
            row = TaskCourse(student_id=pupil.id, connection_id=connection_id)
            row.canvas_course_id = course.course_id
            db.add(row)
        row.name, row.is_active = course.name[: rules.LONGEST_COURSE], course.is_there
    await db.flush()


async def _merge(
    db: AsyncSession, pupil: Pupil, school: FollowedSchool, found: Found, now: datetime
) -> int:
    """Bring the list to what was found; what the first reading finds is no news."""
    tasks = await queries.of_connection(db, pupil.id, school.connection_id)
    known = {key: one for one in tasks if (key := _key(one)) is not None}
    ours = {one.mark: one for one in tasks if one.mark is not None}
    new = []
    for task in found.tasks:
        row = known.pop(_key_of(task), None)
        if row is None:
            new.append(task)
        else:
            _change(row, task, pupil, now)
    for row in known.values():
        if _is_missed(row, found):
            row.gone_at = row.gone_at or now
            rearm(row, pupil.timezone, now, is_news=False)
    _adopt(ours, found, pupil, now)
    return await bulk_create_tasks(db, pupil, new, now, is_news=school.taken_at is not None)


def _key(task: Task) -> Key | None:
    number = task.canvas_assignment_id or task.canvas_event_id
    return (task.source, number) if number and task.source is not TaskSource.MANUAL else None


def _key_of(task: NewTask) -> Key:
    return task.source, task.canvas_assignment_id or task.canvas_event_id or 0


def _is_missed(row: Task, found: Found) -> bool:
    """Return whether a task is gone from its school: absent where it would have been seen."""
    if row.canvas_assignment_id is not None and found.marks is not None:
        return row.canvas_assignment_id in found.gone
    begin, end = found.window
    return row.due_at is not None and begin <= row.due_at <= end


def _change(row: Task, task: NewTask, pupil: Pupil, now: datetime) -> None:
    """Bring a task up to date; what the pupil ticked or deleted stays so."""
    due_at = due_instant(task, pupil.timezone)
    has_moved, was_open = row.due_at != due_at, row.done_at is None
    came_back = row.gone_at is not None
    row.title = task.title[: rules.LONGEST_TITLE]
    row.course = task.course[: rules.LONGEST_COURSE] if task.course else row.course
    row.canvas_course_id, row.url = task.canvas_course_id, task.url
    row.gone_at = None
    if has_moved:
        move(row, due_at, now)
    row.due_on = task.due_on
    if not row.is_ticked:
        row.done_at = task.done_at
    if has_moved or came_back or was_open != (row.done_at is None):
        rearm(row, pupil.timezone, now, is_news=has_moved)


def _adopt(ours: Mapping[str, Task], found: Found, pupil: Pupil, now: datetime) -> None:
    """Follow what became at the school of the events that we wrote."""
    if found.marks is None:
        return
    for mark, row in ours.items():
        event = found.marks.get(mark)
        if event is not None and row.write_state in {TaskWrite.PENDING, TaskWrite.WRITTEN}:
            row.canvas_event_id, row.write_state = event.canvas_event_id, TaskWrite.WRITTEN
            ours_too = replace(
                event, course=row.course, url=row.url, canvas_course_id=row.canvas_course_id
            )
            _change(row, ours_too, pupil, now)
        elif event is None and _is_removed(row, found, now):
            # Deleted there: it comes back only if it is put back here.
            row.write_state, row.is_deleted = TaskWrite.REMOVED, True
            rearm(row, pupil.timezone, now, is_news=False)


def _is_removed(row: Task, found: Found, now: datetime) -> bool:
    """Return whether an event of ours was deleted at the school; not one written meanwhile."""
    is_written = row.write_state is TaskWrite.WRITTEN and row.updated_at < now
    return is_written and _is_missed(row, found)


async def follow_some(scope: Scope, reader: CanvasReader, now: datetime) -> int:
    """Take over from the schools that were read since; return how many there were.

    One that cannot be asked is tried again later; it holds no other up.
    """
    async with scope() as db:
        waiting = await queries.to_take(db, now, AT_ONCE)
        waiting += await queries.feeds_due(db, now, AT_ONCE)
    for connection_id in waiting:
        try:
            await follow(scope, reader, connection_id, now)
        except (DarsError, FeedUnreadable):
            async with scope() as db:
                school = await queries.followed(db, connection_id)
                if school is not None:
                    school.try_at = now + TRY_AGAIN
    return len(waiting)
