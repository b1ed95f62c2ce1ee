"""What the API says and takes, as types: the OpenAPI document is made of them."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Generic, TypeVar

from fastapi import Path, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from src.canvas.service import (
    CourseGrade,
    EnrolledStudent,
    StudentCourse,
    StudentWork,
)
from src.insights.flags import FlagKind
from src.insights.intervals import Interval
from src.insights.practice import Trend
from src.language import Language
from src.models import ConnectionKind, ProblemStatus, SessionStatus

__all__ = ["CourseGrade", "EnrolledStudent", "StudentCourse", "StudentWork"]

_Row = TypeVar("_Row")
_MOST = 2**63 - 1
Id = Annotated[int, Path(ge=1, le=_MOST)]
OneId = Annotated[int | None, Query(ge=1, le=_MOST)]


def _instant(typed: object) -> object:
    """Take an instant as RFC 3339 writes it, in UTC; a bare number is none."""
    if not isinstance(typed, str):
        return typed
    if not _INSTANT.match(typed):
        raise ValueError("expected an instant with its zone, as in 2026-03-06T11:00:00Z")
    found = datetime.fromisoformat(typed.upper())
    try:
        return found.astimezone(UTC)
    except OverflowError:  # in the first or last hours of the calendar
        return found.replace(tzinfo=UTC)


def _local_date(typed: object) -> object:
    """Take a day as 2026-03-06; a bare number is none."""
    if isinstance(typed, str) and not _DATE.fullmatch(typed):
        raise ValueError("expected a day, as in 2026-03-06")
    return typed


_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$", re.ASCII)
Since = Annotated[
    datetime | None,
    BeforeValidator(_instant),
    Query(description="Only what began since then: an instant with its zone."),
]
Day = Annotated[
    date | None,
    BeforeValidator(_local_date),
    Query(description="In UTC; by default the last 30 days."),
]
# A name has a letter or a digit, and nothing that no keyboard types.
_NAME = r"^[^\x00-\x1f\x7f]*[0-9A-Za-z\u0985-\u09b9][^\x00-\x1f\x7f]*$"
_TEXT = r"^[^\x00]*[0-9A-Za-z\u0985-\u09b9][^\x00]*$"


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True, extra="forbid")


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class PageOf(BaseModel, Generic[_Row]):
    """A page of a list, in the order of its keys."""

    rows: list[_Row]
    next: str | None = Field(description="The cursor of the next page; null: this is the last one.")


class StudentOut(_Out):
    """A pupil."""

    id: int
    name: str | None
    grade: int | None
    language: Language
    timezone: str
    registered_at: datetime
    last_active_at: datetime | None = Field(description="To the hour.")


class SessionOut(_Out):
    """Five problems for a pupil."""

    id: int
    student_id: int
    local_day: date = Field(description="On which it began, where the pupil lives.")
    status: SessionStatus
    problem_ids: list[int]
    problems_correct: int
    seconds: int
    started_at: datetime
    completed_at: datetime | None


class ResponseOut(_Out):
    """What a pupil did with one problem of a session."""

    id: int
    session_id: int
    student_id: int
    problem_id: int
    topic: str
    answer: str | None = Field(description="The last one, as typed.")
    verdict: str | None
    is_correct: bool
    attempts: int = Field(description="Answers that counted: right or wrong.")
    hints_used: int
    with_steps: bool
    skipped: bool
    misconception: str | None
    seconds: int
    shown_at: datetime | None
    closed_at: datetime | None = Field(description="Null: it is still open.")


class StreakOut(_Out):
    """Local days in a row, as they were on the last day with practice."""

    student_id: int
    current: int
    longest: int
    last_day: date | None
    freezes: int


class ProblemOut(_Out):
    """A problem of the library."""

    id: int
    external_id: str
    grade: int
    topic: str
    subtopic: str
    difficulty: int
    question_en: str
    question_bn: str
    answer: str
    answer_type: str
    solution_en: str
    solution_bn: str
    status: ProblemStatus
    content_version: int
    variant_of: str | None


class CostOut(_Out):
    """What settled calls of the model came to on a day."""

    id: int
    day: date = Field(description="In UTC.")
    operation: str
    provider: str
    model: str
    calls: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cost_usd: Decimal


class SentenceOut(BaseModel):
    """An insight: its text in both languages and the numbers in it."""

    key: str
    values: dict[str, int | str]
    en: str
    bn: str


class MomentumOut(_Out):
    """Two windows of answers compared; nothing is extrapolated."""

    trend: Trend
    earlier: float | None
    later: float | None
    change: Interval | None = Field(description="With its 80 % range; null: too little data.")
    answers: int
    window: tuple[date, date] | None = Field(description="First and last local day.")


class InsightsOut(BaseModel):
    """What practice says of a pupil."""

    student_id: int
    first_day: date | None = Field(description="Of the answers that may be seen.")
    last_day: date | None
    answers: int
    momentum: MomentumOut
    sentences: list[SentenceOut] = Field(max_length=5)


class FlagOut(_Out):
    """A reason to talk to a pupil, with the numbers behind it."""

    student_id: int
    kind: FlagKind
    since: date
    topic: str = Field(description="Empty where it is about all.")
    evidence: dict[str, float]


class FlagsOut(BaseModel):
    """Who of a class needs a word, computed now; the same as on the teachers' page."""

    class_id: int
    at: datetime
    flags: list[FlagOut]
    too_little_data: list[int] = Field(description="Pupils of whom nothing can be said yet.")


