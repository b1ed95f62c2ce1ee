"""A class, and who teaches it."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, Timestamps
from src.models.types import BigId


class SchoolClass(Timestamps, Base):
    """Pupils whom teachers see with their consent, and the code by which they join."""

    __tablename__ = "classes"
    __table_args__ = (CheckConstraint("grade BETWEEN 6 AND 8", name="grade"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    school: Mapped[str] = mapped_column(String(100))
    grade: Mapped[int] = mapped_column(SmallInteger)
    code: Mapped[str | None] = mapped_column(
        String(6), unique=True, doc="to join by; null: nobody can join"
    )
    code_expires_at: Mapped[dt.datetime | None]
    topic: Mapped[str | None] = mapped_column(String(100), doc="of the week")
    topic_until: Mapped[dt.date | None] = mapped_column(doc="its last day")
    closed_at: Mapped[dt.datetime | None] = mapped_column(doc="its teachers see nothing since")


class ClassTeacher(Timestamps, Base):
    """A teacher of a class; all of them have the same rights."""

    __tablename__ = "class_teachers"
    __table_args__ = (
        UniqueConstraint("teacher_id", "class_id"),
        Index("idx_class_teachers_class", "class_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("classes.id", ondelete="CASCADE"))
    teacher_id: Mapped[int] = mapped_column(ForeignKey("teachers.id", ondelete="CASCADE"))
