"""Other readings of lists, sets and pairs: signs between the parts, numbering, names without =."""

import re
from collections.abc import Iterator

from src.answers.looks.look import Look

_HEART = re.compile(r" ?<3+$")
_NUMBERING = re.compile(r"(?:^|[ ,;]+)\d{1,2}(?:\)|\.(?= )) ?(?=\S)")
_LIST_SIGNS = [re.compile(rf"(?<=[\w)]) ?{re.escape(sign)} ?(?=[\w(])") for sign in "/-+|।"]
_NAMED = re.compile(r"(?P<name>[a-zA-Z]) ?(?P<value>[-+]? ?\d[\d./]*)")


def list_looks(text: str) -> Iterator[Look]:
    """Numbers with a heart behind them, numbered, or set apart by a sign that also calculates."""
    bare = _HEART.sub("", text)
    spelled = [bare, _NUMBERING.sub(", ", bare).strip(", ")]
    spelled += [sign.sub(", ", bare) for sign in _LIST_SIGNS]
    yield from (Look(other, "list_unclear") for other in spelled if other != text)


def pair_looks(text: str) -> Iterator[Look]:
    """Yield `x = 8, y = 24` for `x 8 y 24`."""
    parts = [*_NAMED.finditer(text)]
    rest = _NAMED.sub("", text).strip(" ,;.।()&")
    if len(parts) > 1 and rest in {"", "and", "ও", "এবং", "আর", "ar"}:
        named = ", ".join(f"{part['name']} = {part['value']}" for part in parts)
        yield Look(named, shown=named)
