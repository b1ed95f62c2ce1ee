"""From what was fetched to the mirror: everything of a course or nothing, and nothing twice."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from sandbox.canvas.run import RunningSchool, start
from src import database
from src.canvas.bundle import CanvasBundle
from src.canvas.results import SyncResult
from src.canvas.sync import Target, full_canvas_sync, sync_all_canvas_courses, sync_canvas_course
from src.canvas.verify import verify_canvas_data
from src.errors import DataValidationError, SyncError
from src.models import (
    AssignmentScore,
    Base,
    CanvasAssignment,
    CanvasAssignmentGroup,
    CanvasCourse,
    CanvasEnrollment,
    CanvasLifecycle,
    CanvasStudent,
    GradeHistory,
    OutboxMessage,
)
from tests.fixtures.schools import (
    MONDAY,
    bundle,
    client_of,
    content,
    fetch,
    network,
    new_target,
    seat,
    task,
    work,
)

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("database_url")


@pytest.fixture
def school() -> Iterator[RunningSchool]:
    running = start()
    yield running
    running.stop()


async def apply(target: Target, found: CanvasBundle) -> SyncResult:
    return await full_canvas_sync(found, target, found.fetched_at)


async def rows_of(model: type[Base], *columns: str) -> list[tuple[Any, ...]]:
    async with database.session_scope() as db:
        found = await db.execute(select(*(getattr(model, name) for name in columns)))
        return sorted((tuple(row) for row in found), key=str)


async def active() -> dict[tuple[str, int], bool]:
    rows = await rows_of(CanvasLifecycle, "kind", "canvas_id", "is_active")
    return {(str(kind), number): alive for kind, number, alive in rows}


@contextmanager
def counting() -> Iterator[list[str]]:
    """Collect the statements that write."""
    written: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.split(maxsplit=1)[0] in {"INSERT", "UPDATE", "DELETE", "COPY"}:
            written.append(statement)

    engine = database.get_engine().sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield written
    event.remove(engine, "before_cursor_execute", note)


async def test_a_school_is_mirrored_and_is_what_it_says(school: RunningSchool) -> None:
    """Rule 45: the first reading is where the history begins, and is told to nobody."""
    target = await new_target()
    async with network() as net:
        found = await fetch(net, school.url)
        result = await apply(target, found)
        assert (result.success, result.courses_synced, result.total_students) == (True, 3, 4)
        assert result.refused == []
        async with database.read_scope() as db:
            again = await fetch(net, school.url)
            assert await verify_canvas_data(db, target.connection_id, again) == []
    assert len(await rows_of(CanvasStudent, "id")) == 4
    assert len(await rows_of(CanvasCourse, "id")) == 3
    assert {one for (one,) in await rows_of(AssignmentScore, "is_baseline")} == {True}
    assert await rows_of(OutboxMessage, "id") == []


async def test_what_a_pupil_sees_is_mirrored_too(school: RunningSchool) -> None:
    target = await new_target()
    async with network() as net:
        found = await fetch(net, school.url, "rahim")
        result = await apply(target, found)
        assert result.success, result.problems
        assert result.total_students == 1
        async with database.read_scope() as db:
            again = await fetch(net, school.url, "rahim")
            assert await verify_canvas_data(db, target.connection_id, again) == []


async def test_a_second_sync_writes_nothing(school: RunningSchool) -> None:
    target = await new_target()
    async with network() as net:
        await apply(target, await fetch(net, school.url))
        found = await fetch(net, school.url)
    with counting() as written:
        result = await apply(target, found)
    assert written == []
    assert (result.added, result.changed, result.gone, result.counts.history) == (0, 0, 0, 0)
    assert result.unchanged > 20


async def test_course_after_course_as_they_are_read(school: RunningSchool) -> None:
    told: list[tuple[int, int]] = []
    target = await new_target(progress=lambda done, total: told.append((done, total)))
    async with network() as net:
        client = client_of(net, school.url)
        result = await sync_all_canvas_courses(client, target, MONDAY)
        assert (result.courses_synced, result.success) == (3, True)
        assert result.requests == client.requests > 9
        assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
        [number, *_] = (await client.courses()).rows
        one = await sync_canvas_course(client, number.id, target, MONDAY + HOUR)
        assert (one.courses_synced, one.added, one.changed, one.gone) == (1, 0, 0, 0)


async def test_a_rehearsal_counts_and_keeps_nothing() -> None:
    target = await new_target(dry_run=True)
    result = await apply(target, bundle())
    assert (result.added, result.counts.history) == (9, 6)
    assert await rows_of(CanvasLifecycle, "id") == await rows_of(CanvasCourse, "id") == []


async def test_only_what_differs_is_written() -> None:
    target = await new_target()
    await apply(target, bundle())
    later = content(assignments=[task(21, name="New", updated_at="2026-03-02T00:00:00Z"), task(22)])
    result = await apply(target, bundle(later, at=MONDAY + HOUR))
    assert (result.added, result.changed, result.unchanged) == (0, 1, 8)
    assert ("New",) in await rows_of(CanvasAssignment, "name")


async def test_what_a_thing_is_goes_by_its_number_and_never_by_its_title() -> None:
    """Rule 5: a new title is the same task, and two tasks of one title are two."""
    target = await new_target()
    await apply(target, bundle())
    both = [task(21, name="Essay"), task(22, name="Essay")]
    later = MONDAY + timedelta(hours=1)
    result = await apply(target, bundle(content(assignments=both), at=later))
    assert (result.added, result.changed, result.gone, result.counts.history) == (0, 2, 0, 0)
    assert await rows_of(CanvasAssignment, "canvas_id", "name") == [(21, "Essay"), (22, "Essay")]
    swapped = [task(21, name="Task 22"), task(22, name="Task 21")]
    again = await apply(target, bundle(content(assignments=swapped), at=later + timedelta(hours=1)))
    assert (again.added, again.changed, again.gone, again.counts.history) == (0, 2, 0, 0)


async def test_a_null_overwrites() -> None:
    """A cleared date must not stay for ever."""
    target = await new_target()
    await apply(target, bundle())
    cleared = content(assignments=[task(21, due_at=None), task(22)])
    await apply(target, bundle(cleared, at=MONDAY + HOUR))
    assert {row[1] is None for row in await rows_of(CanvasAssignment, "canvas_id", "due_at")} == {
        True,
        False,
    }


async def test_what_canvas_changed_later_stays() -> None:
    """Conflicts go by Canvas' own instant."""
    target = await new_target()
    newer = content(assignments=[task(21, name="Newer", updated_at="2026-03-05T00:00:00Z")])
    await apply(target, bundle(newer))
    older = content(assignments=[task(21, name="Older", updated_at="2026-03-04T00:00:00Z")])
    result = await apply(target, bundle(older, at=MONDAY + HOUR))
    assert result.changed == 0
    assert await rows_of(CanvasAssignment, "name") == [("Newer",)]


