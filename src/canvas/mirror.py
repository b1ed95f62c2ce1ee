"""One course into the mirror, in the caller's transaction: rows, lives and history together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from src.canvas.queries import mirror as queries
from src.canvas.queries.mirror import Layer1, Values
from src.canvas.results import Counts
from src.canvas.transform import GRADES, CourseRows
from src.models import (
    AssignmentScore,
    CanvasAssignment,
    CanvasAssignmentGroup,
    CanvasCourse,
    CanvasEnrollment,
    CanvasGradingPeriod,
    CanvasStudent,
    GradeHistory,
    MirrorKind,
)

# That something is still there is noted once a day: otherwise each sync would write every row.
SEEN_EVERY = timedelta(days=1)
_SCORE_KEYS = ("canvas_course_id", "canvas_assignment_id", "canvas_user_id")
# Given again under another number it is still the same work.
_UNCOMPARED = {*_SCORE_KEYS, "canvas_submission_id", "number", "observed_at", "is_baseline"}

Life = tuple[MirrorKind, int]


@dataclass(frozen=True, slots=True)
class Mirror:
    """Writes what one fetch gave.

    Attributes:
        db: The open transaction, which holds the lock of the connection.
        connection_id: Whose.
        at: When the fetch began.
        counts: What was written so far.
    """

    db: AsyncSession
    connection_id: int
    at: datetime
    counts: Counts = field(default_factory=Counts)

    async def replace_course(self, rows: CourseRows) -> None:
        """Make the mirror of a course what was fetched, as a difference."""
        number = rows.course_id
        before = await queries.fetched_at(self.db, self.connection_id, number)
        await self._replace(CanvasCourse, {number: rows.course})
        await self._replace(CanvasStudent, rows.students)
        await self._replace(CanvasAssignment, rows.assignments, number)
        await self._replace(CanvasEnrollment, rows.enrollments, number)
        await self._replace_whole(CanvasAssignmentGroup, rows, "assignment_groups", rows.groups)
        await self._replace_whole(CanvasGradingPeriod, rows, "grading_periods", rows.periods)
        await self._live_on(rows)
        await self._remember(rows, is_baseline=before is None)
        if rows.is_complete and self._is_news(before):
            await queries.set_fetched_at(self.db, self.connection_id, number, self.at)

    def _is_news(self, before: datetime | None) -> bool:
        c = self.counts
        written = c.added + c.changed + c.gone + c.returned + c.history
        return (
            before is None or self.at - before >= SEEN_EVERY or (written > 0 and self.at > before)
        )

    async def replace_list(
        self, courses: Mapping[int, Values], there: Collection[int], *, is_complete: bool
    ) -> None:
        """Write courses of which there is nothing but their row, and end those that are gone.

        Args:
            courses: Their rows by Canvas id.
            there: Courses that have their own turn, or whose row was not taken.
            is_complete: Whether what is neither is gone.
        """
        await self._replace(CanvasCourse, courses)
        lives = await queries.course_lives(self.db, self.connection_id)
        keyed = {(MirrorKind.COURSE, number): life for number, life in lives.items()}
        await self._see(dict.fromkeys(((MirrorKind.COURSE, one) for one in courses), None), keyed)
        if is_complete:
            # A fetch that began before one was first seen could not know it.
            gone = [
                life["id"]
                for number, life in lives.items()
                if life["is_active"]
                and number not in {*courses, *there}
                and life["last_seen_at"] <= self.at
            ]
            await self._end(gone)

    async def _replace_whole(
        self, model: Layer1, rows: CourseRows, kind: str, mine: Mapping[int, Values]
    ) -> None:
        """Replace rows of which a whole fetch is all there is: nothing hangs on one."""
        absent = await self._replace(model, mine, rows.course_id)
        if rows.is_complete:
            gone = absent - rows.refused_ids(kind)
            await queries.delete_rows(self.db, model, self.connection_id, rows.course_id, gone)
            self.counts.gone += len(gone)

    async def _replace(
        self, model: Layer1, rows: Mapping[int, Values], course_id: int | None = None
    ) -> set[int]:
        """Write the rows that differ; return the ids of those that Canvas did not give."""
        stored = await queries.read_rows(self.db, model, self.connection_id, rows, course_id)
        written, empty = [], queries.blank(model)
        for number, values in sorted(rows.items()):
            old = stored.get(number)
            if old is None:
                self.counts.added += 1
                written.append({**empty, **values})
            elif self._differs(old, values):
                self.counts.changed += 1
                written.append({**old, **values})
            else:
                self.counts.unchanged += 1
        await queries.write_rows(self.db, model, self.connection_id, written)
        return stored.keys() - rows.keys()

    def _differs(self, old: Values, new: Values) -> bool:
        """Return whether a row is to be written: it says something else, and nothing older."""
        if old.get("fetched_at") is not None and old["fetched_at"] > self.at:
            return False
        known, given = old.get("canvas_updated_at"), new.get("canvas_updated_at")
        if known is not None and given is not None and given < known:
            return False
        return any(old[name] != value for name, value in new.items())

    async def _live_on(self, rows: CourseRows) -> None:
        """Note what is there, what is there again, and, of a whole fetch, what is gone."""
        number = rows.course_id
        present: dict[Life, int | None] = {(MirrorKind.COURSE, number): None}
        present |= dict.fromkeys(((MirrorKind.STUDENT, one) for one in rows.students), None)
        present |= dict.fromkeys(((MirrorKind.ASSIGNMENT, n) for n in rows.assignments), number)
        present |= dict.fromkeys(((MirrorKind.ENROLLMENT, n) for n in rows.enrollments), number)
        seats = await queries.read_rows(self.db, CanvasEnrollment, self.connection_id, (), number)
        theirs = {one["canvas_user_id"] for one in seats.values()}
        lives = await queries.lives(
            self.db, self.connection_id, number, theirs | rows.students.keys()
        )
        await self._see(present, lives)
        if rows.is_complete:
            await self._miss(rows, lives)

    async def _see(self, present: Mapping[Life, int | None], lives: Mapping[Life, Values]) -> None:
        born = [(*key, course) for key, course in present.items() if key not in lives]
        await queries.begin_lives(self.db, self.connection_id, sorted(born, key=str), self.at)
        there = [lives[key] for key in present if key in lives]
        back = [life["id"] for life in there if not life["is_active"]]
        await queries.mark_lives(self.db, back, is_active=True, gone_at=None, last_seen_at=self.at)
        self.counts.returned += len(back)
        stale = [life["id"] for life in there if life["is_active"] and self._is_stale(life)]
        await queries.mark_lives(self.db, stale, last_seen_at=self.at)

    def _is_stale(self, life: Values) -> bool:
        seen: datetime = life["last_seen_at"]
        return self.at - seen >= SEEN_EVERY

    async def _miss(self, rows: CourseRows, lives: Mapping[Life, Values]) -> None:
        """Mark what this course lacks; a student only where no other course has them."""
        active = {key: life["id"] for key, life in lives.items() if life["is_active"]}
        here = {
            MirrorKind.ASSIGNMENT: rows.assignments.keys() | rows.refused_ids("assignments"),
            MirrorKind.ENROLLMENT: rows.enrollments.keys() | rows.refused_ids("enrollments"),
        }
        gone = [
            life
            for (kind, number), life in active.items()
            if kind in here and number not in here[kind]
        ]
        await self._end(gone)
        if not rows.refused_ids("enrollments"):
            left = {number for kind, number in active if kind is MirrorKind.STUDENT}
            left -= rows.students.keys()
            left -= await queries.students_elsewhere(
                self.db, self.connection_id, rows.course_id, left
            )
            await self._end([active[MirrorKind.STUDENT, number] for number in left])

    async def _end(self, ids: Collection[int]) -> None:
        await queries.mark_lives(self.db, ids, is_active=False, gone_at=self.at)
        self.counts.gone += len(ids)

    async def _remember(self, rows: CourseRows, *, is_baseline: bool) -> None:
        """Let the history grow by what differs from its last row."""
        seen = {"observed_at": self.at, "is_baseline": is_baseline}
        mine = (self.db, self.connection_id, rows.course_id)
        grades = await queries.last_grades(*mine)
        course = {"canvas_course_id": rows.course_id}
        new_grades = [
            {**course, "canvas_user_id": user, **values, **seen, "number": n}
            for user, values in rows.grades.items()
            if (n := _next(grades.get(user), values)) and (n > 1 or _says_something(values))
        ]
        scores = await queries.last_scores(*mine)
        new_scores = [
            {**values, **seen, "number": n}
            for key, values in rows.scores.items()
            if (n := _next(scores.get(key), values))
        ]
        await queries.add_history(self.db, GradeHistory, self.connection_id, new_grades)
        await queries.add_history(self.db, AssignmentScore, self.connection_id, new_scores)
        self.counts.history += len(new_grades) + len(new_scores)


def _next(last: RowMapping | None, values: Values) -> int:
    """Return the number of the next row of the history; 0 where nothing has changed."""
    if last is None:
        return 1
    differs = any(last[name] != value for name, value in values.items() if name not in _UNCOMPARED)
    return int(last["number"]) + 1 if differs else 0


def _says_something(values: Values) -> bool:
    return any(values[name] is not None for name in GRADES)
