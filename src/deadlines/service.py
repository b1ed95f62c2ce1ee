"""Use cases of deadlines. Each runs in the caller's transaction.

Each rule has one home: what is due today, overdue, or this week is decided here and nowhere else.
"""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from src import queue
from src.accounts import service as accounts
from src.accounts.pupil import Pupil
from src.deadlines import queries, rules
from src.deadlines.calendars import write_calendar
from src.deadlines.results import CalendarFile, Due, NewTask, PickedCourse, TaskDraft, TaskPage
from src.deadlines.rules import TIERS, Tier
from src.errors import StaleAction, TooManyTasks
from src.models import DeadlineChoices, Task, TaskSource, TaskWrite
from src.premium import service as premium
from src.storage.statements import AnyRow

WRITE = "write_tasks"
PAGE = 6
# What was due longer ago is nobody's plan any more.
OVERDUE_DAYS = 14
_MOST = 200
CALENDAR = "send_calendar"
# Always the same: a program knows an entry again by it.
UID_HOST = "dars"
_ALL = timedelta(days=400)
_MOST_IN_FILE = 1000


async def tasks_page(db: AsyncSession, pupil: Pupil, now: datetime, number: int = 0) -> TaskPage:
    """Return a page of what a pupil has to do; one beyond the last is the first."""
    since = now - timedelta(days=OVERDUE_DAYS)
    rows = await queries.page(db, pupil.id, now, since, offset=number * PAGE, limit=PAGE + 1)
    if not rows and number:
        return await tasks_page(db, pupil, now)
    return TaskPage([to_due(row) for row in rows[:PAGE]], number, len(rows) > PAGE)


async def get_tasks_due_today(db: AsyncSession, pupil: Pupil, now: datetime) -> list[Due]:
    """Return what is still due on the local day of an instant."""
    return await _between(db, pupil, now, rules.day_bounds(now, pupil.timezone)[1])


async def get_tasks_this_week(db: AsyncSession, pupil: Pupil, now: datetime) -> list[Due]:
    """Return what is due in the seven local days that begin today, today's too."""
    return await _between(db, pupil, now, rules.day_bounds(now, pupil.timezone, 7)[1])


async def get_overdue_tasks(db: AsyncSession, pupil: Pupil, now: datetime) -> list[Due]:
    """Return what was due in the last two weeks and is not done."""
    return await _between(db, pupil, now - timedelta(days=OVERDUE_DAYS), now)


async def _between(db: AsyncSession, pupil: Pupil, begin: datetime, end: datetime) -> list[Due]:
    rows = await queries.due_between(db, pupil.id, begin, end, _MOST)
    return [to_due(row) for row in rows]


def to_due(row: AnyRow) -> Due:
    """Return a row of `queries` as a plain value."""
    values = dict(row._mapping)  # noqa: SLF001 - the public name of it
    return Due(**values | {"is_done": values.pop("done_at") is not None})


async def get_task(db: AsyncSession, pupil: Pupil, task_id: int) -> Due:
    """Return a task, whatever became of it.

    Raises:
        StaleAction: The pupil has none of this number.
    """
    row = await queries.one(db, pupil.id, task_id)
    if row is None:
        raise StaleAction
    return to_due(row)


# Adding.


async def can_add_manual_task(db: AsyncSession, pupil: Pupil, now: datetime) -> bool:
    """Return whether a pupil may add one more own task in this local month."""
    used = await _used(db, pupil, now)
    has_premium = await premium.is_premium(db, pupil.person_id, now)
    return rules.can_add_manual_task(used, is_premium=has_premium)


async def _used(db: AsyncSession, pupil: Pupil, now: datetime) -> int:
    count, month = await queries.used(db, pupil.id)
    return rules.counted(count, month, now, pupil.timezone)


