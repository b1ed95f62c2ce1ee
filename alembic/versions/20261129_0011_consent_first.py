"""Consent before data: nothing stays of pupils who had not agreed but the id, language and step.

The version before asked for name, class and place first. Whoever stands at a step of its
registration is asked for consent next.

Revision: 0011, after 0010, 2026-11-29
"""

from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Empty what was told before a yes."""
    op.execute(
        "UPDATE students SET name = NULL, grade = NULL, timezone = 'Asia/Dhaka', "
        "start_payload = NULL, last_active_at = NULL, next_nudge_at = NULL, "
        "model_hints_consented_at = NULL, model_hints_consent_version = NULL "
        "WHERE consented_at IS NULL AND registered_at IS NULL"
    )


def downgrade() -> None:
    """Leave it: what was emptied is not kept anywhere."""
