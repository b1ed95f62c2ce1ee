"""A link of somebody to one school at Canvas."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.enums import ConnectionKind
from src.models.sealed import Sealed, SealedText
from src.models.types import BigId, Json, only_where

if TYPE_CHECKING:
    from src.models.canvas_host import CanvasHost
    from src.models.person import Person


class CanvasConnection(Timestamps, Base):
    """Who reads a school, by what right, and when it was last done.

    The owner is a person, or an operator who gave it a label. The row outlives the secret: what was
    mirrored belongs to it, and connecting the same account again takes it up.
    """

    __tablename__ = "canvas_connections"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (label IS NULL)", name="one_owner"),
        # Of a feed nobody says whose it is: it is one for a person and host.
        Index(
            "idx_canvas_connections_account",
            *("person_id", "host_id", "canvas_user_id"),
            unique=True,
            **only_where("person_id IS NOT NULL AND canvas_user_id IS NOT NULL"),
        ),
        Index(
            "idx_canvas_connections_feed",
            *("person_id", "host_id"),
            unique=True,
            **only_where("person_id IS NOT NULL AND kind = 'feed'"),
        ),
        Index("idx_canvas_connections_host", "host_id"),
        Index(
            "idx_canvas_connections_due",
            "next_sync_at",
            **only_where("secret IS NOT NULL AND token_invalid_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    label: Mapped[str | None] = mapped_column(String(64), unique=True, doc="an operator's name")
    host_id: Mapped[int] = mapped_column(ForeignKey("canvas_hosts.id", ondelete="RESTRICT"))
    kind: Mapped[ConnectionKind]
    secret: Mapped[Sealed | None] = mapped_column(
        SealedText, doc="token or address of a feed, encrypted; null: disconnected"
    )
    refresh_secret: Mapped[Sealed | None] = mapped_column(
        SealedText, doc="of OAuth, encrypted: gets the next token"
    )
    canvas_user_id: Mapped[int | None] = mapped_column(
        BigInteger, doc="whose account; not of feeds"
    )
    time_zone: Mapped[str | None] = mapped_column(String(64), doc="IANA name, as Canvas says")
    token_expires_at: Mapped[datetime | None]
    token_invalid_at: Mapped[datetime | None] = mapped_column(
        doc="Canvas refused the token: nothing is asked until it is connected again"
    )
    last_sync_at: Mapped[datetime | None] = mapped_column(doc="the last one that was complete")
    next_sync_at: Mapped[datetime | None] = mapped_column(doc="null: never by itself")
    planner_seen: Mapped[dict[str, Any] | None] = mapped_column(
        Json, doc="what a pupil's planner said when it was last read; null: read all"
    )
    consent_version: Mapped[str | None] = mapped_column(String(32), doc="what was agreed to")
    consented_at: Mapped[datetime | None]
    disconnected_at: Mapped[datetime | None]

    person: Mapped["Person | None"] = relationship(back_populates="connections", lazy="raise")
    host: Mapped["CanvasHost"] = relationship(back_populates="connections", lazy="raise")

    @property
    def is_alive(self) -> bool:
        """Whether Canvas may be asked with it."""
        return self.secret is not None and self.token_invalid_at is None