async def add_manual(
    db: AsyncSession,
    pupil: Pupil,
    new: NewTask,
    now: datetime,
) -> Due:
    """Add a task that a pupil wrote down; the same one twice is one.

    It is written to the pupil's calendar at their school as well, where they have one.

    Raises:
        TooManyTasks: The month's own tasks are used up.
    """
    due_at = due_instant(new, pupil.timezone)
    same = await queries.same_title(db, pupil.id, new.title, due_at)
    if same is not None:
        return await get_task(db, pupil, same)
    if not await can_add_manual_task(db, pupil, now):
        raise TooManyTasks
    school = await queries.writing_school(db, pupil.id)
    row = to_row(new, pupil, now, is_news=False)
    if school is not None and due_at is not None:
        row |= {"connection_id": school, "mark": f"dars-{secrets.token_hex(8)}"}
        row |= {"write_state": TaskWrite.PENDING, "write_at": now}
        await queue.enqueue(db, WRITE, key=WRITE)
    [task_id] = await queries.add(db, [row])
    used = await _used(db, pupil, now) + 1
    await queries.set_used(db, pupil.id, used, rules.month_of(now, pupil.timezone))
    return await get_task(db, pupil, task_id)


async def bulk_create_tasks(
    db: AsyncSession, pupil: Pupil, new: Sequence[NewTask], now: datetime, *, is_news: bool
) -> int:
    """Add many tasks of a school at once; those that are there already are left as they are.

    Args:
        db: The open transaction.
        pupil: Whose they are.
        new: The tasks; of the same assignment or event the first counts.
        now: The present, aware.
        is_news: Whether the pupil is to be told of what is due soon; not at the first sync.

    Returns:
        How many were new.
    """
    rows = [to_row(task, pupil, now, is_news=is_news) for task in new]
    return len(await queries.add(db, rows))


def due_instant(task: NewTask, timezone: str) -> datetime | None:
    """Return the instant at which a task is due: of a day, its last minute."""
    return rules.end_of_day(task.due_on, timezone) if task.due_on else task.due_at


def to_row(new: NewTask, pupil: Pupil, now: datetime, *, is_news: bool) -> dict[str, object]:
    """Return the columns of a new task, with its reminders."""
    due_at = due_instant(new, pupil.timezone)
    sent = set() if is_news else set(rules.passed(due_at, (), now, pupil.timezone))
    next_at = rules.next_reminder(due_at, sent, pupil.timezone) if _is_ahead(due_at, now) else None
    # Not `asdict`: it copies every value, at three times the price of all the rest.
    row = {name: getattr(new, name) for name in NewTask.__slots__} | {
        "student_id": pupil.id,
        "title": new.title[: rules.LONGEST_TITLE],
        "course": new.course[: rules.LONGEST_COURSE] if new.course else None,
        "due_at": due_at,
        "next_reminder_at": None if new.done_at else next_at,
        "is_ticked": False,
        "is_deleted": False,
        "write_attempts": 0,
        "write_state": None,
        "write_at": None,
        "created_at": now,
        "updated_at": now,
    }
    return row | {tier.flag: tier in sent for tier in TIERS}


def _is_ahead(due_at: datetime | None, now: datetime) -> bool:
    return due_at is None or due_at > now


# What became of one.


def sent_of(task: Task) -> set[Tier]:
    """Return the tiers of which a pupil was told, or is not to be told any more."""
    return {tier for tier in TIERS if getattr(task, tier.flag)}


def is_open(task: Task) -> bool:
    """Return whether a task is still to be done."""
    return task.done_at is None and task.gone_at is None and not task.is_deleted


def rearm(task: Task, timezone: str, now: datetime, *, is_news: bool) -> None:
    """Reckon anew when a pupil is told of a task.

    Args:
        task: It is changed.
        timezone: The pupil's.
        now: The present, aware.
        is_news: Whether what should have come already comes now; else it never does.
    """
    if not is_open(task):
        task.snoozed_until, task.next_reminder_at = None, None
        return
    sent = sent_of(task)
    if not is_news or not _is_ahead(task.due_at, now):
        for tier in rules.passed(task.due_at, sent, now, timezone):
            setattr(task, tier.flag, True)
            sent.add(tier)
    task.next_reminder_at = rules.next_reminder(task.due_at, sent, timezone, task.snoozed_until)


