"""The mirror: what is asked at a million scores, and writing 100,000 of them against COPY.

PostgreSQL only. The floor of writing is COPY of the same rows by asyncpg into the same table, with
its keys, indexes and triggers, in the same run; rounds are interleaved.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from src import database
from src.canvas import service
from src.canvas.pages import Page
from src.canvas.queries import mirror as queries
from src.canvas.service import RosterOrder, Thing
from src.canvas.transform import score_values
from src.clients.canvas_models import WireSubmission
from src.models import AssignmentScore, MirrorKind
from tests.fixtures.postgres import Databases, provide_server
from tests.fixtures.schools import add_connection

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
LIMIT_MS, LIMIT_COPY = 50.0, 2.5
PUPILS, TASKS = 200, 50
# Courses of 200 pupils and 50 tasks with 4 states a submission: 40,000 scores each.
STATES = 4
CROWD = """
INSERT INTO canvas_courses (connection_id, canvas_id, name, is_restricted, weighs_groups,
                            hides_final_grades)
SELECT :c, n, 'Course ' || n, false, false, false FROM generate_series(1, :courses) n;
INSERT INTO canvas_students (connection_id, canvas_id, name, sortable_name)
SELECT :c, n, 'Pupil ' || n, 'Pupil ' || n FROM generate_series(1, :pupils) n;
INSERT INTO canvas_assignments (connection_id, canvas_id, canvas_course_id, name, submission_types,
    is_published, omits_from_final_grade, only_for_overrides)
SELECT :c, k * 1000 + n, k, 'Task ' || n, '[]', true, false, false
FROM generate_series(1, :courses) k, generate_series(1, 50) n;
INSERT INTO canvas_enrollments (connection_id, canvas_id, canvas_course_id, canvas_user_id, state,
                                current_score)
SELECT :c, k * 100000 + n, k, n, 'active', n % 100
FROM generate_series(1, :courses) k, generate_series(1, :pupils) n;
INSERT INTO canvas_lifecycle (connection_id, kind, canvas_id, canvas_course_id, is_active,
                              first_seen_at, last_seen_at)
SELECT :c, 'enrollment', canvas_id, canvas_course_id, true, now(), now() FROM canvas_enrollments
UNION ALL SELECT :c, 'student', canvas_id, null, true, now(), now() FROM canvas_students
UNION ALL SELECT :c, 'course', canvas_id, null, true, now(), now() FROM canvas_courses
UNION ALL SELECT :c, 'assignment', canvas_id, canvas_course_id, true, now(), now()
FROM canvas_assignments;
INSERT INTO grade_history (connection_id, canvas_course_id, canvas_user_id, number, observed_at,
                           is_baseline, current_score)
SELECT :c, k, n, s, CAST(:now AS timestamptz) + s * interval '1 day', s = 1, n % 100
FROM generate_series(1, :courses) k, generate_series(1, :pupils) n, generate_series(1, 10) s;
INSERT INTO assignment_scores (connection_id, canvas_course_id, canvas_assignment_id,
    canvas_user_id, number, observed_at, is_baseline, workflow_state, score, is_excused, is_late,
    is_missing)
SELECT :c, k, k * 1000 + a, n, s, CAST(:now AS timestamptz) + s * interval '1 day', s = 1,
       CASE WHEN a > 48 THEN 'unsubmitted' ELSE 'graded' END, n % 10, false, false, false
FROM generate_series(1, :courses) k, generate_series(1, 50) a,
     generate_series(1, :pupils) n, generate_series(1, :states) s
