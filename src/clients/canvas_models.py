"""What Canvas sends, row by row: absent, null and unknown members are lived with.

A row is refused only for what cannot be read, and then alone. Ids come as text or as numbers and
leave as whole numbers; a shard's form ``7~12`` is the id that it stands for. All instants are UTC.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    SecretStr,
    ValidationError,
)

_ID = re.compile(r"(?:(\d{1,7})~)?(\d{1,19})", re.ASCII)
_SHARD = 10_000_000_000_000
_MOST_ID = 2**63 - 1
_SAFE = 18
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*", re.ASCII)


def _read_id(value: object) -> int:
    # The form in which nearly all come, without the pattern.
    if type(value) is str and len(value) <= _SAFE and value.isascii() and value.isdecimal():
        value = int(value)
    if type(value) is int and 0 < value <= _MOST_ID:
        return value
    # A float has lost the last digits of an id beyond 2^53.
    is_possible = isinstance(value, int | str) and not isinstance(value, bool)
    found = _ID.fullmatch(str(value)) if is_possible else None
    number = int(found[1] or 0) * _SHARD + int(found[2]) if found else 0
    if not 0 < number <= _MOST_ID:
        raise ValueError("expected an id")
    return number


def _read_instant(value: object) -> datetime:
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC)
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("expected an instant")
    try:
        instant = datetime.fromisoformat(value)
        return _aware(instant).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("expected an instant with its offset") from None


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError
    return instant


def _read_text(value: object) -> object:
    # PostgreSQL keeps no NUL, and no encoding half a pair of surrogates.
    if not isinstance(value, str):
        return value
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


def _null_is_empty(value: object) -> object:
    return [] if value is None else value


def _false_is_none(value: object) -> object:
    return None if value is False else value


CanvasId = Annotated[
    int, BeforeValidator(_read_id), PlainSerializer(str, return_type=str, when_used="json")
]
Instant = Annotated[datetime, BeforeValidator(_read_instant)]
_When = Annotated[Instant | None, BeforeValidator(_empty_is_none)]
_Day = Annotated[date | None, BeforeValidator(_empty_is_none)]
_Text = Annotated[str, BeforeValidator(_read_text)]
_Row = TypeVar("_Row", bound="WireModel")


class WireModel(BaseModel):
    """One row of an answer."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", coerce_numbers_to_str=True, allow_inf_nan=False
    )


class WireRow(WireModel):
    """A row with an id of its own."""

    id: CanvasId


class WireTerm(WireRow):
    """A term of the school's year."""

    name: _Text | None = None
    start_at: _When = None
    end_at: _When = None


class WireSeat(WireModel):
    """The caller's own enrolment as it stands inside a course; the type is short: student."""

    type: _Text | None = None
    role: _Text | None = None
    user_id: CanvasId | None = None
    enrollment_state: _Text | None = None
    computed_current_score: float | None = None
    computed_final_score: float | None = None
    computed_current_grade: _Text | None = None
    computed_final_grade: _Text | None = None
    has_grading_periods: bool | None = None
    current_grading_period_id: CanvasId | None = None
    current_grading_period_title: _Text | None = None
    current_period_computed_current_score: float | None = None
    current_period_computed_final_score: float | None = None
    current_period_computed_current_grade: _Text | None = None
    current_period_computed_final_grade: _Text | None = None

    @property
    def shown_score(self) -> float | None:
        """The score that Canvas shows: of the current grading period where there is one."""
        if self.has_grading_periods and self.current_grading_period_id:
            return self.current_period_computed_current_score
        return self.computed_current_score

    @property
    def shown_grade(self) -> str | None:
        """The grade that Canvas shows: of the current grading period where there is one."""
        if self.has_grading_periods and self.current_grading_period_id:
            return self.current_period_computed_current_grade
        return self.computed_current_grade


