"""What the version before recorded of updates from Telegram."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, Timestamps
from src.models.types import Json


class ProcessedUpdate(Timestamps, Base):
    """An update that the version before handled: read for a day, and then gone.

    `ReceivedUpdate` has taken its place.
    """

    __tablename__ = "processed_updates"
    __table_args__ = (
        CheckConstraint("attempts >= 1", name="attempts"),
        CheckConstraint("status IN ('done', 'failing', 'failed')", name="update_status"),
    )

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(String(32), default="done")
    attempts: Mapped[int] = mapped_column(SmallInteger, default=1)
    replies: Mapped[list[Any]] = mapped_column(Json, default=list)
    error: Mapped[str | None] = mapped_column(String(100))
