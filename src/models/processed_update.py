"""What was received from Telegram."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, Timestamps
from src.models.enums import UpdateStatus
from src.models.types import Json


class ProcessedUpdate(Timestamps, Base):
    """An update that was handled, recorded in the transaction of its effects.

    One that failed is recorded in a transaction of its own, with the class of the error only.
    """

    __tablename__ = "processed_updates"
    __table_args__ = (CheckConstraint("attempts >= 1", name="attempts"),)

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    status: Mapped[UpdateStatus] = mapped_column(default=UpdateStatus.DONE)
    attempts: Mapped[int] = mapped_column(
        SmallInteger, default=1, doc="set aside after three failures"
    )
    # What the pupil was told: sent again when the update comes again.
    replies: Mapped[list[Any]] = mapped_column(Json, default=list)
    error: Mapped[str | None] = mapped_column(String(100), doc="class name only")
