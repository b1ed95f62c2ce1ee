"""A key with which a program may ask the HTTP API."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.types import BigId, Json

if TYPE_CHECKING:
    from src.models.person import Person


class ApiToken(Timestamps, Base):
    """Only the hash of a token is kept: whoever reads the database cannot use it."""

    __tablename__ = "api_tokens"
    __table_args__ = (Index("idx_api_tokens_person", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    prefix: Mapped[str] = mapped_column(String(16), unique=True, doc="finds it, and names it")
    sha256: Mapped[str] = mapped_column(String(64), doc="of the whole token")
    name: Mapped[str] = mapped_column(String(64), doc="what an operator calls it")
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"),
        doc="the teacher who is asked about their classes alone; null: about everybody",
    )
    scopes: Mapped[list[str]] = mapped_column(Json, doc="what may be asked")
    last_used_at: Mapped[datetime | None] = mapped_column(doc="to the minute")
    revoked_at: Mapped[datetime | None]

    person: Mapped["Person | None"] = relationship(back_populates="api_tokens", lazy="raise")
