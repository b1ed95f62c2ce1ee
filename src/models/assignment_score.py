"""The scores of assignments over time."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, OfConnection, Timestamps


class AssignmentScore(OfConnection, Timestamps, Base):
    """What a submission was from one instant on; the one with the highest number is the latest.

    The database refuses to change or delete one, but for what stands in ``erasures``.
    """

    __tablename__ = "assignment_scores"
    __table_args__ = (
        UniqueConstraint(
            *("connection_id", "canvas_assignment_id", "canvas_user_id", "number"),
            name="uq_assignment_scores_number",
        ),
        # One sync gives many rows one instant: the id makes each a place in a page.
        Index(
            "idx_assignment_scores_student",
            *("connection_id", "canvas_user_id", "observed_at", "id"),
        ),
        Index(
            "idx_assignment_scores_course",
            *("connection_id", "canvas_course_id", "observed_at", "id"),
        ),
    )

    canvas_course_id: Mapped[int] = mapped_column(BigInteger)
    canvas_assignment_id: Mapped[int] = mapped_column(BigInteger)
    canvas_user_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(doc="1 for the first of this student and assignment")
    observed_at: Mapped[datetime] = mapped_column(doc="when the fetch that saw it began")
    is_baseline: Mapped[bool] = mapped_column(default=False, doc="there before we first looked")
    canvas_submission_id: Mapped[int | None] = mapped_column(BigInteger)
    workflow_state: Mapped[str | None] = mapped_column(String(64))
    score: Mapped[float | None]
    grade: Mapped[str | None] = mapped_column(Text)
    points_deducted: Mapped[float | None]
    is_excused: Mapped[bool] = mapped_column(default=False)
    is_late: Mapped[bool] = mapped_column(default=False)
    is_missing: Mapped[bool] = mapped_column(default=False)
    late_policy_status: Mapped[str | None] = mapped_column(String(64))
    attempt: Mapped[int | None]
    submitted_at: Mapped[datetime | None]
    graded_at: Mapped[datetime | None]
    posted_at: Mapped[datetime | None] = mapped_column(doc="null: the student does not see it")
    due_at: Mapped[datetime | None] = mapped_column(doc="for this student")
