"""What is to be erased, or was."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, Timestamps
from src.models.enums import MirrorKind
from src.models.types import BigId


class Erasure(Timestamps, Base):
    """What the append-only tables yield to, until it is done.

    It refers to no other table and outlives what it is about.
    """

    __tablename__ = "erasures"
    __table_args__ = (Index("idx_erasures_connection", "connection_id", "kind", "canvas_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    connection_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[MirrorKind | None] = mapped_column(doc="null: all of the connection")
    canvas_id: Mapped[int | None] = mapped_column(BigInteger)
    is_lasting: Mapped[bool] = mapped_column(default=False, doc="never to be mirrored again")
    begun_at: Mapped[datetime]
    done_at: Mapped[datetime | None] = mapped_column(doc="from then on it opens nothing")
