"""The ledger's estimates, its rollup by day, and the budgets' periods.

Triggers keep the rollup: by statement on PostgreSQL, where a loaded million rows are one upsert, by
row on SQLite, which has no others. On SQLite a later batch change of ``cost_records`` replaces the
table and drops them: it has to create them again.

Revision: 0003, after 0002, 2026-11-21
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MONEY = sa.Numeric(24, 10).with_variant(sa.BigInteger(), "sqlite")
INSTANT = sa.DateTime(timezone=True)

KEYS = ("day", "operation", "api_provider", "model")
COUNTS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
SUMS = ("calls", *COUNTS, "cost_usd")


def upgrade() -> None:
    """Add columns and tables, fill the rollup from the ledger, and keep it from now on."""
    with op.batch_alter_table("cost_records") as batch:
        batch.add_column(
            sa.Column("thinking_tokens", sa.Integer(), server_default=sa.text("0"), nullable=False)
        )
        batch.add_column(
            sa.Column("is_estimate", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch.create_check_constraint(
            op.f("ck_cost_records_thinking_tokens"), "thinking_tokens >= 0"
        )
    create_daily_costs()
    create_budget_periods()
    fill_rollup()
    create_rollup_triggers()


def downgrade() -> None:
    """Drop all of it; the ledger keeps its rows."""
    for event in ("insert", "update", "delete"):
        if op.get_context().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER roll_up_costs_{event}")
        else:
            op.execute(f"DROP TRIGGER roll_up_costs_{event} ON cost_records")
            op.execute(f"DROP FUNCTION roll_up_costs_{event}()")
    op.drop_table("budget_periods")
    op.drop_table("daily_costs")
    with op.batch_alter_table("cost_records") as batch:
        batch.drop_constraint(op.f("ck_cost_records_thinking_tokens"), type_="check")
        batch.drop_column("is_estimate")
        batch.drop_column("thinking_tokens")


def create_daily_costs() -> None:
    counts = (
        sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False)
        for name in ("calls", *COUNTS)
    )
    operations = ("hint_generation", "answer_explanation", "hint_warming", "other")
    op.create_table(
        "daily_costs",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("operation", choice("operation_type", *operations), nullable=False),
        sa.Column("api_provider", choice("api_provider", "claude", "compatible"), nullable=False),
        sa.Column("model", sa.String(100), nullable=False),
        *counts,
        sa.Column("cost_usd", MONEY, server_default=sa.text("0"), nullable=False),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name="pk_daily_costs"),
        sa.UniqueConstraint(*KEYS, name="uq_daily_costs_day_operation_api_provider_model"),
    )


def create_budget_periods() -> None:
    table = "budget_periods"
    op.create_table(
        table,
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("budget", choice("budget_kind", "day", "pupil_day", "month"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("student_id", BIG_ID),
        sa.Column("reservations", sa.BigInteger(), nullable=False),
        sa.Column("reached_percent", sa.SmallInteger(), nullable=False),
        sa.Column("told_percent", sa.SmallInteger(), nullable=False),
        sa.Column("telling_at", INSTANT),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name="pk_budget_periods"),
        sa.ForeignKeyConstraint(
            ["student_id"],
            ["students.id"],
            name=op.f("fk_budget_periods_student_id_students"),
            ondelete="CASCADE",
        ),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_budget_periods_{name}"))
            for name, condition in (
                ("reached_percent", "reached_percent IN (0, 80, 100)"),
                ("told_percent", "told_percent IN (0, 80, 100)"),
                ("whose", "(budget = 'pupil_day') = (student_id IS NOT NULL)"),
            )
        ),
    )
    partial_index("everyone", ["budget", "starts_on"], "student_id IS NULL", unique=True)
    partial_index("pupil", ["student_id", "starts_on"], "student_id IS NOT NULL", unique=True)
    partial_index("untold", ["id"], "told_percent < reached_percent", unique=False)


def partial_index(name: str, columns: list[str], condition: str, *, unique: bool) -> None:
    where = sa.text(condition)
    op.create_index(
        f"idx_budget_periods_{name}",
        "budget_periods",
        columns,
        unique=unique,
        postgresql_where=where,
        sqlite_where=where,
    )


def fill_rollup() -> None:
    values = ", ".join(["count(*)", *(f"sum({name})" for name in (*COUNTS, "cost_usd"))])
    op.execute(
        f"INSERT INTO daily_costs ({', '.join((*KEYS, *SUMS))}) "  # noqa: S608 - constants
        f"SELECT {day_of('recorded_at')}, operation, api_provider, coalesce(model, ''), {values} "
        "FROM cost_records WHERE status = 'settled' GROUP BY 1, 2, 3, 4"
    )


def day_of(column: str) -> str:
    on_sqlite = op.get_context().dialect.name == "sqlite"
    return f"date({column})" if on_sqlite else f"({column} AT TIME ZONE 'UTC')::date"


def create_rollup_triggers() -> None:
    if op.get_context().dialect.name == "sqlite":
        create_row_triggers()
    else:
        create_statement_triggers()


def add_up() -> str:
    sums = ", ".join(f"{name} = daily_costs.{name} + excluded.{name}" for name in SUMS)
    return f"ON CONFLICT ({', '.join(KEYS)}) DO UPDATE SET {sums}, updated_at = CURRENT_TIMESTAMP"


def create_row_triggers() -> None:
    """Take the old row away and add the new one, each where it is settled."""
    sides = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}
    for event, rows in sides.items():
        body = " ".join(upsert_row(row, "-" if row == "OLD" else "") for row in rows)
        op.execute(
            f"CREATE TRIGGER roll_up_costs_{event} AFTER {event.upper()} ON cost_records "
            f"BEGIN {body} END"
        )


def upsert_row(row: str, sign: str) -> str:
    values = ", ".join([f"{sign}1", *(f"{sign}{row}.{name}" for name in (*COUNTS, "cost_usd"))])
    return (
        f"INSERT INTO daily_costs ({', '.join((*KEYS, *SUMS))}) "
        f"SELECT date({row}.recorded_at), {row}.operation, {row}.api_provider, "
        f"coalesce({row}.model, ''), {values} WHERE {row}.status = 'settled' {add_up()};"
    )


def create_statement_triggers() -> None:
    """Add up all rows of a statement first; in the order of the key, so that none deadlock."""
    old, new = "SELECT -1 AS sign, * FROM old_rows", "SELECT 1 AS sign, * FROM new_rows"
    events = {
        "insert": (new, "NEW TABLE AS new_rows"),
        "update": (f"{old} UNION ALL {new}", "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
        "delete": (old, "OLD TABLE AS old_rows"),
    }
    sums = ", ".join(
        ["sum(sign)", *(f"coalesce(sum(sign * {n}), 0)" for n in (*COUNTS, "cost_usd"))]
    )
    changed = " OR ".join(f"sum(sign * {name}) <> 0" for name in (*COUNTS, "cost_usd"))
    for event, (rows, tables) in events.items():
        op.execute(
            f"CREATE FUNCTION roll_up_costs_{event}() RETURNS trigger "  # noqa: S608 - constants
            "LANGUAGE plpgsql AS $$ BEGIN "
            f"INSERT INTO daily_costs ({', '.join((*KEYS, *SUMS))}) "
            f"SELECT {day_of('recorded_at')}, operation, api_provider, coalesce(model, ''), {sums} "
            f"FROM ({rows}) AS rows WHERE status = 'settled' GROUP BY 1, 2, 3, 4 "
            f"HAVING sum(sign) <> 0 OR {changed} ORDER BY 1, 2, 3, 4 {add_up()}; "
            "RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER roll_up_costs_{event} AFTER {event.upper()} ON cost_records "
            f"REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION roll_up_costs_{event}()"
        )


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def timestamps() -> list[sa.Column[object]]:
    now = sa.text("CURRENT_TIMESTAMP")
    return [
        sa.Column(name, INSTANT, server_default=now, nullable=False)
        for name in ("created_at", "updated_at")
    ]
