"""What is sold for Telegram Stars, what came in, and who has premium until when.

Revision: 0023, after 0022, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

from src.storage.triggers import set_aside

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
KINDS = ("reply", "reminder", "nudge", "announcement", "settled")
ACTIONS = ("connect", "disconnect", "pay", "refund", "look", "export", "erase", "token")
ACTIONS += ("block", "unblock", "settle", "fix", "retire", "regrade", "announce")


def upgrade() -> None:
    """Add the tables, and the values that other tables may hold."""
    create_orders()
    create_charges()
    create_entitlements()
    allow("outbox", "kind", "outbox_kind", *KINDS, "premium")
    allow("audit_events", "action", "audit_action", *ACTIONS, "grant", "revoke", "cancel")


def downgrade() -> None:
    """Drop what was added, with what it holds."""
    for table, column, gone in (
        ("outbox", "kind", ("premium",)),
        ("audit_events", "action", ("grant", "revoke", "cancel")),
    ):
        named = sa.column(column, sa.String())
        op.execute(sa.delete(sa.table(table, named)).where(named.in_(gone)))
    allow("audit_events", "action", "audit_action", *ACTIONS)
    allow("outbox", "kind", "outbox_kind", *KINDS)
    for table in ("entitlements", "star_charges", "star_orders"):
        op.drop_table(table)


def create_orders() -> None:
    op.create_table(
        "star_orders",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID),
        sa.Column("kind", one_of("star_order_kind", "once", "subscription"), nullable=False),
        sa.Column("payload", sa.String(64), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("period_seconds", sa.Integer(), nullable=False),
        sa.Column(
            "subscription_state", one_of("subscription_state", "active", "canceled", "failed")
        ),
        sa.Column("stop_asked_at", INSTANT),
        sa.Column("stopped_at", INSTANT),
        *stamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_star_orders")),
        sa.UniqueConstraint("payload", name=op.f("uq_star_orders_payload")),
        key("star_orders", "person_id", "people", "SET NULL"),
        sa.CheckConstraint("stars >= 1", name=op.f("ck_star_orders_stars")),
        sa.CheckConstraint("period_seconds >= 1", name=op.f("ck_star_orders_period")),
    )
    op.create_index("idx_star_orders_person", "star_orders", ["person_id"])
    partial("idx_star_orders_to_stop", "star_orders", "stop_asked_at", "stopped_at")


def create_charges() -> None:
    op.create_table(
        "star_charges",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("telegram_payment_charge_id", sa.String(255), nullable=False),
        sa.Column("order_id", BIG_ID),
        sa.Column("person_id", BIG_ID),
        sa.Column("payer_id", sa.BigInteger()),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("is_recurring", sa.Boolean(), nullable=False),
        sa.Column("paid_at", INSTANT, nullable=False),
        sa.Column("refund_asked_at", INSTANT),
        sa.Column("refunded_at", INSTANT),
        *stamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_star_charges")),
        sa.UniqueConstraint(
            "telegram_payment_charge_id",
            name=op.f("uq_star_charges_telegram_payment_charge_id"),
        ),
        key("star_charges", "order_id", "star_orders", "RESTRICT"),
        key("star_charges", "person_id", "people", "SET NULL"),
        sa.CheckConstraint("stars >= 0", name=op.f("ck_star_charges_stars")),
    )
    op.create_index("idx_star_charges_order", "star_charges", ["order_id"])
    op.create_index("idx_star_charges_person", "star_charges", ["person_id"])
    partial("idx_star_charges_to_refund", "star_charges", "refund_asked_at", "refunded_at")


def create_entitlements() -> None:
    op.create_table(
        "entitlements",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("charge_id", BIG_ID),
        sa.Column("source", one_of("entitlement_source", "stars", "grant"), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("lasts_until", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
        *stamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entitlements")),
        sa.UniqueConstraint("charge_id", name=op.f("uq_entitlements_charge_id")),
        key("entitlements", "person_id", "people", "CASCADE"),
        key("entitlements", "charge_id", "star_charges", "CASCADE"),
        sa.CheckConstraint("starts_at <= ends_at", name=op.f("ck_entitlements_order")),
        sa.CheckConstraint("ends_at <= lasts_until", name=op.f("ck_entitlements_grace")),
    )
    op.create_index("idx_entitlements_person", "entitlements", ["person_id", "lasts_until"])
    op.create_index("idx_entitlements_end", "entitlements", ["ends_at"])


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def stamps() -> list[sa.Column[object]]:
    now = sa.text("CURRENT_TIMESTAMP")
    return [
        sa.Column(name, INSTANT, server_default=now, nullable=False)
        for name in ("created_at", "updated_at")
    ]


def key(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def partial(name: str, table: str, asked: str, done: str) -> None:
    condition = sa.text(f"{asked} IS NOT NULL AND {done} IS NULL")
    op.create_index(name, table, [asked], postgresql_where=condition, sqlite_where=condition)


def allow(table: str, column: str, name: str, *values: str) -> None:
    quoted = ", ".join(f"'{value}'" for value in values)
    check = op.f(f"ck_{table}_{name}")
    with set_aside(op.get_bind()), op.batch_alter_table(table) as batch:
        batch.drop_constraint(check, type_="check")
        batch.create_check_constraint(check, f"{column} IN ({quoted})")
