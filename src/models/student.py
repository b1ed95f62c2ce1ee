"""A pupil."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.language import Language
from src.models.base import Base, Timestamps
from src.models.types import BigId

if TYPE_CHECKING:
    from src.models.calendar_feed import CalendarFeed
    from src.models.cost_record import CostRecord
    from src.models.deadline_choices import DeadlineChoices
    from src.models.export import Export
    from src.models.followed_school import FollowedSchool
    from src.models.guardian import Guardian
    from src.models.hint_request import HintRequest
    from src.models.misconception_state import MisconceptionState
    from src.models.missed_family import MissedFamily
    from src.models.notification import Notification
    from src.models.outbox_message import OutboxMessage
    from src.models.person import Person
    from src.models.pupil_day import PupilDay
    from src.models.pupil_rating import PupilRating
    from src.models.session import Session
    from src.models.skill_state import SkillState
    from src.models.streak import Streak
    from src.models.task import Task
    from src.models.task_course import TaskCourse
    from src.models.wish import Wish


_OF_PERSON = "for the version before; see the same of the person"


class Student(Timestamps, Base):
    """A pupil in grade 6, 7 or 8.

    The row exists from the first message, and is empty but for the id, the language and the step
    until ``consented_at`` is set; ``registered_at`` is set when registration is done.
    """

    __tablename__ = "students"
    __table_args__ = (
        UniqueConstraint("person_id", "position"),
        CheckConstraint("grade BETWEEN 6 AND 8", name="grade"),
        CheckConstraint("length(name) <= 100", name="name_length"),
        Index(
            "idx_students_next_nudge_at",
            "next_nudge_at",
            postgresql_where=text("next_nudge_at IS NOT NULL"),
            sqlite_where=text("next_nudge_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), doc="whose account; set by a trigger if not"
    )
    position: Mapped[int] = mapped_column(
        SmallInteger, default=1, server_default=text("1"), doc="among the pupils of the person"
    )
    telegram_id: Mapped[int | None] = mapped_column(
        BigInteger, unique=True, index=True, doc="null: not the first pupil of the person"
    )
    name: Mapped[str | None] = mapped_column(String(100))
    grade: Mapped[int | None] = mapped_column(SmallInteger)
    language: Mapped[Language] = mapped_column(default=Language.BN, doc=_OF_PERSON)
    timezone: Mapped[str] = mapped_column(String(64), default="Asia/Dhaka", doc="IANA name")
    nudge_time: Mapped[time] = mapped_column(default=time(18, 0), doc="local")
    nudges_enabled: Mapped[bool] = mapped_column(default=True)
    # NULL for everyone who must not be nudged: the partial index holds only who may be.
    next_nudge_at: Mapped[datetime | None] = mapped_column(doc="null: not to be nudged")
    dialog: Mapped[str | None] = mapped_column(String(32), doc=_OF_PERSON)
    start_payload: Mapped[str | None] = mapped_column(String(64), doc="of the deep link")
    registered_at: Mapped[datetime | None] = mapped_column(doc="null: registration is not finished")
    consented_at: Mapped[datetime | None]
    consent_version: Mapped[str | None] = mapped_column(String(32))
    model_hints_consented_at: Mapped[datetime | None]
    model_hints_consent_version: Mapped[str | None] = mapped_column(String(32))
    last_active_at: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None] = mapped_column(doc=_OF_PERSON)
    deleted_at: Mapped[datetime | None] = mapped_column(doc="hidden since")
    wants_practice: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    wants_deadlines: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    holidays_from: Mapped[date | None] = mapped_column(doc="the first local day without nudges")
    holidays_until: Mapped[date | None] = mapped_column(doc="the last local day without nudges")
    manual_tasks_this_month: Mapped[int] = mapped_column(
        SmallInteger, default=0, server_default=text("0"), doc="own tasks added in the month"
    )
    manual_tasks_month: Mapped[date | None] = mapped_column(
        doc="the first day of the local month that is counted; another one: none yet"
    )

    person: Mapped["Person | None"] = relationship(
        back_populates="students", foreign_keys=[person_id], lazy="raise"
    )
    holders: Mapped[list["Person"]] = relationship(
        back_populates="current_student",
        foreign_keys="Person.current_student_id",
        passive_deletes=True,
        lazy="raise",
    )
    sessions: Mapped[list["Session"]] = relationship(
        back_populates="student", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    streak: Mapped["Streak | None"] = relationship(
        back_populates="student", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    pupil_rating: Mapped["PupilRating | None"] = relationship(
        back_populates="student", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    skill_states: Mapped[list["SkillState"]] = relationship(
        back_populates="student", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    missed_families: Mapped[list["MissedFamily"]] = relationship(
        back_populates="student", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    wish: Mapped["Wish | None"] = relationship(
        back_populates="student", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    notifications: Mapped[list["Notification"]] = relationship(
        back_populates="student", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    outbox: Mapped[list["OutboxMessage"]] = relationship(
        back_populates="student", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    exports: Mapped[list["Export"]] = relationship(
        back_populates="student", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    hint_requests: Mapped[list["HintRequest"]] = relationship(
        back_populates="student", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    misconception_states: Mapped[list["MisconceptionState"]] = relationship(
        back_populates="student", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    guardians: Mapped[list["Guardian"]] = relationship(
        back_populates="student", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    days: Mapped[list["PupilDay"]] = relationship(
        back_populates="student", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    tasks: Mapped[list["Task"]] = relationship(
        back_populates="student", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    task_courses: Mapped[list["TaskCourse"]] = relationship(
        back_populates="student", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    followed_schools: Mapped[list["FollowedSchool"]] = relationship(
        back_populates="student", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    calendar_feeds: Mapped[list["CalendarFeed"]] = relationship(
        back_populates="student", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    deadline_choices: Mapped["DeadlineChoices | None"] = relationship(
        back_populates="student", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    # The ledger outlives the pupil: the database sets its reference to NULL.
    cost_records: Mapped[list["CostRecord"]] = relationship(
        back_populates="student", passive_deletes=True, lazy="raise"
    )

    @classmethod
    def visible(cls) -> ColumnElement[bool]:
        """Return the condition that hides deleted pupils; every query of pupils has it."""
        return cls.deleted_at.is_(None)
