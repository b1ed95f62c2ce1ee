"""Pictures that were drawn from figures, and what Telegram calls them."""

from sqlalchemy import BigInteger, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from src.language import Language
from src.models.base import Base, Timestamps
from src.models.types import BigId


class FigureDrawing(Timestamps, Base):
    """A figure in a language as PNG; it can be drawn again at any time."""

    __tablename__ = "figure_drawings"
    __table_args__ = (UniqueConstraint("digest", "language"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    digest: Mapped[str] = mapped_column(String(32), doc="of the figure and how it is drawn")
    language: Mapped[Language]
    png: Mapped[bytes] = mapped_column(LargeBinary)


class FigureFile(Timestamps, Base):
    """A picture that a bot has uploaded: it is sent again by its name."""

    __tablename__ = "figure_files"
    __table_args__ = (UniqueConstraint("bot_id", "digest", "language"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    bot_id: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(32))
    language: Mapped[Language]
    file_id: Mapped[str] = mapped_column(String(255), doc="Telegram's name of it")
