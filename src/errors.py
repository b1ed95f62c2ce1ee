"""Everything that Dars raises on purpose.

DarsError
├── SettingsError           a setting is missing or wrong
├── DatabaseError
│   ├── DatabaseUnavailable  nobody answers
│   ├── TransactionCut       a transaction took too long
│   ├── DataChanged          a migration changed what must stay
│   └── SchemaMismatch       the database is behind or ahead of this code
├── ClockWrong              the clock of the machine cannot be trusted
├── ContentError            a problem file has faults
├── NotRegistered           the person has not finished /start
├── NoProblems              the library has too few problems for a session
├── StaleAction             a button or message about something that is over
│   └── DoneAlready          a tap once more on what that very button has just done
├── NoSuchAnnouncement       there is no announcement of that number
├── NoSuchDispute           no pupil defends an answer by that number
├── NoSuchClass             a class, pupil or invitation is not there, or not theirs
├── ClassFull               there is no room in a class, or no more classes
├── NotInReach              what a program asks for is not there, or not theirs
├── TokenRefused            a program's token is none, or holds no more
├── TokenUnusable           a token that is to be made could not be used
├── TooManyCalls            a program asks too often
├── TooManyCodes            too many wrong codes of classes within an hour
├── LinkSpent               a link to the pages was used or is too old
├── SignedOut               nobody is signed in in this browser
│   └── NotFresh             it was too long ago for what is asked
├── FormForged              a form was not sent from a page of ours
├── DuplicateUpdate         an update that was handled before
├── BudgetUsedUp            a call to the model has no room in a budget
├── InvalidReport           a report was asked for that cannot be made
├── SyncError               a school could not be mirrored
│   └── DataValidationError  what was fetched contradicts itself
├── UnknownInMirror         nothing of that number is mirrored
├── TelegramUnavailable     the Bot API does not answer
├── BackupError             a backup cannot be made or put back
├── PupilBlockedBot         the pupil does not want to hear from the bot
└── SendingError            a message was not sent, or perhaps not
    ├── FloodLimit           Telegram wants a pause first
    ├── NotSent              nothing can have arrived
    ├── MaybeSent            it may have arrived
    └── MessageRefused       Telegram refuses it for good

What a call to a language model raises is in ``src/clients/calls.py``: it says what was used.
No message here is shown to a pupil: ``bot/errors.py`` maps each class to a text key.
"""


class DarsError(Exception):
    """The root of all errors that Dars raises on purpose."""


class SettingsError(DarsError):
    """A setting is missing or wrong."""


class DatabaseError(DarsError):
    """The database cannot be used."""


class DatabaseUnavailable(DatabaseError):  # noqa: N818 - names a state
    """The database does not answer."""


class TransactionCut(DatabaseError):  # noqa: N818 - names a state
    """A transaction took too long and was rolled back, so that nobody else waits for it."""


class DataChanged(DatabaseError):  # noqa: N818 - names a state
    """A migration of data lost or changed what must stay; it was rolled back."""


class SchemaMismatch(DatabaseError):  # noqa: N818 - names a state
    """The schema of the database is not the one that this code was written for."""


class ClockWrong(DarsError):  # noqa: N818 - names a state
    """The clock of this machine differs too much from that of the database."""


class ContentError(DarsError):
    """A file of problems has faults; nothing of it was imported."""


class NotRegistered(DarsError):  # noqa: N818 - names a state
    """The person has not finished registration."""


class NoProblems(DarsError):  # noqa: N818 - names a state
    """The library has fewer active problems for a grade than a session needs."""


class StaleAction(DarsError):  # noqa: N818 - names a state
    """A tap or a message refers to something that is already over or is not theirs."""


class TooManyTasks(DarsError):  # noqa: N818 - names a state
    """The own tasks that are free in a month are used up."""


class DoneAlready(StaleAction):
    """A tap came once more on what that very button has just done."""


class NoSuchPupil(DarsError):  # noqa: N818 - names a state
    """Nobody of that Telegram id is known."""


class NoSuchProblem(DarsError):  # noqa: N818 - names a state
    """No problem of that id is stored."""


class NoSuchAnnouncement(DarsError):  # noqa: N818 - names a state
    """There is no announcement of that number."""


class NoSuchDispute(DarsError):  # noqa: N818 - names a state
    """There is no dispute of that number (any more)."""


