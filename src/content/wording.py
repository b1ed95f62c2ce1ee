"""Turn the texts of a problem into texts with gaps, and fill the gaps with other numbers."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from src.content.formulas import BadFormula, evaluate
from src.content.numbers import CannotWrite, is_style, write_number
from src.content.script import to_bangla_digits
from src.content.templates import Template

_GROUPED = r"\d{1,3}(?:,\d\d)*,\d{3}(?!\d)|\d{1,3}(?:,\d{3})+(?!\d)"
_PLAIN = r"\d+"
_GAP = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
# JSON is full of braces, so a figure has its formulas between < and >.
_FIGURE_GAP = re.compile(r"<<|>>|<([^<>]*)>|[<>]")
_IN_BANGLA = re.compile(r'"bn": *"[^"]*$')
_PLACES = re.compile(r'"points": *\{[^{}]*\}')
_FORMAT = re.compile(r"(.*?)(?::\s*([a-z]+\d?))?", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]+(?:[\u0980-\u09e5]+)?|[\u0980-\u09e5]+")
MOST_ALIKE = 0.6
_LISTS = frozenset({"list", "set", "tuple"})


class BadWording(ValueError):  # noqa: N818 - names a state
    """A cell of a template does not fit the problem; the message is for its author."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A place in a text where a number is written.

    Attributes:
        formula: What the number is.
        style: How it is written; see ``write_number``.
        bangla: In Bangla digits, in a cell that holds both languages.
    """

    formula: str
    style: str
    bangla: bool = False


Wording = tuple[str | Gap, ...]


def fill(wording: Wording, cell: str, values: Mapping[str, Fraction]) -> str:
    """Write a text with numbers.

    Raises:
        CannotWrite: A value does not fit its place.
    """
    bangla = cell.endswith("_bn")
    parts = []
    for part in wording:
        if isinstance(part, str):
            parts.append(part)
        else:
            number = write_number(evaluate(part.formula, values), part.style)
            parts.append(to_bangla_digits(number) if bangla or part.bangla else number)
    return "".join(parts)


def word_cells(
    template: Template,
    cells: Mapping[str, str],
    values: Mapping[str, Fraction],
    answer_type: str,
) -> Iterator[tuple[str, Wording | BadWording]]:
    """Find the gaps of every cell.

    Args:
        template: What its author wrote.
        cells: The texts of the base problem.
        values: The base value of each parameter and derived value.
        answer_type: Of the base problem; lists are not read as grouped numbers.

    Yields:
        Each cell with its wording, or with what is wrong about it.
    """
    for cell in template.texts.keys() - cells.keys():
        yield cell, BadWording("the problem has no such cell")
    known = {name for cell in cells for name in (cell, cell.rpartition("_")[0])}
    for cell in template.numbers.keys() - known:
        yield cell, BadWording("the problem has no such cell")
    for cell, text in cells.items():
        try:
            grouped = not (_is_mathematics(cell) and (answer_type in _LISTS or "check" in cell))
            wording = _word_cell(template, cell, text, values, grouped=grouped)
            _compare(cell, text, fill(wording, cell, values))
            yield cell, wording
        except (BadWording, BadFormula, CannotWrite) as error:
            yield cell, BadWording(str(error))


def word_scene(
    texts: Mapping[str, str], cells: Mapping[str, str], values: Mapping[str, Fraction]
) -> Iterator[tuple[str, Wording | BadWording]]:
    """Find the gaps of the cells that a scene tells anew; with the base values they can be filled.

    Yields:
        Each cell with its wording, or with what is wrong about it.
    """
    for cell, text in texts.items():
        if cell not in cells:
            yield cell, BadWording("the problem has no such cell")
            continue
        try:
            wording = tuple(_parse(text, _FIGURE_GAP if cell == "figure" else _GAP))
            share = _same_words(fill(wording, cell, values), cells[cell])
        except (BadWording, BadFormula, CannotWrite) as error:
            yield cell, BadWording(str(error))
            continue
        if cell.startswith("question") and share > MOST_ALIKE:
            yield cell, BadWording(f"{share:.0%} of its words are the problem's: no other story")
        else:
            yield cell, wording


def _same_words(one: str, other: str) -> float:
    """Return how many of the words of two texts stand in both; numbers are no words."""
    first, second = (set(_WORD.findall(text.lower())) for text in (one, other))
    return len(first & second) / max(1, len(first | second))


def _is_mathematics(cell: str) -> bool:
    return cell == "solution_check" or cell.endswith("answer")


def _word_cell(
    template: Template,
    cell: str,
    text: str,
    values: Mapping[str, Fraction],
    *,
    grouped: bool,
) -> Wording:
    if cell in template.texts:
        return tuple(_parse(template.texts[cell], _FIGURE_GAP if cell == "figure" else _GAP))
    if cell == "answer_options":
        return (text,)
    tokens = _find_numbers(cell, text, grouped)
    listed = template.numbers.get(cell, template.numbers.get(cell.rpartition("_")[0]))
    if listed is None:
        gaps = [_name_number(token, template, values) for token in tokens]
    else:
        gaps = _take_listed(tokens, listed.split(), values)
    return tuple(_cut(text, tokens, gaps))


def _parse(text: str, gap: re.Pattern[str]) -> Iterator[str | Gap]:
    end = 0
    for match in gap.finditer(text):
        yield text[end : match.start()]
        end = match.end()
        if match[0] in ("{{", "}}", "<<", ">>"):
            yield match[0][0]
        elif match[1] is None or not (parts := _FORMAT.fullmatch(match[1])) or not parts[1].strip():
            raise BadWording(f"a brace is not closed or empty near {text[match.start() :][:20]!r}")
        elif not is_style(style := parts[2] or ""):
            raise BadWording(f"there is no format {style}")
        else:
            bangla = _IN_BANGLA.search(text[: match.start()]) is not None
            yield Gap(parts[1].strip(), style, bangla=bangla and gap is _FIGURE_GAP)
    yield text[end:]


def _find_numbers(cell: str, text: str, grouped: bool) -> list[re.Match[str]]:
    shape = f"(?:{_GROUPED}|{_PLAIN})" if grouped else _PLAIN
    before = r"(?<!ans)(?<!ans\d)" if cell == "solution_check" else ""
    found = re.finditer(rf"{before}{shape}(?:\.\d+)?", text)
    # Where points stand does not change unless the template writes the figure itself.
    fixed = [*_PLACES.finditer(text)] if cell == "figure" else []
    return [
        token
        for token in found
        if not any(place.start() <= token.start() < place.end() for place in fixed)
    ]


def _read(token: str) -> Fraction:
    return Fraction(_latin(token).replace(",", ""))


def _style_of(token: str) -> str:
    if "." in token:
        places = len(token.partition(".")[2])
        return f"dec{places}" if unicodedata.decimal(token[-1]) == 0 else "plaindec"
    if "," not in token:
        return "whole"
    return "group" if write_number(_read(token), "group") == _latin(token) else "western"


def _latin(token: str) -> str:
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in token)


def _name_number(
    token: re.Match[str], template: Template, values: Mapping[str, Fraction]
) -> Gap | None:
    value = _read(token[0])
    names = [name for name, known in values.items() if known == value]
    kept = value in template.keep
    if len(names) + kept == 1:
        return _gap(names[0], token[0]) if names else None
    if not names:
        raise BadWording(
            f"the number {token[0]} in {_around(token)!r} is no parameter or derived value: "
            "derive it, add it to keep, or list the numbers of this cell"
        )
    meanings = ", ".join([*names, *(["a number to keep"] if kept else [])])
    raise BadWording(
        f"the number {token[0]} in {_around(token)!r} may be {meanings}: "
        "list the numbers of this cell in their order, or choose a problem without that clash"
    )


def _take_listed(
    tokens: Sequence[re.Match[str]],
    listed: Sequence[str],
    values: Mapping[str, Fraction],
) -> list[Gap | None]:
    found = " ".join(token[0] for token in tokens)
    if len(tokens) != len(listed):
        raise BadWording(f"has {len(tokens)} numbers ({found}), {len(listed)} are listed")
    for token, formula in zip(tokens, listed, strict=True):
        if evaluate(formula, values) != _read(token[0]):
            raise BadWording(
                f"{formula} is {evaluate(formula, values)} in the problem, but the text has "
                f"{token[0]} there (numbers of the cell: {found})"
            )
    return [_gap(formula, token[0]) for token, formula in zip(tokens, listed, strict=True)]


def _gap(formula: str, token: str) -> Gap:
    return Gap(formula, _style_of(token), bangla=not token.isascii())


def _cut(
    text: str, tokens: Sequence[re.Match[str]], gaps: Sequence[Gap | None]
) -> Iterator[str | Gap]:
    end = 0
    for token, gap in zip(tokens, gaps, strict=True):
        if gap is not None:
            yield text[end : token.start()]
            yield gap
            end = token.end()
    yield text[end:]


def _compare(cell: str, text: str, filled: str) -> None:
    # A check may be written differently: it has to hold for every variant anyway.
    if cell == "figure" and _same_json(filled, text):
        return
    if filled != text and cell != "solution_check":
        raise BadWording(
            f"with the base values this gives\n    {filled}\nbut the problem has\n    {text}"
        )


def _same_json(one: str, other: str) -> bool:
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False


def _around(token: re.Match[str]) -> str:
    return token.string[max(token.start() - 15, 0) : token.end() + 15]
