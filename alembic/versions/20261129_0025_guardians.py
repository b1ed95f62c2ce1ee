"""Adults whom pupils chose, what is written to them, and tokens of programs.

Revision: 0025, after 0024, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from src.storage.triggers import set_aside

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
KINDS = ("reply", "reminder", "nudge", "announcement", "settled", "premium")


def upgrade() -> None:
    """Create the tables, and allow what is written to adults."""
    _create_guardians()
    op.create_table(
        "api_tokens",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("prefix", sa.String(16), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("person_id", BIG_ID),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("last_used_at", INSTANT),
        sa.Column("revoked_at", INSTANT),
        *_timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_tokens_prefix")),
        _of("api_tokens", "person_id", "people"),
    )
    op.create_index("idx_api_tokens_person", "api_tokens", ["person_id"])
    _allow(*KINDS, "guardian")


def _create_guardians() -> None:
    op.create_table(
        "guardians",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("student_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID),
        sa.Column("code_hash", sa.String(64)),
        sa.Column("name", sa.String(100)),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("agreed_at", INSTANT),
        sa.Column("confirmed_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.Column("next_at", INSTANT),
        *_timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardians")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_guardians_code_hash")),
        _of("guardians", "student_id", "students"),
        _of("guardians", "person_id", "people"),
        sa.CheckConstraint(
            "(person_id IS NULL) = (agreed_at IS NULL)", name=op.f("ck_guardians_agreed")
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR agreed_at IS NOT NULL", name=op.f("ck_guardians_confirmed")
        ),
        sa.CheckConstraint("length(name) <= 100", name=op.f("ck_guardians_name_length")),
    )
    op.create_index("idx_guardians_student", "guardians", ["student_id"])
    op.create_index("idx_guardians_person", "guardians", ["person_id"])
    once = sa.text("ended_at IS NULL AND person_id IS NOT NULL")
    op.create_index(
        "idx_guardians_once",
        "guardians",
        ["student_id", "person_id"],
        unique=True,
        postgresql_where=once,
        sqlite_where=once,
    )
    due = sa.text("confirmed_at IS NOT NULL AND ended_at IS NULL")
    op.create_index(
        "idx_guardians_due", "guardians", ["next_at"], postgresql_where=due, sqlite_where=due
    )


def _of(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{owner}")
    return sa.ForeignKeyConstraint([column], [f"{owner}.id"], name=name, ondelete="CASCADE")


def _timestamps() -> list[sa.Column[object]]:
    now = sa.text("CURRENT_TIMESTAMP")
    return [
        sa.Column(name, INSTANT, server_default=now, nullable=False)
        for name in ("created_at", "updated_at")
    ]


def _allow(*kinds: str) -> None:
    quoted = ", ".join(f"'{kind}'" for kind in kinds)
    check = op.f("ck_outbox_outbox_kind")
    with set_aside(op.get_bind()), op.batch_alter_table("outbox") as batch:
        batch.drop_constraint(check, type_="check")
        batch.create_check_constraint(check, f"kind IN ({quoted})")


def downgrade() -> None:
    """Drop the tables, and forget what was written to adults."""
    op.execute("DELETE FROM outbox WHERE kind = 'guardian'")
    _allow(*KINDS)
    op.drop_table("api_tokens")
    op.drop_table("guardians")