class WireCourse(WireRow):
    """A course; only its id and a mark where its dates close it to the caller."""

    access_restricted_by_date: bool | None = None
    name: _Text | None = None
    original_name: _Text | None = None
    course_code: _Text | None = None
    workflow_state: _Text | None = None
    account_id: CanvasId | None = None
    enrollment_term_id: CanvasId | None = None
    term: WireTerm | None = None
    created_at: _When = None
    start_at: _When = None
    end_at: _When = None
    time_zone: _Text | None = None
    apply_assignment_group_weights: bool | None = None
    hide_final_grades: bool | None = None
    restrict_enrollments_to_course_dates: bool | None = None
    grading_standard_id: CanvasId | None = None
    concluded: bool | None = None
    is_favorite: bool | None = None
    total_students: int | None = None
    enrollments: Annotated[list[WireSeat], BeforeValidator(_null_is_empty)] = []

    @property
    def is_restricted(self) -> bool:
        """Whether its dates close it: then nothing else is known, and nothing else is there."""
        return bool(self.access_restricted_by_date)

    @property
    def shown_name(self) -> str:
        """What to call it, whatever is missing."""
        return self.name or self.course_code or f"Course {self.id}"

    @property
    def is_taught(self) -> bool:
        """Whether the caller sees it as a teacher."""
        kinds = {(seat.type or "").lower().removesuffix("enrollment") for seat in self.enrollments}
        return bool(kinds & {"teacher", "ta", "designer"})

    @property
    def is_active(self) -> bool:
        """Whether any seat of the caller's is active: one of two may have ended."""
        states = {seat.enrollment_state for seat in self.enrollments}
        return not states or None in states or "active" in states


class WireUser(WireRow):
    """A person; address and login only where the caller may see them."""

    name: _Text | None = None
    sortable_name: _Text | None = None
    short_name: _Text | None = None
    login_id: _Text | None = None
    sis_user_id: _Text | None = None
    email: _Text | None = None
    primary_email: _Text | None = None
    locale: _Text | None = None
    effective_locale: _Text | None = None
    time_zone: _Text | None = None
    created_at: _When = None


class WireCalendar(WireModel):
    """Where a calendar can be read without a token: its address is a secret."""

    ics: SecretStr | None = None


class WireProfile(WireUser):
    """The caller; here the zone is an IANA name, elsewhere one of the framework's own."""

    calendar: WireCalendar | None = None


class WireToken(WireModel):
    """What a token tells of itself."""

    expires_at: _When = None
    workflow_state: _Text | None = None


class WireGrades(WireModel):
    """A pupil's grades in a course; only a link where final grades are hidden."""

    current_score: float | None = None
    current_grade: _Text | None = None
    final_score: float | None = None
    final_grade: _Text | None = None
    unposted_current_score: float | None = None
    unposted_current_grade: _Text | None = None
    unposted_final_score: float | None = None
    unposted_final_grade: _Text | None = None
    override_score: float | None = None
    override_grade: _Text | None = None


class WireEnrollment(WireRow):
    """A seat in a section of a course; a person may have several in one course."""

    course_id: CanvasId
    user_id: CanvasId
    course_section_id: CanvasId | None = None
    associated_user_id: CanvasId | None = None
    type: _Text | None = None
    role: _Text | None = None
    enrollment_state: _Text | None = None
    start_at: _When = None
    end_at: _When = None
    created_at: _When = None
    updated_at: _When = None
    last_activity_at: _When = None
    total_activity_time: int | None = None
    grades: WireGrades | None = None
    user: WireUser | None = None

    @property
    def is_student(self) -> bool:
        """Whether it is a pupil's seat; Canvas' own test pupil is none."""
        return self.type == "StudentEnrollment"


class WireRules(WireModel):
    """Which scores of a group do not count."""

    drop_lowest: int | None = None
    drop_highest: int | None = None
    never_drop: Annotated[list[CanvasId], BeforeValidator(_null_is_empty)] = []


class WireAssignmentGroup(WireRow):
    """A group of assignments with its weight, percent."""

    name: _Text | None = None
    position: int | None = None
    group_weight: float | None = None
    rules: WireRules | None = None


class WireGradingPeriod(WireRow):
    """A part of the year with grades of its own."""

    title: _Text | None = None
    start_date: _When = None
    end_date: _When = None
    close_date: _When = None
    weight: float | None = None
    is_closed: bool | None = None


class WireDates(WireModel):
    """Dates of an assignment: the base ones, or those of a section or some pupils."""

    id: CanvasId | None = None
    base: bool | None = None
    title: _Text | None = None
    due_at: _When = None
    unlock_at: _When = None
    lock_at: _When = None


class WireOverride(WireRow):
    """Dates that hold for some pupils; an absent date is not changed."""

    assignment_id: CanvasId | None = None
    title: _Text | None = None
    student_ids: Annotated[list[CanvasId], BeforeValidator(_null_is_empty)] = []
    course_section_id: CanvasId | None = None
    group_id: CanvasId | None = None
    due_at: _When = None
    unlock_at: _When = None
    lock_at: _When = None


