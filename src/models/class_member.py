"""A pupil in a class, and what teachers write about them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, Timestamps
from src.models.types import BigId


class ClassMember(Timestamps, Base):
    """The consent of a pupil that the teachers of a class see them, from when to when.

    Who leaves and comes back has two rows: nothing of the first is seen by the second.
    """

    __tablename__ = "class_members"
    __table_args__ = (
        Index(
            "idx_class_members_class_student",
            "class_id",
            "student_id",
            unique=True,
            postgresql_where=text("left_at IS NULL"),
            sqlite_where=text("left_at IS NULL"),
        ),
        Index("idx_class_members_class", "class_id"),
        Index("idx_class_members_student", "student_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("classes.id", ondelete="CASCADE"))
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id", ondelete="CASCADE"))
    joined_at: Mapped[datetime] = mapped_column(doc="when the pupil agreed")
    consent_version: Mapped[str] = mapped_column(
        String(32), doc="of the words agreed to: also that a parent or guardian knows"
    )
    sees_before: Mapped[bool] = mapped_column(
        default=False, doc="whether the pupil allows what was before joining"
    )
    label: Mapped[str] = mapped_column(
        String(60), default="", server_default=text("''"), doc="a name of the teachers' own"
    )
    left_at: Mapped[datetime | None] = mapped_column(doc="teachers see nothing since")


class MemberNote(Timestamps, Base):
    """What a teacher wrote about a pupil of a class; the pupil can read it."""

    __tablename__ = "member_notes"
    __table_args__ = (
        CheckConstraint("length(text) <= 1000", name="text_length"),
        Index("idx_member_notes_member", "member_id"),
        Index("idx_member_notes_teacher", "teacher_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("class_members.id", ondelete="CASCADE"))
    teacher_id: Mapped[int] = mapped_column(ForeignKey("teachers.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)


class WrongCode(Timestamps, Base):
    """A code of no class that somebody typed: five an hour, then they wait."""

    __tablename__ = "wrong_codes"
    __table_args__ = (Index("idx_wrong_codes_person", "person_id", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    at: Mapped[datetime]
