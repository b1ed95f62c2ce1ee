"""Reads and computes ``solution_check`` with SymPy, sharing nothing with the grader's parser."""

import re
from fractions import Fraction
from statistics import median, multimode
from typing import Any

import sympy
from sympy.parsing.sympy_parser import (
    convert_xor,
    parse_expr,
    rationalize,
    standard_transformations,
)

from src.content.rows import ProblemRow

_RELATION = re.compile(r"(<=|>=|!=|=|<|>)")
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:/\d+)?")
_TRANSFORMATIONS = (*standard_transformations, rationalize, convert_xor)
_ONE_NUMBER = {"number", "money", "quantity", "percent"}


def holds(problem: ProblemRow, answer: str | None = None) -> bool:
    """Return whether every clause is true of the stored answer, or of another one."""
    names = _read_answer(problem, problem.answer if answer is None else answer)
    clauses = [clause.strip() for clause in problem.solution_check.split(";") if clause.strip()]
    return all(_clause_holds(clause, names) for clause in clauses)


def is_one_number(problem: ProblemRow) -> bool:
    """Return whether the answer is a single number, so that other numbers can be tried."""
    return problem.answer_type in _ONE_NUMBER


def _clause_holds(clause: str, names: dict[str, Any]) -> bool:
    kind, _, body = clause.partition(":")
    match kind.strip():
        case "value":
            return _same(_compute(body, {}), names["ans"])
        case "verify":
            return _relation_holds(body, names)
        case "truth":
            return _relation_holds(body, {}) is names["ans"]
        case "which":
            hold = [_relation_holds(one, {}) for one in body.split("|")]
            return [letter for letter, holds in zip("ABCD", hold, strict=False) if holds] == [
                names["letter"]
            ]
        case "slip":
            hold = [_relation_holds(one, {}) for one in body.split("|")]
            return "ABCD"[[*hold, False].index(False)] == str(names["letter"])
        case "fact":
            return bool(body.strip())
    raise AssertionError(f"unknown clause {clause}")


def _relation_holds(body: str, names: dict[str, Any]) -> bool:
    sides = _RELATION.split(body)
    if len(sides) == 1:
        return bool(_compute(body, names))
    values = [_compute(side, names) for side in sides[::2]]
    triples = zip(values, sides[1::2], values[1:], strict=False)
    return all(_compare(left, sign, right) for left, sign, right in triples)


def _compare(left: Any, sign: str, right: Any) -> bool:
    if sign in ("=", "!="):
        return _same(left, right) is (sign == "=")
    order = {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}
    return bool(order[sign])


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, set) or isinstance(right, set):
        return set(left) == set(right)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(_same, left, right))
    return bool(sympy.cancel(sympy.together(sympy.expand(left - right))) == 0)


def _compute(text: str, names: dict[str, Any]) -> Any:
    letters = {letter: sympy.Symbol(letter) for letter in re.findall(r"[A-Za-z]", text)}
    known = {**letters, "π": sympy.pi, "pi": sympy.pi, **_FUNCTIONS, **names}
    return parse_expr(_spell_products(text), known, _TRANSFORMATIONS)


def _spell_products(text: str) -> str:
    """Write the multiplication signs that mathematics leaves out."""
    spelled, previous = "", ""
    for token in _TOKEN.findall(text):
        if re.match(r"[\w(]", token) and re.match(r"[\w)]", previous[-1:]):
            spelled += "" if previous in _FUNCTIONS else "*"
        spelled += token
        previous = token
    return spelled


def _read_answer(problem: ProblemRow, answer: str) -> dict[str, Any]:
    kind = problem.answer_type
    if kind in ("text", "boolean"):
        return {"ans": answer.strip().lower() == "true"}
    if kind == "choice":
        chosen = (problem.choices or {})["en"]["ABCD".index(answer)].translate(_RAISED)
        if re.fullmatch(r"(?=.*[abcx])[abcx\d()^+\-/ ]+", chosen):
            return {"ans": _compute(chosen, {}), "letter": answer}
        number = _NUMBER.search(chosen)
        return {"ans": _rational(number[0]) if number else None, "letter": answer}
    if kind in _ONE_NUMBER:
        number = _NUMBER.search(answer)
        assert number is not None
        value = _rational(number[0])
        return {"ans": value / 100 if kind == "percent" else value}
    if kind == "expression":
        return {"ans": _compute(answer, {})}
    parts = [_rational(part) for part in re.split("[,:]", answer.strip("(){} "))]
    names = {f"ans{number}": part for number, part in enumerate(parts, start=1)}
    names |= dict(zip(problem.answer_options.get("vars", []), parts, strict=False))
    return {**names, "ans": set(parts) if kind == "set" else parts}


def _rational(text: str) -> Any:
    exact = Fraction(text.replace(",", "").strip())
    return sympy.Rational(exact.numerator, exact.denominator)


def _list(values: tuple[Any, ...]) -> list[Any]:
    return (
        list(values[0])
        if len(values) == 1 and not hasattr(values[0], "free_symbols")
        else [*values]
    )


def _mode(*values: Any) -> Any:
    modes = sorted(multimode(_list(values)))
    return modes if len(modes) > 1 else modes[0]


def _round(value: Any, places: Any = 0) -> Any:
    return sympy.floor(value * 10**places + sympy.Rational(1, 2)) / sympy.Integer(10) ** places


_FUNCTIONS: dict[str, Any] = {
    "gcd": lambda *v: sympy.igcd(*map(int, v)),
    "lcm": lambda *v: sympy.ilcm(*map(int, v)),
    "sqrt": sympy.sqrt,
    "cbrt": sympy.real_root,
    "abs": sympy.Abs,
    "min": lambda *v: min(_list(v)),
    "max": lambda *v: max(_list(v)),
    "sum": lambda *v: sum(_list(v)),
    "mean": lambda *v: sum(_list(v)) / sympy.Integer(len(_list(v))),
    "median": lambda *v: median(_list(v)),
    "mode": _mode,
    "count": lambda v: sympy.Integer(len(v)),
    "floor": sympy.floor,
    "ceil": sympy.ceiling,
    "round": _round,
    "mod": lambda a, b: a % b,
    "isprime": lambda v: sympy.Integer(sympy.isprime(v)),
    "divisors": lambda v: {sympy.Integer(d) for d in sympy.divisors(v)},
    "primefactors": lambda v: {sympy.Integer(p) for p in sympy.primefactors(v)},
    "digits": lambda v: [sympy.Integer(d) for d in str(abs(int(v)))],
    "union": lambda *v: set().union(*v),
    "intersect": lambda *v: set(v[0]).intersection(*v[1:]),
    "minus": lambda *v: set(v[0]).difference(*v[1:]),
}
_RAISED = str.maketrans({"²": "^2", "³": "^3", "⁴": "^4"})
_WORDS = "|".join([*(rf"{name}(?=\s*\()" for name in _FUNCTIONS), r"ans\d*", "pi"])
_TOKEN = re.compile(rf"\d+(?:\.\d+)?|{_WORDS}|[A-Za-zπ]|[^\s\w]")
