"""A pupil's connection is refreshed by their planner: few requests, and nothing lost by it.

On SQLite; `test_canvas_refresh` has one of these on both databases.
"""

import random
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from sandbox.canvas.config import SchoolConfig
from sandbox.canvas.run import RunningSchool, start
from src import clock, database
from src.canvas.planner import PlannerSeen
from src.canvas.refresh import CanvasReader, SyncOrder
from src.canvas.results import SyncResult
from src.canvas.verify import verify_canvas_data
from src.models import (
    CanvasAssignment,
    CanvasConnection,
    CanvasLifecycle,
    SyncPriority,
    SyncRun,
)
from tests.acceptance.school_client import Json, Person
from tests.fixtures.schools import fetch, network
from tests.integration.test_canvas_refresh import connect, reader_of, row_of

pytestmark = pytest.mark.usefixtures("sqlite_url")
# Its row and five lists; the planner itself is one more.
A_COURSE, PLANNER = 6, 1


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSchool]:
    school = start(SchoolConfig(port=0))
    yield school
    school.stop()


@pytest.fixture
def school(running: RunningSchool) -> RunningSchool:
    Person(running).post("reset", {})
    return running


@pytest.fixture
async def reader() -> AsyncGenerator[CanvasReader]:
    made = await reader_of()
    yield made
    await made.close()


@pytest.fixture
async def number(school: RunningSchool, reader: CanvasReader) -> int:
    """The connection of a pupil of which all was read just now."""
    [made] = await connect(school.url, "rahim")
    result = await reader.sync(SyncOrder(made))
    assert result.success
    assert result.planner
    assert (await row_of(made)).last_sync_at
    return made


async def refresh(reader: CanvasReader, number: int) -> SyncResult:
    return await reader.sync(SyncOrder(number, SyncPriority.REFRESH))


async def task_of(number: int, name: str) -> CanvasAssignment | None:
    async with database.session_scope() as db:
        found = select(CanvasAssignment).where(
            CanvasAssignment.connection_id == number, CanvasAssignment.name == name
        )
        return (await db.scalars(found)).one_or_none()


def soon(days: float) -> str:
    return (clock.now() + timedelta(days=days)).isoformat(timespec="seconds")


def first_task(school: RunningSchool) -> tuple[Person, Json, Json]:
    """Return the teacher, a course of Rahim's and one of its tasks that is due soon."""
    teacher = Person(school, "farida")
    mine = Person(school, "rahim").get("planner/items?per_page=100&start_date=" + soon(-14)[:10])
    item = next(one for one in mine if one["plannable_type"] == "assignment")
    course = {"id": item["course_id"]}
    task = teacher.get(f"courses/{course['id']}/assignments/{item['plannable_id']}")
    return teacher, course, task


def change(teacher: Person, course: Json, task: Json, **fields: Any) -> None:
    path = f"courses/{course['id']}/assignments/{task['id']}"
    sent = {f"assignment__{name}": value for name, value in fields.items()}
    reply = teacher.send("PUT", path, **sent)
    assert reply.status == 200, reply.text


async def test_what_has_not_changed_costs_one_request(reader: CanvasReader, number: int) -> None:
    before = await row_of(number)
    result = await refresh(reader, number)
    assert (result.success, result.requests, result.courses_synced) == (True, PLANNER, 0)
    row = await row_of(number)
    assert row.last_sync_at
    assert before.last_sync_at
    assert row.last_sync_at > before.last_sync_at
    assert row.planner_seen == before.planner_seen
    assert row.next_sync_at
    assert row.next_sync_at > clock.now()
    async with database.session_scope() as db:
        runs = (await db.scalars(select(SyncRun.requests).order_by(SyncRun.id))).all()
    assert runs[1:] == [PLANNER]


async def test_a_date_that_moved_is_mirrored_and_only_its_course_read(
    school: RunningSchool, reader: CanvasReader, number: int
) -> None:
    teacher, course, task = first_task(school)
    before = await row_of(number)
    moved = soon(9)
    change(teacher, course, task, due_at=moved)
    result = await refresh(reader, number)
    assert (result.requests, result.courses_synced) == (PLANNER + A_COURSE, 1)
    kept = await task_of(number, task["name"])
    assert kept
    assert kept.due_at
    assert kept.due_at.isoformat() == moved
    # By it the list of deadlines knows that there is news.
    row = await row_of(number)
    assert row.last_sync_at
    assert before.last_sync_at
    assert row.last_sync_at > before.last_sync_at
    assert (await refresh(reader, number)).requests == PLANNER


async def test_a_date_that_was_taken_back_is_null(
    school: RunningSchool, reader: CanvasReader, number: int
) -> None:
    teacher, course, task = first_task(school)
    change(teacher, course, task, due_at="")
    await refresh(reader, number)
    kept = await task_of(number, task["name"])
    assert kept
    assert kept.due_at is None
    async with database.session_scope() as db:
        lives = await db.scalars(
            select(CanvasLifecycle.is_active).where(CanvasLifecycle.canvas_id == kept.canvas_id)
        )
    assert set(lives) == {True}


