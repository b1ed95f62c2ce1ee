"""People: who writes to us, apart from who practises.

What belongs to a chat (language, dialog, blocked) moves from `students` to `people`. The version
before goes on writing it where it was: triggers carry it over, both ways, until it is gone.

Revision: 0007, after 0006, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
SHARED = ("language", "dialog", "blocked_at")
STUDENT_TRIGGERS = ("students_to_people_insert", "students_to_people_update")
STUDENT_TRIGGERS += ("students_to_people_delete",)
COPY = (
    "INSERT INTO people (telegram_id, language, dialog, blocked_at, current_student_id, "
    "created_at, updated_at) "
)
COPY_ALL = (
    "SELECT telegram_id, language, dialog, blocked_at, id, created_at, updated_at FROM students"
)
MAKE = (
    f"{COPY} VALUES (NEW.telegram_id, NEW.language, NEW.dialog, NEW.blocked_at, NEW.id, "
    "NEW.created_at, NEW.updated_at) "
    "ON CONFLICT (telegram_id) DO UPDATE SET current_student_id = excluded.current_student_id;"
)
JOIN = (
    "UPDATE students SET person_id = (SELECT id FROM people "
    "WHERE telegram_id = NEW.telegram_id) WHERE id = NEW.id;"
)
LEAVE = (
    "DELETE FROM people WHERE id = OLD.person_id AND NOT EXISTS "
    "(SELECT 1 FROM students WHERE person_id = OLD.person_id);"
)


def upgrade() -> None:
    """Make a person of each student, and carry over what the version before writes."""
    create_people()
    change_students()
    op.execute(COPY + COPY_ALL)
    op.execute(
        "UPDATE students SET person_id = "
        "(SELECT id FROM people WHERE people.telegram_id = students.telegram_id)"
    )
    create_triggers()


def downgrade() -> None:
    """Drop people; what they chose stands in `students` as well."""
    drop_triggers()
    with op.batch_alter_table("students") as batch:
        batch.drop_constraint(op.f("uq_students_person_id_position"), type_="unique")
        batch.drop_constraint(op.f("fk_students_person_id_people"), type_="foreignkey")
        batch.drop_column("position")
        batch.drop_column("person_id")
        batch.alter_column("telegram_id", existing_type=sa.BigInteger(), nullable=False)
    op.drop_table("people")


def create_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("language", language(), nullable=False),
        sa.Column("dialog", sa.String(32)),
        sa.Column("current_student_id", BIG_ID),
        sa.Column("blocked_at", INSTANT),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_people_telegram_id")),
        sa.ForeignKeyConstraint(
            ["current_student_id"],
            ["students.id"],
            name=op.f("fk_people_current_student_id_students"),
            ondelete="SET NULL",
        ),
    )
    op.create_index("idx_people_current_student", "people", ["current_student_id"])


def change_students() -> None:
    with op.batch_alter_table("students") as batch:
        batch.add_column(sa.Column("person_id", BIG_ID))
        batch.add_column(
            sa.Column("position", sa.SmallInteger(), server_default=sa.text("1"), nullable=False)
        )
        batch.alter_column("telegram_id", existing_type=sa.BigInteger(), nullable=True)
        batch.create_foreign_key(
            op.f("fk_students_person_id_people"),
            "people",
            ["person_id"],
            ["id"],
            ondelete="CASCADE",
        )
        batch.create_unique_constraint(
            op.f("uq_students_person_id_position"), ["person_id", "position"]
        )


def create_triggers() -> None:
    new_person = "NEW.person_id IS NULL AND NEW.telegram_id IS NOT NULL"
    columns = ", ".join(SHARED)
    insert, update, delete = STUDENT_TRIGGERS
    trigger(insert, "INSERT", "students", MAKE + JOIN, new_person)
    trigger(update, f"UPDATE OF {columns}", "students", carry("people", "id = NEW.person_id"))
    trigger(delete, "DELETE", "students", LEAVE)
    back = carry("students", "person_id = NEW.id")
    trigger("people_to_students_update", f"UPDATE OF {columns}", "people", back)


def carry(table: str, whose: str) -> str:
    """Write the columns of a row to the other table, where they differ: so two triggers end."""
    values = ", ".join(f"{name} = NEW.{name}" for name in SHARED)
    unlike = "IS NOT" if on_sqlite() else "IS DISTINCT FROM"
    differs = " OR ".join(f"{name} {unlike} NEW.{name}" for name in SHARED)
    return f"UPDATE {table} SET {values} WHERE {whose} AND ({differs});"  # noqa: S608 - our names


def trigger(name: str, event: str, table: str, body: str, when: str | None = None) -> None:
    condition = f"WHEN ({when}) " if when else ""
    head = f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {condition}"
    if on_sqlite():
        op.execute(f"{head} BEGIN {body} END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} RETURN NULL; END $$"
    )
    op.execute(f"{head} EXECUTE FUNCTION {name}()")


def drop_triggers() -> None:
    tables = dict.fromkeys(STUDENT_TRIGGERS, "students") | {"people_to_students_update": "people"}
    for name, table in tables.items():
        op.execute(f"DROP TRIGGER {name}" + ("" if on_sqlite() else f" ON {table}"))
        if not on_sqlite():
            op.execute(f"DROP FUNCTION {name}")


def on_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"


def language() -> sa.Enum:
    return sa.Enum(
        "en", "bn", name="language", native_enum=False, create_constraint=True, length=32
    )


def timestamps() -> list[sa.Column[object]]:
    now = sa.text("CURRENT_TIMESTAMP")
    return [
        sa.Column(name, INSTANT, server_default=now, nullable=False)
        for name in ("created_at", "updated_at")
    ]
