"""A statement that Dars runs."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.types import BigId, Json

if TYPE_CHECKING:
    from src.models.statement_timing import StatementTiming


class TimedStatement(Timestamps, Base):
    """A statement by the function that runs it; what stands in it for a person is not kept."""

    __tablename__ = "timed_statements"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), doc="file and function")
    digest: Mapped[str] = mapped_column(String(64), unique=True, doc="of name and text")
    text: Mapped[str] = mapped_column(Text)
    sample: Mapped[list[Any] | None] = mapped_column(
        Json, doc="parameters of a call: instants, switches and words of ours; else only the type"
    )

    timings: Mapped[list["StatementTiming"]] = relationship(
        back_populates="statement", lazy="raise", passive_deletes=True
    )
