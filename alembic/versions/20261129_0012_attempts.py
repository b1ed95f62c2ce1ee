"""Every judged text is a row of its own. Of earlier answers the response keeps what it has.

Revision: 0012, after 0011, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
CHECKS = {
    "number": "number >= 1",
    "hints_used": "hints_used >= 0",
    "seconds": "seconds >= 0",
    "typed_length": "length(typed) <= 500",
    "verdict": "verdict IN ('correct', 'wrong', 'wrong_form', 'unreadable')",
}


def upgrade() -> None:
    """Create the table. It goes with its response, and so with the pupil."""
    now = sa.text("CURRENT_TIMESTAMP")
    op.create_table(
        "attempts",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("response_id", BIG_ID, nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("typed", sa.String(500), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("misconception", sa.String(100)),
        sa.Column("hints_used", sa.SmallInteger(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, server_default=now, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.id"],
            name=op.f("fk_attempts_response_id_responses"),
            ondelete="CASCADE",
        ),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_attempts_{name}"))
            for name, rule in CHECKS.items()
        ),
    )
    op.create_index("idx_attempts_response", "attempts", ["response_id", "number"])


def downgrade() -> None:
    """Drop the table with what it holds."""
    op.drop_table("attempts")
