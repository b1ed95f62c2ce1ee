"""What is due: tasks, whose school fills them, and what a pupil chose about reminders.

Revision: 0022, after 0021, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
NOW = sa.text("CURRENT_TIMESTAMP")
TIERS = ("1w", "3d", "1d", "12h", "3h", "1h")
OF_STUDENTS = (
    ("wants_practice", sa.Boolean(), "true"),
    ("wants_deadlines", sa.Boolean(), "false"),
    ("holidays_from", sa.Date(), None),
    ("holidays_until", sa.Date(), None),
    ("manual_tasks_this_month", sa.SmallInteger(), "0"),
    ("manual_tasks_month", sa.Date(), None),
)


def upgrade() -> None:
    """Add the columns and the tables."""
    for name, kind, default in OF_STUDENTS:
        given = {"server_default": sa.text(default), "nullable": False} if default else {}
        op.add_column("students", sa.Column(name, kind, **given))
    op.add_column("canvas_hosts", sa.Column("listed_as", sa.String(100)))
    _create_tasks()
    _create_task_courses()
    _create_others()
    _create_arrivals()


def _create_tasks() -> None:
    source = _enum("task_source", "canvas_assignment", "canvas_event", "manual")
    write = _enum("task_write", "pending", "written", "removing", "removed")
    flags = [sa.Column(f"reminder_{tier}_sent", sa.Boolean(), nullable=False) for tier in TIERS]
    op.create_table(
        "tasks",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("student_id", BIG_ID, nullable=False),
        sa.Column("source", source, nullable=False),
        sa.Column("connection_id", BIG_ID),
        sa.Column("canvas_course_id", sa.BigInteger()),
        sa.Column("canvas_assignment_id", sa.BigInteger()),
        sa.Column("canvas_event_id", sa.BigInteger()),
        sa.Column("course", sa.String(100)),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("due_at", INSTANT),
        sa.Column("due_on", sa.Date()),
        sa.Column("moved_from", INSTANT),
        sa.Column("moved_at", INSTANT),
        sa.Column("done_at", INSTANT),
        sa.Column("is_ticked", sa.Boolean(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("gone_at", INSTANT),
        sa.Column("snoozed_until", INSTANT),
        sa.Column("next_reminder_at", INSTANT),
        *flags,
        sa.Column("mark", sa.String(32)),
        sa.Column("write_state", write),
        sa.Column("write_at", INSTANT),
        sa.Column("write_attempts", sa.Integer(), nullable=False),
        *_timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        _key("tasks", "student_id", "students"),
        _key("tasks", "connection_id", "canvas_connections"),
        sa.CheckConstraint("length(title) <= 300", name=op.f("ck_tasks_title_length")),
        sa.CheckConstraint(
            "due_on IS NULL OR due_at IS NOT NULL", name=op.f("ck_tasks_day_has_instant")
        ),
    )
    for kind in ("assignment", "event"):
        column = f"canvas_{kind}_id"
        key = ["student_id", "connection_id", column]
        _index(f"idx_tasks_canvas_{kind}", "tasks", key, f"{column} IS NOT NULL", unique=True)
    _index("idx_tasks_student_due_at", "tasks", ["student_id", "due_at"])
    _index(
        "idx_tasks_open",
        "tasks",
        ["student_id", "due_at", "id"],
        "done_at IS NULL AND gone_at IS NULL AND is_deleted = false",
        postgresql_include=["connection_id", "canvas_course_id"],
    )
    _index(
        "idx_tasks_next_reminder_at",
        "tasks",
        ["next_reminder_at"],
        "next_reminder_at IS NOT NULL",
    )
    _index("idx_tasks_write", "tasks", ["write_at"], "write_state IN ('pending', 'removing')")
    _index("idx_tasks_connection", "tasks", ["connection_id"])


def _create_task_courses() -> None:
    op.create_table(
        "task_courses",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("student_id", BIG_ID, nullable=False),
        sa.Column("connection_id", BIG_ID, nullable=False),
        sa.Column("canvas_course_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        *_timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_courses")),
        _key("task_courses", "student_id", "students"),
        _key("task_courses", "connection_id", "canvas_connections"),
    )
    key = ["student_id", "connection_id", "canvas_course_id"]
    _index("idx_task_courses_course", "task_courses", key, unique=True)
    _index("idx_task_courses_connection", "task_courses", ["connection_id"])


def _create_others() -> None:
    op.create_table(
        "followed_schools",
        sa.Column("connection_id", BIG_ID, nullable=False),
        sa.Column("student_id", BIG_ID, nullable=False),
        sa.Column("taken_at", INSTANT),
        sa.Column("try_at", INSTANT),
        sa.Column("told_dead_at", INSTANT),
        *_timestamps(),
        sa.PrimaryKeyConstraint("connection_id", name=op.f("pk_followed_schools")),
        _key("followed_schools", "connection_id", "canvas_connections"),
        _key("followed_schools", "student_id", "students"),
    )
    _index("idx_followed_schools_student", "followed_schools", ["student_id"])
    op.create_table(
        "deadline_choices",
        sa.Column("student_id", BIG_ID, nullable=False),
        sa.Column("muted_tiers", sa.SmallInteger(), nullable=False),
        sa.Column("wants_digest", sa.Boolean(), nullable=False),
        sa.Column("draft", JSON),
        sa.Column("next_digest_at", INSTANT),
        *_timestamps(),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_deadline_choices")),
        _key("deadline_choices", "student_id", "students"),
        sa.CheckConstraint(
            "muted_tiers BETWEEN 0 AND 63", name=op.f("ck_deadline_choices_muted_tiers")
        ),
    )
    _index(
        "idx_deadline_choices_next_digest_at",
        "deadline_choices",
        ["next_digest_at"],
        "next_digest_at IS NOT NULL",
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("student_id", BIG_ID, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("revoked_at", INSTANT),
        *_timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
        _key("calendar_feeds", "student_id", "students"),
    )
    _index("idx_calendar_feeds_student", "calendar_feeds", ["student_id"])


def _create_arrivals() -> None:
    """Create the table of those who wait for a school; a secret stands in it only encrypted."""
    op.create_table(
        "canvas_arrivals",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("address", sa.String(255), nullable=False),
        sa.Column("kind", _enum("connection_kind", "token", "oauth", "feed")),
        sa.Column("secret", sa.Text()),
        sa.Column("consent_version", sa.String(32)),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("claimed_at", INSTANT),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        *_timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canvas_arrivals")),
        sa.UniqueConstraint("person_id", name=op.f("uq_canvas_arrivals_person_id")),
        _key("canvas_arrivals", "person_id", "people"),
    )


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


def _index(
    name: str,
    table: str,
    columns: list[str],
    condition: str | None = None,
    *,
    unique: bool = False,
    **more: object,
) -> None:
    where = sa.text(condition) if condition else None
    op.create_index(
        name, table, columns, unique=unique, postgresql_where=where, sqlite_where=where, **more
    )


def _timestamps() -> list[sa.Column[object]]:
    return [
        sa.Column(name, INSTANT, server_default=NOW, nullable=False)
        for name in ("created_at", "updated_at")
    ]


def downgrade() -> None:
    """Drop what was added; what pupils wrote down themselves is lost."""
    for table in (
        *("canvas_arrivals", "calendar_feeds", "deadline_choices"),
        *("followed_schools", "task_courses", "tasks"),
    ):
        op.drop_table(table)
    op.drop_column("canvas_hosts", "listed_as")
    for name, _, _ in reversed(OF_STUDENTS):
        op.drop_column("students", name)
