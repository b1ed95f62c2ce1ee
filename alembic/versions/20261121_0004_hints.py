"""Hints that a model made: those that are kept, and those that were asked for.

Revision: 0004, after 0003, 2026-11-21
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
SOURCES = ("authored", "misconception", "kept", "claude")


def upgrade() -> None:
    """Create the two tables."""
    create_kept_hints()
    create_hint_requests()


def downgrade() -> None:
    """Drop them with what they hold."""
    op.drop_table("hint_requests")
    op.drop_table("kept_hints")


def create_kept_hints() -> None:
    table = "kept_hints"
    op.create_table(
        table,
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("problem_id", BIG_ID, nullable=False),
        sa.Column("language", choice("language", "en", "bn"), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("answer_key", sa.String(200), nullable=False),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("text", sa.String(220), nullable=False),
        sa.Column("source_model", sa.String(100), nullable=False),
        sa.Column("verified_at", INSTANT, nullable=False),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_hints")),
        sa.UniqueConstraint(
            "problem_id",
            "language",
            "step",
            "answer_key",
            name=op.f("uq_kept_hints_problem_id_language_step_answer_key"),
        ),
        foreign_key(table, "problem_id", "problems"),
        sa.CheckConstraint("step BETWEEN 1 AND 9", name=op.f("ck_kept_hints_step")),
        sa.CheckConstraint(
            "length(text) BETWEEN 1 AND 220", name=op.f("ck_kept_hints_text_length")
        ),
    )


def create_hint_requests() -> None:
    table = "hint_requests"
    op.create_table(
        table,
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("student_id", BIG_ID, nullable=False),
        sa.Column("session_id", BIG_ID, nullable=False),
        sa.Column("problem_id", BIG_ID, nullable=False),
        sa.Column("language", choice("language", "en", "bn"), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("is_question", sa.Boolean(), nullable=False),
        sa.Column("typed", sa.String(500)),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("source", choice("hint_source", *SOURCES)),
        sa.Column("shown_step", sa.SmallInteger()),
        sa.Column("text", sa.String(500)),
        sa.Column("made_at", INSTANT),
        sa.Column("sent_at", INSTANT),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hint_requests")),
        foreign_key(table, "student_id", "students"),
        foreign_key(table, "session_id", "sessions"),
        foreign_key(table, "problem_id", "problems"),
        sa.CheckConstraint("step BETWEEN 1 AND 9", name=op.f("ck_hint_requests_step")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_hint_requests_attempts")),
        sa.CheckConstraint(
            "(made_at IS NULL) = (source IS NULL)", name=op.f("ck_hint_requests_made")
        ),
    )
    unsent = sa.text("sent_at IS NULL")
    op.create_index(
        "idx_hint_requests_open",
        table,
        ["student_id", "problem_id"],
        unique=True,
        postgresql_where=unsent,
        sqlite_where=unsent,
    )
    op.create_index("idx_hint_requests_session", table, ["session_id"])
    op.create_index("idx_hint_requests_problem", table, ["problem_id"])


def foreign_key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE")


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def timestamps() -> list[sa.Column[object]]:
    now = sa.text("CURRENT_TIMESTAMP")
    return [
        sa.Column(name, INSTANT, server_default=now, nullable=False)
        for name in ("created_at", "updated_at")
    ]
