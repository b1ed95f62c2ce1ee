"""Texts by key and language, from Fluent files, with numbers in the digits of the language."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

from src.language import Language

# What every door says: names of topics.
SHARED = Path(__file__).parent / "texts"
_BANGLA_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")


class Words:
    """The texts of one language.

    Calling it with a key and arguments gives the text. Numbers are written in the digits of the
    language.
    """

    def __init__(
        self, language: Language, folders: Sequence[Path], escape: Callable[[str], str] = str
    ) -> None:
        """Read the texts.

        Args:
            language: Of the texts, and of their digits.
            folders: Each holds a file named by the code of each language.
            escape: What is done to an argument that is a text.
        """
        self.language = language
        self._escape = escape
        self._bundle = FluentBundle([language], use_isolating=False)
        for folder in (SHARED, *folders):
            source = (folder / f"{language}.ftl").read_text(encoding="utf-8")
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

    def topic(self, topic: str) -> str:
        """Return a topic's name; its readable code where no name is written."""
        key = f"topic-{topic}"
        return self(key) if self.has(key) else topic.replace("-", " ").capitalize()

    def day(self, day: date) -> str:
        """Write a date without its year, as in "12 Nov" or "১২ নভেম্বর"."""
        return self("day-and-month", day=day.day, month=self(f"month-{day.month}"))

    def _argument(self, value: str | int) -> str:
        return self.number(value) if isinstance(value, int) else self._escape(value)