class WireSubmission(WireRow):
    """A pupil's work on an assignment; nobody's where marking is anonymous."""

    assignment_id: CanvasId
    user_id: CanvasId | None = None
    attempt: int | None = None
    score: float | None = None
    grade: _Text | None = None
    entered_score: float | None = None
    entered_grade: _Text | None = None
    excused: bool | None = None
    submission_type: _Text | None = None
    submitted_at: _When = None
    graded_at: _When = None
    posted_at: _When = None
    cached_due_date: _When = None
    workflow_state: _Text | None = None
    late: bool | None = None
    missing: bool | None = None
    seconds_late: int | None = None
    late_policy_status: _Text | None = None
    points_deducted: float | None = None
    redo_request: bool | None = None
    grading_period_id: CanvasId | None = None

    @property
    def is_graded(self) -> bool:
        """Whether a mark was given: a state of its own, whether or not work was handed in."""
        return self.workflow_state == "graded"

    @property
    def is_done(self) -> bool:
        """Whether the pupil has nothing left to do, as far as Canvas knows."""
        states = {"submitted", "pending_review", "graded"}
        return bool(self.submitted_at or self.excused or self.workflow_state in states)

    @property
    def is_said_missing(self) -> bool:
        """Whether somebody said that it is missing: Canvas' own guess counts work on paper too."""
        return self.late_policy_status == "missing"


class WireAssignment(WireRow):
    """An assignment with the dates that hold for the caller, a teacher's being the kindest."""

    course_id: CanvasId
    assignment_group_id: CanvasId | None = None
    name: _Text | None = None
    description: _Text | None = None
    due_at: _When = None
    unlock_at: _When = None
    lock_at: _When = None
    created_at: _When = None
    updated_at: _When = None
    points_possible: float | None = None
    grading_type: _Text | None = None
    submission_types: Annotated[list[_Text], BeforeValidator(_null_is_empty)] = []
    allowed_attempts: int | None = None
    position: int | None = None
    published: bool | None = None
    workflow_state: _Text | None = None
    omit_from_final_grade: bool | None = None
    hide_in_gradebook: bool | None = None
    only_visible_to_overrides: bool | None = None
    anonymize_students: bool | None = None
    important_dates: bool | None = None
    in_closed_grading_period: bool | None = None
    locked_for_user: bool | None = None
    is_quiz_assignment: bool | None = None
    quiz_id: CanvasId | None = None
    has_overrides: bool | None = None
    has_sub_assignments: bool | None = None
    needs_grading_count: int | None = None
    html_url: _Text | None = None
    all_dates: list[WireDates] | None = None
    all_dates_count: int | None = None
    overrides: list[WireOverride] | None = None
    submission: Annotated[WireSubmission | None, BeforeValidator(_false_is_none)] = None

    @property
    def is_hidden(self) -> bool:
        """Whether pupils do not see it: only a teacher's token gets such a row."""
        return self.published is False or self.workflow_state in {"unpublished", "deleted"}


class WireEvent(WireModel):
    """An entry of the calendar; the id of an assignment's is text: assignment_12."""

    id: Annotated[_Text, BeforeValidator(_empty_is_none)]
    title: _Text | None = None
    description: _Text | None = None
    start_at: _When = None
    end_at: _When = None
    all_day: bool | None = None
    all_day_date: _Day = None
    workflow_state: _Text | None = None
    context_code: _Text | None = None
    effective_context_code: _Text | None = None
    context_name: _Text | None = None
    location_name: _Text | None = None
    location_address: _Text | None = None
    hidden: bool | None = None
    parent_event_id: CanvasId | None = None
    series_uuid: _Text | None = None
    html_url: _Text | None = None
    created_at: _When = None
    updated_at: _When = None
    type: _Text | None = None


class WirePlannable(WireModel):
    """What a row of the planner is about."""

    id: CanvasId | None = None
    title: _Text | None = None
    due_at: _When = None
    todo_date: _When = None
    start_at: _When = None
    end_at: _When = None
    all_day: bool | None = None
    points_possible: float | None = None
    assignment_id: CanvasId | None = None
    workflow_state: _Text | None = None
    details: _Text | None = None
    description: _Text | None = None
    updated_at: _When = None


class WireWork(WireModel):
    """How the caller's work stands, as the planner says it."""

    submitted: bool | None = None
    excused: bool | None = None
    graded: bool | None = None
    posted_at: _When = None
    late: bool | None = None
    missing: bool | None = None
    needs_grading: bool | None = None
    has_feedback: bool | None = None
    redo_request: bool | None = None


class WireTick(WireModel):
    """What the caller said of a row of the planner."""

    id: CanvasId | None = None
    marked_complete: bool | None = None
    dismissed: bool | None = None