"""
TABLES = "canvas_courses, canvas_students, canvas_assignments, canvas_enrollments"
TABLES += ", canvas_lifecycle, grade_history, assignment_scores, course_metadata"
Ask = Callable[[AsyncSession, int], Awaitable[object]]
ASKED: dict[str, Ask] = {
    "nothing (the floor)": lambda db, _: db.execute(text("SELECT 1")),
    "roster by name": lambda db, c: service.get_course_enrollments(db, c, 3),
    "roster by score": lambda db, c: service.get_course_enrollments(
        db, c, 3, by=RosterOrder.SCORE, page=Page(200, descending=True)
    ),
    "work on an assignment": lambda db, c: service.get_assignment_submissions(
        db, c, 3007, page=Page(200)
    ),
    "activity of a course": lambda db, c: service.get_recent_activity(
        db, c, course_id=2, page=Page(50, descending=True)
    ),
    "activity of a student": lambda db, c: service.get_recent_activity(db, c, student_id=77),
    "progress of a student": lambda db, c: service.get_student_progress_history(
        db, c, 77, begin=NOW, end=NOW + timedelta(days=20)
    ),
    "who follows a curriculum": lambda db, c: service.get_curriculum_students(
        db, [c], ["web_dev"], page=Page(200)
    ),
    "a student's page": lambda db, c: service.get_student_dashboard(db, c, 77),
    "a course": lambda db, c: service.get_course(db, c, 3),
}


async def fill(scores: int) -> int:
    """Make a school of so many scores; return the connection."""
    courses = max(3, scores // (PUPILS * TASKS * STATES))
    async with database.session_scope() as db:
        connection = await add_connection(db)
        values: dict[str, Any] = {"c": connection, "courses": courses, "pupils": PUPILS}
        values |= {"now": NOW, "states": STATES}
        # In a UNION PostgreSQL takes a parameter for a text.
        for statement in CROWD.replace(":c,", "CAST(:c AS bigint),").split(";"):
            named = {name: one for name, one in values.items() if f":{name}" in statement}
            await db.execute(text(statement), named)
        for course in (1, 2):
            thing = Thing(connection, MirrorKind.COURSE, course)
            await service.set_curriculum(db, thing, "web_dev")
    async with database.get_engine().connect() as shared:
        await shared.execution_options(isolation_level="AUTOCOMMIT")
        await shared.execute(text(f"VACUUM ANALYZE {TABLES}"))
        count = await shared.scalar(text("SELECT count(*) FROM assignment_scores"))
    print(f"{count:,} scores in {courses} courses")
    return connection


async def compare_questions(connection: int, rounds: int) -> bool:
    """Print how long each question takes; return whether all are within the limit."""
    good = True
    for name, ask in ASKED.items():
        times = []
        for _ in range(rounds):
            async with database.read_scope() as db:
                begun = time.perf_counter()
                await ask(db, connection)
                times.append((time.perf_counter() - begun) * 1000)
        p95 = quantiles(times, n=20)[-1]
        good = good and p95 < LIMIT_MS
        print(f"{name:28} p50 {median(times):6.1f} ms   p95 {p95:6.1f} ms")
    return good


def scores_of(count: int, course: int) -> list[dict[str, Any]]:
    """Return rows as the mirror makes them of what Canvas sends."""
    rows = []
    for number in range(count):
        sent: dict[str, Any] = {
            "id": number + 1,
            "assignment_id": number // 1000 + 1,
            "user_id": number % 1000 + 1,
        }
        sent |= {"workflow_state": "graded", "score": 8.5, "grade": "8.5", "attempt": 1}
        sent |= {"submitted_at": "2026-03-01T00:00:00Z", "graded_at": "2026-03-01T08:00:00Z"}
        values = score_values(WireSubmission.model_validate(sent), course)
        rows.append({**values, "observed_at": NOW, "is_baseline": True, "number": 1})
    return rows


async def write_raw(connection: int, rows: list[dict[str, Any]]) -> float:
    async with database.get_engine().connect() as shared:
        raw: Any = (await shared.get_raw_connection()).driver_connection
        records = [(connection, *row.values()) for row in rows]
        columns = ["connection_id", *rows[0]]
        begun = time.perf_counter()
        transaction = raw.transaction()
        await transaction.start()
        await raw.copy_records_to_table("assignment_scores", records=records, columns=columns)
        took = time.perf_counter() - begun
        await transaction.rollback()
    return took


async def write_ours(connection: int, rows: list[dict[str, Any]]) -> float:
    async with AsyncSession(database.get_engine()) as db:
        begun = time.perf_counter()
        await queries.lock(db, connection)
        await queries.last_scores(db, connection, 999)
        await queries.add_history(db, AssignmentScore, connection, rows)
        took = time.perf_counter() - begun
        await db.rollback()
    return took


async def compare_writes(connection: int, count: int, rounds: int) -> bool:
    """Print the bulk write against COPY; return whether it is within the limit."""
    rows, raw, ours = scores_of(count, 999), list[float](), list[float]()
    for _ in range(rounds):
        raw.append(await write_raw(connection, rows))
        ours.append(await write_ours(connection, rows))
    ratio = median(ours) / median(raw)
    print(f"{count:,} scores: COPY {median(raw):.2f} s, ours {median(ours):.2f} s: {ratio:.2f}")
    return ratio <= LIMIT_COPY


async def measure(server: str, scores: int, rounds: int, writes: int) -> bool:
    databases = Databases(server)
    await databases.prepare()
    url = await databases.create()
    database.configure(url)
    try:
        connection = await fill(scores)
        good = await compare_questions(connection, rounds)
        return await compare_writes(connection, writes, 5) and good
    finally:
        await database.dispose()
        await databases.drop(url)
        await databases.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scores", type=int, default=1_000_000)
    parser.add_argument("--writes", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    with provide_server() as server:
        good = asyncio.run(measure(server, given.scores, given.rounds, given.writes))
    print("within the limits" if good else "NOT within the limits")
    return int(not good)


if __name__ == "__main__":
    raise SystemExit(main())
