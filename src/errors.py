"""Everything that Dars raises on purpose.

DarsError
├── SettingsError           a setting is missing or wrong
├── DatabaseError
│   ├── DatabaseUnavailable  nobody answers
│   └── SchemaMismatch       the database is behind or ahead of this code
├── ContentError            a problem file has faults
├── NotRegistered           the person has not finished /start
├── NoProblems              the library has too few problems for a session
├── StaleAction             a button or message about something that is over
├── DuplicateUpdate         an update that was handled before
└── PupilBlockedBot         the pupil does not want to hear from the bot

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


class SchemaMismatch(DatabaseError):  # noqa: N818 - names a state
    """The schema of the database is not the one that this code was written for."""


class ContentError(DarsError):
    """A file of problems has faults; nothing of it was imported."""


class NotRegistered(DarsError):  # noqa: N818 - names a state
    """The person has not finished registration."""


class NoProblems(DarsError):  # noqa: N818 - names a state
    """The library has fewer active problems for a grade than a session needs."""


class StaleAction(DarsError):  # noqa: N818 - names a state
    """A tap or a message refers to something that is already over or is not theirs."""


class DuplicateUpdate(DarsError):  # noqa: N818 - names a state
    """An update was handled before; what it changed must not happen again."""


class PupilBlockedBot(DarsError):  # noqa: N818 - names a state
    """The pupil has blocked the bot; nothing can be sent to them."""
