"""The processes that run background jobs, and when each was last seen."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, Timestamps
from src.models.types import BigId


class Worker(Timestamps, Base):
    """A process that runs jobs; it says again and again that it is alive.

    Nothing is said at its end: stopped or killed, it is just not seen any more.
    """

    __tablename__ = "workers"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(128), unique=True, doc="host and number of process")
    seen_at: Mapped[datetime]
    version: Mapped[str] = mapped_column(String(32), doc="of Dars")
