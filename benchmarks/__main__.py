"""Runs every benchmark, or those that are named: ``python -m benchmarks [name …]``.

Each prints ratios against a floor measured in the same run; absolute times depend on the machine.
"""

import subprocess
import sys
from pathlib import Path

ORDER = (
    "start",
    "answer",
    "http",
    "selection",
    "repeats",
    "learning",
    "estimates",
    "flags",
    "mistakes",
    "answers",
    "content_import",
    "figures",
    "hint_cost",
    "hint_leaks",
    "reports",
    "analytics",
    "board",
    "class_page",
    "nudges",
    "deadlines",
    "nobody_waits",
    "canvas",
    "canvas_mirror",
    "canvas_refresh",
)


def main() -> int:
    """Run benchmarks one after the other, each in a process of its own; 1 if one failed."""
    folder = Path(__file__).parent
    names = sys.argv[1:] or [name for name in ORDER if (folder / f"{name}.py").exists()]
    failed = []
    for name in names:
        print(f"\n=== {name} ===", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
            failed.append(name)
    if failed:
        print(f"\nnot well: {', '.join(failed)}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
