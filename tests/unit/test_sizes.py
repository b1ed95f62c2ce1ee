"""Functions stay short: half of them within 8 lines, nine of ten within 18."""

import ast
import statistics
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("src", "bot", "cli", "web")
MEDIAN, NINE_OF_TEN = 8, 18


def lines_of(function: ast.AST) -> int:
    """Return the lines from a function's name to its end, its docstring not counted."""
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    assert function.end_lineno is not None
    body, said = function.body, 0
    first = body[0]
    if isinstance(first, ast.Expr) and ast.get_docstring(function) is not None:
        assert first.end_lineno is not None
        said = first.end_lineno - first.lineno + 1
    return function.end_lineno - function.lineno + 1 - said


def test_functions_are_short() -> None:
    sizes = sorted(
        lines_of(node)
        for folder in OURS
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )

    assert len(sizes) > 1000
    assert statistics.median(sizes) <= MEDIAN
    assert statistics.quantiles(sizes, n=10)[-1] <= NINE_OF_TEN
