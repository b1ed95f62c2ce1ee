"""Who is connected with which school at Canvas.

Revision: 0014, after 0013, 2026-11-29
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | None = None
depends_on: str | None = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
NOW = sa.text("CURRENT_TIMESTAMP")


def upgrade() -> None:
    """Create the tables; a secret stands in them only encrypted."""
    op.create_table(
        "canvas_hosts",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("url", sa.String(255), nullable=False),
        sa.Column("client_id", sa.String(255)),
        sa.Column("client_secret", sa.Text()),
        sa.Column("paused_until", INSTANT),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canvas_hosts")),
        sa.UniqueConstraint("url", name=op.f("uq_canvas_hosts_url")),
    )
    op.create_table("canvas_connections", *_columns(), *_constraints())
    for name, columns, is_unique, condition in _INDEXES:
        where = sa.text(condition) if condition else None
        op.create_index(
            name,
            "canvas_connections",
            columns,
            unique=is_unique,
            postgresql_where=where,
            sqlite_where=where,
        )


_INDEXES = (
    (
        "idx_canvas_connections_account",
        ["person_id", "host_id", "canvas_user_id"],
        True,
        "person_id IS NOT NULL AND canvas_user_id IS NOT NULL",
    ),
    (
        "idx_canvas_connections_feed",
        ["person_id", "host_id"],
        True,
        "person_id IS NOT NULL AND kind = 'feed'",
    ),
    ("idx_canvas_connections_host", ["host_id"], False, None),
    (
        "idx_canvas_connections_due",
        ["next_sync_at"],
        False,
        "secret IS NOT NULL AND token_invalid_at IS NULL",
    ),
)


def _columns() -> list[sa.Column[object]]:
    kind = sa.Enum(
        *("token", "oauth", "feed"),
        name="connection_kind",
        native_enum=False,
        create_constraint=True,
        length=32,
    )
    instants = ("token_expires_at", "token_invalid_at", "last_sync_at", "next_sync_at")
    return [
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID),
        sa.Column("label", sa.String(64)),
        sa.Column("host_id", BIG_ID, nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("secret", sa.Text()),
        sa.Column("refresh_secret", sa.Text()),
        sa.Column("canvas_user_id", sa.BigInteger()),
        sa.Column("time_zone", sa.String(64)),
        *(sa.Column(name, INSTANT) for name in instants),
        sa.Column("consent_version", sa.String(32)),
        sa.Column("consented_at", INSTANT),
        sa.Column("disconnected_at", INSTANT),
        sa.Column("created_at", INSTANT, server_default=NOW, nullable=False),
        sa.Column("updated_at", INSTANT, server_default=NOW, nullable=False),
    ]


def _constraints() -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canvas_connections")),
        sa.UniqueConstraint("label", name=op.f("uq_canvas_connections_label")),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (label IS NULL)", name=op.f("ck_canvas_connections_one_owner")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_canvas_connections_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["host_id"],
            ["canvas_hosts.id"],
            name=op.f("fk_canvas_connections_host_id_canvas_hosts"),
            ondelete="RESTRICT",
        ),
    ]


def downgrade() -> None:
    """Drop the tables with what they hold: every token is forgotten."""
    op.drop_table("canvas_connections")
    op.drop_table("canvas_hosts")
