"""Write the documents that are generated from the code, or say which are out of date.

``python -m scripts.docs`` writes, ``python -m scripts.docs --check`` compares and exits 1. A new
one is a line in ``DOCUMENTS``: a path and a function from the present text to the right one.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from scripts.licence_docs import render_licences
from scripts.schema_docs import render_schema
from scripts.settings_docs import render_env_example
from src.content.rows import schema_text
from src.figures.kinds import schema_text as figure_schema_text

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS: dict[str, Callable[[str], str]] = {
    "DATABASE_SCHEMA.md": render_schema,
    ".env.example": render_env_example,
    "docs/licences.md": render_licences,
    "docs/figure.schema.json": lambda _: figure_schema_text(),
    "docs/problem.schema.json": lambda _: schema_text(),
}


def find_stale(root: Path = ROOT) -> dict[Path, str]:
    """Return the files that are not what they should be, each with its right text."""
    stale = {}
    for name, render in DOCUMENTS.items():
        path = root / name
        present = path.read_text(encoding="utf-8") if path.exists() else ""
        if (right := render(present)) != present:
            stale[path] = right
    return stale


def main(arguments: Iterable[str] | None = None) -> int:
    """Write or compare; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check: bool = parser.parse_args(None if arguments is None else list(arguments)).check
    stale = find_stale()
    for path, right in stale.items():
        print(f"{path.name}: {'out of date: run make fmt' if check else 'written'}")
        if not check:
            path.write_text(right, encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
