"""A backup that was made, or tried, and a restore that was rehearsed."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from src.models.base import Base, Timestamps
from src.models.enums import BackupKind
from src.models.types import BigId


class BackupRun(Timestamps, Base):
    """One run; where it has no end, it is at work or was killed."""

    __tablename__ = "backup_runs"
    __table_args__ = (Index("idx_backup_runs_kind_begun", "kind", "begun_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[BackupKind]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ok: Mapped[bool | None] = mapped_column(doc="null: not ended")
    file: Mapped[str] = mapped_column(String(500), doc="on the machine that made it")
    bytes: Mapped[int | None] = mapped_column(BigInteger)
    detail: Mapped[str | None] = mapped_column(Text, doc="what is wrong, a line each")
