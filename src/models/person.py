"""Somebody who writes to us."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from src.language import Language
from src.models.base import Base, Timestamps
from src.models.types import BigId

if TYPE_CHECKING:
    from src.models.api_token import ApiToken
    from src.models.canvas_arrival import CanvasArrival
    from src.models.canvas_connection import CanvasConnection
    from src.models.entitlement import Entitlement
    from src.models.export import Export
    from src.models.guardian import Guardian
    from src.models.outbox_message import OutboxMessage
    from src.models.star_charge import StarCharge
    from src.models.star_order import StarOrder
    from src.models.student import Student


class Person(Timestamps, Base):
    """One Telegram account, and what the bot is waiting for from it.

    A pupil, a teacher, a guardian or an operator. On a shared phone several pupils are one person.
    """

    __tablename__ = "people"
    __table_args__ = (
        Index("idx_people_current_student", "current_student_id"),
        Index("idx_people_move_code", "move_code", unique=True),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    telegram_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    language: Mapped[Language] = mapped_column(default=Language.BN)
    dialog: Mapped[str | None] = mapped_column(String(32), doc="what the bot is waiting for")
    current_student_id: Mapped[int | None] = mapped_column(
        ForeignKey("students.id", ondelete="SET NULL", use_alter=True),
        doc="which pupil has the phone",
    )
    blocked_at: Mapped[datetime | None] = mapped_column(doc="the person blocked the bot")
    barred_at: Mapped[datetime | None] = mapped_column(doc="an operator shut them out")
    move_code: Mapped[str | None] = mapped_column(
        String(64), doc="SHA-256 of the code by which all of it moves to another account"
    )
    move_code_until: Mapped[datetime | None]

    students: Mapped[list["Student"]] = relationship(
        back_populates="person",
        foreign_keys="Student.person_id",
        cascade="all, delete-orphan",
        passive_deletes=True,
        lazy="raise",
    )
    # Both tables refer to each other: this side is written by an UPDATE of its own.
    current_student: Mapped["Student | None"] = relationship(
        back_populates="holders",
        foreign_keys=[current_student_id],
        post_update=True,
        lazy="raise",
    )
    outbox: Mapped[list["OutboxMessage"]] = relationship(
        back_populates="person", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    exports: Mapped[list["Export"]] = relationship(
        back_populates="person", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    connections: Mapped[list["CanvasConnection"]] = relationship(
        back_populates="person", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    canvas_arrival: Mapped["CanvasArrival | None"] = relationship(
        back_populates="person", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    entitlements: Mapped[list["Entitlement"]] = relationship(
        back_populates="person", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    # What was paid stays, without a name.
    star_orders: Mapped[list["StarOrder"]] = relationship(
        back_populates="person", passive_deletes=True, lazy="raise"
    )
    star_charges: Mapped[list["StarCharge"]] = relationship(
        back_populates="person", passive_deletes=True, lazy="raise"
    )
    wards: Mapped[list["Guardian"]] = relationship(
        back_populates="person", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
    api_tokens: Mapped[list["ApiToken"]] = relationship(
        back_populates="person", cascade="all, delete-orphan", passive_deletes=True, lazy="raise"
    )
