"""Somebody who wants to connect a school and waits for its answer."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.enums import ConnectionKind
from src.models.sealed import Sealed, SealedText
from src.models.types import BigId

if TYPE_CHECKING:
    from src.models.person import Person


class CanvasArrival(Timestamps, Base):
    """A token or feed that a person gave, until the school has said whose it is.

    The row decides what is left to do, and is deleted when it is done.
    """

    __tablename__ = "canvas_arrivals"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), unique=True, doc="a later one replaces it"
    )
    address: Mapped[str] = mapped_column(String(255), doc="of the school")
    kind: Mapped[ConnectionKind | None] = mapped_column(doc="null: nothing was given yet")
    secret: Mapped[Sealed | None] = mapped_column(SealedText, doc="encrypted; null: not given yet")
    consent_version: Mapped[str | None] = mapped_column(String(32), doc="what was agreed to")
    message_id: Mapped[int | None] = mapped_column(
        BigInteger, doc="the message that held it, to be deleted in the chat"
    )
    claimed_at: Mapped[datetime | None] = mapped_column(doc="a worker asks the school")
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)

    person: Mapped["Person"] = relationship(back_populates="canvas_arrival", lazy="raise")
