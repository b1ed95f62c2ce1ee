"""A way of thinking behind typical mistakes of several problems."""

from typing import TYPE_CHECKING

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.models.base import Base, Timestamps

if TYPE_CHECKING:
    from src.models.misconception_state import MisconceptionState


class Misconception(Timestamps, Base):
    """What a pupil may get wrong in many problems, and what to say about it.

    The typical mistakes of a problem refer to it by its id. Imports add and change it, and nothing
    deletes it.
    """

    __tablename__ = "misconceptions"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    topic: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(200))
    name_bn: Mapped[str] = mapped_column(String(200))
    lesson_en: Mapped[str] = mapped_column(Text, doc="two sentences: what holds, what to do")
    lesson_bn: Mapped[str] = mapped_column(Text)

    states: Mapped[list["MisconceptionState"]] = relationship(
        back_populates="misconception", passive_deletes="all", lazy="raise"
    )
