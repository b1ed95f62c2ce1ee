"""What Dars writes by itself, or writes later, and what became of it."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.enums import OutboxKind, OutboxOutcome
from src.models.types import BigId, Json, only_where

if TYPE_CHECKING:
    from src.models.person import Person
    from src.models.student import Student


class OutboxMessage(Timestamps, Base):
    """One message of a kind to a person about a subject: the unique indexes keep it to one.

    The row decides what is due and what is done; whoever sets ``claimed_at`` may send it. Another
    revision of a subject is another message: a date that was moved is told again.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        # NULL equals nothing, so what is about no pupil has an index of its own.
        Index(
            "idx_outbox_once_student",
            *("student_id", "kind", "subject", "revision"),
            unique=True,
            **only_where("student_id IS NOT NULL"),
        ),
        Index(
            "idx_outbox_once_person",
            *("person_id", "kind", "subject", "revision"),
            unique=True,
            **only_where("student_id IS NULL"),
        ),
        Index("idx_outbox_person", "person_id"),
        Index(
            "idx_outbox_parked",
            "person_id",
            "id",
            **only_where("kind = 'reply' AND outcome IS NULL"),
        ),
        Index("idx_outbox_open", "priority", "expires_at", **only_where("outcome IS NULL")),
        Index("idx_outbox_local_day", "local_day", "kind", "outcome"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    student_id: Mapped[int | None] = mapped_column(
        ForeignKey("students.id", ondelete="CASCADE"), doc="null: about no pupil"
    )
    kind: Mapped[OutboxKind]
    subject: Mapped[str] = mapped_column(String(64), doc="what it is about; of a nudge the day")
    revision: Mapped[str] = mapped_column(
        String(64), default="", server_default=text("''"), doc="another one is told again"
    )
    priority: Mapped[int] = mapped_column(SmallInteger, doc="of the kind; the least goes first")
    payload: Mapped[Any | None] = mapped_column(Json, doc="of a parked reply")
    variant: Mapped[str | None] = mapped_column(String(32), doc="which wording")
    local_day: Mapped[dt.date] = mapped_column(doc="the reader's day")
    due_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    claimed_at: Mapped[dt.datetime | None] = mapped_column(doc="whoever set it may send")
    sent_at: Mapped[dt.datetime | None]
    outcome: Mapped[OutboxOutcome | None] = mapped_column(doc="null: not decided yet")
    error: Mapped[str | None] = mapped_column(String(100), doc="class name only")

    person: Mapped["Person"] = relationship(back_populates="outbox", lazy="raise")
    student: Mapped["Student | None"] = relationship(back_populates="outbox", lazy="raise")