async def test_an_older_fetch_changes_nothing() -> None:
    target = await new_target()
    await apply(target, bundle(at=MONDAY + HOUR))
    stale = content(course={"id": 1, "name": "Old name"}, enrollments=[seat(11, 1)])
    result = await apply(target, bundle(stale))
    assert result.skipped == [1]
    assert (result.added, result.changed, result.gone) == (0, 0, 0)
    assert all((await active()).values())
    assert await rows_of(CanvasCourse, "name") == [("Mathematics",)]


async def test_what_a_whole_fetch_lacks_is_gone_and_comes_back_with_its_history() -> None:
    target = await new_target()
    await apply(target, bundle())
    without = content(enrollments=[seat(11, 1)], assignments=[task(21)], submissions=[work(21, 1)])
    result = await apply(target, bundle(without, at=MONDAY + HOUR))
    assert result.gone == 3
    gone = {key for key, alive in (await active()).items() if not alive}
    assert gone == {("student", 2), ("enrollment", 12), ("assignment", 22)}
    assert len(await rows_of(AssignmentScore, "id")) == 4
    assert len(await rows_of(CanvasStudent, "id")) == 2
    back = await apply(target, bundle(at=MONDAY + 2 * HOUR))
    assert (back.counts.returned, back.added, back.counts.history) == (3, 0, 0)
    assert all((await active()).values())


