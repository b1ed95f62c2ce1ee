"""A secret at rest: in the database and in every object it is only what encryption made of it."""

from dataclasses import dataclass, field

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted text; only the keyring of ``src/storage/keyring.py`` makes and opens one.

    Attributes:
        text: What stands in the database.
    """

    text: str = field(repr=False)


class SealedText(TypeDecorator[Sealed]):
    """The column of a secret: takes and gives `Sealed`, never a text that can be read.

    A row can be read, changed and emptied without a key, so that disconnecting always works.

    Raises:
        TypeError: Something else was bound (wrapped in ``StatementError``).
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sealed | None, dialect: Dialect) -> str | None:
        """Give what encryption made of the secret."""
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError("a secret must be sealed before it is kept")
        return value.text

    def process_result_value(self, value: str | None, dialect: Dialect) -> Sealed | None:
        """Give it back as it is kept."""
        return None if value is None else Sealed(value)
