"""An adult whom a pupil chose to hear of their practice."""

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.types import BigId, only_where

if TYPE_CHECKING:
    from src.models.person import Person
    from src.models.student import Student


class Guardian(Timestamps, Base):
    """Made by the pupil's invitation; the adult agrees, and then the pupil says who it is.

    Only then is anything told. Either of them ends it; the row stays until one of them is erased.
    """

    __tablename__ = "guardians"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) = (agreed_at IS NULL)", name="agreed"),
        CheckConstraint("confirmed_at IS NULL OR agreed_at IS NOT NULL", name="confirmed"),
        CheckConstraint("length(name) <= 100", name="name_length"),
        Index("idx_guardians_student", "student_id"),
        Index("idx_guardians_person", "person_id"),
        Index(
            "idx_guardians_once",
            *("student_id", "person_id"),
            unique=True,
            **only_where("ended_at IS NULL AND person_id IS NOT NULL"),
        ),
        Index(
            "idx_guardians_due",
            "next_at",
            **only_where("confirmed_at IS NOT NULL AND ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), doc="the adult; null: nobody has agreed yet"
    )
    code_hash: Mapped[str | None] = mapped_column(
        String(64), unique=True, doc="SHA-256 of the code; null: it was used"
    )
    name: Mapped[str | None] = mapped_column(String(100), doc="first name of the adult")
    expires_at: Mapped[dt.datetime] = mapped_column(doc="of the invitation")
    agreed_at: Mapped[dt.datetime | None] = mapped_column(doc="the adult said yes")
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(doc="the pupil said that it is them")
    ended_at: Mapped[dt.datetime | None]
    next_at: Mapped[dt.datetime | None] = mapped_column(doc="of the weekly message")

    student: Mapped["Student"] = relationship(back_populates="guardians", lazy="raise")
    person: Mapped["Person | None"] = relationship(back_populates="wards", lazy="raise")
