"""A school in four layers: what Canvas gave, what it was, what people wrote, what is there.

`grade_history` and `assignment_scores` only grow: the database refuses everything else, but for
what stands in `erasures` and is not done yet.

Revision: 0015, after 0014, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
NOW = sa.text("CURRENT_TIMESTAMP")
NUMBER, TEXT, WHOLE, YES = sa.BigInteger(), sa.Text(), sa.Integer(), sa.Boolean()
SHORT, SCORE, ACTOR = sa.String(64), sa.Double(), sa.String(64)
KINDS = ("course", "student", "assignment", "enrollment")
OPEN = "decision IS NULL"

# What a row of each is, besides its id, its connection and when it was made and changed. A type
# alone is a column that may be empty.
GRADES = {"current_score": SCORE, "final_score": SCORE, "current_grade": TEXT, "final_grade": TEXT}
GRADES |= {"period_score": SCORE, "period_grade": TEXT}
TABLES: dict[str, dict[str, object]] = {
    "canvas_courses": {
        "canvas_id": (NUMBER,),
        "name": TEXT,
        "original_name": TEXT,
        "course_code": TEXT,
        "workflow_state": SHORT,
        "time_zone": SHORT,
        "start_at": INSTANT,
        "end_at": INSTANT,
        "is_restricted": (YES,),
        "weighs_groups": (YES,),
        "hides_final_grades": (YES,),
        "fetched_at": INSTANT,
    },
    "canvas_students": {
        "canvas_id": (NUMBER,),
        "name": TEXT,
        "sortable_name": TEXT,
        "short_name": TEXT,
    },
    "canvas_assignments": {
        "canvas_id": (NUMBER,),
        "canvas_course_id": (NUMBER,),
        "canvas_group_id": NUMBER,
        "name": TEXT,
        "description": TEXT,
        "due_at": INSTANT,
        "unlock_at": INSTANT,
        "lock_at": INSTANT,
        "dates": JSON,
        "points_possible": SCORE,
        "grading_type": SHORT,
        "submission_types": (JSON,),
        "workflow_state": SHORT,
        "is_published": (YES,),
        "omits_from_final_grade": (YES,),
        "only_for_overrides": (YES,),
        "allowed_attempts": WHOLE,
        "canvas_quiz_id": NUMBER,
        "position": WHOLE,
        "html_url": TEXT,
        "canvas_updated_at": INSTANT,
    },
    "canvas_enrollments": {
        "canvas_id": (NUMBER,),
        "canvas_course_id": (NUMBER,),
        "canvas_user_id": (NUMBER,),
        "canvas_section_id": NUMBER,
        "role": TEXT,
        "state": SHORT,
        "start_at": INSTANT,
        "end_at": INSTANT,
        "last_activity_at": INSTANT,
        **GRADES,
        "canvas_updated_at": INSTANT,
    },
    "canvas_assignment_groups": {
        "canvas_id": (NUMBER,),
        "canvas_course_id": (NUMBER,),
        "name": TEXT,
        "position": WHOLE,
        "weight": SCORE,
        "drop_lowest": (WHOLE,),
        "drop_highest": (WHOLE,),
        "never_drop": (JSON,),
    },
    "canvas_grading_periods": {
        "canvas_id": (NUMBER,),
        "canvas_course_id": (NUMBER,),
        "title": TEXT,
        "start_at": INSTANT,
        "end_at": INSTANT,
        "close_at": INSTANT,
        "weight": SCORE,
        "is_closed": (YES,),
    },
    "grade_history": {
        "canvas_course_id": (NUMBER,),
        "canvas_user_id": (NUMBER,),
        "number": (WHOLE,),
        "observed_at": (INSTANT,),
        "is_baseline": (YES,),
        **GRADES,
    },
    "assignment_scores": {
        "canvas_course_id": (NUMBER,),
        "canvas_assignment_id": (NUMBER,),
        "canvas_user_id": (NUMBER,),
        "number": (WHOLE,),
        "observed_at": (INSTANT,),
        "is_baseline": (YES,),
        "canvas_submission_id": NUMBER,
        "workflow_state": SHORT,
        "score": SCORE,
        "grade": TEXT,
        "points_deducted": SCORE,
        "is_excused": (YES,),
        "is_late": (YES,),
        "is_missing": (YES,),
        "late_policy_status": SHORT,
        "attempt": WHOLE,
        "submitted_at": INSTANT,
        "graded_at": INSTANT,
        "posted_at": INSTANT,
        "due_at": INSTANT,
    },
    "student_metadata": {
        "canvas_user_id": (NUMBER,),
        "notes": (TEXT,),
        "labels": (JSON,),
        "curriculum": SHORT,
        "goal": TEXT,
    },
    "assignment_metadata": {
        "canvas_assignment_id": (NUMBER,),
        "notes": (TEXT,),
        "tags": (JSON,),
    },
    "course_metadata": {
        "canvas_course_id": (NUMBER,),
        "notes": (TEXT,),
        "tags": (JSON,),
        "curriculum": SHORT,
    },
    "canvas_lifecycle": {
        "kind": "mirror_kind",
        "canvas_id": (NUMBER,),
        "canvas_course_id": NUMBER,
        "is_active": (YES,),
        "first_seen_at": (INSTANT,),
        "last_seen_at": (INSTANT,),
        "gone_at": INSTANT,
    },
    "deletion_requests": {
        "kind": "mirror_kind",
        "canvas_id": (NUMBER,),
        "asked_by": (ACTOR,),
        "asked_at": (INSTANT,),
        "decision": "deletion_decision",
        "decided_by": ACTOR,
        "decided_at": INSTANT,
    },
    "sync_runs": {
        "priority": "sync_priority",
        "begun_at": (INSTANT,),
        "ended_at": (INSTANT,),
        "succeeded": (YES,),
        "requests": (WHOLE,),
        "counts": (JSON,),
        "error": sa.String(100),
    },
}
UNIQUE = {
    "canvas_courses": ("canvas_id",),
    "canvas_students": ("canvas_id",),
    "canvas_assignments": ("canvas_id",),
    "canvas_enrollments": ("canvas_id",),
    "canvas_assignment_groups": ("canvas_id",),
    "canvas_grading_periods": ("canvas_course_id", "canvas_id"),
    "grade_history": ("canvas_course_id", "canvas_user_id", "number"),
    "assignment_scores": ("canvas_assignment_id", "canvas_user_id", "number"),
    "student_metadata": ("canvas_user_id",),
    "assignment_metadata": ("canvas_assignment_id",),
    "course_metadata": ("canvas_course_id",),
    "canvas_lifecycle": ("kind", "canvas_id"),
}
# Where the convention would make a name longer than PostgreSQL has room for.
NAMES = {
    "canvas_grading_periods": "uq_canvas_grading_periods_id",
    "grade_history": "uq_grade_history_number",
    "assignment_scores": "uq_assignment_scores_number",
}
CHOICES = {
    "mirror_kind": (KINDS, False),
    "sync_priority": (("onboarding", "asked", "refresh"), False),
    "deletion_decision": (("approved", "refused"), True),
}
# Each begins with the connection.
INDEXES = {
    "idx_canvas_assignments_course": ("canvas_assignments", "canvas_course_id", "due_at"),
    "idx_canvas_enrollments_course": ("canvas_enrollments", "canvas_course_id"),
    "idx_canvas_enrollments_student": ("canvas_enrollments", "canvas_user_id"),
    "idx_canvas_assignment_groups_course": ("canvas_assignment_groups", "canvas_course_id"),
    "idx_grade_history_student": ("grade_history", "canvas_user_id", "observed_at"),
    "idx_assignment_scores_student": ("assignment_scores", "canvas_user_id", "observed_at", "id"),
    "idx_assignment_scores_course": ("assignment_scores", "canvas_course_id", "observed_at", "id"),
    "idx_canvas_lifecycle_course": ("canvas_lifecycle", "canvas_course_id", "kind"),
    "idx_sync_runs_connection": ("sync_runs", "begun_at"),
}
# Whose erasure opens a row of the history, by the column that names it.
OPENED_BY = {
    "grade_history": {"course": "canvas_course_id", "student": "canvas_user_id"},
    "assignment_scores": {
        "course": "canvas_course_id",
        "student": "canvas_user_id",
        "assignment": "canvas_assignment_id",
    },
}


def upgrade() -> None:
    """Create the tables and what keeps the history whole."""
    create_erasures()
    for name, columns in TABLES.items():
        create_table(name, columns)
    for name, (table, *columns) in INDEXES.items():
        op.create_index(name, table, ["connection_id", *columns])
    op.create_index("idx_student_metadata_curriculum", "student_metadata", ["curriculum"])
    op.create_index("idx_course_metadata_curriculum", "course_metadata", ["curriculum"])
    op.create_index("idx_sync_runs_begun_at", "sync_runs", ["begun_at"])
    op.create_index(
        "idx_deletion_requests_open",
        "deletion_requests",
        ["connection_id", "kind", "canvas_id"],
        unique=True,
        postgresql_where=sa.text(OPEN),
        sqlite_where=sa.text(OPEN),
    )
    for table in OPENED_BY:
        keep_whole(table)


def downgrade() -> None:
    """Drop the tables, the history with them."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_table("erasures")
    if not on_sqlite():
        for table in OPENED_BY:
            op.execute(f"DROP FUNCTION refuse_{table}()")
            op.execute(f"DROP FUNCTION refuse_{table}_delete()")