class WirePlannerItem(WireModel):
    """A row of the planner; `submissions` is None where Canvas says false."""

    plannable_type: _Text
    plannable_id: CanvasId
    plannable_date: _When = None
    plannable: WirePlannable | None = None
    context_type: _Text | None = None
    context_name: _Text | None = None
    course_id: CanvasId | None = None
    new_activity: bool | None = None
    html_url: _Text | None = None
    submissions: Annotated[WireWork | None, BeforeValidator(_false_is_none)] = None
    planner_override: Annotated[WireTick | None, BeforeValidator(_false_is_none)] = None

    @property
    def assignment_id(self) -> int | None:
        """The assignment behind it: of a quiz or discussion not the row's own number."""
        if self.plannable and self.plannable.assignment_id:
            return self.plannable.assignment_id
        return self.plannable_id if self.plannable_type == "assignment" else None

    @property
    def is_over(self) -> bool:
        """Whether it stays in the list though it is done, as a finished review of a classmate's."""
        state = self.plannable.workflow_state if self.plannable else None
        return self.plannable_type == "assessment_request" and state == "completed"


class WireNote(WireRow):
    """A note of the caller's own in the planner."""

    title: _Text | None = None
    details: _Text | None = None
    todo_date: _When = None
    course_id: CanvasId | None = None
    workflow_state: _Text | None = None


class CanvasKind(StrEnum):
    """A kind of rows that is read."""

    COURSES = "courses"
    USERS = "users"
    ENROLLMENTS = "enrollments"
    ASSIGNMENTS = "assignments"
    ASSIGNMENT_GROUPS = "assignment_groups"
    GRADING_PERIODS = "grading_periods"
    SUBMISSIONS = "submissions"
    CALENDAR_EVENTS = "calendar_events"
    PLANNER = "planner"


MODELS: dict[CanvasKind, type[WireModel]] = {
    CanvasKind.COURSES: WireCourse,
    CanvasKind.USERS: WireUser,
    CanvasKind.ENROLLMENTS: WireEnrollment,
    CanvasKind.ASSIGNMENTS: WireAssignment,
    CanvasKind.ASSIGNMENT_GROUPS: WireAssignmentGroup,
    CanvasKind.GRADING_PERIODS: WireGradingPeriod,
    CanvasKind.SUBMISSIONS: WireSubmission,
    CanvasKind.CALENDAR_EVENTS: WireEvent,
    CanvasKind.PLANNER: WirePlannerItem,
}


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row was refused.

    Attributes:
        index: Its place in the list, from 0.
        canvas_id: Its id, where that could be read: such a row is there, only unread.
        reason: What is wrong with which members, without a value of them.
    """

    index: int
    canvas_id: int | None
    reason: str


@dataclass(slots=True)
class RowsRead(Generic[_Row]):
    """The rows that could be read, and those that could not."""

    rows: list[_Row] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


def read_rows(model: type[_Row], values: Sequence[object], begin: int = 0) -> RowsRead[_Row]:
    """Read a list; a row that is wrong stops no other.

    Args:
        model: What each row is.
        values: The decoded JSON.
        begin: The place of the first one, where it is not the first page.
    """
    found: RowsRead[_Row] = RowsRead()
    for index, value in enumerate(values, begin):
        try:
            found.rows.append(model.model_validate(value))
        except ValidationError as error:
            found.faults.append(RowFault(index, _id_of(value), _explain(error)))
    return found


def rows_in(kind: CanvasKind, value: object) -> list[object]:
    """Return the rows of an answer: a list, one object, or a list inside one.

    Submissions that are grouped by pupil lie inside each group.
    """
    if isinstance(value, dict):
        inner = value.get(str(kind))
        value = inner if isinstance(inner, list) else [value]
    rows: list[object] = list(value) if isinstance(value, list) else [value]
    if kind is not CanvasKind.SUBMISSIONS:
        return rows
    return [one for row in rows for one in _ungrouped(row)]


def _ungrouped(row: object) -> list[object]:
    inner = row.get("submissions") if isinstance(row, dict) else None
    return list(inner) if isinstance(inner, list) else [row]


def _id_of(value: object) -> int | None:
    try:
        return _read_id(cast("dict[str, Any]", value)["id"])
    except (ValueError, KeyError, TypeError):
        return None


def _explain(error: ValidationError) -> str:
    parts = []
    for fault in error.errors(include_url=False, include_input=False, include_context=False):
        where = ".".join(map(str, fault["loc"]))
        reason = fault["msg"].removeprefix("Value error, ")
        parts.append(f"{where}: {reason}" if where else reason)
    return "; ".join(parts)
