"""How long a command takes to start, against the bare imports of what it needs of others.

`dars --help` against `import typer` (at most 3 times); the help of each other command against an
import of the same modules of the standard library and of packages, without a line of ours (at most
1.5 times). Seconds of the processor, the median of some runs in turn.
"""

import argparse
import os
import resource
import subprocess
import sys
from statistics import median

from cli.main import COMMANDS

HELP_LIMIT, LIMIT = 3.0, 1.5
OURS = ("bot", "cli", "sandbox", "src", "web", "benchmarks", "tests", "scripts", "__")
RUN = "import sys; from cli.main import main; sys.argv[0] = 'dars'; main({words!r})"
# What is loaded when the help of a command has been printed.
LOADED = """
import sys
from cli.main import main
try:
    main({words!r})
except SystemExit:
    pass
print("\\n".join(name for name, module in sys.modules.items() if getattr(module, "__spec__", None)),
    file=sys.stderr)
"""


def run(code: str) -> float:
    """Return the seconds of the processor that a new Python takes for some code."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def bare(words: list[str]) -> str:
    """Return code that imports what a command needs of others, in its order."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(words=words)],
        capture_output=True,
        text=True,
        check=True,
    )
    names = [
        name
        for name in done.stderr.splitlines()
        if name and not name.startswith(OURS) and name.replace(".", "").isidentifier()
    ]
    tried = [f"try:\n import {name}\nexcept ImportError: pass" for name in names]
    return "\n".join(tried)


def compare(code: str, floor: str, rounds: int) -> tuple[float, float]:
    """Return the medians of both, run in turn."""
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(run(code))
        theirs.append(run(floor))
    return median(ours), median(theirs)


def main() -> int:
    """Print the ratios; 1 if one is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("commands", nargs="*", help="these alone")
    options = parser.parse_args()
    os.environ.setdefault("DARS_ENV", "testing")
    over = 0
    for name in ["", *(options.commands or COMMANDS)]:
        words = [name, "--help"] if name else ["--help"]
        floor = bare(words) if name else "import typer"
        ours, theirs = compare(RUN.format(words=words), floor, options.rounds)
        limit, ratio = (LIMIT if name else HELP_LIMIT), ours / theirs
        over += ratio > limit
        mark = "  too slow" if ratio > limit else ""
        print(
            f"dars {name:10} {ours:6.2f} s   floor {theirs:6.2f} s   {ratio:5.2f}{mark}", flush=True
        )
    return int(over > 0)


if __name__ == "__main__":
    raise SystemExit(main())
