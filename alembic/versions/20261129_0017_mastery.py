"""What pupils can do, what they have missed and wish for, and why five problems were chosen.

Revision: 0017, after 0016, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
TABLES = ("pupil_ratings", "skill_states", "problem_ratings", "missed_families", "wishes")


def upgrade() -> None:
    """Add the five tables and two columns of sessions."""
    op.add_column("sessions", sa.Column("picks", JSON))
    op.add_column("sessions", sa.Column("stretch_index", sa.SmallInteger()))
    _add_ratings()
    _add_skills()
    op.create_table(
        "missed_families",
        _student(),
        sa.Column("family", sa.String(64), nullable=False),
        sa.Column("problem_id", BIG_ID, nullable=False),
        sa.Column("misses", sa.SmallInteger(), nullable=False),
        sa.Column("next_session", sa.Integer()),
        *_timestamps(),
        sa.CheckConstraint("misses >= 1", name=op.f("ck_missed_families_misses")),
        _to("missed_families", "student_id", "students"),
        _to("missed_families", "problem_id", "problems"),
        sa.PrimaryKeyConstraint("student_id", "family", name=op.f("pk_missed_families")),
    )
    op.create_table(
        "wishes",
        _student(),
        sa.Column("topic", sa.String(100), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        *_timestamps(),
        _to("wishes", "student_id", "students"),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_wishes")),
    )


def _add_ratings() -> None:
    op.create_table(
        "pupil_ratings",
        _student(),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("value", "variance")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("answers", "sessions")),
        sa.Column("last_session_id", sa.BigInteger(), nullable=False),
        *_timestamps(),
        sa.CheckConstraint("variance > 0", name=op.f("ck_pupil_ratings_variance")),
        sa.CheckConstraint("answers >= 0", name=op.f("ck_pupil_ratings_answers")),
        sa.CheckConstraint("sessions >= 0", name=op.f("ck_pupil_ratings_sessions")),
        _to("pupil_ratings", "student_id", "students"),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_pupil_ratings")),
    )
    op.create_table(
        "problem_ratings",
        sa.Column("problem_id", BIG_ID, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("answers", "right")),
        *(sa.Column(n, sa.BigInteger(), nullable=False) for n in ("expected", "information")),
        *_timestamps(),
        _to("problem_ratings", "problem_id", "problems"),
        sa.PrimaryKeyConstraint("problem_id", name=op.f("pk_problem_ratings")),
    )


def _add_skills() -> None:
    op.create_table(
        "skill_states",
        _student(),
        *(sa.Column(name, sa.String(100), nullable=False) for name in ("topic", "subtopic")),
        *(sa.Column(n, sa.Double(), nullable=False) for n in ("value", "variance", "average")),
        sa.Column("answers", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Date()) for name in ("strong_on", "mastered_on")),
        *(sa.Column(name, sa.Double()) for name in ("stability", "ease")),
        *(sa.Column(name, sa.Date()) for name in ("reviewed_on", "due_on")),
        *_timestamps(),
        sa.CheckConstraint("variance > 0", name=op.f("ck_skill_states_variance")),
        sa.CheckConstraint("average BETWEEN 0 AND 1", name=op.f("ck_skill_states_average")),
        sa.CheckConstraint("answers >= 1", name=op.f("ck_skill_states_answers")),
        sa.CheckConstraint(
            "(mastered_on IS NULL) = (due_on IS NULL)", name=op.f("ck_skill_states_due")
        ),
        _to("skill_states", "student_id", "students"),
        sa.PrimaryKeyConstraint("student_id", "topic", "subtopic", name=op.f("pk_skill_states")),
    )


def _student() -> sa.Column[object]:
    return sa.Column("student_id", BIG_ID, nullable=False)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


def _timestamps() -> list[sa.Column[object]]:
    now = sa.text("CURRENT_TIMESTAMP")
    return [
        sa.Column(name, INSTANT, server_default=now, nullable=False)
        for name in ("created_at", "updated_at")
    ]


def downgrade() -> None:
    """Drop what was added."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("sessions", "stretch_index")
    op.drop_column("sessions", "picks")
