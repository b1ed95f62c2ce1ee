"""A school's Canvas."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.sealed import Sealed, SealedText
from src.models.types import BigId

if TYPE_CHECKING:
    from src.models.canvas_connection import CanvasConnection


class CanvasHost(Timestamps, Base):
    """One address at which a school has its Canvas; each gives out keys of its own."""

    __tablename__ = "canvas_hosts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    url: Mapped[str] = mapped_column(
        String(255), unique=True, doc="scheme and name, no slash at the end"
    )
    client_id: Mapped[str | None] = mapped_column(String(255), doc="the school's OAuth key")
    client_secret: Mapped[Sealed | None] = mapped_column(SealedText, doc="encrypted")
    listed_as: Mapped[str | None] = mapped_column(
        String(100), doc="the school's name, where the operator offers it to everybody"
    )
    paused_until: Mapped[datetime | None] = mapped_column(doc="nothing is asked before")

    connections: Mapped[list["CanvasConnection"]] = relationship(
        back_populates="host", passive_deletes="all", lazy="raise"
    )
