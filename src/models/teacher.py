"""Somebody whom an operator invited to teach."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, Timestamps
from src.models.types import BigId


class Teacher(Timestamps, Base):
    """An invitation until somebody takes it; then the right of that person to have classes.

    It goes with the person. Nobody becomes a teacher by themself.
    """

    __tablename__ = "teachers"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) = (accepted_at IS NULL)", name="accepted"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(100), doc="as pupils are told it")
    school: Mapped[str] = mapped_column(String(100))
    invite_hash: Mapped[str | None] = mapped_column(
        String(64), unique=True, doc="SHA-256 of what stands in the link; null: taken"
    )
    invite_expires_at: Mapped[datetime | None]
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), unique=True, doc="null: not taken yet"
    )
    accepted_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None] = mapped_column(doc="by an operator: sees nothing since")
