"""The first tables.

Revision: 0001, after nothing, 2026-11-21
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create everything, parents first."""
    create_students()
    create_problems()
    create_processed_updates()
    create_sessions()
    create_responses()
    create_streaks()
    create_notifications()
    create_cost_records()


def downgrade() -> None:
    """Drop everything, children first; the indexes go with their tables."""
    for table in (
        "cost_records",
        "notifications",
        "streaks",
        "responses",
        "sessions",
        "processed_updates",
        "problems",
        "students",
    ):
        op.drop_table(table)


def create_students() -> None:
    op.create_table(
        "students",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(100)),
        sa.Column("grade", sa.SmallInteger()),
        sa.Column("language", choice("language", "en", "bn"), nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("nudge_time", sa.Time(), nullable=False),
        sa.Column("nudges_enabled", sa.Boolean(), nullable=False),
        sa.Column("next_nudge_at", INSTANT),
        sa.Column("dialog", sa.String(32)),
        sa.Column("start_payload", sa.String(64)),
        sa.Column("registered_at", INSTANT),
        sa.Column("consented_at", INSTANT),
        sa.Column("consent_version", sa.String(32)),
        sa.Column("model_hints_consented_at", INSTANT),
        sa.Column("model_hints_consent_version", sa.String(32)),
        sa.Column("last_active_at", INSTANT),
        sa.Column("blocked_at", INSTANT),
        sa.Column("deleted_at", INSTANT),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name="pk_students"),
        check("students", "grade", "grade BETWEEN 6 AND 8"),
        check("students", "name_length", "length(name) <= 100"),
    )
    op.create_index("idx_students_telegram_id", "students", ["telegram_id"], unique=True)
    create_partial_index("students", "next_nudge_at", "next_nudge_at", "next_nudge_at IS NOT NULL")