class ForecastOut(_Out):
    """How many of the next 35 problems a pupil will get right, as a share."""

    expected: Interval | None = Field(description="With its 80 % range; null: too little data.")
    answers: int
    days: int
    coverage: float | None = Field(description="How often such ranges held in this class.")
    window: tuple[date, date] | None = Field(description="First and last local day.")


class MemberInsightsOut(BaseModel):
    """What practice says of a pupil of a class."""

    student_id: int
    momentum: MomentumOut
    forecast: ForecastOut


class GradeMomentumOut(_Out):
    """Two windows of marks compared."""

    trend: Trend
    earlier: float | None
    later: float | None
    change: Interval | None
    graded: int
    window: tuple[date, date] | None


class GradeForecastOut(_Out):
    """What a course comes to in the end, if open work is marked as the work was so far."""

    expected: Interval | None = Field(description="With its 80 % range; null: under five marks.")
    graded: int
    open: int
    window: tuple[date, date] | None


class CourseInsightsOut(BaseModel):
    """What marks say of a student in a course."""

    course: str
    momentum: GradeMomentumOut
    forecast: GradeForecastOut
    sentences: list[SentenceOut] = Field(max_length=5)


class ClassOut(_Out):
    """A class; the code only to its teachers."""

    id: int
    name: str
    school: str
    grade: int
    code: str | None = None
    code_expires_at: datetime | None = None
    topic: str | None
    topic_until: date | None
    members: int


class NewClass(_In):
    """A class that is to be made."""

    name: str = Field(min_length=1, max_length=60, pattern=_NAME)
    grade: int = Field(ge=6, le=8)


class MemberOut(_Out):
    """A pupil of a class, who agreed to be seen."""

    student_id: int
    name: str | None
    label: str | None = Field(description="The teachers' own name for them; theirs alone.")
    joined_at: datetime
    sees_before: bool


class NewLabel(_In):
    """A name of the teachers' own for a pupil; empty takes it away."""

    label: str = Field(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")


class NoteOut(_Out):
    """What a teacher wrote about a pupil, who can read it."""

    id: int
    text: str
    created_at: datetime


class NewNote(_In):
    """A note that is to be kept."""

    text: str = Field(min_length=1, max_length=1000, pattern=_TEXT)


class ConnectionOut(_Out):
    """A link to a school at Canvas; nothing in it opens one."""

    id: int
    school: str
    label: str | None
    kind: ConnectionKind
    last_sync_at: datetime | None
    disconnected_at: datetime | None


class CourseOut(_Out):
    """A course of a school."""

    course_id: int
    name: str | None
    course_code: str | None
    workflow_state: str | None
    time_zone: str | None
    start_at: datetime | None
    end_at: datetime | None


class AssignmentOut(_Out):
    """An assignment of a course."""

    assignment_id: int
    course_id: int
    name: str | None
    due_at: datetime | None
    points_possible: float | None
    submission_types: list[str]
    is_published: bool


class CanvasStudentOut(BaseModel):
    """All of a student of a school on one page."""

    student_id: int
    name: str | None
    courses: list[StudentCourse]
    to_do: list[StudentWork]
    recent: list[StudentWork]
