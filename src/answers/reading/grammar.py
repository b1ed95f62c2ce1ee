"""Step four, first half: a small LALR grammar from folded text to a tree of tuples.

Building the parser takes some 20 ms once, so it is done on import: no pupil's answer pays for it.
"""

import re
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark import Tree as LarkTree
from lark.exceptions import LarkError

from src.answers.limits import MAX_DEPTH, MAX_DIGITS, MAX_TOKENS
from src.answers.reading.text import VULGAR
from src.answers.verdicts import UnreadableError

Tree = tuple[Any, ...]

RULES = r"""
?sum: product | sum "+" product -> add | sum "-" product -> sub
?product: unary | product "*" unary -> mul | product "/" unary -> div | product implicit -> imul
?unary: power | "-" power -> neg | "+" power -> pos
?power: atom | atom "^" signed -> pow
?implicit: factor | factor "^" signed -> pow
?signed: power | "-" signed -> neg
?atom: NUMBER -> num | factor
?factor: LETTER -> var | "(" sum ")" | ROOT atom -> root
NUMBER: /\d+(\.\d+)?|\.\d+/
ROOT: "√" | "∛"
%ignore " "
"""
_GRAMMAR = "?start: sum\nLETTER: /[A-Za-z\u0370-\u03ff\u0985-\u09b9]/" + RULES


@v_args(inline=True)
class TreeBuilder(Transformer[Token, Tree]):
    """Builds tuples while the parser runs; the first item names the operation."""

    def num(self, token: Token) -> Tree:
        """Keep a number as it was typed."""
        if len(token) > MAX_DIGITS + 1:
            raise UnreadableError("too_many_digits")
        return ("num", str(token))

    def var(self, token: Token) -> Tree:
        """Keep a letter."""
        return ("var", str(token))

    def root(self, sign: Token, radicand: Tree) -> Tree:
        """Keep a root with its sign."""
        return ("root", str(sign), radicand)

    def __default__(self, data: str, children: list[Tree], meta: object) -> Tree | LarkTree[Any]:
        """Any other rule: its name and its operands; lark unfolds its own helpers itself."""
        return LarkTree(data, list(children)) if data.startswith("_") else (str(data), *children)


_PARSER = Lark(_GRAMMAR, parser="lalr", lexer="contextual", transformer=TreeBuilder())

_SPELLINGS = (
    (re.compile(r"\*\*"), "^"),
    (
        re.compile(
            r"(?:square root of|sq(?:uare)? ?root|sqrt|root|রুট|বর্গমূল)(?![a-z])", re.IGNORECASE
        ),
        "√",
    ),
    (re.compile(r"(?:cube root of|cube ?root|cbrt|ঘনমূল)(?![a-z])", re.IGNORECASE), "∛"),
    (re.compile(r"(?<![a-zA-Z])[Pp][Ii](?![a-zA-Z])|পাই|ϖ|Π"), "π"),
    (re.compile(r"·|(?:(?<=[^\W\d_])|(?<=\)))\.(?=[^\W_(]|\()|(?<=\d)\.(?=[^\W\d_(√])"), "*"),
    (re.compile(r"[\[{]"), "("),
    (re.compile(r"[\]}]"), ")"),
    (re.compile(r"(\d) ?(½|[¼¾⅐-⅞])"), r"(\1+\2)"),
)
_MIXED = re.compile(r"(?<![\d.])(\d{1,9}) (\d{1,9}) ?/ ?(\d{1,9})(?![\d.])")
_VULGAR = re.compile("[" + "".join(VULGAR) + "]")
_TIMES = re.compile(r"(?<=[\d)π]) ?[xX] ?(?=[\d(√.π])")
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\s\d]")
_DIGIT_RUN = re.compile(r"\d\s+[\d.]")


def spell_expression(text: str, *, x_is_times: bool = False) -> str:
    """Return the text with one spelling for powers, roots, π and products."""
    text = _MIXED.sub(_spell_mixed, text)
    for pattern, plain in _SPELLINGS:
        text = pattern.sub(plain, text)
    text = _VULGAR.sub(lambda match: "({}/{})".format(*VULGAR[match[0]]), text)
    return _TIMES.sub("*", text) if x_is_times else text


def _spell_mixed(match: re.Match[str]) -> str:
    whole, top, bottom = match.groups()
    if not 0 < int(top) < int(bottom):
        raise UnreadableError("mixed_number")
    return f"({whole}+{top}/{bottom})"


def parse_expression(text: str, *, x_is_times: bool = False) -> Tree:
    """Read a folded text as an algebraic expression.

    Raises:
        UnreadableError: too_many_tokens, too_deep, too_many_digits or not_an_expression.
    """
    return parse_spelled(spell_expression(text, x_is_times=x_is_times).strip())


@lru_cache(maxsize=4096)
def parse_spelled(text: str) -> Tree:
    """Parse what `spell_expression` returned."""
    check_size(text)
    if _DIGIT_RUN.search(text):
        raise UnreadableError("several_answers")
    try:
        return _PARSER.parse(text)  # type: ignore[return-value]  # the transformer builds tuples
    except LarkError as error:
        if re.search(r"[^\W\d_]\d", text):
            raise UnreadableError("power_or_product") from error
        raise UnreadableError("not_an_expression") from error


def check_size(text: str, *, tokens: int = MAX_TOKENS) -> None:
    """Refuse a text with too many tokens or brackets in brackets before parsing it."""
    depth = 0
    for count, sign in enumerate(_TOKEN.findall(text), start=1):
        if count > tokens:
            raise UnreadableError("too_many_tokens")
        if sign in "([{":
            depth += 1
            if depth > MAX_DEPTH:
                raise UnreadableError("too_deep")
        elif sign in ")]}":
            depth -= 1
