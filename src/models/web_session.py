"""The way in to the pages: a link that is used once, and the session that comes of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from src.language import Language
from src.models.base import Base, Timestamps
from src.models.types import BigId


class LoginLink(Timestamps, Base):
    """A link that the bot gave to a person; whoever has it comes in as them, once."""

    __tablename__ = "login_links"
    __table_args__ = (Index("idx_login_links_person", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    hash: Mapped[str] = mapped_column(String(64), unique=True, doc="SHA-256 of the link's secret")
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class WebSession(Timestamps, Base):
    """A browser in which a person has come in."""

    __tablename__ = "web_sessions"
    __table_args__ = (Index("idx_web_sessions_person", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    hash: Mapped[str] = mapped_column(String(64), unique=True, doc="SHA-256 of the cookie")
    language: Mapped[Language] = mapped_column(doc="of the pages in this browser")
    began_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(doc="logged out")
