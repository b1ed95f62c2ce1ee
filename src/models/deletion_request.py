"""That somebody asked to delete something of a school for good."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, OfConnection, Timestamps
from src.models.enums import DeletionDecision, MirrorKind


class DeletionRequest(OfConnection, Timestamps, Base):
    """What is to be deleted, who asked, and what a person decided; no sync writes here."""

    __tablename__ = "deletion_requests"
    __table_args__ = (
        Index(
            "idx_deletion_requests_open",
            "connection_id",
            "kind",
            "canvas_id",
            unique=True,
            postgresql_where=text("decision IS NULL"),
            sqlite_where=text("decision IS NULL"),
        ),
    )

    kind: Mapped[MirrorKind]
    canvas_id: Mapped[int] = mapped_column(BigInteger)
    asked_by: Mapped[str] = mapped_column(String(64), doc="as an actor in audit_events")
    asked_at: Mapped[datetime]
    decision: Mapped[DeletionDecision | None]
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None]
