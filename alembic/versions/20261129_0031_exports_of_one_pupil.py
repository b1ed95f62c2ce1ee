"""Exports of one of several pupils on a phone.

Revision: 0031, after 0030, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("exports") as batch:
        batch.add_column(sa.Column("student_id", BIG_ID))
        batch.create_foreign_key(
            op.f("fk_exports_student_id_students"),
            "students",
            ["student_id"],
            ["id"],
            ondelete="CASCADE",
        )
    op.create_index("idx_exports_student", "exports", ["student_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("idx_exports_student", "exports")
    with op.batch_alter_table("exports") as batch:
        batch.drop_constraint(op.f("fk_exports_student_id_students"), type_="foreignkey")
        batch.drop_column("student_id")
