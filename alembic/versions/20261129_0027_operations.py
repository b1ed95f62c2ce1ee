"""Timings of statements, runs of backups, announcements.

Revision: 0027, after 0025, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0027"
down_revision: str | None = "0025"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    create_timings()
    create_backup_runs()
    create_announcements()


def downgrade() -> None:
    """Drop what was added."""
    for table in ("announcements", "backup_runs", "statement_timings", "timed_statements"):
        op.drop_table(table)


def timestamps() -> list[sa.Column[object]]:
    now = sa.text("CURRENT_TIMESTAMP")
    return [
        sa.Column(name, INSTANT, server_default=now, nullable=False)
        for name in ("created_at", "updated_at")
    ]


def create_timings() -> None:
    op.create_table(
        "timed_statements",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sample", JSON),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timed_statements")),
        sa.UniqueConstraint("digest", name=op.f("uq_timed_statements_digest")),
    )
    op.create_table(
        "statement_timings",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("statement_id", BIG_ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("bucket", sa.SmallInteger(), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_timings")),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["timed_statements.id"],
            name=op.f("fk_statement_timings_statement_id_timed_statements"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "statement_id",
            "day",
            "bucket",
            name=op.f("uq_statement_timings_statement_id_day_bucket"),
        ),
    )
    op.create_index("idx_statement_timings_day", "statement_timings", ["day"])


def create_backup_runs() -> None:
    op.create_table(
        "backup_runs",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("ok", sa.Boolean()),
        sa.Column("file", sa.String(500), nullable=False),
        sa.Column("bytes", sa.BigInteger()),
        sa.Column("detail", sa.Text()),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_runs")),
        sa.CheckConstraint(
            "kind IN ('backup', 'rehearsal')", name=op.f("ck_backup_runs_backup_kind")
        ),
    )
    op.create_index("idx_backup_runs_kind_begun", "backup_runs", ["kind", "begun_at"])


def create_announcements() -> None:
    zero = sa.text("0")
    op.create_table(
        "announcements",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("text_bn", sa.Text(), nullable=False),
        sa.Column("grade", sa.SmallInteger()),
        sa.Column("class_id", sa.BigInteger()),
        sa.Column("last_person_id", sa.BigInteger(), server_default=zero, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("planned_at", INSTANT),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
        sa.CheckConstraint("grade BETWEEN 6 AND 8", name=op.f("ck_announcements_grade")),
        sa.CheckConstraint(
            "grade IS NULL OR class_id IS NULL", name=op.f("ck_announcements_audience")
        ),
    )