def move(task: Task, due_at: datetime | None, now: datetime) -> None:
    """Let a task be due at another instant: it is reminded of as if it were new."""
    task.moved_from, task.moved_at, task.due_at = task.due_at, now, due_at
    for tier in TIERS:
        setattr(task, tier.flag, False)


async def _own(db: AsyncSession, pupil: Pupil, task_id: int) -> Task:
    task = await queries.lock(db, pupil.id, task_id)
    if task is None:
        raise StaleAction
    return task


async def tick(
    db: AsyncSession, pupil: Pupil, task_id: int, now: datetime, *, is_done: bool
) -> Due:
    """Note that a pupil has done a task, or has not after all.

    Raises:
        StaleAction: There is no such task.
    """
    task = await _own(db, pupil, task_id)
    task.is_ticked = is_done
    task.done_at = (task.done_at or now) if is_done else None
    rearm(task, pupil.timezone, now, is_news=False)
    await db.flush()
    return await get_task(db, pupil, task_id)


async def delete(
    db: AsyncSession, pupil: Pupil, task_id: int, now: datetime, *, is_deleted: bool
) -> Due:
    """Take a task off the list, or put it back; an own one also at the school.

    Raises:
        StaleAction: There is no such task.
    """
    task = await _own(db, pupil, task_id)
    if task.is_deleted != is_deleted:
        task.is_deleted = is_deleted
        if task.mark is not None:
            task.write_state = TaskWrite.REMOVING if is_deleted else TaskWrite.PENDING
            task.write_at, task.write_attempts = now, 0
            await queue.enqueue(db, WRITE, key=WRITE)
    rearm(task, pupil.timezone, now, is_news=False)
    await db.flush()
    return await get_task(db, pupil, task_id)


async def snooze(db: AsyncSession, pupil: Pupil, task_id: int, now: datetime) -> datetime:
    """Remind a pupil of a task tomorrow, in time; return when.

    Raises:
        StaleAction: There is no such task, or it is done or due before.
    """
    task = await _own(db, pupil, task_id)
    at = rules.tomorrow(now, pupil.timezone)
    if not is_open(task) or (task.due_at is not None and now < task.due_at <= at):
        raise StaleAction
    task.snoozed_until = at
    rearm(task, pupil.timezone, now, is_news=False)
    return at


# Courses.


async def courses(db: AsyncSession, pupil: Pupil) -> list[PickedCourse]:
    """Return the courses of a pupil, without asking their school."""
    found = await queries.courses(db, pupil.id)
    return [PickedCourse(row.id, row.name, row.is_hidden) for row in found]


async def hide_course(
    db: AsyncSession, pupil: Pupil, course_id: int, *, is_hidden: bool
) -> PickedCourse:
    """Leave out what comes from a course, or show it again.

    Raises:
        StaleAction: There is no such course.
    """
    row = await queries.course(db, pupil.id, course_id)
    if row is None:
        raise StaleAction
    row.is_hidden = is_hidden
    return PickedCourse(row.id, row.name, is_hidden)


# Choices.


async def choices(db: AsyncSession, pupil: Pupil) -> DeadlineChoices:
    """Return what a pupil chose about reminders, or what holds before they do."""
    found = await queries.choices(db, pupil.id)
    return found or DeadlineChoices(student_id=pupil.id)


async def toggle_tier(db: AsyncSession, pupil: Pupil, tier: Tier) -> DeadlineChoices:
    """Switch the reminders of a tier off or on."""
    muted = (await choices(db, pupil)).muted_tiers ^ tier.bit
    await queries.choose(db, pupil.id, {"muted_tiers": muted})
    return DeadlineChoices(student_id=pupil.id, muted_tiers=muted)


async def choose_digest(db: AsyncSession, pupil: Pupil, now: datetime, *, wanted: bool) -> None:
    """Turn the digest of Monday morning on or off."""
    at = rules.next_monday(now, pupil.timezone) if wanted else None
    await queries.choose(db, pupil.id, {"wants_digest": wanted, "next_digest_at": at})


