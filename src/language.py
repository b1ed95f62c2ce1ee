"""The languages that Dars speaks."""

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """A language that Dars speaks."""

    EN = "en"
    BN = "bn"


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in both languages."""

    en: str
    bn: str

    def in_(self, language: Language) -> str:
        """Return the text in a language."""
        return self.bn if language is Language.BN else self.en


def language_of(code: str | None) -> Language:
    """Return the language for a stranger: English where their app speaks it, otherwise Bangla.

    Args:
        code: IETF tag of the app's language, as Telegram gives it: ``en-GB``, ``bn-BD``, None.
    """
    spoken = (code or "").replace("_", "-").partition("-")[0].casefold()
    return Language.EN if spoken == "en" else Language.BN
