"""The pupil of the current update, as a plain value."""

from dataclasses import dataclass
from datetime import datetime, time

from src.errors import NotRegistered
from src.language import Language


@dataclass(frozen=True, slots=True)
class Pupil:
    """A student and their person as the doors see them; safe to use after the transaction.

    Attributes:
        id: The student's id.
        person_id: Of the account by which they write.
        telegram_id: Their Telegram id, which is also the id of the private chat.
        grade: 6..8, or None before it was chosen.
        language: ``bn`` or ``en``.
        timezone: IANA name.
        dialog: What the bot waits for, such as a step of the registration; None in between.
        consented_at: When they agreed that their data is kept.
        registered_at: When the registration was finished.
        nudges_enabled: Whether daily reminders are on.
        nudge_time: Local time of the reminder.
        blocked_at: When the pupil was found to have blocked the bot.
        last_active_at: When they last wrote or tapped, to the hour.
        wants_practice: Whether they want maths; of who does not the class is not asked.
        position: Among the pupils who share the phone, from 1.
        name: First name; None before the consent, or before it was asked.
        barred_at: When an operator shut the person out.
        has_parked: Whether something that was to be said waits in the outbox.
        has_others: Whether several pupils share the phone.
    """

    id: int
    person_id: int
    telegram_id: int
    grade: int | None
    language: Language
    timezone: str
    dialog: str | None
    consented_at: datetime | None
    registered_at: datetime | None
    nudges_enabled: bool
    nudge_time: time
    blocked_at: datetime | None
    last_active_at: datetime | None
    wants_practice: bool = True
    position: int = 1
    name: str | None = None
    barred_at: datetime | None = None
    has_parked: bool = False
    has_others: bool = False

    @property
    def registration(self) -> int:
        """A number of this registration alone: an id may be given again after an erasure."""
        begun = self.registered_at or self.consented_at
        return int(begun.timestamp() * 1000) if begun else 0

    @property
    def agreed(self) -> bool:
        """Whether more may be kept of them than the id, the language and the step."""
        return self.consented_at is not None or self.registered_at is not None

    @property
    def required_grade(self) -> int:
        """The grade of a pupil who must have chosen one.

        Raises:
            NotRegistered: It was not chosen yet.
        """
        if self.grade is None:
            raise NotRegistered
        return self.grade
