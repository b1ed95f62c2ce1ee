"""Misconceptions behind typical mistakes, and which of them a pupil was told of.

Revision: 0020, after 0019, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the column and the two tables."""
    op.add_column("attempts", sa.Column("misconception_id", sa.String(64)))
    op.create_table(
        "misconceptions",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("topic", sa.String(100), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("name_bn", sa.String(200), nullable=False),
        sa.Column("lesson_en", sa.Text(), nullable=False),
        sa.Column("lesson_bn", sa.Text(), nullable=False),
        *_timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_misconceptions")),
    )
    op.create_table(
        "misconception_states",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("student_id", BIG_ID, nullable=False),
        sa.Column("misconception_id", sa.String(64), nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("checked_at", INSTANT),
        sa.Column("rights", sa.SmallInteger(), nullable=False),
        sa.Column("gone_at", INSTANT),
        *_timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_misconception_states")),
        sa.UniqueConstraint(
            "student_id",
            "misconception_id",
            name=op.f("uq_misconception_states_student_id_misconception_id"),
        ),
        sa.ForeignKeyConstraint(
            ["student_id"],
            ["students.id"],
            name=op.f("fk_misconception_states_student_id_students"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["misconception_id"],
            ["misconceptions.id"],
            name=op.f("fk_misconception_states_misconception_id_misconceptions"),
            ondelete="RESTRICT",
        ),
        sa.CheckConstraint("rights >= 0", name=op.f("ck_misconception_states_rights")),
    )
    op.create_index(
        "idx_misconception_states_misconception", "misconception_states", ["misconception_id"]
    )


def _timestamps() -> list[sa.Column[object]]:
    now = sa.text("CURRENT_TIMESTAMP")
    return [
        sa.Column(name, INSTANT, server_default=now, nullable=False)
        for name in ("created_at", "updated_at")
    ]


def downgrade() -> None:
    """Drop what was added."""
    op.drop_table("misconception_states")
    op.drop_table("misconceptions")
    op.drop_column("attempts", "misconception_id")
