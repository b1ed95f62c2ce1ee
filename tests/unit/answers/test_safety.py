"""Whatever is typed: nothing is run, work is bounded before it starts, no lookalike is right."""

import ast
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest

import src.answers
from benchmarks.answers_fuzz import STORED, run
from src.answers import Outcome, grade

# Its limits are those of the grader, not of one that is traced.
pytestmark = pytest.mark.no_cover
FOLDER = Path(src.answers.__file__).parent
CODE = [
    '__import__("os").system("id")', 'eval("5")', "lambda: 5", "exec('5')", "print(5)",
    "5 if True else 6", 'int("5")', "5;import os", "{5}.pop()", "5 or 6", r"\input{/etc/passwd}",
    "{{5}}", "${5}", "5%%", "<b>5</b>", "5--", "5++", "5//1", "5&&6", "5 # five", "[5][0]",
    "5 .real", "5j", "0x5", "0b101", "5L", "5_", "_5", "%35", "&#53;", "5\n6", "5\\n6", "5;5",
    "'5'+'5'", "f'{5}'", "5;--", "' OR 5=5", "!5", "=5+6", "@SUM(5)", "5e", "e5", "5e+",
    "..5", "5..", "nan", "inf", "None", "True", "5=6", "5==6",
]  # fmt: skip
HEAVY = [
    "9**9**9**9", "99999999999!", "((9**9)**9)**9", "1e999999", "1E+99999999999", "x**x**x**x",
    "0." + "3" * 10_000, "(" * 5_000 + "5" + ")" * 5_000, "-" * 5_000 + "5", "x" * 10_000,
    "9^" * 500 + "9", "binomial(10**9,5*10**8)", "integrate(exp(x**x)*sin(x**x),x)", "a," * 5_000,
    "((((a+b)^9+1)^9+1)^9+1)^9", "১" * 9_000, "1:" * 4_000, "٪" * 5_000, "(x+1)**99999999",
    "(x+y+z+w)^80", "x+" * 4_000 + "x", " " * 9_999 + "5", "(1+√2+√3+√5+√7+√11)^20",
    "(x+y+z)^13-(x+y+z)^13", ",".join(["(√2+√3+√5)^20"] * 8), "=".join(["√9999991"] * 12),
    "1/(x+1)+1/(x+2)+1/(x+3)+1/(x+4)+1/(x+5)+1/(x+6)+1/(x+7)+1/(x+8)", "½" * 119, "²" * 119,
    "x²" * 59, "1 m 2 " * 19, "উত্তর " * 19, "5" + "\u0307" * 110, "5" + "\u0301" * 110,
    "2^n" * 39, "(2^n+3^n)^20", "√" * 119, "{1,2}," * 19, "x<" * 59, "\ud800" * 100,
    "\u202e" * 100 + "5",
]  # fmt: skip
NEVER_RIGHT = [
    ("-5", ["5-", "+5", "5"]), ("52", ["5²", "5 2", "25"]), ("11/2", ["1½", "1 1/2"]),
    ("34", ["3|4", "3 4", "3.4"]),
    ("5", ["5\x00", "⑤", "V", "5\u202e", "5 5", "5\u0301 6", "٥٥", "𝟓x"]),
    ("50", ["5\u202e0", "5_0", "⑤0", "5\u200e0"]), ("0.1", ["0.10000000000000001", ".01"]),
    ("9007199254740993", ["9.007199254740992e15", "9007199254740992"]),
    ("1", ["True", "l", "|", "0!", "e^0", "i", "I"]),
    ("0", ["o", "O", "nan", "null", "{}", "false", "0/0", "-"]),
    ("42", ["41 42 43", "1 2 3 42", "42/42*42", "4২৪২", "42 or 43"]),
    ("43", ["not 43", "43 nor 44", "43;44", "43|44"]),
]  # fmt: skip


@pytest.mark.parametrize("typed", CODE)
def test_code_is_not_an_answer(typed: str) -> None:
    assert grade(typed, "5", "number").outcome is not Outcome.CORRECT


@pytest.mark.parametrize("typed", HEAVY, ids=range(len(HEAVY)))
def test_heavy_input_is_cheap_for_every_type(typed: str) -> None:
    for answer_type, stored, options in STORED:
        start = time.process_time()
        verdict = grade(typed, stored, answer_type, options)
        assert time.process_time() - start < 1.0, answer_type
        assert verdict.outcome is not Outcome.CORRECT, answer_type


@pytest.mark.parametrize(("stored", "typed"), NEVER_RIGHT, ids=[s for s, _ in NEVER_RIGHT])
def test_lookalikes_are_not_the_answer(stored: str, typed: list[str]) -> None:
    accepted = [t for t in typed if grade(t, stored, "number").outcome is Outcome.CORRECT]
    assert accepted == []


def test_every_decimal_digit_of_unicode_is_read() -> None:
    digits = [chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) == "Nd"]
    assert len(digits) >= 600
    wrong = [
        digit
        for digit in digits
        if grade(f"4{digit}", f"4{unicodedata.decimal(digit)}", "number").outcome
        is not Outcome.CORRECT
    ]
    assert wrong == []


def test_no_other_character_is_taken_for_a_digit() -> None:
    numerals = [
        chr(c)
        for c in range(128, sys.maxunicode + 1)
        if unicodedata.category(chr(c)) in {"Nl", "No"} and unicodedata.digit(chr(c), None) == 5
    ]
    assert len(numerals) > 5
    accepted = [n for n in numerals if grade(n, "5", "number").outcome is Outcome.CORRECT]
    assert accepted == []


def test_a_seeded_fuzz_run_finds_no_exception() -> None:
    report = run(6_000, seed=2026)
    assert report.exceptions == []
    assert report.p99_ms < 50


def test_the_grader_imports_only_the_standard_library_and_lark() -> None:
    allowed = {*sys.stdlib_module_names, "lark", "src"}
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            assert {name.partition(".")[0] for name in names} <= allowed, path.name
            pure = ("src.answers", "src.bangla", "src.language")
            assert all(not n.startswith("src") or n.startswith(pure) for n in names)


def test_no_module_of_the_grader_runs_text() -> None:
    forbidden = {"eval", "exec", "compile", "__import__", "open"}
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in forbidden, path.name


def test_the_words_of_the_grader_are_in_the_form_that_folding_gives() -> None:
    for path in FOLDER.rglob("*.py"):
        text = path.read_text("utf-8")
        assert unicodedata.is_normalized("NFC", text), path.name


def test_grading_leaves_sympy_and_pint_alone() -> None:
    program = "import sys, src.answers; print({'sympy', 'pint'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=FOLDER.parents[1],
    )
    assert done.stdout.strip() == "set()"
