"""Something that operators tell many people."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, Timestamps
from src.models.types import BigId


class Announcement(Timestamps, Base):
    """One text in both languages, to all pupils, a grade or a class, to each person once."""

    __tablename__ = "announcements"
    __table_args__ = (
        CheckConstraint("grade BETWEEN 6 AND 8", name="grade"),
        CheckConstraint("grade IS NULL OR class_id IS NULL", name="audience"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    text_en: Mapped[str] = mapped_column(Text)
    text_bn: Mapped[str] = mapped_column(Text)
    grade: Mapped[int | None] = mapped_column(SmallInteger, doc="only to this grade")
    class_id: Mapped[int | None] = mapped_column(BigInteger, doc="only to this class")
    last_person_id: Mapped[int] = mapped_column(
        BigInteger, default=0, server_default=text("0"), doc="up to here it is in the outbox"
    )
    expires_at: Mapped[datetime] = mapped_column(doc="when it is too late to tell")
    planned_at: Mapped[datetime | None] = mapped_column(doc="when all of it was in the outbox")
