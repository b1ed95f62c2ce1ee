"""An index of responses goes: their unique constraint begins with the session too.

Revision: 0032, after 0031, 2026-11-29
"""

from alembic import op

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Drop the index."""
    op.drop_index("idx_responses_session", table_name="responses")


def downgrade() -> None:
    """Make it again."""
    op.create_index("idx_responses_session", "responses", ["session_id"])
