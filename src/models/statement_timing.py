"""How long a statement takes."""

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps
from src.models.types import BigId

if TYPE_CHECKING:
    from src.models.timed_statement import TimedStatement


class StatementTiming(Timestamps, Base):
    """How often a statement took about so long on a day, over all processes.

    A bucket is a quarter of an octave of microseconds: a time read from it is within 9 %.
    """

    __tablename__ = "statement_timings"
    __table_args__ = (
        UniqueConstraint("statement_id", "day", "bucket"),
        Index("idx_statement_timings_day", "day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("timed_statements.id", ondelete="CASCADE"))
    day: Mapped[dt.date] = mapped_column(doc="in UTC")
    bucket: Mapped[int] = mapped_column(SmallInteger, doc="floor(4 log2 of the microseconds)")
    calls: Mapped[int] = mapped_column(BigInteger)
    seconds: Mapped[float] = mapped_column(doc="of all calls, from asking to the answer")
    rows: Mapped[int] = mapped_column(BigInteger, doc="returned or changed")

    statement: Mapped["TimedStatement"] = relationship(back_populates="timings", lazy="raise")
