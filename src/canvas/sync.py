"""The pipeline: fetch without a transaction, transform, validate, one transaction a course."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from src.canvas.bundle import CanvasBundle, CourseBundle, Listing
from src.canvas.fetch import fetch_course, fetch_courses
from src.canvas.mirror import Mirror
from src.canvas.planner import PlannerSeen, first_look, look_again
from src.canvas.queries import mirror as queries
from src.canvas.results import Counts, SyncResult
from src.canvas.transform import CourseRows, RowRefusedError, check, list_values, transform
from src.clients.canvas import CanvasClient
from src.clients.canvas_errors import CanvasAway, LimitReached, NoRight, NotThere, Throttled
from src.clients.canvas_models import WireCourse
from src.errors import DataValidationError, SyncError

Scope = Callable[[], AbstractAsyncContextManager[AsyncSession]]
Progress = Callable[[int, int], None]
# A fetch from the future would keep every later one out.
_MOST_AHEAD = timedelta(minutes=5)
ONE_COURSE = "only one course was asked for"


class _NothingKept(Exception):  # noqa: N818 - it undoes a transaction on purpose
    """Raised to roll a rehearsal back."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a sync writes, and how.

    Attributes:
        connection_id: Whose mirror.
        session_scope: Opens a transaction; it commits at the end.
        dry_run: Whether all is done as always and then rolled back.
        progress: Told how many courses are done, and of how many.
    """

    connection_id: int
    session_scope: Scope
    dry_run: bool = False
    progress: Progress | None = None


async def full_canvas_sync(bundle: CanvasBundle, target: Target, now: datetime) -> SyncResult:
    """Apply a fetched bundle: everything of a course or nothing of it.

    A course that fails leaves the others as they are; what it was stays. A course of which
    something newer is mirrored is left alone. Nobody is told anything.

    Args:
        bundle: What was fetched, or read from a file.
        target: Where to.
        now: The present, aware.

    Raises:
        SyncError: There is no such connection.
        DataValidationError: The bundle contradicts itself; nothing was taken.
    """
    validate(bundle, now)
    if target.dry_run:
        return await _rehearse(bundle, target, now)
    begun, result = time.monotonic(), SyncResult(requests=bundle.requests)
    students: set[int] = set()
    turns = {one.course.id for one in bundle.contents if not one.course.is_restricted}
    await _apply_list(bundle.courses, bundle.fetched_at, target, result, turns)
    for done, content in enumerate(bundle.contents):
        _tell(target, done, len(bundle.contents))
        await _apply_course(content, bundle.fetched_at, target, result, students)
    _tell(target, len(bundle.contents), len(bundle.contents))
    result.seconds = bundle.seconds + time.monotonic() - begun
    return result


async def _rehearse(bundle: CanvasBundle, target: Target, now: datetime) -> SyncResult:
    """Apply a bundle in one transaction, a savepoint a course, and undo it."""
    result = SyncResult(success=False)
    with suppress(_NothingKept):
        async with target.session_scope() as db:
            scope = partial(_savepoint, db)
            result = await full_canvas_sync(
                bundle, replace(target, dry_run=False, session_scope=scope), now
            )
            raise _NothingKept
    return result


@asynccontextmanager
async def _savepoint(db: AsyncSession) -> AsyncGenerator[AsyncSession]:
    async with db.begin_nested():
        yield db


async def sync_all_canvas_courses(
    client: CanvasClient, target: Target, now: datetime
) -> SyncResult:
    """Read every course of a token and mirror each as soon as it is read.

    What was mirrored before a kill stays; the next sync goes on from there without writing it
    again.

    Raises:
        SyncError: There is no such connection.
        CanvasError: The list of courses cannot be read, or the token is dead.
    """
    begun, result, students = time.monotonic(), SyncResult(), set[int]()
    courses = await fetch_courses(client)
    if target.dry_run:
        contents = [await fetch_course(client, course) for course in courses.rows]
        return await full_canvas_sync(_bundle(client, now, courses, contents), target, now)
    planner = await first_look(client, courses.rows, now)
    turns = {course.id for course in courses.rows if not course.is_restricted}
    await _apply_list(courses, now, target, result, turns)
    for done, course in enumerate(await _longest_unread_first(courses.rows, target)):
        _tell(target, done, len(courses.rows))
        if result.failure is not None:
            # It would be asked again and again, for each course that is left.
            result.problems[course.id] = str(result.failure)
            continue
        content = await fetch_course(client, course)
        await _apply_course(content, now, target, result, students)
        result.failure = content.failure
    _tell(target, len(courses.rows), len(courses.rows))
    result.requests, result.seconds = client.requests, time.monotonic() - begun
    result.planner = planner and planner.after(planner, _unread(result))
    return result


def _unread(result: SyncResult) -> set[int]:
    """Return the courses of which the mirror may be older than the planner."""
    return {*result.problems, *result.skipped}


async def sync_by_planner(
    client: CanvasClient, seen: PlannerSeen, target: Target, now: datetime
) -> SyncResult:
    """Ask a pupil's planner what has changed, and read whole only the courses that have.

    What the planner does not show waits for the next sync of all courses: undated work, a mark
    that was corrected, an enrolment. That it lacks something makes nothing gone.

    Args:
        client: Whose token is used.
        seen: What it said when the courses were last read.
        target: Where to.
        now: The present, aware.

    Raises:
        SyncError: There is no such connection.
        CanvasError: The planner cannot be read, or the token is dead.
    """
    begun, result = time.monotonic(), SyncResult()
    planner = await look_again(client, seen)
    if planner is not None:
        moved = seen.differing(planner)
        unread = await _read_moved(client, moved, target, now, result)
        result.planner = seen.after(planner, unread)
    result.requests, result.seconds = client.requests, time.monotonic() - begun
    return result


async def _read_moved(
    client: CanvasClient, moved: list[int], target: Target, now: datetime, result: SyncResult
) -> set[int]:
    """Read some courses whole; return those that are to be read yet."""
    unread = set(moved)
    for done, number in enumerate(moved):
        _tell(target, done, len(moved))
        try:
            one = await sync_canvas_course(client, number, target, now)
        except (NoRight, NotThere):
            # It has ended: the next sync of all courses says what that means.
            unread.discard(number)
            continue
        except (CanvasAway, Throttled, LimitReached) as error:
            result.add(SyncResult(success=False, problems={number: str(error)}, failure=error))
            break
        result.add(one)
        if one.failure is not None:
            break
        if not _unread(one):
            unread.discard(number)
    return unread


async def sync_canvas_course(
    client: CanvasClient, course_id: int, target: Target, now: datetime
) -> SyncResult:
    """Read one course and mirror it; of other courses nothing is thought to be gone.

    Raises:
        SyncError: There is no such connection.
        CanvasError: The course cannot be read, or the token is dead.
    """
    content = await fetch_course(client, await client.course(course_id))
    alone: Listing[WireCourse] = Listing([content.course], problem=ONE_COURSE)
    result = await full_canvas_sync(_bundle(client, now, alone, [content]), target, now)
    result.failure = content.failure
    return result


def _bundle(
    client: CanvasClient, at: datetime, courses: Listing[WireCourse], contents: list[CourseBundle]
) -> CanvasBundle:
    return CanvasBundle(at, courses, contents, client.requests)


async def _longest_unread_first(courses: list[WireCourse], target: Target) -> list[WireCourse]:
    """Put first what was not read for longest: a limit of requests must not starve the last."""
    async with target.session_scope() as db:
        read = await queries.fetched_ats(db, target.connection_id)
    return sorted(courses, key=lambda one: read.get(one.id, 0.0))


def validate(bundle: CanvasBundle, now: datetime) -> None:
    """Make sure that a bundle can be taken at all; single rows are judged when they are turned.

    Raises:
        DataValidationError: It cannot.
    """
    if bundle.fetched_at > now + _MOST_AHEAD:
        raise DataValidationError("the bundle says that it was fetched in the future")
    ids = [content.course.id for content in bundle.contents]
    doubled = sorted({number for number in ids if ids.count(number) > 1})
    if doubled:
        raise DataValidationError(f"the bundle holds course {doubled[0]} twice")


async def _apply_list(
    courses: Listing[WireCourse], at: datetime, target: Target, result: SyncResult, turns: set[int]
) -> None:
    """Mirror the list of courses; those that have their own turn are written then."""
    rows, refused = list_values(courses)
    result.refused += refused
    there = turns | {one.canvas_id for one in refused if one.canvas_id}
    alone = {number: values for number, values in rows.items() if number not in turns}
    async with _transaction(target) as db:
        mirror = Mirror(db, target.connection_id, at, result.counts)
        await mirror.replace_list(alone, there, is_complete=courses.is_complete)


async def _apply_course(
    content: CourseBundle, at: datetime, target: Target, result: SyncResult, students: set[int]
) -> None:
    """Mirror one course and add what came of it to the result."""
    number = content.course.id
    if content.course.is_restricted:
        return
    try:
        taken = await _replace_course(content, at, target)
    except RowRefusedError as error:
        result.problems[number] = str(error)
    except SQLAlchemyError as error:
        # Nothing of this course was written; the others can be.
        result.problems[number] = f"the database refused it: {type(error).__name__}"
    else:
        _add(result, number, taken, students)
    result.success = result.success and not result.problems


def _add(
    result: SyncResult, number: int, taken: tuple[CourseRows, Counts | None], students: set[int]
) -> None:
    rows, counts = taken
    result.refused += rows.refused
    if counts is None:
        result.skipped.append(number)
        return
    result.counts.add(counts)
    result.courses_synced += 1
    students |= rows.students.keys()
    result.total_students = len(students)
    if rows.problems:
        result.problems[number] = rows.problems


async def _replace_course(
    content: CourseBundle, at: datetime, target: Target
) -> tuple[CourseRows, Counts | None]:
    """Turn a course into rows and write them; without counts where newer ones are there."""
    async with target.session_scope() as db:
        erased = await queries.erased_students(db, target.connection_id)
    # Pure, and long for a large course: meanwhile this process answers others.
    rows = await asyncio.to_thread(transform, content, erased)
    check(rows.course)
    async with _transaction(target) as db:
        if erased != await queries.erased_students(db, target.connection_id):
            raise RowRefusedError("a student was erased meanwhile")
        before = await queries.fetched_at(db, target.connection_id, rows.course_id)
        if before is not None and before > at:
            return rows, None
        mirror = Mirror(db, target.connection_id, at)
        await mirror.replace_course(rows)
    return rows, mirror.counts


@asynccontextmanager
async def _transaction(target: Target) -> AsyncGenerator[AsyncSession]:
    """Open a transaction that holds the connection.

    Raises:
        SyncError: There is no such connection.
    """
    async with target.session_scope() as db:
        if not await queries.lock(db, target.connection_id):
            raise SyncError("there is no such connection")
        yield db


def _tell(target: Target, done: int, total: int) -> None:
    if target.progress is not None:
        target.progress(done, total)
