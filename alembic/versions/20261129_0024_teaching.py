"""Teachers, their classes, who is in them, and the way in to the pages.

Revision: 0024, after 0023, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
TABLES = (
    *("teachers", "classes", "class_teachers", "class_members", "member_notes", "wrong_codes"),
    *("login_links", "web_sessions"),
)


def upgrade() -> None:
    """Create the tables."""
    create_teachers()
    create_classes()
    create_members()
    create_ways_in()


def create_teachers() -> None:
    op.create_table(
        "teachers",
        _id(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("school", sa.String(100), nullable=False),
        sa.Column("invite_hash", sa.String(64)),
        sa.Column("invite_expires_at", INSTANT),
        sa.Column("person_id", BIG_ID),
        sa.Column("accepted_at", INSTANT),
        sa.Column("removed_at", INSTANT),
        *_timestamps(),
        _key("teachers", "person_id", "people"),
        sa.UniqueConstraint("invite_hash", name=op.f("uq_teachers_invite_hash")),
        sa.UniqueConstraint("person_id", name=op.f("uq_teachers_person_id")),
        sa.CheckConstraint(
            "(person_id IS NULL) = (accepted_at IS NULL)", name=op.f("ck_teachers_accepted")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teachers")),
    )


def create_classes() -> None:
    op.create_table(
        "classes",
        _id(),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("school", sa.String(100), nullable=False),
        sa.Column("grade", sa.SmallInteger(), nullable=False),
        sa.Column("code", sa.String(6)),
        sa.Column("code_expires_at", INSTANT),
        sa.Column("topic", sa.String(100)),
        sa.Column("topic_until", sa.Date()),
        sa.Column("closed_at", INSTANT),
        *_timestamps(),
        sa.UniqueConstraint("code", name=op.f("uq_classes_code")),
        sa.CheckConstraint("grade BETWEEN 6 AND 8", name=op.f("ck_classes_grade")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classes")),
    )
    op.create_table(
        "class_teachers",
        _id(),
        sa.Column("class_id", BIG_ID, nullable=False),
        sa.Column("teacher_id", BIG_ID, nullable=False),
        *_timestamps(),
        _key("class_teachers", "class_id", "classes"),
        _key("class_teachers", "teacher_id", "teachers"),
        sa.UniqueConstraint(
            "teacher_id", "class_id", name=op.f("uq_class_teachers_teacher_id_class_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_teachers")),
    )
    op.create_index("idx_class_teachers_class", "class_teachers", ["class_id"])


def create_members() -> None:
    op.create_table(
        "class_members",
        _id(),
        sa.Column("class_id", BIG_ID, nullable=False),
        sa.Column("student_id", BIG_ID, nullable=False),
        sa.Column("joined_at", INSTANT, nullable=False),
        sa.Column("consent_version", sa.String(32), nullable=False),
        sa.Column("sees_before", sa.Boolean(), nullable=False),
        sa.Column("label", sa.String(60), server_default=sa.text("''"), nullable=False),
        sa.Column("left_at", INSTANT),
        *_timestamps(),
        _key("class_members", "class_id", "classes"),
        _key("class_members", "student_id", "students"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_members")),
    )
    here = sa.text("left_at IS NULL")
    op.create_index(
        "idx_class_members_class_student",
        "class_members",
        ["class_id", "student_id"],
        unique=True,
        postgresql_where=here,
        sqlite_where=here,
    )
    op.create_index("idx_class_members_class", "class_members", ["class_id"])
    op.create_index("idx_class_members_student", "class_members", ["student_id"])
    op.create_table(
        "member_notes",
        _id(),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("teacher_id", BIG_ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *_timestamps(),
        _key("member_notes", "member_id", "class_members"),
        _key("member_notes", "teacher_id", "teachers"),
        sa.CheckConstraint("length(text) <= 1000", name=op.f("ck_member_notes_text_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_notes")),
    )
    op.create_index("idx_member_notes_member", "member_notes", ["member_id"])
    op.create_index("idx_member_notes_teacher", "member_notes", ["teacher_id"])


def create_ways_in() -> None:
    op.create_table(
        "wrong_codes",
        _id(),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        *_timestamps(),
        _key("wrong_codes", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_codes")),
    )
    op.create_index("idx_wrong_codes_person", "wrong_codes", ["person_id", "at"])
    op.create_table(
        "login_links",
        _id(),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        *_timestamps(),
        _key("login_links", "person_id", "people"),
        sa.UniqueConstraint("hash", name=op.f("uq_login_links_hash")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_links")),
    )
    op.create_index("idx_login_links_person", "login_links", ["person_id"])
    language = sa.Enum(
        *("en", "bn"), name="language", native_enum=False, create_constraint=True, length=32
    )
    op.create_table(
        "web_sessions",
        _id(),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("language", language, nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        *_timestamps(),
        _key("web_sessions", "person_id", "people"),
        sa.UniqueConstraint("hash", name=op.f("uq_web_sessions_hash")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_sessions")),
    )
    op.create_index("idx_web_sessions_person", "web_sessions", ["person_id"])


def _id() -> sa.Column[int]:
    return sa.Column("id", BIG_ID, nullable=False)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


def _timestamps() -> list[sa.Column[object]]:
    now = sa.text("CURRENT_TIMESTAMP")
    return [
        sa.Column(name, INSTANT, server_default=now, nullable=False)
        for name in ("created_at", "updated_at")
    ]


def downgrade() -> None:
    """Drop the tables."""
    for table in reversed(TABLES):
        op.drop_table(table)
