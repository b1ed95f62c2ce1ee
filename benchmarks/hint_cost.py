"""A school year of 1,000 pupils: how many hints cost nothing, and what the others cost.

``python -m benchmarks.hint_cost``. The rules are those of the product: a named mistake first, then
a kept hint, then the model, then the ladder. What pupils do is assumed, and printed; mistakes are
drawn unevenly over those that the library names and a long tail of others. Every pupil accepts
hints from the model, and no token is read from the provider's cache: both cost more.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate
from random import Random
from typing import Any

from benchmarks.hint_leaks import read_library
from src.clients.calls import Usage
from src.content.rows import ProblemRow
from src.costs.prices import PriceList
from src.hints.prompt import build
from src.hints.rules import LADDER, Ask, Seen, next_ask
from src.language import Language

MODEL = "claude-haiku-5-5"
DAYS = 200
PROBLEMS_A_DAY = 5
ACCURACY = 0.75
# Of the wrong answers: those that the library names, those that many others give, those of one.
NAMED, SHARED = 0.50, 0.38
SHARED_WRONG_ANSWERS = 25
ASKS_BEFORE_TRYING = 0.15
ASKS_AFTER_A_MISTAKE = 0.55
ASKS_ON = 0.35
OWN_QUESTION = 0.02
SECOND_TRY = 0.08
FAILS = 0.02
IN_BANGLA = 0.7
# Bytes of UTF-8 in a token, and in a hint of 150 letters.
BYTES_IN_TOKEN = {"en": 4.0, "bn": 3.0}
BYTES_IN_HINT = {"en": 150, "bn": 390}


@dataclass
class Year:
    """What happened.

    Attributes:
        hints: How many, by source.
        calls: How many calls to the model.
        usd: What they cost.
    """

    hints: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    usd: Decimal = Decimal(0)

    @property
    def free(self) -> float:
        """The share of hints that cost nothing."""
        return 1 - self.hints["claude"] / self.hints.total()


class School:
    """1,000 pupils and what they were told before."""

    def __init__(self, problems: Sequence[ProblemRow], seed: int, *, keeps: bool) -> None:
        self._random, self._keeps = Random(seed), keeps
        self._by_grade = {g: [p for p in problems if p.grade == g] for g in (6, 7, 8)}
        self._kept: set[tuple[str, str, int, str]] = set()
        self._costs: dict[tuple[str, str, bool], Decimal] = {}
        self._prices = PriceList()
        weights = [1 / rank for rank in range(1, SHARED_WRONG_ANSWERS + 1)]
        self._weights = list(accumulate(weights))
        self.year = Year()

    def live(self, pupils: int, days: int) -> Year:
        """Let the year pass."""
        for _ in range(days):
            for pupil in range(pupils):
                language = "bn" if pupil % 10 < IN_BANGLA * 10 else "en"
                problems = self._by_grade[6 + pupil % 3]
                for problem in self._random.choices(problems, k=PROBLEMS_A_DAY):
                    self._practise(problem, language)
        return self.year

    def _practise(self, problem: ProblemRow, language: str) -> None:
        """One pupil, one problem: up to three answers, hints in between."""
        chance = self._random.random
        viewed: list[dict[str, Any]] = []
        used = 0
        if chance() < OWN_QUESTION:
            self._ask_model(problem, language, Ask(1, "?", is_question=True))
        if chance() < ASKS_BEFORE_TRYING:
            used = self._give(problem, language, 0, used, viewed, None)
        for attempt in (1, 2):
            if chance() < ACCURACY:
                return
            wrong = self._wrong_answer(problem)
            if wrong.startswith("named"):
                self.year.hints["misconception"] += 1
                viewed.append({"step": 1, "source": "misconception", "attempt": attempt})
            wish = ASKS_AFTER_A_MISTAKE
            while chance() < wish:
                used = self._give(problem, language, attempt, used, viewed, wrong)
                wish = ASKS_ON

    def _wrong_answer(self, problem: ProblemRow) -> str:
        luck = self._random.random()
        if problem.misconceptions and luck < NAMED:
            return f"named {self._random.randrange(len(problem.misconceptions))}"
        if luck < NAMED + SHARED:
            ranks = range(SHARED_WRONG_ANSWERS)
            return f"shared {self._random.choices(ranks, cum_weights=self._weights)[0]}"
        return f"own {self._random.random()}"

    def _give(
        self,
        problem: ProblemRow,
        language: str,
        attempt: int,
        used: int,
        viewed: list[dict[str, Any]],
        wrong: str | None,
    ) -> int:
        """Give the next hint as the product does; return the steps of the ladder used."""
        ask = next_ask(Seen(attempt, used, viewed), wrong)
        source, step = "authored", used + 1
        if ask is not None:
            key = (problem.external_id, language, ask.step, wrong or "")
            if key in self._kept:
                source, step = "kept", ask.step
                self.year.hints["kept"] += 1
            elif self._ask_model(problem, language, ask):
                source, step = "claude", ask.step
                if self._keeps:
                    self._kept.add(key)
        if source != "authored":
            viewed.append({"step": step, "source": source, "attempt": attempt})
            return used
        if used < LADDER:
            self.year.hints["authored"] += 1
            return used + 1
        return used

    def _ask_model(self, problem: ProblemRow, language: str, ask: Ask) -> bool:
        if self._random.random() < FAILS:
            return False
        again = self._random.random() < SECOND_TRY
        self.year.calls += 1 + again
        self.year.usd += self._cost(problem, language, ask) * (1 + again)
        self.year.hints["claude"] += 1
        return True

    def _cost(self, problem: ProblemRow, language: str, ask: Ask) -> Decimal:
        key = (problem.external_id, language, ask.is_question)
        if key not in self._costs:
            prompt = build(problem, Language(language), ask, MODEL)
            said = len(prompt.system.encode()) / BYTES_IN_TOKEN["en"]
            said += len(prompt.messages[0].text.encode()) / BYTES_IN_TOKEN[language]
            hint = BYTES_IN_HINT[language] / BYTES_IN_TOKEN[language]
            usage = Usage(input_tokens=round(said) + 20, output_tokens=round(hint))
            self._costs[key] = self._prices.price(MODEL, usage).usd
        return self._costs[key]


def main() -> int:
    """Print the shares and the dollars; 1 if the aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pupils", type=int, default=1000)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    problems = read_library(1)
    print(
        f"{given.pupils} pupils, {given.days} days, {PROBLEMS_A_DAY} problems a day of "
        f"{len(problems)}; {ACCURACY:.0%} right at a try; of wrong answers {NAMED:.0%} are named "
        f"in the library, {SHARED:.0%} are one of {SHARED_WRONG_ANSWERS} others, the rest unique"
    )
    well = True
    for keeps in (True, False):
        year = School(problems, given.seed, keeps=keeps).live(given.pupils, given.days)
        dollars = year.usd / given.pupils * DAYS / given.days
        shares = ", ".join(f"{s} {n / year.hints.total():.1%}" for s, n in year.hints.most_common())
        print(
            f"\n{'with' if keeps else 'without'} kept hints: {year.hints.total():,} hints: {shares}"
        )
        print(f"  at $0: {year.free:.1%}; {year.calls:,} calls; ${dollars:.4f} a pupil and year")
        well &= not keeps or (year.free >= 0.8 and dollars < 1)
    return int(not well)


if __name__ == "__main__":
    sys.exit(main())