@pytest.mark.parametrize(
    "lost",
    [
        {"assignments": {"rows": [task(21)], "problem": "the school is away"}},
        {"assignments": [task(21), {"id": "no id"}]},
        {"submissions": None},
    ],
)
async def test_absent_is_not_gone_where_the_fetch_was_not_whole(lost: dict[str, Any]) -> None:
    target = await new_target()
    await apply(target, bundle())
    partial = content(**lost) if "submissions" not in lost else content() | lost
    partial["enrollments"] = [seat(11, 1)]
    result = await apply(target, bundle(partial, at=MONDAY + HOUR))
    assert result.gone == 0
    assert all((await active()).values())


async def test_a_row_that_cannot_be_read_is_refused_alone_and_not_gone() -> None:
    target = await new_target()
    await apply(target, bundle())
    bad = content(
        assignments=[task(21, points_possible="many"), task(22), task(23, position=2**40)]
    )
    result = await apply(target, bundle(bad, at=MONDAY + HOUR))
    assert [(one.kind, one.canvas_id, one.course_id) for one in result.refused] == [
        ("assignments", 21, 1),
        ("assignments", 23, 1),
    ]
    assert "points_possible" in result.refused[0].reason
    assert result.success
    assert all((await active()).values())


async def test_a_row_of_another_course_is_refused() -> None:
    target = await new_target()
    result = await apply(target, bundle(content(assignments=[task(21), task(22, course_id=9)])))
    assert [one.reason for one in result.refused] == ["course_id: it belongs to another course"]


async def test_a_course_that_is_closed_keeps_what_was_known_of_it() -> None:
    target = await new_target()
    await apply(target, bundle())
    closed = {"course": {"id": 1, "access_restricted_by_date": True}}
    result = await apply(target, bundle(closed, at=MONDAY + HOUR))
    assert result.gone == 0
    assert await rows_of(CanvasCourse, "name", "is_restricted") == [("Mathematics", True)]
    await apply(target, bundle(at=MONDAY + 2 * HOUR))
    assert await rows_of(CanvasCourse, "name", "is_restricted") == [("Mathematics", False)]


async def test_a_course_that_the_list_lacks_is_gone_only_where_the_list_is_whole() -> None:
    target = await new_target()
    await apply(target, bundle())
    broken = bundle(content(course={"id": 2}, **NOTHING), at=MONDAY + HOUR)
    broken.courses.problem = "a page is lost"
    await apply(target, broken)
    assert (await active())["course", 1]
    await apply(target, bundle(content(course={"id": 2}, **NOTHING), at=MONDAY + 2 * HOUR))
    assert not (await active())["course", 1]
    assert (await active())["assignment", 21]


NOTHING: dict[str, list[Any]] = {
    name: [] for name in ("enrollments", "users", "assignments", "submissions")
}


async def test_a_student_who_is_in_another_course_is_still_there() -> None:
    target = await new_target()
    other = content(
        course={"id": 2, "name": "Science"},
        enrollments=[seat(13, 2, course_id=2)],
        assignments=[],
        submissions=[],
        assignment_groups=[],
        grading_periods=[],
    )
    await apply(target, bundle(content(), other))
    left = content(enrollments=[seat(11, 1)], submissions=[])
    await apply(target, bundle(left, other, at=MONDAY + HOUR))
    lives = await active()
    assert lives["student", 2]
    assert not lives["enrollment", 12]


