"""No call of the model was ever for an explanation: the value goes.

Revision: 0010, after 0009, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

from src.storage.triggers import set_aside

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | None = None
depends_on: str | None = None

TABLES = ("cost_records", "daily_costs")
KEPT = ("hint_generation", "hint_warming", "other")
GONE = "answer_explanation"


def upgrade() -> None:
    """Allow one value less. The code before never wrote it."""
    for table in TABLES:
        column = sa.column("operation", sa.String())
        values = sa.table(table, column)
        op.execute(sa.update(values).where(column == GONE).values(operation="other"))
    allow(*KEPT)


def downgrade() -> None:
    """Allow it again."""
    allow(*KEPT, GONE)


def allow(*values: str) -> None:
    quoted = ", ".join(f"'{value}'" for value in values)
    with set_aside(op.get_bind()):
        for table in TABLES:
            name = op.f(f"ck_{table}_operation_type")
            with op.batch_alter_table(table) as batch:
                batch.drop_constraint(name, type_="check")
                batch.create_check_constraint(name, f"operation IN ({quoted})")
