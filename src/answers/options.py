"""The options of a problem's answer, checked once and typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

from src.answers.reading.literals import parse_number
from src.answers.reading.text import word_set
from src.answers.verdicts import AnswerKeyError

FORMS = word_set(
    "lowest_terms factored expanded simplified prime_factors scientific decimal fraction mixed "
    "improper in_unit integer"
)


@dataclass(frozen=True, slots=True)
class Options:
    """What a problem asks beyond the value. See docs/answers.md for each."""

    form: str | None = None
    tol: Fraction | None = None
    unit: str | None = None
    ordered: bool = True
    choices: tuple[tuple[str, ...], ...] = ()
    accept: tuple[str, ...] = ()
    var: str | None = None
    vars: tuple[str, ...] = ()
    decimals: int | None = None
    accept_more_precise: bool = False


_NAMES = frozenset(field.name for field in fields(Options))
NO_OPTIONS = Options()


def read_options(raw: Mapping[str, Any] | None) -> Options:
    """Check and type the options.

    Raises:
        AnswerKeyError: an unknown option, or a value that does not fit.
    """
    if not raw:
        return NO_OPTIONS
    if unknown := sorted(set(raw) - _NAMES):
        raise AnswerKeyError(f"unknown answer option: {', '.join(unknown)}")
    return Options(
        form=_form(raw.get("form")),
        tol=_tolerance(raw.get("tol")),
        unit=_text("unit", raw.get("unit")),
        ordered=_flag("ordered", raw.get("ordered"), default=True),
        choices=tuple(_equivalents(choice) for choice in _sequence("choices", raw.get("choices"))),
        accept=tuple(str(item) for item in _sequence("accept", raw.get("accept"))),
        var=_text("var", raw.get("var")),
        vars=tuple(str(item) for item in _sequence("vars", raw.get("vars"))),
        decimals=_decimals(raw.get("decimals")),
        accept_more_precise=_flag("accept_more_precise", raw.get("accept_more_precise")),
    )


def _form(value: object) -> str | None:
    if value is None or (isinstance(value, str) and value in FORMS):
        return value
    raise AnswerKeyError(f"unknown form: {value!r}")


def _tolerance(value: object) -> Fraction | None:
    if value is None:
        return None
    number = parse_number(str(value)) if isinstance(value, (str, int, float)) else None
    if number is None or number.value < 0:
        raise AnswerKeyError(f"tol is not a number that is 0 or more: {value!r}")
    return number.value


def _text(name: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise AnswerKeyError(f"{name} is not a text: {value!r}")


def _flag(name: str, value: object, *, default: bool = False) -> bool:
    if value is None:
        return default
    if isinstance(value, bool):
        return value
    raise AnswerKeyError(f"{name} is not true or false: {value!r}")


def _sequence(name: str, value: object) -> Sequence[Any]:
    if value is None:
        return ()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return value
    raise AnswerKeyError(f"{name} is not a list: {value!r}")


def _equivalents(choice: object) -> tuple[str, ...]:
    if isinstance(choice, (str, int, float)):
        return (str(choice),)
    return tuple(str(item) for item in _sequence("choices", choice))


def _decimals(value: object) -> int | None:
    if value is None or (
        isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 9
    ):
        return value
    raise AnswerKeyError(f"decimals is not a whole number from 0 to 9: {value!r}")