async def test_two_seats_are_one_student_with_one_grade() -> None:
    """Of two seats the active one counts, also where the other is older."""
    target = await new_target()
    ended = seat(10, 1, enrollment_state="completed", grades={"final_score": 5.0})
    await apply(target, bundle(content(enrollments=[ended, seat(11, 1)], submissions=[])))
    assert await rows_of(CanvasStudent, "canvas_id") == [(1,)]
    assert await rows_of(GradeHistory, "canvas_user_id", "final_score") == [(1, 70.0)]
    assert len(await rows_of(CanvasEnrollment, "id")) == 2


async def test_the_history_grows_by_what_changes() -> None:
    target = await new_target()
    await apply(target, bundle())
    marked = content(submissions=[work(21, 1, score=9.5), work(21, 2), work(22, 1), work(22, 2)])
    result = await apply(target, bundle(marked, at=MONDAY + HOUR))
    assert result.counts.history == 1
    found = await rows_of(
        AssignmentScore,
        *("canvas_assignment_id", "canvas_user_id", "number", "score", "is_baseline"),
    )
    assert (21, 1, 1, 8.0, True) in found
    assert (21, 1, 2, 9.5, False) in found
    assert len(found) == 5


async def test_groups_and_periods_are_replaced() -> None:
    target = await new_target()
    await apply(target, bundle())
    other = content(assignment_groups=[{"id": 32, "name": "Tests", "group_weight": 60}])
    await apply(target, bundle(other, at=MONDAY + HOUR))
    assert await rows_of(CanvasAssignmentGroup, "canvas_id", "weight") == [(32, 60.0)]


async def test_a_course_that_fails_is_as_it_was_and_stops_no_other() -> None:
    """A number beyond the column's is found by the check; what is not, by the database."""
    target = await new_target()
    await apply(target, bundle())
    bad = content(course={"id": 1, "name": "Mathematics", "time_zone": "x" * 65})
    fine = content(course={"id": 2, "name": "Science"}, **NOTHING)
    result = await apply(target, bundle(bad, fine, at=MONDAY + HOUR, courses=[{"id": 2}]))
    assert result.problems == {1: "time_zone: over 64 characters"}
    assert not result.success
    assert result.courses_synced == 1
    assert len(await rows_of(CanvasCourse, "id")) == 2


async def test_what_contradicts_itself_is_not_taken() -> None:
    target = await new_target()
    with pytest.raises(DataValidationError, match="course 1 twice"):
        await apply(target, bundle(content(), content()))
    with pytest.raises(DataValidationError, match="in the future"):
        await full_canvas_sync(bundle(), target, MONDAY - HOUR)
    assert await rows_of(CanvasCourse, "id") == []


async def test_a_connection_that_is_not_there() -> None:
    target = Target(77, database.session_scope)
    with pytest.raises(SyncError, match="no such connection"):
        await apply(target, bundle())


async def test_two_people_have_mirrors_of_their_own() -> None:
    first, second = await new_target(), await new_target()
    await apply(first, bundle())
    moved = content(assignments=[task(21, due_at=None), task(22)])
    await apply(second, bundle(moved))
    assert len(await rows_of(CanvasAssignment, "id")) == 4
    assert len(set(await rows_of(CanvasAssignment, "canvas_id", "due_at"))) == 3


async def test_many_syncs_of_one_school_at_once_write_it_once() -> None:
    """Rule 44: what is read again, and several times at once, is there once."""
    target = await new_target()
    found = [bundle(at=MONDAY + timedelta(minutes=n)) for n in range(6)]
    results = await asyncio.gather(*(apply(target, one) for one in found))
    assert all(one.success for one in results)
    assert sum(one.added for one in results) == 9
    async with database.session_scope() as db:
        assert await db.scalar(select(func.count()).select_from(AssignmentScore)) == 4
        assert await db.scalar(select(func.count()).select_from(GradeHistory)) == 2