async def mute(db: AsyncSession, pupil: Pupil) -> None:
    """Send a pupil no more reminders of deadlines and no digest, until they switch some on."""
    if await queries.choices(db, pupil.id) is not None or await queries.has_tasks(db, pupil.id):
        nothing = sum(tier.bit for tier in TIERS)
        values = {"muted_tiers": nothing, "wants_digest": False, "next_digest_at": None}
        await queries.choose(db, pupil.id, values)


async def calendar_tasks(db: AsyncSession, pupil: Pupil, now: datetime) -> list[Due]:
    """Return what a calendar file holds: with premium all that is ahead, else a week.

    What was done, deleted or lost its place in the last weeks is there too, to be cancelled.
    """
    has_premium = await premium.is_premium(db, pupil.person_id, now)
    ahead = _ALL if has_premium else timedelta(days=7)
    since = now - timedelta(days=OVERDUE_DAYS)
    rows = await queries.calendar(db, pupil.id, since, now + ahead, _MOST_IN_FILE)
    return [to_due(row) for row in rows]


async def calendar_file(db: AsyncSession, student_id: int, now: datetime) -> CalendarFile | None:
    """Return the calendar file of a pupil; None where there is nobody, or nothing in it."""
    pupil = await accounts.find_student(db, student_id)
    tasks = await calendar_tasks(db, pupil, now) if pupil else []
    if pupil is None or not tasks:
        return None
    content = write_calendar(tasks, "Dars", UID_HOST, now)
    ahead = sum(not one.is_done and not one.is_deleted for one in tasks)
    name = f"dars-{now:%Y-%m-%d}.ics"
    return CalendarFile(pupil.telegram_id, pupil.language, name, content, ahead)


async def ask_calendar(db: AsyncSession, pupil: Pupil) -> None:
    """Have the calendar file of a pupil made and sent."""
    await queue.enqueue(db, CALENDAR, {"id": pupil.id}, key=f"{CALENDAR}:{pupil.id}", priority=2)


async def keep_draft(db: AsyncSession, pupil: Pupil, draft: TaskDraft | None) -> None:
    """Keep what a pupil is writing down until they say yes, or forget it."""
    packed = None if draft is None else draft.packed
    await queries.choose(db, pupil.id, {"draft": packed})


async def draft_of(db: AsyncSession, pupil: Pupil) -> TaskDraft | None:
    """Return what a pupil is writing down; None where nothing is open."""
    found = await queries.choices(db, pupil.id)
    return TaskDraft.unpacked(found.draft) if found and found.draft else None


async def add_draft(db: AsyncSession, pupil: Pupil, draft: TaskDraft, now: datetime) -> Due:
    """Add what a pupil has written down; a course that is gone by now is left out.

    Raises:
        TooManyTasks: The month's own tasks are used up.
    """
    course = None
    if draft.course_id is not None:
        course = await queries.course(db, pupil.id, draft.course_id)
    new = NewTask(
        TaskSource.MANUAL,
        draft.title,
        draft.due_at,
        draft.due_on,
        course.connection_id if course else None,
        course.canvas_course_id if course else None,
        course=course.name if course else None,
    )
    added = await add_manual(db, pupil, new, now)
    await keep_draft(db, pupil, None)
    return added


async def moved_home(db: AsyncSession, pupil: Pupil, now: datetime) -> None:
    """Reckon anew what is due when: the pupil lives in another time zone now."""
    for task in await queries.open_of_student(db, pupil.id):
        if task.due_on is not None:
            task.due_at = rules.end_of_day(task.due_on, pupil.timezone)
        rearm(task, pupil.timezone, now, is_news=False)
    found = await queries.choices(db, pupil.id)
    if found is not None and found.next_digest_at is not None:
        found.next_digest_at = rules.next_monday(now, pupil.timezone)


def is_holiday(day: date, begin: date | None, end: date | None) -> bool:
    """Return whether a local day is in the holidays that a pupil set."""
    return begin is not None and end is not None and begin <= day <= end


async def write_state(db: AsyncSession, pupil: Pupil, task_id: int) -> TaskWrite | None:
    """Return how an own task stands in the school's calendar; None where it is only here."""
    task = await queries.lock(db, pupil.id, task_id)
    return task.write_state if task else None
