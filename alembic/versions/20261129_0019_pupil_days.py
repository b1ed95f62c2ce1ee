"""What pupils did by day and topic, kept by triggers on responses and sessions.

Revision: 0019, after 0018, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
# What a response adds to each sum; {row} is NEW, OLD or the alias of a query.
SUMS = {
    "asked": "1",
    "first_right": "CASE WHEN {row}.is_correct AND {row}.attempts = 1 THEN 1 ELSE 0 END",
    "solved": "CASE WHEN {row}.is_correct THEN 1 ELSE 0 END",
    "hints": "{row}.hints_used",
    "seconds": "{row}.time_spent_seconds",
    "finished": "CASE WHEN {row}.closed_at IS NULL THEN 0 ELSE 1 END",
}
NAMES = ", ".join(SUMS)
PLACE = "FROM sessions s, problems p WHERE s.id = {row}.session_id AND p.id = {row}.problem_id"
MINE = (
    "pupil_days.student_id = gone.student_id AND pupil_days.local_day = gone.date "
    "AND pupil_days.topic = gone.topic "
    # With a pupil go their days, and PostgreSQL would check the reference of one that is changed.
    "AND EXISTS (SELECT 1 FROM students WHERE id = gone.student_id)"
)
EVENTS = {
    "insert": "INSERT",
    "update": "UPDATE OF is_correct, attempts, hints_used, time_spent_seconds, closed_at",
    "delete": "DELETE",
}


def upgrade() -> None:
    """Create the table with what there is, and the triggers that keep it."""
    create_pupil_days()
    op.execute(fill())
    if op.get_bind().dialect.name == "postgresql":
        on_postgresql()
    else:
        on_sqlite()


def downgrade() -> None:
    """Drop the triggers and the table."""
    on_server = op.get_bind().dialect.name == "postgresql"
    for name, table in [
        *((f"count_pupil_days_{event}", "responses") for event in EVENTS),
        ("count_pupil_days_session", "sessions"),
    ]:
        op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if on_server else ""))
    if on_server:
        op.execute("DROP FUNCTION count_pupil_days()")
        op.execute("DROP FUNCTION forget_pupil_days()")
    op.drop_table("pupil_days")


def create_pupil_days() -> None:
    now, none = sa.text("CURRENT_TIMESTAMP"), sa.text("0")
    op.create_table(
        "pupil_days",
        sa.Column("student_id", BIG_ID, nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(100), nullable=False),
        *(sa.Column(name, sa.Integer(), server_default=none, nullable=False) for name in SUMS),
        sa.Column("created_at", INSTANT, server_default=now, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("student_id", "local_day", "topic", name=op.f("pk_pupil_days")),
        sa.ForeignKeyConstraint(
            ["student_id"],
            ["students.id"],
            name=op.f("fk_pupil_days_student_id_students"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("idx_pupil_days_local_day", "pupil_days", ["local_day", "topic"])


def fill() -> str:
    """Return the statement that sums up all that there is."""
    sums = ", ".join(f"sum({each.format(row='r')})" for each in SUMS.values())
    return (
        f"INSERT INTO pupil_days (student_id, local_day, topic, {NAMES}) "  # noqa: S608 - constants
        f"SELECT s.student_id, s.date, p.topic, {sums} FROM responses r "
        "JOIN sessions s ON s.id = r.session_id JOIN problems p ON p.id = r.problem_id "
        "GROUP BY 1, 2, 3"
    )


def add(row: str, *, less: str | None = None) -> str:
    """Return the upsert that adds what a row counts for, less what another one did."""
    plus = [each.format(row=row) for each in SUMS.values()]
    if less is not None:
        minus = [each.format(row=less) for each in SUMS.values()]
        plus = [f"({new}) - ({old})" for new, old in zip(plus, minus, strict=True)]
    more = ", ".join(f"{name} = pupil_days.{name} + excluded.{name}" for name in SUMS)
    return (
        f"INSERT INTO pupil_days (student_id, local_day, topic, {NAMES}) "
        f"SELECT s.student_id, s.date, p.topic, {', '.join(plus)} {PLACE.format(row=row)} "
        f"ON CONFLICT (student_id, local_day, topic) DO UPDATE SET {more}, "
        "updated_at = CURRENT_TIMESTAMP;"
    )


def subtract(gone: str) -> str:
    """Return the UPDATE that takes away what rows counted for, while their pupil is there."""
    less = ", ".join(f"{name} = pupil_days.{name} - gone.{name}" for name in SUMS)
    return f"UPDATE pupil_days SET {less} FROM ({gone}) AS gone WHERE {MINE};"  # noqa: S608 - constants


def of_response() -> str:
    sums = ", ".join(f"{each.format(row='OLD')} AS {name}" for name, each in SUMS.items())
    return f"SELECT s.student_id, s.date, p.topic, {sums} {PLACE.format(row='OLD')}"


def of_session() -> str:
    sums = ", ".join(f"sum({each.format(row='r')}) AS {name}" for name, each in SUMS.items())
    return (
        f"SELECT OLD.student_id AS student_id, OLD.date AS date, p.topic AS topic, {sums} "  # noqa: S608 - constants
        "FROM responses r JOIN problems p ON p.id = r.problem_id "
        "WHERE r.session_id = OLD.id GROUP BY p.topic"
    )


def on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION count_pupil_days() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'INSERT' THEN {add('NEW')} "
        f"ELSIF TG_OP = 'UPDATE' THEN {add('NEW', less='OLD')} "
        f"ELSE {subtract(of_response())} END IF; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE FUNCTION forget_pupil_days() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{subtract(of_session())} RETURN OLD; END $$"
    )
    for event, when in EVENTS.items():
        op.execute(
            f"CREATE TRIGGER count_pupil_days_{event} AFTER {when} ON responses "
            "FOR EACH ROW EXECUTE FUNCTION count_pupil_days()"
        )
    op.execute(
        "CREATE TRIGGER count_pupil_days_session BEFORE DELETE ON sessions "
        "FOR EACH ROW EXECUTE FUNCTION forget_pupil_days()"
    )


def on_sqlite() -> None:
    bodies = {
        "insert": add("NEW"),
        "update": add("NEW", less="OLD"),
        "delete": subtract(of_response()),
    }
    for event, body in bodies.items():
        op.execute(
            f"CREATE TRIGGER count_pupil_days_{event} AFTER {EVENTS[event]} ON responses "
            f"BEGIN {body} END"
        )
    op.execute(
        "CREATE TRIGGER count_pupil_days_session BEFORE DELETE ON sessions "
        f"BEGIN {subtract(of_session())} END"
    )
