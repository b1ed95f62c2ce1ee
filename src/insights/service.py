"""What insights are computed from, read from the rows in the caller's transaction."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from src.clock import local_day
from src.insights import queries
from src.insights.flags import PupilRecord
from src.insights.grades import CourseRecord, CourseWork
from src.insights.practice import PracticeAnswer
from src.insights.weights import MarkGroup
from src.storage.statements import AnyRow

_ON_PAPER = frozenset({"none", "on_paper", "not_graded", "external_tool"})
_LAST_MOMENT = time(23, 59, 59)


async def answers_of(
    db: AsyncSession, students: Collection[int], since: datetime | None = None
) -> dict[int, list[PracticeAnswer]]:
    """Return the closed problems of pupils, each pupil's oldest first: one statement.

    Each counts on the local day on which its session began, as everywhere.

    Args:
        db: A session.
        students: Ids of pupils; each of them is in the result.
        since: Only of sessions that began since then, aware.
    """
    return await answers_since(db, dict.fromkeys(students, since))


async def answers_since(
    db: AsyncSession, students: Mapping[int, datetime | None]
) -> dict[int, list[PracticeAnswer]]:
    """Return the closed problems of pupils, of each since an instant of their own.

    Args:
        db: A session.
        students: Ids of pupils, each with the instant since which sessions count; None: all.
    """
    found: dict[int, list[PracticeAnswer]] = {student: [] for student in students}
    # A year of a class is a hundred thousand rows: each is unpacked, not asked for its columns.
    for row in await queries.closed(db, students):
        student, day, zone, closed_at, *rest, right = row
        local = min(closed_at.astimezone(_zone(zone)), _end_of(day, zone))
        topic, problem, hints, seconds = rest
        found[student].append(PracticeAnswer(local, topic, problem, bool(right), hints, seconds))
    return found


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=4096)
def _end_of(day: date, zone: str) -> datetime:
    """Return the last second of a local day."""
    return datetime.combine(day, _LAST_MOMENT, _zone(zone))


async def records_of(
    db: AsyncSession, students: Collection[int], since: datetime | None = None
) -> list[PupilRecord]:
    """Return what flags of pupils are computed from, by their id as text: two statements."""
    answers = await answers_of(db, students, since)
    disputes = await queries.open_disputes(db, students)
    return [
        PupilRecord(str(student), answers[student], disputes.get(student, 0)) for student in answers
    ]


async def courses_of(
    db: AsyncSession, connection_id: int, students: Collection[int], course_id: int | None = None
) -> dict[int, list[CourseRecord]]:
    """Return what a school's marks say of students, as one connection sees them: two statements.

    Args:
        db: A session.
        connection_id: Over which the school is seen.
        students: Canvas' numbers of users; each of them is in the result.
        course_id: In one course only.
    """
    courses = await _courses(db, connection_id)
    work: dict[tuple[int, int], list[CourseWork]] = defaultdict(list)
    for row in await queries.work(db, connection_id, students, course_id):
        if row.canvas_course_id in courses:
            one = _work(row, courses[row.canvas_course_id].zone)
            work[row.canvas_user_id, row.canvas_course_id].append(one)
    found: dict[int, list[CourseRecord]] = {student: [] for student in students}
    for (student, number), pieces in work.items():
        course = courses[number]
        record = CourseRecord(course.name, pieces, course.groups, course.weighs_groups)
        found[student].append(record)
    return found


@dataclass(slots=True)
class _Course:
    name: str
    zone: str
    weighs_groups: bool
    groups: dict[int, MarkGroup] = field(default_factory=dict)


async def _courses(db: AsyncSession, connection_id: int) -> dict[int, _Course]:
    found: dict[int, _Course] = {}
    for row in await queries.courses(db, connection_id):
        name = row.name or str(row.canvas_id)
        course = found.setdefault(row.canvas_id, _Course(name, row.zone, row.weighs_groups))
        if row.group_id is not None:
            course.groups[row.group_id] = MarkGroup(
                *(row.weight or 0.0, row.drop_lowest, row.drop_highest),
                frozenset(row.never_drop),
            )
    return found


def _work(row: AnyRow, zone: str) -> CourseWork:
    has_mark = row.workflow_state == "graded" and row.score is not None
    marked = local_day(row.graded_at or row.observed_at, zone) if has_mark else None
    return CourseWork(
        assignment=row.canvas_assignment_id,
        group=row.canvas_group_id,
        points=row.points_possible or 0.0,
        score=row.score if has_mark else None,
        marked=marked,
        due=local_day(row.due_at, zone) if row.due_at else None,
        is_excused=row.is_excused,
        is_missing=_is_missing(row),
        is_late=row.is_late,
        counts=not row.omits_from_final_grade,
    )


def _is_missing(row: AnyRow) -> bool:
    """Return whether work was not handed in: somebody said so, or it comes in online only.

    Canvas' own guess counts work on paper too.
    """
    online = _ON_PAPER.isdisjoint(row.submission_types)
    return row.late_policy_status == "missing" or bool(row.is_missing and online)
