"""What was received from Telegram."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, Timestamps
from src.models.enums import UpdateStatus
from src.models.types import Json


class ReceivedUpdate(Timestamps, Base):
    """An update of one bot, recorded as handled in the transaction of its effects.

    One that failed is recorded in a transaction of its own, with the class of the error only. One
    that has to wait for its turn keeps what Telegram sent until it is handled.
    """

    __tablename__ = "received_updates"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts"),
        Index(
            "idx_received_updates_waiting",
            "lane",
            "update_id",
            postgresql_where=text("handled_at IS NULL"),
            sqlite_where=text("handled_at IS NULL"),
        ),
    )

    # Telegram counts for each bot, and begins anew after a quiet week.
    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    status: Mapped[UpdateStatus] = mapped_column(default=UpdateStatus.DONE)
    attempts: Mapped[int] = mapped_column(
        SmallInteger, default=1, doc="set aside after three failures"
    )
    lane: Mapped[int | None] = mapped_column(BigInteger, doc="the sender, while it waits")
    sender: Mapped[int | None] = mapped_column(
        BigInteger, index=True, doc="Telegram id: an erasure empties what they were told"
    )
    payload: Mapped[Any | None] = mapped_column(Json, doc="emptied when it is handled")
    # What the pupil was told: sent again when the update comes again.
    replies: Mapped[list[Any]] = mapped_column(Json, default=list)
    error: Mapped[str | None] = mapped_column(String(100), doc="class name only")
    handled_at: Mapped[datetime | None] = mapped_column(
        doc="null: still to be handled, or its pupil to be told"
    )
