"""What a sync did, and what a verification found."""

from dataclasses import dataclass, field
from typing import Any

from src.canvas.planner import PlannerSeen
from src.clients.canvas_errors import CanvasError
from src.models import MirrorKind


@dataclass(frozen=True, slots=True)
class Thing:
    """Something of a school that is mirrored.

    Attributes:
        connection_id: Over which connection.
        kind: What it is.
        canvas_id: Canvas' number of it; of a student that of the user.
    """

    connection_id: int
    kind: MirrorKind
    canvas_id: int

    def __str__(self) -> str:
        return f"{self.kind} {self.canvas_id}"


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """A row of Canvas that was not taken.

    Attributes:
        kind: As in the bundle: such as ``assignments``.
        canvas_id: Its id, where that could be read.
        reason: What is wrong with it, without a value.
        course_id: Of which course; None for a row of the list of courses.
    """

    kind: str
    canvas_id: int | None
    reason: str
    course_id: int | None = None


@dataclass(slots=True)
class Counts:
    """How many rows of the mirror were written, and how many were not.

    Attributes:
        added: New ones.
        changed: Those that Canvas gave otherwise than before.
        unchanged: Those that were not written.
        gone: What a whole fetch lacked for the first time.
        returned: What was gone and is there again.
        history: Rows that the history grew by.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    returned: int = 0
    history: int = 0

    def add(self, other: "Counts") -> None:
        """Add those of another part."""
        for name in Counts.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class SyncResult:
    """What a sync did.

    Attributes:
        success: Whether every course was taken whole.
        courses_synced: Courses that are now as the fetch had them.
        total_students: Students of those courses, each counted once.
        counts: Rows written and not.
        refused: Rows that were not taken, with the reason.
        problems: Why a course was not taken, or not whole, by its Canvas id.
        skipped: Courses of which something newer is mirrored already.
        requests: Calls that the fetch took.
        seconds: How long fetch and writing took.
        failure: In the middle of a course: after it nothing more was asked.
        planner: What the pupil's planner said before the courses were read; None: it is no help.
    """

    success: bool = True
    courses_synced: int = 0
    total_students: int = 0
    counts: Counts = field(default_factory=Counts)
    refused: list[RowRefusal] = field(default_factory=list)
    problems: dict[int, str] = field(default_factory=dict)
    skipped: list[int] = field(default_factory=list)
    requests: int = 0
    seconds: float = 0.0
    failure: CanvasError | None = None
    planner: PlannerSeen | None = None

    def add(self, other: "SyncResult") -> None:
        """Add what a sync of another course did; requests and seconds are those of the whole."""
        self.success = self.success and other.success
        self.courses_synced += other.courses_synced
        self.total_students = max(self.total_students, other.total_students)
        self.counts.add(other.counts)
        self.refused += other.refused
        self.problems |= other.problems
        self.skipped += other.skipped
        self.failure = self.failure or other.failure

    @property
    def added(self) -> int:
        """Rows that are new."""
        return self.counts.added

    @property
    def changed(self) -> int:
        """Rows that Canvas gave otherwise than before."""
        return self.counts.changed

    @property
    def unchanged(self) -> int:
        """Rows that were not written."""
        return self.counts.unchanged

    @property
    def gone(self) -> int:
        """What a whole fetch lacked for the first time."""
        return self.counts.gone


@dataclass(frozen=True, slots=True)
class Deviation:
    """Where the mirror is not what Canvas says.

    Attributes:
        kind: Such as ``assignments``.
        canvas_id: Of the row; of a score that of the assignment.
        field: The column, or ``row`` where one of the two has none.
        stored: What the mirror has.
        canvas: What Canvas says.
        user_id: Whose score or grade it is.
    """

    kind: str
    canvas_id: int
    field: str
    stored: Any
    canvas: Any
    user_id: int | None = None
