"""Run one rival over labelled answers: cases as JSON lines on stdin, verdicts on stdout.

Runs in the interpreter of .venv/rivals, and is killed when an answer takes too long.
Imports nothing of Dars, so that a rival's versions do not have to agree with ours.
"""

import json
import resource
import sys
import time
import unicodedata
from collections.abc import Callable
from fractions import Fraction
from importlib.metadata import version
from typing import Any

Judge = Callable[[str, str], bool]
_MEMORY = 2 * 1024**3
_SIGNS = str.maketrans(
    {"−": "-", "–": "-", "×": "*", "÷": "/", "·": "*", "∶": ":", "ঃ": ":", "²": "^2", "³": "^3"}
)


def fold(text: str) -> str:
    """Give a rival what it needs to have a chance: Latin digits and ASCII signs."""
    digits = (str(unicodedata.decimal(c, c)) for c in text.translate(_SIGNS).strip())
    return "".join(digits)


def exact() -> Judge:
    return lambda typed, stored: typed.strip() == stored


def fraction() -> Judge:
    def judge(typed: str, stored: str) -> bool:
        return Fraction(unicodedata.normalize("NFKC", typed)) == Fraction(stored)

    return judge


def floating() -> Judge:
    return lambda typed, stored: abs(float(typed) - float(stored)) < 1e-9


def babel() -> Judge:
    from babel.numbers import parse_decimal

    def judge(typed: str, stored: str) -> bool:
        return bool(parse_decimal(typed, locale="bn_BD") == parse_decimal(stored, locale="en_US"))

    return judge


def pint() -> Judge:
    import pint as library

    registry: Any = library.UnitRegistry()

    def judge(typed: str, stored: str) -> bool:
        return bool(
            registry.parse_expression(fold(typed)) == registry.parse_expression(fold(stored))
        )

    return judge


def sympy() -> Judge:
    from sympy import simplify
    from sympy.parsing.sympy_parser import (
        convert_xor,
        implicit_multiplication,
        parse_expr,
        standard_transformations,
    )

    rules = (*standard_transformations, implicit_multiplication, convert_xor)

    def judge(typed: str, stored: str) -> bool:
        left = parse_expr(fold(typed), transformations=rules)
        right = parse_expr(fold(stored), transformations=rules)
        return bool(left == right or simplify(left - right) == 0)

    return judge


def latex2sympy() -> Judge:
    from latex2sympy2_extended import latex2sympy as read
    from sympy import simplify

    def judge(typed: str, stored: str) -> bool:
        left, right = read(fold(typed)), read(fold(stored))
        return bool(left == right or simplify(left - right) == 0)

    return judge


def math_verify() -> Judge:
    from math_verify import parse, verify

    def judge(typed: str, stored: str) -> bool:
        gold = parse(f"${fold(stored)}$", parsing_timeout=None)
        answer = parse(f"${fold(typed)}$", parsing_timeout=None)
        return bool(verify(gold, answer, timeout_seconds=None))

    return judge


# Name -> (judge, the distribution whose version is reported, whether it may run what it reads).
RIVALS: dict[str, tuple[Callable[[], Judge], str | None, bool]] = {
    "exact string": (exact, None, False),
    "float, 1e-9": (floating, None, False),
    "Unicode NFKC + Fraction": (fraction, None, False),
    "Babel parse_decimal bn_BD": (babel, "babel", False),
    "pint": (pint, "pint", True),
    "SymPy parse_expr": (sympy, "sympy", True),
    "latex2sympy2_extended": (latex2sympy, "latex2sympy2-extended", True),
    "math-verify": (math_verify, "math-verify", True),
}


def answer(judge: Judge, case: dict[str, Any]) -> dict[str, Any]:
    """Judge one case; whatever a rival raises means that it does not accept."""
    start = time.process_time_ns()
    try:
        accepted = judge(case["typed"], case["stored"])
    except Exception:  # noqa: BLE001 - a rival may raise anything
        accepted = False
    return {"accepted": accepted, "cpu_ns": time.process_time_ns() - start}


def main() -> None:
    """Answer line by line until stdin ends; the first line out tells the version, once warm."""
    make, distribution, _ = RIVALS[sys.argv[1]]
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    judge = make()
    answer(judge, {"typed": "1", "stored": "1"})
    print(json.dumps({"version": version(distribution) if distribution else ""}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(judge, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
