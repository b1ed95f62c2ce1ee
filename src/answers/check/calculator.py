"""The arithmetic of `solution_check`: the pupils' grammar with functions, lists and sets on top."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from lark import Lark, Token, v_args
from lark.exceptions import LarkError

from src.answers.check.functions import FUNCTIONS
from src.answers.check.values import Ratio, Value, number_of, same, set_key
from src.answers.reading.algebra import Evaluator, Function
from src.answers.reading.grammar import RULES, Tree, TreeBuilder, check_size
from src.answers.reading.polynomials import Budget
from src.answers.verdicts import UnreadableError

__all__ = ["FUNCTIONS", "Calculator", "Value", "number_of", "parse_check"]

_MAX_TOKENS = 300
_MAX_PRODUCTS = 60_000
_MAX_EXPONENT = 100

_EXTENSION = r"""
?start: relation | ratio | sum
relation: side (REL side)+
?side: sum | ratio
ratio: sum (":" sum)+
?special: CALL "(" [arguments] ")" -> call
        | "[" [arguments] "]" -> list
        | "(" sum ("," sum)+ ")" -> list
        | "{" [arguments] "}" -> set
        | ANS -> ans
        | PI -> pi
arguments: sum ("," sum)*
REL: "<=" | ">=" | "!=" | "=" | "<" | ">" | "≤" | "≥" | "≠"
CALL.3: /[a-z]+(?=\s*\()(?<=[a-z][a-z])/
ANS.3: /ans\d*/
PI.3: /pi(?![a-z])|π/
LETTER: /[^\W\d_]/
"""


@v_args(inline=True)
class _Builder(TreeBuilder):
    def call(self, name: Token, arguments: Tree | None) -> Tree:
        return ("call", str(name), *(arguments[1:] if arguments else ()))

    def list(self, *items: Any) -> Tree:
        return ("list", *_flat(items))

    def set(self, *items: Any) -> Tree:
        return ("set", *_flat(items))

    def ans(self, token: Token) -> Tree:
        return ("ans", str(token))

    def pi(self, token: Token) -> Tree:
        del token
        return ("var", "π")

    def relation(self, *parts: Any) -> Tree:
        return ("relation", *(str(part) if isinstance(part, Token) else part for part in parts))


def _flat(items: Sequence[Any]) -> tuple[Tree, ...]:
    if len(items) == 1 and (items[0] is None or items[0][0] == "arguments"):
        return items[0][1:] if items[0] else ()
    return tuple(items)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    """Build the parser on first use: only checks of content need it."""
    grammar = RULES.replace("LETTER -> var |", "LETTER -> var | special |") + _EXTENSION
    return Lark(grammar, parser="lalr", lexer="contextual", transformer=_Builder())


def parse_check(text: str) -> Tree:
    """Read a relation, a ratio or an expression of a `solution_check`.

    Raises:
        UnreadableError: it is too long, or not in the grammar.
    """
    check_size(text, tokens=_MAX_TOKENS)
    try:
        return _parser().parse(text.replace("**", "^"))  # type: ignore[return-value]  # the transformer builds tuples
    except LarkError as error:
        raise UnreadableError("not_in_the_grammar") from error


class Calculator(Evaluator):
    """Evaluates the tree of a check, with the answer under its names."""

    def __init__(self, names: Mapping[str, Value]) -> None:
        super().__init__(Budget(_MAX_PRODUCTS), max_exponent=_MAX_EXPONENT)
        self.names = names

    def value(self, tree: Tree) -> Value:
        """Return a number, a rational function, a list, a set or a ratio."""
        operation = tree[0]
        if operation == "list":
            return tuple(self.value(item) for item in tree[1:])
        if operation == "set":
            return frozenset(set_key(self.value(item)) for item in tree[1:])
        if operation == "ratio":
            return Ratio(tuple(self.evaluate(part) for part in tree[1:]))
        if operation in {"ans", "var"} and tree[1] in self.names:
            return self.names[tree[1]]
        if operation == "ans":
            raise UnreadableError(f"the answer has no {tree[1]}")
        if operation == "relation":
            raise UnreadableError("a value is needed, not a relation")
        if operation == "call":
            return self._call(tree[1], tree[2:])
        return super().evaluate(tree)

    def evaluate(self, tree: Tree) -> Function:
        """Return the value of a tree that must be a single number or function."""
        value = self.value(tree)
        if not isinstance(value, Function):
            raise UnreadableError("a single number is needed, not several")
        return value

    def holds(self, tree: Tree) -> bool:
        """Return whether a relation holds; an expression holds where it is not zero."""
        if tree[0] != "relation":
            return bool(self.evaluate(tree).top)
        sides = [self.value(side) for side in tree[1::2]]
        pairs = zip(sides, tree[2::2], sides[1:], strict=False)
        return all(self._compare(left, sign, right) for left, sign, right in pairs)

    def _compare(self, left: Value, sign: str, right: Value) -> bool:
        if sign in {"=", "!=", "≠"}:
            return same(left, right) is (sign == "=")
        low, high = number_of(left), number_of(right)
        if sign in {"<", ">"}:
            return low < high if sign == "<" else low > high
        return low <= high if sign in {"<=", "≤"} else low >= high

    def _call(self, name: str, arguments: Sequence[Tree]) -> Value:
        function = FUNCTIONS.get(name)
        if function is None:
            raise UnreadableError(f"unknown function {name}")
        try:
            return function(*(self.value(argument) for argument in arguments))
        except TypeError as error:
            raise UnreadableError(f"{name} does not take these arguments") from error
