"""One call of the API: who asks, for what, and what they may see."""

from dataclasses import dataclass
from typing import Any

from sandbox.canvas.config import SchoolConfig
from sandbox.canvas.errors import NoRightError, bad_field, not_found
from sandbox.canvas.params import Params, as_id
from sandbox.canvas.state import Row, School, Table
from sandbox.canvas.times import parse

TEACHING = {"TeacherEnrollment", "TaEnrollment"}
_SITTING = {"active", "completed"}


@dataclass(frozen=True, slots=True)
class Call:
    """What a handler needs.

    Attributes:
        school: The tables.
        config: The settings of the school.
        params: What the client sent.
        path: The variable parts of the path.
        base: The address of the school, without a slash at the end.
        caller: The user whose eyes count.
        token: The row of the token.
    """

    school: School
    config: SchoolConfig
    params: Params
    path: dict[str, str]
    base: str
    caller: Row
    token: Row

    @property
    def includes(self) -> set[str]:
        """What the client asks for besides; nothing where the token has scopes."""
        return set() if self.token.get("scopes") else set(self.params.many("include"))

    def number(self, name: str) -> int:
        """An id of the path; `self` is the caller.

        Raises:
            CanvasError: It is no id.
        """
        text = self.path[name]
        found = self.caller["id"] if text == "self" else as_id(text)
        if found is None:
            raise not_found()
        return int(found)

    def find(self, table: Table, name: str) -> Row:
        """The row that an id of the path names, unless it is deleted.

        Raises:
            CanvasError: There is none.
        """
        row = table.get(self.number(name))
        if row is None or row.get("workflow_state") == "deleted":
            raise not_found()
        return row

    def instant(self, value: Any, field: str) -> str | None:
        """An instant that the client sent; without an offset it is meant in the caller's zone."""
        return parse(value, self.caller["time_zone"], field)

    def day(self, name: str, default: str) -> str:
        """An instant that may be given as a date.

        Raises:
            CanvasError: It is neither.
        """
        return self.instant(self.params.text(name), name) or default

    def seats(self, course: Row) -> list[Row]:
        """The caller's enrolments in a course that are not over."""
        mine = self.school.enrollments.of("course_id", course["id"])
        return [
            one
            for one in mine
            if one["user_id"] == self.caller["id"] and one["enrollment_state"] in _SITTING
        ]

    def teaches(self, course: Row) -> bool:
        """Whether the caller sees a course as its teacher."""
        is_admin = bool(self.caller.get("is_admin"))
        return is_admin or any(seat["type"] in TEACHING for seat in self.seats(course))

    def course(self) -> Row:
        """The course of the path, which the caller may open.

        Raises:
            CanvasError: There is none, or it is closed to the caller.
        """
        course = self.find(self.school.courses, "course_id")
        if self.teaches(course):
            return course
        is_open = course["workflow_state"] in {"available", "completed"}
        if not (self.seats(course) and is_open) or is_restricted(course, self.school.now):
            raise NoRightError
        return course

    def taught_course(self) -> Row:
        """The course of the path, which the caller may change.

        Raises:
            CanvasError: There is none, or the caller does not teach it.
        """
        course = self.course()
        if not self.teaches(course):
            raise NoRightError
        return course

    def whole(self, name: str, value: Any) -> int:
        """A whole number that the client sent.

        Raises:
            CanvasError: It is none.
        """
        found = as_id(value)
        if found is None:
            raise bad_field(name, f"{name} must be a number", "not_a_number")
        return found


def is_restricted(course: Row, now: str) -> bool:
    """Whether a course is closed to pupils by its dates."""
    if not course["restrict_enrollments_to_course_dates"]:
        return False
    return (course["start_at"] or "") > now or (course["end_at"] or "9") < now


def is_over(school: School, course: Row) -> bool:
    """Whether a course or its term has ended."""
    term = school.terms.get(course["enrollment_term_id"]) or {}
    end = course["end_at"] if course["restrict_enrollments_to_course_dates"] else term.get("end_at")
    return course["workflow_state"] == "completed" or (end or "9") < school.now


def pick(row: Row, *names: str) -> Row:
    """Some members of a row."""
    return {name: row[name] for name in names}