async def test_what_is_new_is_there_and_what_was_deleted_is_gone(
    school: RunningSchool, reader: CanvasReader, number: int
) -> None:
    teacher, course, task = first_task(school)
    form = {"assignment__name": "Brand new", "assignment__due_at": soon(3)}
    form |= {"assignment__published": "true", "assignment__submission_types[]": "online_url"}
    path = f"courses/{course['id']}/assignments"
    assert teacher.send("POST", path, **form).status == 201
    assert teacher.send("DELETE", f"{path}/{task['id']}").status == 200
    result = await refresh(reader, number)
    assert await task_of(number, "Brand new")
    assert result.gone == 1
    assert result.requests == PLANNER + A_COURSE


async def test_work_that_was_handed_in_makes_history(
    school: RunningSchool, reader: CanvasReader, number: int
) -> None:
    _, course, task = first_task(school)
    path = f"courses/{course['id']}/assignments/{task['id']}/submissions"
    form = {"submission__submission_type": "online_text_entry", "submission__body": "done"}
    assert Person(school, "rahim").send("POST", path, **form).status == 201
    result = await refresh(reader, number)
    assert result.counts.history == 1


async def test_a_planner_that_shows_nothing_makes_nothing_gone(
    school: RunningSchool, reader: CanvasReader, number: int
) -> None:
    """As a cache or a lost page would: the courses are read, and all is where it was."""
    row = await row_of(number)
    assert row.planner_seen
    seen = PlannerSeen.of_json(row.planner_seen)
    past = seen.begin - timedelta(days=3000)
    empty = replace(seen, begin=past, end=past + timedelta(days=1), tag=None).as_json()
    async with database.session_scope() as db:
        await db.execute(update(CanvasConnection).values(planner_seen=empty))
    result = await refresh(reader, number)
    assert result.courses_synced > 0
    assert (result.gone, result.changed, result.added) == (0, 0, 0)
    assert (await refresh(reader, number)).requests == PLANNER


async def test_a_course_that_could_not_be_read_is_read_the_next_time(
    school: RunningSchool, number: int
) -> None:
    teacher, course, task = first_task(school)
    change(teacher, course, task, due_at=soon(8))
    polite = await reader_of(refresh_requests_per_hour=3)
    async with database.session_scope() as db:
        await db.execute(update(SyncRun).values(requests=0))
    result = await refresh(polite, number)
    assert (result.success, result.requests) == (False, 3)
    await polite.close()
    reader = await reader_of()
    result = await refresh(reader, number)
    await reader.close()
    assert (result.success, result.courses_synced) == (True, 1)
    kept = await task_of(number, task["name"])
    assert kept
    assert kept.due_at
    assert kept.due_at > clock.now() + timedelta(days=7)


async def test_once_a_day_all_is_read(
    school: RunningSchool, reader: CanvasReader, number: int
) -> None:
    async with database.session_scope() as db:
        row = await db.get_one(CanvasConnection, number)
        assert row.planner_seen
        seen = PlannerSeen.of_json(row.planner_seen)
        long_ago = clock.now() - timedelta(hours=25)
        row.planner_seen = replace(seen, whole_at=long_ago).as_json()
    result = await refresh(reader, number)
    assert result.courses_synced == len(Person(school, "rahim").courses())
    assert (await refresh(reader, number)).requests == PLANNER


async def test_who_asks_is_given_all(reader: CanvasReader, number: int) -> None:
    assert (await reader.sync(SyncOrder(number))).courses_synced > 1


async def test_a_teachers_courses_are_read_whole(
    school: RunningSchool, reader: CanvasReader
) -> None:
    """Their planner shows what is to be marked, not what changed."""
    [number] = await connect(school.url, "farida")
    await reader.sync(SyncOrder(number))
    assert (await row_of(number)).planner_seen is None
    assert (await refresh(reader, number)).courses_synced == 3


@pytest.mark.parametrize("fault", ["html_rate", "error_rate"])
async def test_without_a_planner_all_is_read(
    school: RunningSchool, reader: CanvasReader, fault: str
) -> None:
    Person(school).post("faults", {fault: 1, "paths": ["/api/v1/planner/"]})
    [number] = await connect(school.url, "rahim")
    assert (await reader.sync(SyncOrder(number))).success
    assert (await row_of(number)).planner_seen is None
    assert (await refresh(reader, number)).courses_synced > 1


async def test_after_random_changes_nothing_differs(
    school: RunningSchool, reader: CanvasReader, number: int
) -> None:
    chance, teacher = random.Random(14), Person(school, "farida")
    courses = list(Person(school, "rahim").courses().values())
    for turn in range(12):
        course = chance.choice(courses)
        tasks = list(teacher.tasks(course).values())
        if chance.random() < 0.2:
            form = {"assignment__name": f"Extra {turn}", "assignment__due_at": soon(turn)}
            path = f"courses/{course['id']}/assignments"
            assert teacher.send("POST", path, **form, assignment__published="true").status == 201
        else:
            due = chance.choice(["", soon(chance.randint(-10, 30))])
            change(teacher, course, chance.choice(tasks), due_at=due)
        await refresh(reader, number)
    async with network() as net:
        bundle = await fetch(net, school.url, "rahim")
    async with database.read_scope() as db:
        found = await verify_canvas_data(db, number, bundle)
    # That undated work was written anew and is what it was, no planner shows.
    assert {one.field for one in found} <= {"canvas_updated_at"}
