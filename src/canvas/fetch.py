"""The fetch of a school: all that is mirrored, in the fewest requests, without a transaction.

What cannot be read makes its part incomplete, never short in silence. Only a dead token ends a
fetch, as nothing else could be read with it either.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from src.canvas.bundle import CanvasBundle, CourseBundle, Listing
from src.clients.canvas import CanvasClient
from src.clients.canvas_errors import (
    CanvasAway,
    CanvasError,
    LimitReached,
    NotThere,
    Throttled,
    TokenDead,
)
from src.clients.canvas_models import (
    CanvasKind,
    RowsRead,
    WireCourse,
    WireGradingPeriod,
    WireUser,
)

_Reading = Callable[[], Awaitable[RowsRead[Any]]]
CLOSED = "the course is closed by its dates"


async def fetch_courses(client: CanvasClient) -> Listing[WireCourse]:
    """Read the list of the caller's courses.

    Raises:
        CanvasError: It cannot be read; without it nothing else is known.
    """
    read = await client.courses()
    return Listing(read.rows, read.faults)


async def fetch_course(client: CanvasClient, course: WireCourse) -> CourseBundle:
    """Read all of a course that is mirrored: of everybody for a teacher, else the caller's own.

    Args:
        client: Whose token is used.
        course: Its row of the list, which says as whom the caller sits in it.

    Returns:
        Its parts. One that could not be read says why; so do those after it where the school does
        not answer any more.

    Raises:
        TokenDead: The school refuses the token.
    """
    found = CourseBundle(course)
    problem = CLOSED if course.is_restricted else None
    for kind, read in _readings(client, course).items():
        part: Listing[Any] = Listing(problem=problem)
        if problem is None:
            try:
                part = _whole(await read())
            except TokenDead:
                raise
            except (CanvasAway, Throttled, LimitReached) as error:
                problem, found.failure = str(error), error
                part.problem = problem
            except CanvasError as error:
                part.problem = str(error)
        setattr(found, kind, part)
    found.users = _people(found)
    return found


def _readings(client: CanvasClient, course: WireCourse) -> dict[CanvasKind, _Reading]:
    number, teaches = course.id, course.is_taught
    own = None if teaches else next((seat.user_id for seat in course.enrollments), None)
    return {
        CanvasKind.ASSIGNMENT_GROUPS: lambda: client.assignment_groups(number),
        CanvasKind.ASSIGNMENTS: lambda: client.assignments(number, with_overrides=teaches),
        CanvasKind.GRADING_PERIODS: lambda: _periods(client, number),
        CanvasKind.ENROLLMENTS: lambda: client.enrollments(number, own),
        CanvasKind.SUBMISSIONS: lambda: client.submissions(number),
    }


async def _periods(client: CanvasClient, number: int) -> RowsRead[WireGradingPeriod]:
    try:
        return await client.grading_periods(number)
    except NotThere:
        # Where a school has none, there is not even the list.
        return RowsRead()


def _whole(read: RowsRead[Any]) -> Listing[Any]:
    return Listing(read.rows, read.faults)


def _people(found: CourseBundle) -> Listing[WireUser]:
    """The people of the enrolments: with several seats each is there once."""
    seats = found.enrollments
    people = {seat.user.id: seat.user for seat in seats.rows if seat.user}
    return Listing(list(people.values()), list(seats.faults), seats.problem)


@asynccontextmanager
async def in_time(seconds: float) -> AsyncIterator[None]:
    """End what a sync reads after so many seconds.

    Raises:
        CanvasAway: They are over.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise CanvasAway("the school takes too long for a whole sync") from None


async def fetch_all(client: CanvasClient, at: datetime, seconds: float) -> CanvasBundle:
    """Read all courses of a token.

    Args:
        client: Whose token is used.
        at: Now, aware.
        seconds: The longest that it may take.

    Raises:
        TokenDead: The school refuses the token.
        CanvasError: The list of courses cannot be read, or it took too long.
    """
    begun = time.monotonic()
    async with in_time(seconds):
        found = CanvasBundle(at, await fetch_courses(client))
        found.contents = [await fetch_course(client, course) for course in found.courses.rows]
    found.requests = client.requests
    found.seconds = time.monotonic() - begun
    return found
