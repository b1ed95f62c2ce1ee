"""Figures of problems, the pictures drawn from them, and what each bot has uploaded.

Revision: 0016, after 0015, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Add the column and the two tables."""
    op.add_column("problems", sa.Column("figure", JSON))
    op.create_table(
        "figure_drawings",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("language", _language(), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        *_timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_drawings")),
        sa.UniqueConstraint("digest", "language", name=op.f("uq_figure_drawings_digest_language")),
    )
    op.create_table(
        "figure_files",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("language", _language(), nullable=False),
        sa.Column("file_id", sa.String(255), nullable=False),
        *_timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_files")),
        sa.UniqueConstraint(
            "bot_id", "digest", "language", name=op.f("uq_figure_files_bot_id_digest_language")
        ),
    )


def _language() -> sa.Enum:
    return sa.Enum(
        "en", "bn", name="language", native_enum=False, create_constraint=True, length=32
    )


def _timestamps() -> list[sa.Column[object]]:
    now = sa.text("CURRENT_TIMESTAMP")
    return [
        sa.Column(name, INSTANT, server_default=now, nullable=False)
        for name in ("created_at", "updated_at")
    ]


def downgrade() -> None:
    """Drop what was added."""
    op.drop_table("figure_files")
    op.drop_table("figure_drawings")
    op.drop_column("problems", "figure")
