"""Updates known by bot and number: another bot, or a number that comes again, meets no record.

`processed_updates` stays for one version: what stands in it counts as handled.

Revision: 0006, after 0005, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None

INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
STATUSES = ("waiting", "done", "failing", "failed")


def upgrade() -> None:
    """Create the table, and the index over what waits."""
    op.create_table(
        "received_updates",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("status", status(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("lane", sa.BigInteger()),
        sa.Column("payload", JSON),
        sa.Column("replies", JSON, nullable=False),
        sa.Column("error", sa.String(100)),
        sa.Column("handled_at", INSTANT),
        *timestamps(),
        sa.PrimaryKeyConstraint("bot_id", "update_id", name=op.f("pk_received_updates")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_received_updates_attempts")),
    )
    create_indexes()


def create_indexes() -> None:
    waiting = sa.text("handled_at IS NULL")
    op.create_index(
        "idx_received_updates_waiting",
        "received_updates",
        ["lane", "update_id"],
        postgresql_where=waiting,
        sqlite_where=waiting,
    )


def downgrade() -> None:
    """Drop the table: what is recorded in it may be handled once more."""
    op.drop_table("received_updates")


def status() -> sa.Enum:
    return sa.Enum(
        *STATUSES, name="update_status", native_enum=False, create_constraint=True, length=32
    )


def timestamps() -> list[sa.Column[object]]:
    now = sa.text("CURRENT_TIMESTAMP")
    return [
        sa.Column(name, INSTANT, server_default=now, nullable=False)
        for name in ("created_at", "updated_at")
    ]
