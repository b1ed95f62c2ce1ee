"""Every word a pupil sees, by key and language. The only place where HTML is escaped."""

from functools import cache, partial
from html import escape
from pathlib import Path

from src.language import Language
from src.words import Words

__all__ = ["LANGUAGES", "TEXTS", "Words", "in_both", "words"]

LANGUAGES = (Language.BN, Language.EN)
TEXTS = Path(__file__).parent / "texts"


@cache
def words(language: str) -> Words:
    """Return the texts of a language, by its code, as HTML of Telegram; read once."""
    return Words(Language(language), [TEXTS], partial(escape, quote=False))


def in_both(key: str, **args: str | int) -> str:
    """Return a text in both languages, for a pupil whose language is not known (any more)."""
    return "\n\n".join(words(language)(key, **args) for language in LANGUAGES)
