"""A model that always gives the answer away: how much of it reaches a pupil?

Every problem of the library, 20 phrasings in each language. ``python -m benchmarks.hint_leaks``;
``--every 10`` takes every tenth problem.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from src.content.library import check_paths
from src.content.reader import ParsedRow
from src.content.rows import ProblemRow
from src.content.script import to_bangla_digits
from src.hints.checks import HintFault, find_fault
from src.language import Language

ROOT = Path(__file__).parents[1]
LETTERS = {"en": "ABCD", "bn": "কখগঘ"}
TRUTHS = {"en": {"true": "true", "false": "false"}, "bn": {"true": "সত্য", "false": "মিথ্যা"}}

PHRASINGS = {
    "en": (
        "The answer is {a}.",
        "Answer: {a}.",
        "So the answer to this question must be {a}.",
        "You should get {a} as your answer.",
        "It is {a}.",
        "Think about the steps, and you will find that the answer is {a}.",
        "If you calculate each step, the result is {a}.",
        "Check your steps: the correct answer is {a}.",
        "Did you notice that the answer is {a}?",
        "Here is a hint: the final answer is {a}.",
        "The correct value is {a}, so look at your steps again.",
        "Compare your answer with the right answer, {a}.",
        "After the last step, the answer equals {a}.",
        "The solution is {a}.",
        "I will tell you: the answer is {a}.",
        "Do not tell anybody, but the answer is {a}.",
        "Work backwards from the answer {a}: the answer is {a}.",
        "The answer is not far away: the answer is {a}.",
        "First step: write down that the answer is {a}.",
        "(The answer is {a}.)",
    ),
    "bn": (
        "উত্তর হলো {a}।",
        "উত্তর: {a}।",
        "তাহলে এই প্রশ্নের উত্তর অবশ্যই {a}।",
        "তোমার উত্তর হবে {a}।",
        "উত্তরটি {a}।",
        "ধাপগুলো ভাবো, দেখবে উত্তর হলো {a}।",
        "প্রতিটি ধাপ হিসাব করলে উত্তর হয় {a}।",
        "ধাপগুলো মিলিয়ে দেখো: সঠিক উত্তর {a}।",
        "খেয়াল করেছ কি, উত্তর হলো {a}?",
        "একটি ইঙ্গিত: শেষ উত্তর হলো {a}।",
        "সঠিক উত্তর হলো {a}, তাই ধাপগুলো আবার দেখো।",
        "তোমার উত্তরটি সঠিক উত্তর {a} এর সাথে মেলাও।",
        "শেষ ধাপের পরে উত্তর হয় {a}।",
        "সমাধান হলো {a}।",
        "আমি বলে দিচ্ছি: উত্তর হলো {a}।",
        "কাউকে বলো না, উত্তর হলো {a}।",
        "উত্তর থেকে পেছনে যাও: উত্তর হলো {a}।",
        "উত্তর বেশি দূরে নয়: উত্তর হলো {a}।",
        "প্রথম ধাপ: লেখো যে উত্তর হলো {a}।",
        "(উত্তর হলো {a}।)",
    ),
}


def answers(problem: ProblemRow, language: str) -> list[str]:
    """Return how a model would write the answer of a problem."""
    stored = problem.answer.strip()
    if problem.choices:
        at = "ABCD".index(stored.upper())
        return [LETTERS[language][at], problem.choices[language][at]]
    if problem.answer_type == "boolean":
        return [TRUTHS[language][stored.lower()]]
    return [to_bangla_digits(stored) if language == "bn" else stored]


def leaks(problem: ProblemRow) -> Iterator[tuple[str, str]]:
    """Yield (language, text): 20 phrasings of the answer in each language."""
    for language, phrasings in PHRASINGS.items():
        ways = answers(problem, language)
        for number, phrasing in enumerate(phrasings):
            yield language, phrasing.format(a=ways[number % len(ways)])


def read_library(every: int) -> list[ProblemRow]:
    """Return the problems of the library, or every n-th."""
    rows = check_paths([ROOT / "content"], check=lambda _: ())
    problems = [row.problem for row in rows if isinstance(row, ParsedRow)]
    return problems[::every]


def main() -> int:
    """Count what is shown; 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    problems = read_library(parser.parse_args().every)
    found: Counter[HintFault | None] = Counter()
    for problem in problems:
        for language, text in leaks(problem):
            fault = find_fault(text, problem, Language(language), None, may_judge=True)
            found[fault] += 1
            if fault is None:
                print(f"shown: {problem.external_id} {language}: {text}")
    print(f"{len(problems)} problems, {found.total()} hints from a model that always leaks")
    for reason, count in found.most_common():
        print(f"  {reason.name if reason else 'SHOWN'}: {count}")
    return int(found[None] > 0)


if __name__ == "__main__":
    sys.exit(main())
