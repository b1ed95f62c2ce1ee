"""Disputes end: a row for each answer that a pupil defends. A session can wait after a solution.

Revision: 0013, after 0012, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

from src.storage.triggers import set_aside

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
KINDS = ("reply", "reminder", "nudge", "announcement")
ACTIONS = ("connect", "disconnect", "pay", "refund", "look", "export", "erase", "token")
ACTIONS += ("block", "unblock")
CHECKS = {
    "attempt": "attempt >= 1",
    "typed_length": "length(typed) <= 500",
    "decided": "(decision IS NULL) = (decided_at IS NULL)",
}


def upgrade() -> None:
    """Create the table with what pupils have defended so far, and allow the new values."""
    create_disputes()
    op.execute(
        "INSERT INTO disputes (response_id, attempt, typed, raised_at) "
        "SELECT id, CASE WHEN attempts < 1 THEN 1 ELSE attempts END, disputed_answer, disputed_at "
        "FROM responses WHERE disputed_at IS NOT NULL AND disputed_answer IS NOT NULL"
    )
    paused = sa.Column("is_paused", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column("sessions", paused)
    allow("outbox", "kind", "outbox_kind", *KINDS, "settled")
    allow("audit_events", "action", "audit_action", *ACTIONS, "settle")


def downgrade() -> None:
    """Drop the table and forget what is known of disputes only here."""
    op.execute("DELETE FROM audit_events WHERE action = 'settle'")
    op.execute("DELETE FROM outbox WHERE kind = 'settled'")
    allow("audit_events", "action", "audit_action", *ACTIONS)
    allow("outbox", "kind", "outbox_kind", *KINDS)
    with set_aside(op.get_bind()), op.batch_alter_table("sessions") as batch:
        batch.drop_column("is_paused")
    op.drop_table("disputes")


def create_disputes() -> None:
    now = sa.text("CURRENT_TIMESTAMP")
    decision = sa.Enum(
        "accepted",
        "declined",
        name="dispute_decision",
        native_enum=False,
        create_constraint=True,
        length=32,
    )
    op.create_table(
        "disputes",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("response_id", BIG_ID, nullable=False),
        sa.Column("attempt", sa.SmallInteger(), nullable=False),
        sa.Column("typed", sa.String(500), nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.Column("decision", decision),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("decided_at", INSTANT),
        sa.Column("operators_told_at", INSTANT),
        sa.Column("created_at", INSTANT, server_default=now, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("response_id", "attempt", name=op.f("uq_disputes_response_id_attempt")),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.id"],
            name=op.f("fk_disputes_response_id_responses"),
            ondelete="CASCADE",
        ),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_disputes_{name}"))
            for name, rule in CHECKS.items()
        ),
    )
    for name, column, where in (
        ("open", "raised_at", "decision IS NULL"),
        ("untold", "id", "operators_told_at IS NULL"),
    ):
        condition = sa.text(where)
        op.create_index(
            f"idx_disputes_{name}",
            "disputes",
            [column],
            postgresql_where=condition,
            sqlite_where=condition,
        )


def allow(table: str, column: str, name: str, *values: str) -> None:
    quoted = ", ".join(f"'{value}'" for value in values)
    check = op.f(f"ck_{table}_{name}")
    with set_aside(op.get_bind()), op.batch_alter_table(table) as batch:
        batch.drop_constraint(check, type_="check")
        batch.create_check_constraint(check, f"{column} IN ({quoted})")
