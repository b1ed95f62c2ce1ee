"""Heartbeats of workers; problems that operators have taken over; the version that was judged by.

Revision: 0018, after 0017, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

from src.storage.triggers import set_aside

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
ACTIONS = ("connect", "disconnect", "pay", "refund", "look", "export", "erase", "token")
ACTIONS += ("block", "unblock", "settle")
NEW_ACTIONS = ("fix", "retire", "regrade", "announce")


def upgrade() -> None:
    """Create the table, add the columns, allow the actions."""
    create_workers()
    op.add_column("problems", sa.Column("taken_over_at", INSTANT))
    op.add_column("responses", sa.Column("content_version", sa.Integer()))
    allow_actions(*ACTIONS, *NEW_ACTIONS)


def downgrade() -> None:
    """Drop what was added, and the record of what only it allows."""
    actions = sa.table("audit_events", sa.column("action", sa.String))
    op.execute(sa.delete(actions).where(actions.c.action.in_(NEW_ACTIONS)))
    allow_actions(*ACTIONS)
    op.drop_column("responses", "content_version")
    op.drop_column("problems", "taken_over_at")
    op.drop_table("workers")


def create_workers() -> None:
    now = sa.text("CURRENT_TIMESTAMP")
    op.create_table(
        "workers",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("created_at", INSTANT, server_default=now, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
        sa.UniqueConstraint("name", name=op.f("uq_workers_name")),
    )


def allow_actions(*actions: str) -> None:
    """Replace the CHECK of the actions that are noted."""
    name = op.f("ck_audit_events_audit_action")
    listed = ", ".join(f"'{action}'" for action in actions)
    with set_aside(op.get_bind()), op.batch_alter_table("audit_events") as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"action IN ({listed})")