def create_erasures() -> None:
    """It refers to no other table: it says what is gone."""
    op.create_table(
        "erasures",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("connection_id", NUMBER, nullable=False),
        sa.Column("kind", choice("mirror_kind")),
        sa.Column("canvas_id", NUMBER),
        sa.Column("is_lasting", YES, nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("done_at", INSTANT),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index("idx_erasures_connection", "erasures", ["connection_id", "kind", "canvas_id"])


def create_table(name: str, columns: dict[str, object]) -> None:
    unique = ("connection_id", *UNIQUE.get(name, ()))
    named = NAMES.get(name, f"uq_{name}_{'_'.join(unique)}")
    op.create_table(
        name,
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("connection_id", BIG_ID, nullable=False),
        *(column(key, value) for key, value in columns.items()),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["canvas_connections.id"],
            name=op.f(f"fk_{name}_connection_id_canvas_connections"),
            ondelete="CASCADE",
        ),
        *([sa.UniqueConstraint(*unique, name=op.f(named))] if name in UNIQUE else []),
    )


def column(name: str, value: object) -> sa.Column[object]:
    if isinstance(value, str):
        return sa.Column(name, choice(value), nullable=CHOICES[value][1])
    if isinstance(value, tuple):
        return sa.Column(name, value[0], nullable=False)
    return sa.Column(name, value)  # type: ignore[arg-type]  # a type


def keep_whole(table: str) -> None:
    """Refuse UPDATE, DELETE and what passes those two: REPLACE on SQLite, TRUNCATE elsewhere."""
    if on_sqlite():
        keep_whole_on_sqlite(table)
        return
    refusal = f"RAISE EXCEPTION '{table} only grows' USING ERRCODE = 'restrict_violation';"
    create_function(f"refuse_{table}", refusal)
    body = f"IF NOT EXISTS ({erasure_of(table)}) THEN {refusal} END IF; RETURN OLD;"
    create_function(f"refuse_{table}_delete", body)
    for event, each, function in (
        ("UPDATE", "ROW", f"refuse_{table}"),
        ("DELETE", "ROW", f"refuse_{table}_delete"),
        ("TRUNCATE", "STATEMENT", f"refuse_{table}"),
    ):
        name = f"keep_{table}_{'whole' if event == 'TRUNCATE' else event.lower()}"
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION {function}()"
        )


