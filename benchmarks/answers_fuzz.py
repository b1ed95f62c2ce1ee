"""Throw seeded strings at the grader and look for exceptions and slow ones.

Run it with `python -m benchmarks.answers_fuzz`.
"""

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from src.answers import Outcome, grade

STORED: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("number", "42", {}),
    ("number", "3/4", {"form": "lowest_terms"}),
    ("number", "3.14", {"tol": "0.01"}),
    ("percent", "12.5%", {}),
    ("money", "1,250.50", {"unit": "BDT"}),
    ("quantity", "24 cm²", {}),
    ("quantity", "2.5 h", {"tol": "0.1"}),
    ("quantity", "45 km/h", {}),
    ("ratio", "3:4", {}),
    ("expression", "(x+2)(x-3)", {"form": "factored"}),
    ("expression", "(a^2-b^2)/(a+b)", {"form": "lowest_terms"}),
    ("expression", "2√3+π", {}),
    ("inequality", "-2<x<=5", {}),
    ("tuple", "(1/2,-3)", {"vars": ["x", "y"]}),
    ("set", "{1,2,3}", {}),
    ("list", "2, 4, 8", {"ordered": True}),
    ("boolean", "true", {}),
    ("choice", "B", {"choices": [["12 cm", "১২ সেমি"], ["15 cm"], ["18 cm"]]}),
    ("text", "isosceles", {"accept": ["সমদ্বিবাহু"]}),
)
SEEDS = (
    "42", "৪২", "3 1/2", "১,০০,০০০", "2x+3", "x²+5x+6", "(x+2)(x+3)", "2 ঘণ্টা 30 মিনিট",
    "24 cm²", "Tk. 500/-", "x=2, y=3", "{1,2,3}", "3:4", "√(2)", "-2<x≤5", "25%", "Ans: 42",
    "উত্তরঃ ৪২", "1.2e5", "0.333...", "b) 15", "1 m 50 cm", "((((((", "9^9^9^9", "x^20^20",
    "√√√2", "1/0", "(x+y+z+w)^20", "1/(1/(1/x))", "2^n", "৩ পূর্ণ ১/২", "====", "x=", "::",
)  # fmt: skip
ALPHABETS = (
    "0123456789০১২৩৪৫৬৭৮৯",
    "+-*/^=()[]{}<>≤≥.,:;%√∛π°²³½¾×÷·|!?'\"_ ",
    "xyzabcnকখগABC",
    "টাকাসেমিঘণ্টামিনিটকেজিলক্ষকোটি ঃ।়্",
    "cmkghourspersquareintaka and or to not",
    "\x00\x07\n\r\t\u200b\u200d\u202e\u2066\u2069\ufeff\ud800\U0001f600\u0301\u0307٤٢㊷Ⅴ∞",
)


@dataclass(slots=True)
class Report:
    """What a run found; times in milliseconds of CPU."""

    strings: int = 0
    exceptions: list[str] = field(default_factory=list)
    slowest_ms: float = 0.0
    slowest: str = ""
    p99_ms: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)


def strings(count: int, seed: int) -> Iterator[str]:
    """Yield seeded strings: random ones, mutated answers, and answers put together."""
    source = random.Random(seed)
    every = "".join(ALPHABETS)
    for _ in range(count):
        kind = source.random()
        if kind < 0.3:
            alphabet = every if kind < 0.1 else source.choice(ALPHABETS)
            yield "".join(source.choices(alphabet, k=source.choice((1, 3, 8, 20, 60, 119, 500))))
        elif kind < 0.6:
            yield "".join(source.choices(SEEDS, k=source.randint(1, 6)))
        else:
            yield mutate(source.choice(SEEDS), source, every)


def mutate(text: str, source: random.Random, alphabet: str) -> str:
    """Insert, drop, double or swap a few characters."""
    letters = list(text)
    for _ in range(source.randint(1, 4)):
        place = source.randrange(len(letters) + 1)
        change = source.randrange(4)
        if change == 0 or not letters:
            letters.insert(place, source.choice(alphabet))
        elif change == 1:
            letters.pop(place % len(letters))
        elif change == 2:
            letters[place % len(letters)] *= source.choice((2, 3, 30))
        else:
            letters[place % len(letters)] = source.choice(alphabet)
    return "".join(letters)


def run(count: int, seed: int = 1) -> Report:
    """Grade each string as an answer to one of the stored ones."""
    report, times = Report(), []
    for index, text in enumerate(strings(count, seed)):
        answer_type, stored, options = STORED[index % len(STORED)]
        start = time.process_time()
        try:
            outcome = grade(text, stored, answer_type, options).outcome
        except Exception as error:  # noqa: BLE001  # any exception at all is what this looks for
            report.exceptions.append(f"{answer_type} {text!r}: {error!r}")
            continue
        spent = (time.process_time() - start) * 1000
        times.append(spent)
        report.outcomes[Outcome(outcome).value] += 1
        if spent > report.slowest_ms:
            report.slowest_ms, report.slowest = spent, f"{answer_type} {text!r}"
    report.strings = count
    report.p99_ms = sorted(times)[int(len(times) * 0.99)]
    return report


def main() -> None:
    """Print the report as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    report = run(arguments.count, arguments.seed)
    figures = {
        "strings": report.strings,
        "exceptions": len(report.exceptions),
        "p99_ms": round(report.p99_ms, 3),
        "slowest_ms": round(report.slowest_ms, 3),
        "slowest": report.slowest[:200],
        "outcomes": dict(report.outcomes),
    }
    print(json.dumps(figures, ensure_ascii=True, indent=2))
    for fault in report.exceptions[:20]:
        print(ascii(fault))


if __name__ == "__main__":
    main()
