"""The outbox: one row for whatever Dars writes first, of any kind.

What stands in `notifications` is copied, and what waited there goes on here. The version before
goes on beside this one: what it plans is handed over by a trigger, so that one worker sends it.

Revision: 0008, after 0007, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
KINDS = ("reply", "reminder", "nudge", "announcement")
OUTCOMES = ("sent", "failed", "blocked", "ambiguous", "skipped_capacity", "skipped_late")
OUTCOMES += ("skipped_practised", "skipped_unwanted")
MOVED = "moved to outbox"
SAME = "due_at, expires_at, claimed_at, sent_at, outcome, error, variant, created_at, updated_at"
COPY = (
    "INSERT INTO outbox (person_id, student_id, kind, subject, priority, local_day, "  # noqa: S608
    f"{SAME}) SELECT (SELECT person_id FROM students WHERE students.id = n.student_id), "
    "n.student_id, 'nudge', {day}, 2, n.local_date, "
    + ", ".join(f"n.{name}" for name in SAME.split(", "))
)
CLOSE = "UPDATE notifications SET outcome = 'skipped_capacity', "
CLOSE += f"error = '{MOVED}' WHERE "
FOLLOW = (
    "UPDATE outbox SET outcome = NEW.outcome, sent_at = NEW.sent_at, error = NEW.error "
    "WHERE student_id = NEW.student_id AND kind = 'nudge' AND local_day = NEW.local_date;"
)
BACK = (
    "INSERT INTO notifications (student_id, kind, local_date, "  # noqa: S608 - our own names
    f"{SAME}) SELECT student_id, 'nudge', local_day, {SAME} FROM outbox "
    "WHERE kind = 'nudge' ON CONFLICT DO NOTHING"
)
REOPEN = (
    f"UPDATE notifications SET outcome = NULL, error = NULL WHERE error = '{MOVED}' "  # noqa: S608
    "AND EXISTS (SELECT 1 FROM outbox o WHERE o.student_id = notifications.student_id AND o.kind = "
    "'nudge' AND o.local_day = notifications.local_date AND o.outcome IS NULL)"
)


def upgrade() -> None:
    """Create the table, copy what there is, and take over what waits."""
    create_outbox()
    create_indexes()
    # The subject of a nudge is its day, as text: 2026-11-29 on both databases.
    copy = COPY.format(day="n.local_date" if on_sqlite() else "n.local_date::text")
    op.execute(f"{copy} FROM notifications n")
    op.execute(f"{CLOSE} outcome IS NULL AND claimed_at IS NULL")
    create_triggers(copy.replace("n.", "NEW."))


def downgrade() -> None:
    """Give the nudges back to the version before; messages of other kinds are lost."""
    drop_triggers()
    op.execute(REOPEN)
    op.execute(BACK)
    op.drop_table("outbox")


def create_outbox() -> None:
    table = "outbox"
    op.create_table(
        table,
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("student_id", BIG_ID),
        sa.Column("kind", choice("outbox_kind", *KINDS), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("revision", sa.String(64), server_default=sa.text("''"), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("payload", JSON),
        sa.Column("variant", sa.String(32)),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("claimed_at", INSTANT),
        sa.Column("sent_at", INSTANT),
        sa.Column("outcome", choice("outbox_outcome", *OUTCOMES)),
        sa.Column("error", sa.String(100)),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        foreign_key(table, "person_id", "people"),
        foreign_key(table, "student_id", "students"),
    )


def create_indexes() -> None:
    about = ["kind", "subject", "revision"]
    index("idx_outbox_once_student", ["student_id", *about], "student_id IS NOT NULL", unique=True)
    index("idx_outbox_once_person", ["person_id", *about], "student_id IS NULL", unique=True)
    index("idx_outbox_open", ["priority", "expires_at"], "outcome IS NULL")
    index("idx_outbox_parked", ["person_id", "id"], "kind = 'reply' AND outcome IS NULL")
    op.create_index("idx_outbox_person", "outbox", ["person_id"])
    op.create_index("idx_outbox_local_day", "outbox", ["local_day", "kind", "outcome"])


def index(name: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(
        name,
        "outbox",
        columns,
        unique=unique,
        postgresql_where=condition,
        sqlite_where=condition,
    )


def create_triggers(copy: str) -> None:
    """Hand over what the version before plans, and note what it was sending already."""
    mine = "id = NEW.id AND outcome IS NULL AND claimed_at IS NULL;"
    trigger("notifications_to_outbox_insert", "INSERT", f"{copy} WHERE TRUE {ONCE}; {CLOSE}{mine}")
    trigger("notifications_to_outbox_update", "UPDATE OF sent_at", FOLLOW)


ONCE = "ON CONFLICT DO NOTHING"


def trigger(name: str, event: str, body: str) -> None:
    head = f"CREATE TRIGGER {name} AFTER {event} ON notifications FOR EACH ROW"
    if on_sqlite():
        op.execute(f"{head} BEGIN {body} END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} RETURN NULL; END $$"
    )
    op.execute(f"{head} EXECUTE FUNCTION {name}()")


def drop_triggers() -> None:
    for name in ("notifications_to_outbox_insert", "notifications_to_outbox_update"):
        op.execute(f"DROP TRIGGER {name}" + ("" if on_sqlite() else " ON notifications"))
        if not on_sqlite():
            op.execute(f"DROP FUNCTION {name}")


def on_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"


def foreign_key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE")


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def timestamps() -> list[sa.Column[object]]:
    now = sa.text("CURRENT_TIMESTAMP")
    return [
        sa.Column(name, INSTANT, server_default=now, nullable=False)
        for name in ("created_at", "updated_at")
    ]
