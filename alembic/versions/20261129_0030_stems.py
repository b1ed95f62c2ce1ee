"""Parts of a creative question, and the scenes of variants.

Revision: 0030, after 0029, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("problems", sa.Column("stem", sa.String(64)))
    op.add_column("problems", sa.Column("part", sa.SmallInteger()))
    op.add_column("problems", sa.Column("scene", sa.String(32)))


def downgrade() -> None:
    """Drop what was added."""
    op.drop_column("problems", "scene")
    op.drop_column("problems", "part")
    op.drop_column("problems", "stem")
