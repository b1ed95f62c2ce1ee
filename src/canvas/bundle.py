"""What one fetch brought: rows, refused rows, and whether it was all of it.

Written as JSON its rows have the shape in which Canvas sends them, so that a file can also be put
together by hand from recorded answers.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from src.clients.canvas_errors import CanvasError
from src.clients.canvas_models import (
    CanvasKind,
    Instant,
    RowFault,
    WireAssignment,
    WireAssignmentGroup,
    WireCourse,
    WireEnrollment,
    WireGradingPeriod,
    WireModel,
    WireSubmission,
    WireUser,
    read_rows,
    rows_in,
)
from src.errors import DarsError

_Row = TypeVar("_Row", bound=WireModel)


class BundleUnreadable(DarsError):  # noqa: N818 - names a state
    """A file is not what a fetch brings."""


@dataclass(slots=True)
class Listing(Generic[_Row]):
    """All rows of one kind.

    Attributes:
        rows: Those that could be read; a row may stand there twice, where a page moved.
        faults: Those that could not.
        problem: Why it is not all of it; None: every page was read.
    """

    rows: list[_Row] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    problem: str | None = None

    @property
    def is_complete(self) -> bool:
        """Whether what is not here is not there: no page is lost, each refused row has its id."""
        return self.problem is None and all(fault.canvas_id for fault in self.faults)

    @property
    def refused_ids(self) -> set[int]:
        """The ids of rows that are there though they could not be read."""
        return {fault.canvas_id for fault in self.faults if fault.canvas_id}


@dataclass(slots=True)
class CourseBundle:
    """One course with all that is mirrored of it.

    Attributes:
        course: Its row, from the list of courses or asked for alone.
        users: The people of its enrolments, each once.
        failure: After what nothing more was asked; stands in no file.
    """

    course: WireCourse
    enrollments: Listing[WireEnrollment] = field(default_factory=Listing)
    users: Listing[WireUser] = field(default_factory=Listing)
    assignment_groups: Listing[WireAssignmentGroup] = field(default_factory=Listing)
    assignments: Listing[WireAssignment] = field(default_factory=Listing)
    grading_periods: Listing[WireGradingPeriod] = field(default_factory=Listing)
    submissions: Listing[WireSubmission] = field(default_factory=Listing)
    failure: CanvasError | None = None

    @property
    def parts(self) -> dict[CanvasKind, Listing[Any]]:
        """Its parts by their kind."""
        return {kind: getattr(self, kind) for kind in PART_MODELS}

    @property
    def is_complete(self) -> bool:
        """Whether the whole course was read, so that what is absent is gone."""
        return not self.course.is_restricted and all(
            part.is_complete for part in self.parts.values()
        )

    @property
    def problems(self) -> dict[CanvasKind, str]:
        """Which parts were cut short, and why."""
        return {kind: part.problem for kind, part in self.parts.items() if part.problem}


@dataclass(slots=True)
class CanvasBundle:
    """What a token sees of a school, at one time.

    Attributes:
        fetched_at: When the fetch began.
        courses: The list of courses, those closed by their dates as well.
        contents: The courses that were read.
        requests: How many requests it took.
        seconds: How long it took.
    """

    fetched_at: datetime
    courses: Listing[WireCourse] = field(default_factory=Listing)
    contents: list[CourseBundle] = field(default_factory=list)
    requests: int = 0
    seconds: float = 0.0

    def to_json(self) -> str:
        """Return it as JSON that `read_bundle` reads."""
        whole = _BundleFile(
            fetched_at=self.fetched_at,
            courses=_written(self.courses),
            contents=[
                {
                    "course": content.course.model_dump(mode="json", exclude_unset=True),
                    **{str(kind): _written(part) for kind, part in content.parts.items()},
                }
                for content in self.contents
            ],
            requests=self.requests,
            seconds=self.seconds,
        )
        return whole.model_dump_json()


PART_MODELS: dict[CanvasKind, type[WireModel]] = {
    CanvasKind.ENROLLMENTS: WireEnrollment,
    CanvasKind.USERS: WireUser,
    CanvasKind.ASSIGNMENT_GROUPS: WireAssignmentGroup,
    CanvasKind.ASSIGNMENTS: WireAssignment,
    CanvasKind.GRADING_PERIODS: WireGradingPeriod,
    CanvasKind.SUBMISSIONS: WireSubmission,
}


class _BundleFile(BaseModel):
    model_config = ConfigDict(extra="ignore")

    fetched_at: Instant
    courses: dict[str, Any] | list[Any] = []
    contents: list[dict[str, Any]] = []
    requests: int = 0
    seconds: float = 0.0


def _written(part: Listing[Any]) -> dict[str, Any]:
    return {
        "rows": [row.model_dump(mode="json", exclude_unset=True) for row in part.rows],
        "faults": [
            {"index": one.index, "canvas_id": one.canvas_id, "reason": one.reason}
            for one in part.faults
        ],
        "problem": part.problem,
    }


def read_bundle(text: str | bytes) -> CanvasBundle:
    """Read what `CanvasBundle.to_json` wrote; a part may also be a plain list of Canvas' rows.

    A part that is not there at all was not read, so nothing is thought to be gone.

    Raises:
        BundleUnreadable: It is not JSON of this form.
    """
    try:
        whole = _BundleFile.model_validate_json(text)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        where = ", ".join(".".join(map(str, one["loc"])) or one["msg"] for one in faults)
        raise BundleUnreadable(f"not a bundle of Canvas rows: {where}") from None
    return CanvasBundle(
        fetched_at=whole.fetched_at,
        courses=_part(WireCourse, CanvasKind.COURSES, whole.courses),
        contents=[_content(one) for one in whole.contents],
        requests=whole.requests,
        seconds=whole.seconds,
    )


def _content(value: dict[str, Any]) -> CourseBundle:
    try:
        course = WireCourse.model_validate(value.get("course"))
    except ValidationError:
        raise BundleUnreadable("a course of the bundle has no readable row `course`") from None
    found = CourseBundle(course)
    for kind, model in PART_MODELS.items():
        setattr(found, kind, _part(model, kind, value.get(str(kind))))
    return found


def _part(model: type[_Row], kind: CanvasKind, value: object) -> Listing[_Row]:
    if value is None:
        return Listing(problem="not in the file")
    inner = value if isinstance(value, dict) and "rows" in value else {"rows": value}
    read = read_rows(model, rows_in(kind, inner["rows"]))
    kept = inner.get("faults")
    old = [fault for one in kept if (fault := _fault(one))] if isinstance(kept, list) else []
    problem = inner.get("problem")
    return Listing(read.rows, [*old, *read.faults], None if problem is None else str(problem))


def _fault(value: object) -> RowFault | None:
    if not isinstance(value, dict):
        return None
    number = value.get("canvas_id")
    known = number if isinstance(number, int) else None
    index = value.get("index")
    return RowFault(index if isinstance(index, int) else 0, known, str(value.get("reason") or ""))
