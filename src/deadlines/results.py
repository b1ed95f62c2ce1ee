"""What deadlines say to others: plain values, safe to use after the transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from src.language import Language
from src.models import TaskSource


@dataclass(frozen=True, slots=True)
class Due:
    """A task as its pupil sees it.

    Attributes:
        id: Of its row.
        source: Where it comes from.
        title: What is to be done.
        course: The name of its course, if it has one.
        due_at: When it is due; None: without a date.
        due_on: Its day, where it has no time.
        is_done: Whether it is done.
        is_deleted: Whether the pupil deleted it.
        url: Its page at the school.
        course_id: Of its row in the picker; None where it has none.
        moved_from: When it was due before.
        changed_at: When anything of it changed last.
    """

    id: int
    source: TaskSource
    title: str
    course: str | None
    due_at: datetime | None
    due_on: date | None = None
    is_done: bool = False
    is_deleted: bool = False
    url: str | None = None
    course_id: int | None = None
    moved_from: datetime | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A page of what is due.

    Attributes:
        tasks: What is still to come, the next due first, then what is overdue.
        number: Which page, from 0.
        has_more: Whether there is another one.
        as_of: The oldest reading of the schools, where a token of one is dead; None: all fresh.
    """

    tasks: Sequence[Due]
    number: int
    has_more: bool
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task that is to be added.

    Attributes:
        source: Where it comes from.
        title: What is to be done.
        due_at: When it is due, aware; None: without a date, or on a day.
        due_on: Its day, where it has no time.
        connection_id: Over which it is seen.
        canvas_course_id: Canvas' number of its course.
        canvas_assignment_id: Canvas' number, of an assignment.
        canvas_event_id: Canvas' number, of an event.
        course: The name of its course.
        url: Its page at the school.
        done_at: When it was done; None: it is open.
        mark: Of an own task that is written to a school.
    """

    source: TaskSource
    title: str
    due_at: datetime | None = None
    due_on: date | None = None
    connection_id: int | None = None
    canvas_course_id: int | None = None
    canvas_assignment_id: int | None = None
    canvas_event_id: int | None = None
    course: str | None = None
    url: str | None = None
    done_at: datetime | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """A task that a pupil is writing down, until they say yes.

    Attributes:
        title: What is to be done.
        due_at: When it is due, aware.
        due_on: Its day, where it has no time.
        course_id: Of its row in the picker.
    """

    title: str
    due_at: datetime | None = None
    due_on: date | None = None
    course_id: int | None = None

    @property
    def packed(self) -> dict[str, str | int | None]:
        """Return it as JSON."""
        at, day = self.due_at, self.due_on
        return {
            "title": self.title,
            "due_at": at.isoformat() if at else None,
            "due_on": day.isoformat() if day else None,
            "course_id": self.course_id,
        }

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any]) -> "TaskDraft":
        """Return it from its JSON."""
        at, day = packed["due_at"], packed["due_on"]
        return cls(
            packed["title"],
            datetime.fromisoformat(at) if at else None,
            date.fromisoformat(day) if day else None,
            packed["course_id"],
        )


@dataclass(frozen=True, slots=True)
class PickedCourse:
    """A course in the picker.

    Attributes:
        id: Of its row.
        name: As it is shown.
        is_hidden: Whether the pupil wants none of it.
    """

    id: int
    name: str
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Meant:
    """Who is meant, where several pupils share a phone.

    Attributes:
        student_id: The pupil.
        name: What they are called.
    """

    student_id: int
    name: str | None


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A reminder that fits, ready to be put into words.

    Attributes:
        chat_id: The pupil's private chat.
        language: ``bn`` or ``en``.
        timezone: IANA name.
        now: The present, aware.
        tasks: What is due, the next first.
        meant: Who is meant, where several pupils share the phone.
    """

    chat_id: int
    language: Language
    timezone: str
    now: datetime
    tasks: Sequence[Due]
    meant: Meant | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """The week ahead, ready to be put into words.

    Attributes:
        chat_id: The pupil's private chat.
        language: ``bn`` or ``en``.
        timezone: IANA name.
        now: The present, aware.
        tasks: What is due in the seven days, the next first.
        moved: What moved in the seven days before.
        done: How many were done in the seven days before.
        meant: Who is meant, where several pupils share the phone.
    """

    chat_id: int
    language: Language
    timezone: str
    now: datetime
    tasks: Sequence[Due]
    moved: Sequence[Due]
    done: int
    meant: Meant | None = None


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """What is due, as a file.

    Attributes:
        chat_id: The pupil's private chat.
        language: ``bn`` or ``en``.
        name: Of the file.
        content: An iCalendar file.
        count: How many tasks are in it.
    """

    chat_id: int
    language: Language
    name: str
    content: bytes
    count: int


@dataclass(frozen=True, slots=True)
class SchoolNotice:
    """That a school wants to be connected again.

    Attributes:
        chat_id: The pupil's private chat.
        language: ``bn`` or ``en``.
        address: The school's.
        is_dead: Whether it refuses the token by now; else it ends soon.
        meant: Who is meant, where several pupils share the phone.
    """

    chat_id: int
    language: Language
    address: str
    is_dead: bool
    meant: Meant | None = None