def create_problems() -> None:
    op.create_table(
        "problems",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("external_id", sa.String(64), nullable=False),
        sa.Column("content_version", sa.Integer(), nullable=False),
        sa.Column("status", choice("problem_status", "draft", "active", "retired"), nullable=False),
        sa.Column("variant_of", sa.String(64)),
        sa.Column("grade", sa.SmallInteger(), nullable=False),
        sa.Column("topic", sa.String(100), nullable=False),
        sa.Column("subtopic", sa.String(100), nullable=False),
        sa.Column("textbook_ref", sa.String(100), nullable=False),
        sa.Column("question_en", sa.Text(), nullable=False),
        sa.Column("question_bn", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answer_type", sa.String(16), nullable=False),
        sa.Column("answer_options", JSON, nullable=False),
        sa.Column("choices", JSON),
        sa.Column("hints", JSON, nullable=False),
        sa.Column("solution_en", sa.Text(), nullable=False),
        sa.Column("solution_bn", sa.Text(), nullable=False),
        sa.Column("misconceptions", JSON, nullable=False),
        sa.Column("difficulty", sa.SmallInteger(), nullable=False),
        sa.Column("estimated_time_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("license", sa.String(64), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("reviewer", sa.String(100), nullable=False),
        sa.Column("retired_at", INSTANT),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name="pk_problems"),
        sa.UniqueConstraint("external_id", name="uq_problems_external_id"),
        check("problems", "grade", "grade BETWEEN 6 AND 8"),
        check("problems", "difficulty", "difficulty BETWEEN 1 AND 3"),
        check("problems", "content_version", "content_version >= 1"),
        check("problems", "estimated_time_minutes", "estimated_time_minutes BETWEEN 1 AND 60"),
        check(
            "problems",
            "answer_type",
            "answer_type IN ('number', 'percent', 'money', 'quantity', 'ratio', 'expression', "
            "'inequality', 'tuple', 'set', 'list', 'boolean', 'choice', 'text')",
        ),
        check("problems", "three_hints", f"{json_length()}(hints) = 3"),
    )
    op.create_index("idx_problems_grade_topic", "problems", ["grade", "topic"])
    op.create_index("idx_problems_difficulty", "problems", ["difficulty"])


def create_processed_updates() -> None:
    op.create_table(
        "processed_updates",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("status", choice("update_status", "done", "failing", "failed"), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("replies", JSON, nullable=False),
        sa.Column("error", sa.String(100)),
        *timestamps(),
        sa.PrimaryKeyConstraint("update_id", name="pk_processed_updates"),
        check("processed_updates", "attempts", "attempts >= 1"),
    )


def create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("student_id", BIG_ID, nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column(
            "status", choice("session_status", "active", "completed", "expired"), nullable=False
        ),
        sa.Column("problem_ids", JSON, nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("current_index", sa.SmallInteger(), nullable=False),
        sa.Column("problems_correct", sa.SmallInteger(), nullable=False),
        sa.Column("total_time_seconds", sa.Integer(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("shown_at", INSTANT, nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("completed_at", INSTANT),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        refer("sessions", "student_id", "students", "CASCADE"),
        check("sessions", "five_problems", f"{json_length()}(problem_ids) = 5"),
        check("sessions", "problems_correct", "problems_correct BETWEEN 0 AND 5"),
        check("sessions", "current_index", "current_index BETWEEN 0 AND 5"),
        check("sessions", "total_time_seconds", "total_time_seconds >= 0"),
    )
    create_partial_index("sessions", "one_active", "student_id", "status = 'active'", unique=True)
    op.create_index("idx_sessions_student_created", "sessions", ["student_id", "created_at"])
    create_partial_index("sessions", "active_expires", "expires_at", "status = 'active'")


def create_responses() -> None:
    op.create_table(
        "responses",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("session_id", BIG_ID, nullable=False),
        sa.Column("problem_id", BIG_ID, nullable=False),
        sa.Column("student_answer", sa.String(500)),
        sa.Column("is_correct", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("last_verdict", sa.String(16)),
        sa.Column("misconception", sa.String(100)),
        sa.Column("time_spent_seconds", sa.Integer(), nullable=False),
        sa.Column("hints_used", sa.SmallInteger(), nullable=False),
        sa.Column("hints_viewed", JSON, nullable=False),
        sa.Column("asked_confidence", sa.Boolean(), nullable=False),
        sa.Column("confidence_level", choice("confidence_level", "low", "medium", "high")),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("disputed", sa.Boolean(), nullable=False),
        sa.Column("disputed_answer", sa.String(500)),
        sa.Column("disputed_at", INSTANT),
        sa.Column("shown_at", INSTANT),
        sa.Column("closed_at", INSTANT),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name="pk_responses"),
        sa.UniqueConstraint("session_id", "problem_id", name="uq_responses_session_id_problem_id"),
        refer("responses", "session_id", "sessions", "CASCADE"),
        refer("responses", "problem_id", "problems", "RESTRICT"),
        check("responses", "attempts", "attempts >= 0"),
        check("responses", "hints_used", "hints_used >= 0"),
        check("responses", "time_spent_seconds", "time_spent_seconds >= 0"),
        check("responses", "student_answer_length", "length(student_answer) <= 500"),
        check(
            "responses",
            "last_verdict",
            "last_verdict IN ('correct', 'wrong', 'wrong_form', 'unreadable')",
        ),
    )
    op.create_index("idx_responses_session", "responses", ["session_id"])
    op.create_index("idx_responses_problem", "responses", ["problem_id"])
    create_partial_index("responses", "disputed", "disputed_at", "disputed_at IS NOT NULL")


def create_streaks() -> None:
    op.create_table(
        "streaks",
        sa.Column("student_id", BIG_ID, nullable=False),
        sa.Column("current_streak", sa.Integer(), nullable=False),
        sa.Column("longest_streak", sa.Integer(), nullable=False),
        sa.Column("last_practice_date", sa.Date()),
        sa.Column("last_timezone", sa.String(64)),
        sa.Column("last_counted_at", INSTANT),
        sa.Column("last_completed_at", INSTANT),
        sa.Column("milestones_achieved", JSON, nullable=False),
        sa.Column("freezes", sa.SmallInteger(), nullable=False),
        *timestamps(),
        sa.PrimaryKeyConstraint("student_id", name="pk_streaks"),
        refer("streaks", "student_id", "students", "CASCADE"),
        check("streaks", "current_streak", "current_streak >= 0"),
        check("streaks", "longest_streak", "longest_streak >= 0"),
        check("streaks", "freezes", "freezes BETWEEN 0 AND 2"),
    )
    op.create_index("idx_streaks_current", "streaks", ["current_streak"])


def create_notifications() -> None:
    outcomes = (
        "sent",
        "failed",
        "blocked",
        "ambiguous",
        "skipped_capacity",
        "skipped_late",
        "skipped_practised",
        "skipped_unwanted",
    )
    op.create_table(
        "notifications",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("student_id", BIG_ID, nullable=False),
        sa.Column("kind", choice("notification_kind", "nudge"), nullable=False),
        sa.Column("variant", sa.String(32)),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("claimed_at", INSTANT),
        sa.Column("sent_at", INSTANT),
        sa.Column("outcome", choice("notification_outcome", *outcomes)),
        sa.Column("error", sa.String(100)),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
        sa.UniqueConstraint(
            "student_id",
            "kind",
            "local_date",
            name="uq_notifications_student_id_kind_local_date",
        ),
        refer("notifications", "student_id", "students", "CASCADE"),
    )
    create_partial_index("notifications", "due", "due_at", "outcome IS NULL")


def create_cost_records() -> None:
    operations = ("hint_generation", "answer_explanation", "hint_warming", "other")
    op.create_table(
        "cost_records",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("student_id", BIG_ID),
        sa.Column("session_id", BIG_ID),
        sa.Column("problem_id", BIG_ID),
        sa.Column("grade", sa.SmallInteger()),
        sa.Column("operation", choice("operation_type", *operations), nullable=False),
        sa.Column("api_provider", choice("api_provider", "claude", "compatible"), nullable=False),
        sa.Column("model", sa.String(100)),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("cache_read_tokens", sa.Integer(), nullable=False),
        sa.Column("cache_write_tokens", sa.Integer(), nullable=False),
        # SQLite has no decimals: whole units of 1e-10 dollars there.
        sa.Column(
            "cost_usd", sa.Numeric(16, 10).with_variant(sa.BigInteger(), "sqlite"), nullable=False
        ),
        sa.Column("prices", JSON),
        sa.Column(
            "status", choice("cost_status", "reserved", "settled", "released"), nullable=False
        ),
        sa.Column("request_id", sa.String(100)),
        sa.Column("latency_ms", sa.Integer()),
        sa.Column("recorded_at", INSTANT, nullable=False),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name="pk_cost_records"),
        refer("cost_records", "student_id", "students", "SET NULL"),
        refer("cost_records", "session_id", "sessions", "SET NULL"),
        refer("cost_records", "problem_id", "problems", "SET NULL"),
        check("cost_records", "grade", "grade BETWEEN 6 AND 8"),
        *(
            check("cost_records", column, f"{column} >= 0")
            for column in (
                "input_tokens",
                "output_tokens",
                "cache_read_tokens",
                "cache_write_tokens",
                "cost_usd",
                "latency_ms",
            )
        ),
    )
    op.create_index("idx_cost_records_recorded", "cost_records", ["recorded_at"])
    op.create_index(
        "idx_cost_records_student_recorded", "cost_records", ["student_id", "recorded_at"]
    )
    op.create_index("idx_cost_records_session", "cost_records", ["session_id"])
    create_partial_index("cost_records", "reserved", "recorded_at", "status = 'reserved'")


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def refer(table: str, column: str, parent: str, on_delete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{parent}")
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete=on_delete)


def timestamps() -> list[sa.Column[object]]:
    now = sa.text("CURRENT_TIMESTAMP")
    return [
        sa.Column(name, INSTANT, server_default=now, nullable=False)
        for name in ("created_at", "updated_at")
    ]


def json_length() -> str:
    on_sqlite = op.get_context().dialect.name == "sqlite"
    return "json_array_length" if on_sqlite else "jsonb_array_length"


def create_partial_index(
    table: str, name: str, column: str, condition: str, *, unique: bool = False
) -> None:
    where = sa.text(condition)
    op.create_index(
        f"idx_{table}_{name}",
        table,
        [column],
        unique=unique,
        postgresql_where=where,
        sqlite_where=where,
    )
