"""Every word a pupil sees, by key and language. The only place where HTML is escaped."""

from functools import cache, lru_cache
from html import escape
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

from src.language import Language

LANGUAGES = (Language.BN, Language.EN)
TEXTS = Path(__file__).parent / "texts"
_BANGLA_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")


class Words:
    """The texts of one language.

    Calling it with a key and arguments gives ready HTML. Text arguments are escaped; numbers are
    written in the digits of the language.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self._bundle = FluentBundle([language], use_isolating=False)
        source = (TEXTS / f"{language}.ftl").read_text(encoding="utf-8")
        self._bundle.add_resource(FluentResource(source))
        # Formatting costs 76 us; buttons, headings and questions come again and again.
        self._format = lru_cache(maxsize=4096)(self._write)

    def __call__(self, key: str, **args: str | int) -> str:
        """Return the text of a key.

        Raises:
            KeyError: There is no such key, or a variable of it was not given.
        """
        return self._format(key, tuple(args.items()))

    def _write(self, key: str, args: tuple[tuple[str, str | int], ...]) -> str:
        message = self._bundle.get_message(key)
        if message.value is None:
            raise KeyError(key)
        ready = {name: self._argument(value) for name, value in args}
        text, errors = self._bundle.format_pattern(message.value, ready)
        if errors:
            raise KeyError(f"{key}: {errors}")
        return str(text)

    def has(self, key: str) -> bool:
        """Return whether there is a text for a key."""
        return bool(self._bundle.has_message(key))

    def number(self, value: int) -> str:
        """Write a whole number in the digits of the language."""
        return self.digits(str(value))

    def digits(self, text: str) -> str:
        """Write the digits of a text in the digits of the language."""
        return text.translate(_BANGLA_DIGITS) if self.language is Language.BN else text

    def _argument(self, value: str | int) -> str:
        return self.number(value) if isinstance(value, int) else escape(value, quote=False)


@cache
def words(language: str) -> Words:
    """Return the texts of a language, by its code; read once."""
    return Words(Language(language))


def in_both(key: str, **args: str | int) -> str:
    """Return a text in both languages, for a pupil whose language is not known (any more)."""
    return "\n\n".join(words(language)(key, **args) for language in LANGUAGES)
