"""What the services of teaching return."""

from dataclasses import dataclass
from datetime import date, datetime

from src.language import Language


@dataclass(frozen=True, slots=True)
class TeacherCard:
    """A teacher who may have classes.

    Attributes:
        id: Of the teacher.
        person_id: Of their account.
        name: As pupils are told it.
        school: As pupils are told it.
    """

    id: int
    person_id: int
    name: str
    school: str


@dataclass(frozen=True, slots=True)
class InvitedTeacher:
    """An invitation, for the operator's list.

    Attributes:
        id: Of the teacher.
        name: As pupils are told it.
        school: As pupils are told it.
        invited_at: When.
        accepted_at: When it was taken; None if not yet.
        removed_at: When an operator ended it.
        classes: How many open classes.
    """

    id: int
    name: str
    school: str
    invited_at: datetime
    accepted_at: datetime | None
    removed_at: datetime | None
    classes: int


@dataclass(frozen=True, slots=True)
class ClassCard:
    """A class as its teacher lists it.

    Attributes:
        id: Of the class.
        name: Of the class.
        school: Of the class.
        grade: 6 to 8.
        code: To join by; None where nobody can join.
        code_expires_at: Until when.
        topic: Of the week; None without one.
        topic_until: Its last day.
        members: How many pupils.
    """

    id: int
    name: str
    school: str
    grade: int
    code: str | None
    code_expires_at: datetime | None
    topic: str | None
    topic_until: date | None
    members: int


@dataclass(frozen=True, slots=True)
class ClassOffer:
    """A class that a pupil may join, or is in.

    Attributes:
        id: Of the class.
        name: Of the class.
        school: Of the class.
        teachers: Their names; all of them see the same.
        member_id: Of the membership; None for who is not in it.
        sees_before: Whether what was before joining is seen too.
        joined_at: When the pupil agreed; None for who is not in it.
    """

    id: int
    name: str
    school: str
    teachers: tuple[str, ...]
    member_id: int | None = None
    sees_before: bool = False
    joined_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at a page: a teacher in a browser.

    Attributes:
        session_id: Of the browser's session.
        person_id: Of the account.
        teacher_id: Of the teacher.
        name: Of the teacher.
        language: Of the pages.
        began_at: When they came in.
    """

    session_id: int
    person_id: int
    teacher_id: int
    name: str
    language: Language
    began_at: datetime
