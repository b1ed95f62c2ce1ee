"""What a pupil's planner said when it was last read.

Revision: 0028, after 0027, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: str | None = None
depends_on: str | None = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Add the column; where it is null, all is read."""
    op.add_column("canvas_connections", sa.Column("planner_seen", JSON))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("canvas_connections", "planner_seen")