def keep_whole_on_sqlite(table: str) -> None:
    refusal = f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
    same = " AND ".join(f"{name} = NEW.{name}" for name in ("connection_id", *UNIQUE[table]))
    # REPLACE deletes without a trigger, but puts its own row in with one.
    taken = f"SELECT 1 FROM {table} WHERE id = NEW.id OR ({same})"  # noqa: S608 - our names
    for name, event, condition in (
        ("update", "UPDATE", ""),
        ("delete", "DELETE", f"WHEN NOT EXISTS ({erasure_of(table)}) "),
        ("whole", "INSERT", f"WHEN EXISTS ({taken}) "),
    ):
        op.execute(
            f"CREATE TRIGGER keep_{table}_{name} BEFORE {event} ON {table} "
            f"FOR EACH ROW {condition}{refusal}"
        )


def erasure_of(table: str) -> str:
    """Select the erasure that is under way and takes a row of the history along."""
    theirs = " OR ".join(
        f"(kind = '{kind}' AND canvas_id = OLD.{name})" for kind, name in OPENED_BY[table].items()
    )
    return (
        "SELECT 1 FROM erasures WHERE connection_id = OLD.connection_id "  # noqa: S608 - our names
        f"AND done_at IS NULL AND (kind IS NULL OR {theirs})"
    )


def create_function(name: str, body: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    )


def on_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"


def choice(name: str) -> sa.Enum:
    values = CHOICES[name][0]
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def timestamps() -> list[sa.Column[object]]:
    return [
        sa.Column(name, INSTANT, server_default=NOW, nullable=False)
        for name in ("created_at", "updated_at")
    ]
