"""What belongs to the pupil: the board, exports, moving, who is shut out, whose an update was.

Revision: 0029, after 0028, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

from src.storage.triggers import set_aside

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
ACTIONS = ("connect", "disconnect", "pay", "refund", "look", "export", "erase", "token")
ACTIONS += (
    "block",
    "unblock",
    "settle",
    "fix",
    "retire",
    "regrade",
    "announce",
    "grant",
    "revoke",
    "cancel",
)
NEW_ACTIONS = ("move",)
OF_STREAKS = {
    "alive_until": INSTANT,
    "board_grade": sa.SmallInteger(),
    "board_name": sa.String(40),
    "board_joined_at": INSTANT,
    "board_consent_version": sa.String(32),
    "solved_week": sa.Date(),
}
OF_PEOPLE = {
    "barred_at": INSTANT,
    "move_code": sa.String(64),
    "move_code_until": INSTANT,
}
BOARD = {
    "idx_streaks_current": ["board_grade", "current_streak", "student_id", "alive_until"],
    "idx_streaks_solved": ["board_grade", "solved_week", "solved_alone", "student_id"],
}


def upgrade() -> None:
    """Add the columns and the table; the index of streaks is from now on that of the board."""
    for name, kind in OF_STREAKS.items():
        op.add_column("streaks", sa.Column(name, kind))
    op.add_column(
        "streaks",
        sa.Column("solved_alone", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.drop_index("idx_streaks_current", "streaks")
    on_board = sa.text("board_grade IS NOT NULL")
    for index, columns in BOARD.items():
        op.create_index(index, "streaks", columns, postgresql_where=on_board, sqlite_where=on_board)
    for name, kind in OF_PEOPLE.items():
        op.add_column("people", sa.Column(name, kind))
    op.create_index("idx_people_move_code", "people", ["move_code"], unique=True)
    op.add_column("received_updates", sa.Column("sender", sa.BigInteger()))
    op.create_index("idx_received_updates_sender", "received_updates", ["sender"])
    create_exports()
    allow_actions(*ACTIONS, *NEW_ACTIONS)


def downgrade() -> None:
    """Drop what was added, and the record of what only it allows."""
    actions = sa.table("audit_events", sa.column("action", sa.String))
    op.execute(sa.delete(actions).where(actions.c.action.in_(NEW_ACTIONS)))
    allow_actions(*ACTIONS)
    op.drop_table("exports")
    op.drop_index("idx_received_updates_sender", "received_updates")
    op.drop_column("received_updates", "sender")
    op.drop_index("idx_people_move_code", "people")
    for name in OF_PEOPLE:
        op.drop_column("people", name)
    for index in BOARD:
        op.drop_index(index, "streaks")
    op.create_index("idx_streaks_current", "streaks", ["current_streak"])
    for name in (*OF_STREAKS, "solved_alone"):
        op.drop_column("streaks", name)


def create_exports() -> None:
    now = sa.text("CURRENT_TIMESTAMP")
    op.create_table(
        "exports",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.Column("created_at", INSTANT, server_default=now, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_exports_person_id_people"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("idx_exports_person", "exports", ["person_id", "asked_at"])


def allow_actions(*actions: str) -> None:
    """Replace the CHECK of the actions that are noted."""
    name = op.f("ck_audit_events_audit_action")
    listed = ", ".join(f"'{action}'" for action in actions)
    with set_aside(op.get_bind()), op.batch_alter_table("audit_events") as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"action IN ({listed})")
