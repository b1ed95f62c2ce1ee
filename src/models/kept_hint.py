"""Hints that a model made, that passed every check and that are used again."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from src import clock
from src.language import Language
from src.models.base import Base, Timestamps
from src.models.types import BigId


class KeptHint(Timestamps, Base):
    """A hint for a problem, a language, a step and a wrong answer; nothing of any pupil in it."""

    __tablename__ = "kept_hints"
    __table_args__ = (
        UniqueConstraint("problem_id", "language", "step", "answer_key"),
        CheckConstraint("step BETWEEN 1 AND 9", name="step"),
        CheckConstraint("length(text) BETWEEN 1 AND 220", name="text_length"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id", ondelete="CASCADE"))
    language: Mapped[Language]
    step: Mapped[int] = mapped_column(SmallInteger, doc="1..3 of the ladder, more after it")
    answer_key: Mapped[str] = mapped_column(
        String(200), default="", doc="canonical wrong answer; empty: for any"
    )
    # A problem that was reworded since then has another one: the hint may not fit any more.
    fingerprint: Mapped[str] = mapped_column(String(32), doc="of the problem as it was")
    text: Mapped[str] = mapped_column(String(220))
    source_model: Mapped[str] = mapped_column(String(100))
    verified_at: Mapped[datetime] = mapped_column(default=clock.now, doc="passed every check")
