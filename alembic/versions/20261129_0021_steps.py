"""Steps of problems, and what pupils answered to them.

Revision: 0021, after 0020, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Add the columns and the table."""
    op.add_column("problems", sa.Column("steps", JSON))
    op.add_column("responses", sa.Column("step_at", sa.SmallInteger()))
    op.add_column(
        "responses",
        sa.Column("with_steps", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    now = sa.text("CURRENT_TIMESTAMP")
    op.create_table(
        "response_steps",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("response_id", BIG_ID, nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("typed", sa.String(500), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, server_default=now, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_steps")),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.id"],
            name=op.f("fk_response_steps_response_id_responses"),
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("step >= 1", name=op.f("ck_response_steps_step")),
        sa.CheckConstraint("length(typed) <= 500", name=op.f("ck_response_steps_typed_length")),
    )
    op.create_index("idx_response_steps_response", "response_steps", ["response_id", "step"])


def downgrade() -> None:
    """Drop what was added."""
    op.drop_table("response_steps")
    op.drop_column("responses", "with_steps")
    op.drop_column("responses", "step_at")
    op.drop_column("problems", "steps")
