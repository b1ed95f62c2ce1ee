"""Who did what that somebody may ask about later.

Revision: 0009, after 0008, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
ACTIONS = ("connect", "disconnect", "pay", "refund", "look", "export", "erase", "token")
ACTIONS += ("block", "unblock")


def upgrade() -> None:
    """Create the table. It refers to no other one: what it says outlives what it is about."""
    now = sa.text("CURRENT_TIMESTAMP")
    action = sa.Enum(
        *ACTIONS, name="audit_action", native_enum=False, create_constraint=True, length=32
    )
    op.create_table(
        "audit_events",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("action", action, nullable=False),
        sa.Column("subject_kind", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.BigInteger()),
        sa.Column("detail", JSON, nullable=False),
        sa.Column("created_at", INSTANT, server_default=now, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index(
        "idx_audit_events_subject", "audit_events", ["subject_kind", "subject_id", "at"]
    )


def downgrade() -> None:
    """Drop the table with what it holds."""
    op.drop_table("audit_events")
