"""Every word of the pages, by key and language; the templates escape."""

from functools import cache
from pathlib import Path

from src.language import Language
from src.words import Words

__all__ = ["TEXTS", "Words", "words"]

TEXTS = Path(__file__).parent / "texts"


@cache
def words(language: str) -> Words:
    """Return the texts of a language, by its code; read once."""
    return Words(Language(language), [TEXTS])
