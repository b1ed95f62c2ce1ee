"""The grader next to what a library does with the same answers: writes docs/answer-benchmark.md.

make bench                                   # installs the rivals, then measures everything
.venv/bin/python -m benchmarks.answers       # this page alone
"""

import json
import platform
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.answers_rivals import RIVALS
from src.answers import Outcome, grade
from src.answers.score import Case, read_cases

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "tests" / "corpus" / "answers.csv"
PAGE = ROOT / "docs" / "answer-benchmark.md"
PYTHON = ROOT / ".venv" / "rivals" / "bin" / "python"
LIMIT = 4.0
START_LIMIT = 60.0
CODE = "hostile-code"


@dataclass
class Tally:
    """What one candidate made of the corpus."""

    name: str
    version: str = ""
    right: int = 0
    right_accepted: int = 0
    wrong: int = 0
    wrong_accepted: int = 0
    killed: int = 0
    not_run: int = 0
    cpu_ns: list[int] = field(default_factory=list)

    def count(self, case: Case, *, accepted: bool) -> None:
        """Take one judged case into account."""
        if case.should_match:
            self.right += 1
            self.right_accepted += accepted
        else:
            self.wrong += 1
            self.wrong_accepted += accepted

    @property
    def p99_ms(self) -> float:
        """CPU time below which 99 of 100 answers stay."""
        times = sorted(self.cpu_ns)
        return times[int(0.99 * len(times))] / 1e6 if times else 0.0

    def row(self) -> str:
        """Return the row of the table."""
        right = f"{self.right_accepted / self.right:.1%}"
        wrong = f"{self.wrong_accepted / self.wrong:.1%} ({self.wrong_accepted})"
        cells = (
            self.name,
            self.version or "-",
            right,
            wrong,
            self.killed,
            self.not_run,
            f"{self.p99_ms:.2f}",
        )
        return "| " + " | ".join(map(str, cells)) + " |"


class Worker:
    """A rival in a process of its own."""

    def __init__(self, name: str) -> None:
        self.process = subprocess.Popen(
            [PYTHON, ROOT / "benchmarks" / "answers_rivals.py", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        hello = self._read(START_LIMIT)
        if hello is None:
            raise SystemExit(f"{name} does not start; is .venv/rivals complete? Try make bench")
        self.version = str(hello["version"])

    def ask(self, case: Case) -> dict[str, object] | None:
        """Return the answer, or None when there is none in time or the process died."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(
                json.dumps({"typed": case.typed, "stored": case.stored}) + "\n"
            )
            self.process.stdin.flush()
        except BrokenPipeError:
            return None
        return self._read(LIMIT)

    def _read(self, limit: float) -> dict[str, object] | None:
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            if not selector.select(limit):
                return None
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def stop(self) -> None:
        """Kill the process, whatever it is doing."""
        self.process.kill()
        self.process.communicate()


def measure_rival(name: str, cases: Sequence[Case]) -> Tally:
    """Ask a rival about every case; one that evaluates text never sees those that are code."""
    _, _, evaluates = RIVALS[name]
    worker = Worker(name)
    tally = Tally(name, worker.version)
    for case in cases:
        if evaluates and case.category == CODE:
            tally.not_run += 1
            continue
        reply = worker.ask(case)
        if reply is None:
            worker.stop()
            worker = Worker(name)
            tally.killed += 1
        else:
            tally.cpu_ns.append(int(str(reply["cpu_ns"])))
        tally.count(case, accepted=bool(reply and reply["accepted"]))
    worker.stop()
    return tally


def measure_dars(cases: Sequence[Case]) -> Tally:
    """Ask our grader about every case, in this process."""
    tally = Tally("**Dars**")
    for case in cases:
        start = time.process_time_ns()
        outcome = grade(case.typed, case.stored, case.answer_type, case.options).outcome
        tally.cpu_ns.append(time.process_time_ns() - start)
        tally.count(case, accepted=outcome is Outcome.CORRECT)
    return tally


def measure(cases: Sequence[Case]) -> Iterator[Tally]:
    """Measure all candidates, ours last."""
    for name in RIVALS:
        print(f"{name} ...", file=sys.stderr, flush=True)
        yield measure_rival(name, cases)
    yield measure_dars(cases)


_PAGE = """\
# What a library does with a pupil's answer

`tests/corpus/answers.csv` without its contested rows: {cases} typed answers, {right} of them right
and {wrong} not. Made by `make bench`, or this page alone by
`.venv/bin/python -m benchmarks.answers` once `make bench` has installed the rivals
([requirements/rivals.in](../requirements/rivals.in)) into `.venv/rivals`.

| candidate | version | right accepted | others accepted | killed | not run | p99 CPU, ms |
|---|---|---|---|---|---|---|
{rows}

- A rival is asked whether the typed text equals the stored text; it knows nothing of the type of
  the answer or of the form that was asked for. That is the point of the comparison: equality of
  value is not the question that a teacher asks.
- pint, SymPy, latex2sympy2_extended and math-verify get Latin digits and ASCII signs. Whatever a
  rival raises counts as not accepted. math-verify runs without its own time limits, which need
  signals and so the main thread.
- *Killed*: no verdict within {limit} s of wall time, or more than 2 GB of memory. Counted as not
  accepted; its CPU time is not in p99.
- *Not run*: rows of the category `{code}` are kept from the rivals that evaluate what they read;
  SymPy's parser would execute them.
- CPU time is that of one answer in a process that is already warm. Python {python}.
"""


def page(cases: Sequence[Case], tallies: Sequence[Tally]) -> str:
    """Return the text of the page."""
    right = sum(case.should_match for case in cases)
    return _PAGE.format(
        cases=len(cases),
        right=right,
        wrong=len(cases) - right,
        rows="\n".join(tally.row() for tally in tallies),
        limit=f"{LIMIT:.0f}",
        code=CODE,
        python=platform.python_version(),
    )


def main() -> None:
    """Measure and write the page."""
    cases = [case for case in read_cases(CORPUS.read_text(encoding="utf-8")) if not case.contested]
    text = page(cases, list(measure(cases)))
    PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