class NoSuchClass(DarsError):  # noqa: N818 - names a state
    """A class, a pupil in one, or an invitation is not there or belongs to others."""


class ClassFull(DarsError):  # noqa: N818 - names a state
    """A class has no room, or none for its own teacher; or a teacher has too many classes."""


class NotInReach(DarsError):  # noqa: N818 - names a state
    """What a program asks for is not there, or not theirs to see: nobody can tell which."""


class TokenRefused(DarsError):  # noqa: N818 - names a state
    """A program came without a token, or with one that holds no more."""


class TokenUnusable(DarsError):  # noqa: N818 - names a state
    """A token that is to be made could not be used."""


class TooManyCalls(DarsError):  # noqa: N818 - names a state
    """A program asks more often than it may.

    Attributes:
        seconds: How long to wait at least.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"ask again in {seconds:.0f} s")
        self.seconds = seconds


class TooManyCodes(DarsError):  # noqa: N818 - names a state
    """Somebody typed too many wrong codes of classes within an hour."""


class LinkSpent(DarsError):  # noqa: N818 - names a state
    """A link to the pages was used or is too old; the bot gives a new one."""


class SignedOut(DarsError):  # noqa: N818 - names a state
    """Nobody who is let in looks at a page."""


class NotFresh(SignedOut):
    """Somebody came in too long ago for an export; a new link from the bot lets them."""


class FormForged(DarsError):  # noqa: N818 - names a state
    """A form does not carry what only a page of its session can give it."""


class DuplicateUpdate(DarsError):  # noqa: N818 - names a state
    """An update was handled before; what it changed must not happen again."""


class TelegramUnavailable(DarsError):  # noqa: N818 - names a state
    """The Bot API does not answer."""


class BackupError(DarsError):
    """A backup cannot be made or put back; what was there is unchanged."""


class PupilBlockedBot(DarsError):  # noqa: N818 - names a state
    """The pupil has blocked the bot; nothing can be sent to them."""


class BudgetUsedUp(DarsError):  # noqa: N818 - names a state
    """A call to the model has no room in a budget; nothing was called.

    Attributes:
        budget: Which one: ``day``, ``pupil_day``, ``month``, or ``pupil_requests``.
    """

    def __init__(self, budget: str) -> None:
        super().__init__(f"the budget is used up: {budget}")
        self.budget = budget


class InvalidReport(DarsError):  # noqa: N818 - names a state
    """A report was asked for with dates, groups or a format that are not valid."""


class SyncError(DarsError):
    """A school, or a course of it, could not be mirrored; what was there is unchanged."""


class DataValidationError(SyncError):
    """What was fetched contradicts itself, so that none of it was taken."""


class UnknownInMirror(DarsError):  # noqa: N818 - names a state
    """Nothing of that number is mirrored over that connection."""


class UnknownPerson(DarsError):  # noqa: N818 - names a state
    """Nobody with that Telegram id has written to the bot yet."""


class UnknownCharge(DarsError):  # noqa: N818 - names a state
    """No payment has that number."""


class StarsRefused(DarsError):  # noqa: N818 - names a state
    """Telegram refuses for good what was asked of it about Stars."""


_WHY_NOT_MOVED = {
    "code": "the code is not good (any more)",
    "taken": "the new account has something of its own: erase that first",
}


class MoveRefused(DarsError):  # noqa: N818 - names a state
    """An account cannot be moved: ``code`` is not good, or the new one is ``taken``."""

    def __init__(self, reason: str) -> None:
        super().__init__(_WHY_NOT_MOVED[reason])
        self.reason = reason


class SendingError(DarsError):
    """A message was not sent, or nobody knows."""


class FloodLimit(SendingError):  # noqa: N818 - names a state
    """Telegram wants a pause before it takes the message; it was not sent.

    Attributes:
        seconds: How long to wait at least.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Telegram asks to wait {seconds:g} s")
        self.seconds = seconds


class NotSent(SendingError):  # noqa: N818 - names a state
    """Telegram could not be reached at all: nothing can have arrived."""


class MaybeSent(SendingError):  # noqa: N818 - names a state
    """The connection failed before Telegram's answer came: the message may have arrived."""


class MessageRefused(SendingError):  # noqa: N818 - names a state
    """Telegram refuses this message and will always refuse it."""
