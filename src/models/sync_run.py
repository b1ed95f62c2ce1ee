"""One reading of a school."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, OfConnection, Timestamps
from src.models.enums import SyncPriority
from src.models.types import Json


class SyncRun(OfConnection, Timestamps, Base):
    """What a sync of a connection did; kept for a month."""

    __tablename__ = "sync_runs"
    __table_args__ = (Index("idx_sync_runs_connection", "connection_id", "begun_at"),)

    priority: Mapped[SyncPriority]
    begun_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime]
    succeeded: Mapped[bool]
    requests: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    error: Mapped[str | None] = mapped_column(String(100), doc="the class of the error")
