"""What the mirror is asked: filtered, sorted, page by page, in a fixed number of statements."""

import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from src import database
from src.canvas import service
from src.canvas.pages import Page, Paged
from src.canvas.results import Thing
from src.canvas.service import RosterOrder, WorkState
from src.canvas.sync import full_canvas_sync
from src.errors import UnknownInMirror
from src.models import MirrorKind
from tests.fixtures.postgres import Databases, run
from tests.fixtures.schools import MONDAY, bundle, content, new_target, seat, work

PUPILS = range(1, 26)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("configured")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """One database of each kind for all: what is here reads, or has a connection of its own."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("reading") / "dars.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        databases: Databases = request.getfixturevalue("postgres_databases")
        url = run(databases.create())
        yield url
        run(databases.drop(url))


@pytest.fixture
async def configured(database_url: str) -> AsyncGenerator[None]:
    """That database is the one of ``src.database`` meanwhile."""
    database.configure(database_url)
    yield
    await database.dispose()
    database.configure()


def whole(**more: Any) -> dict[str, Any]:
    seats = [seat(100 + n, n, grades={"current_score": float(n % 7)}) for n in PUPILS]
    twice = seat(200, 3, enrollment_state="completed")
    done = [work(a, n, score=float(n % 5)) for a in (21, 22) for n in PUPILS]
    return content(enrollments=[*seats, twice], submissions=done) | more


@pytest.fixture(scope="module")
def school(database_url: str) -> int:
    """A connection to a course of 25 pupils whose first sync is an hour old."""

    async def fill() -> int:
        database.configure(database_url)
        number = await mirror_twice()
        await database.dispose()
        database.configure()
        return number

    return run(fill())


@pytest.fixture
async def mirrored(school: int, configured: None) -> AsyncGenerator[tuple[AsyncSession, int]]:
    """A session, and that connection."""
    async with database.read_scope() as db:
        yield db, school


async def mirror_twice() -> int:
    target = await new_target()
    await full_canvas_sync(bundle(whole()), target, MONDAY)
    changed = [work(a, n, score=float(n % 5 + (n == 4))) for a in (21, 22) for n in PUPILS]
    changed[0] = work(21, 1, workflow_state="unsubmitted", score=None, late_policy_status="missing")
    left = whole()["enrollments"][:-2]
    later = whole(enrollments=[*left], submissions=changed)
    await full_canvas_sync(bundle(later, at=MONDAY + HOUR), target, MONDAY + HOUR)
    return target.connection_id


async def every_page(
    ask: Callable[[Page], Awaitable[Paged[Any]]], page: Page
) -> tuple[list[Any], int]:
    """Follow the pages to their end."""
    rows: list[Any] = []
    pages = 0
    while True:
        found = await ask(page)
        rows, pages = rows + found.rows, pages + 1
        assert len(found.rows) <= page.limit
        if found.following is None:
            return rows, pages
        page = Page(page.limit, found.following, page.descending)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("by", list(RosterOrder))
async def test_the_roster_of_a_course(
    mirrored: tuple[AsyncSession, int], by: RosterOrder, *, descending: bool
) -> None:
    db, number = mirrored

    async def ask(page: Page) -> Paged[Any]:
        return await service.get_course_enrollments(db, number, 1, by=by, page=page)

    rows, pages = await every_page(ask, Page(4, descending=descending))
    assert sorted(row.student_id for row in rows) == list(PUPILS)
    assert pages == 7
    whole_page = await ask(Page(500, descending=descending))
    assert rows == whole_page.rows
    if by is RosterOrder.SCORE:
        seen = [row.current_score if row.current_score is not None else -1 for row in rows]
        assert seen == sorted(seen, reverse=descending)
    states = {row.student_id: row.state for row in rows}
    assert (states[3], states[25]) == ("active", "gone")
    gone = await service.get_course_enrollments(db, number, 1, state="gone")
    assert [row.student_id for row in gone.rows] == [25]


async def test_two_seats_are_one_row(mirrored: tuple[AsyncSession, int]) -> None:
    """One of them ended: the student is active all the same."""
    target = await new_target()
    await full_canvas_sync(bundle(whole()), target, MONDAY)
    async with database.read_scope() as db:
        found = await service.get_course_enrollments(db, target.connection_id, 1)
    [row] = [row for row in found.rows if row.student_id == 3]
    assert (row.state, row.seats) == ("active", 2)


async def test_the_latest_work_on_an_assignment(mirrored: tuple[AsyncSession, int]) -> None:
    db, number = mirrored

    async def ask(page: Page) -> Paged[Any]:
        by = RosterOrder.SCORE
        return await service.get_assignment_submissions(db, number, 21, by=by, page=page)

    rows, _ = await every_page(ask, Page(3, descending=True))
    assert rows[0].student_id == 4
    assert sorted(row.student_id for row in rows) == list(PUPILS)
    latest = {row.student_id: (row.number, row.score) for row in rows}
    assert (latest[4], latest[1], latest[2]) == ((2, 5.0), (2, None), (1, 2.0))
    for state, expected in ((WorkState.MISSING, {1}), (WorkState.OPEN, {1})):
        found = await service.get_assignment_submissions(db, number, 21, state=state)
        assert {row.student_id for row in found.rows} == expected
    graded = await service.get_assignment_submissions(db, number, 21, state=WorkState.GRADED)
    assert len(graded.rows) == 24


async def test_recent_activity_is_what_changed(mirrored: tuple[AsyncSession, int]) -> None:
    db, number = mirrored
    found = await service.get_recent_activity(db, number, course_id=1)
    assert {(row.student_id, row.assignment_id) for row in found.rows} == {
        (1, 21),
        (4, 21),
        (4, 22),
    }
    assert {row.assignment for row in found.rows} == {"Task 21", "Task 22"}
    mine = await service.get_recent_activity(db, number, student_id=4, page=Page(1))
    assert len(mine.rows) == 1
    assert mine.following
    since = MONDAY + 2 * HOUR
    assert (await service.get_recent_activity(db, number, course_id=1, since=since)).rows == []
    with pytest.raises(ValueError, match="of a course or of a student"):
        await service.get_recent_activity(db, number)


async def test_the_progress_of_a_student_between_two_days() -> None:
    target = await new_target()
    for day in range(6):
        at = MONDAY + timedelta(days=day)
        grades = {"current_score": 60.0 + day}
        await full_canvas_sync(
            bundle(content(enrollments=[seat(11, 1, grades=grades)], submissions=[]), at=at),
            *(target, at),
        )
    async with database.read_scope() as db:
        found = await service.get_student_progress_history(db, target.connection_id, 1)
        assert [row.current_score for row in found.rows] == [60, 61, 62, 63, 64, 65]
        assert [row.is_baseline for row in found.rows] == [True] + [False] * 5
        some = await service.get_student_progress_history(
            *(db, target.connection_id, 1),
            begin=MONDAY + timedelta(days=1),
            end=MONDAY + timedelta(days=4),
            course_id=1,
            page=Page(2),
        )
        assert [row.current_score for row in some.rows] == [61, 62]
        assert some.following


async def test_who_follows_a_curriculum(mirrored: tuple[AsyncSession, int]) -> None:
    _, number = mirrored
    async with database.session_scope() as db:
        await service.set_curriculum(db, Thing(number, MirrorKind.COURSE, 1), "web_dev")
        await service.set_curriculum(db, Thing(number, MirrorKind.STUDENT, 5), "data_science")
        await service.set_curriculum(db, Thing(number, MirrorKind.STUDENT, 25), "web_dev")
    async with database.read_scope() as db:

        async def ask(page: Page) -> Paged[Any]:
            return await service.get_curriculum_students(db, [number], ["web_dev"], page=page)

        rows, _ = await every_page(ask, Page(10))
        assert {row.student_id for row in rows} == set(PUPILS) - {5, 25}
        both = await service.get_curriculum_students(db, [number], ["web_dev", "data_science"])
        assert len(both.rows) == 24
        all_of_them = await service.get_curriculum_students(
            db, [number], ["web_dev"], with_gone=True
        )
        assert 25 in {row.student_id for row in all_of_them.rows}
        assert (await service.get_curriculum_students(db, [number + 1], ["web_dev"])).rows == []


async def test_all_of_a_student_on_one_page(mirrored: tuple[AsyncSession, int]) -> None:
    db, number = mirrored
    found = await service.get_student_dashboard(db, number, 1)
    assert found.student["name"] == "Pupil 1"
    assert [(course.course_id, course.is_active) for course in found.courses] == [(1, True)]
    assert [row.assignment for row in found.to_do] == ["Task 21"]
    assert [row.assignment_id for row in found.recent] == [21]
    with pytest.raises(UnknownInMirror, match="no student 99"):
        await service.get_student_dashboard(db, number, 99)


async def test_a_course_and_an_assignment(mirrored: tuple[AsyncSession, int]) -> None:
    db, number = mirrored
    course = await service.get_course(db, number, 1)
    assert (course["name"], course["assignments"], course["enrollments"]) == ("Mathematics", 2, 24)
    task_21 = await service.get_assignment(db, number, 21)
    assert (task_21["name"], task_21["is_active"]) == ("Task 21", True)
    for ask in (service.get_course, service.get_assignment):
        with pytest.raises(UnknownInMirror):
            await ask(db, number, 99)


ASKED: dict[str, tuple[int, Callable[[AsyncSession, int], Awaitable[object]]]] = {
    "roster": (1, lambda db, n: service.get_course_enrollments(db, n, 1)),
    "work": (1, lambda db, n: service.get_assignment_submissions(db, n, 21)),
    "activity": (1, lambda db, n: service.get_recent_activity(db, n, course_id=1)),
    "progress": (1, lambda db, n: service.get_student_progress_history(db, n, 1)),
    "curriculum": (1, lambda db, n: service.get_curriculum_students(db, [n], ["web_dev"])),
    "dashboard": (4, lambda db, n: service.get_student_dashboard(db, n, 1)),
    "course": (1, lambda db, n: service.get_course(db, n, 1)),
    "assignment": (1, lambda db, n: service.get_assignment(db, n, 21)),
}


@pytest.mark.parametrize("what", ASKED)
async def test_the_number_of_statements_is_fixed(
    mirrored: tuple[AsyncSession, int], what: str
) -> None:
    db, number = mirrored
    expected, ask = ASKED[what]
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.extend([statement] if statement != "BEGIN" else [])

    engine = database.get_engine().sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        await ask(db, number)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(statements) == expected


@pytest.mark.parametrize("limit", [0, 501, -1])
def test_a_page_is_never_the_whole_table(limit: int) -> None:
    with pytest.raises(ValueError, match="1 to 500"):
        Page(limit)
