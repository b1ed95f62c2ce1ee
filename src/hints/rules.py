"""Pure decisions about hints: which kind comes next, what is a question, what may be reused."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Protocol

from src.answers import Outcome

LADDER = 3
LAST_STEP = 6
LONGEST_KEY = 200
LONGEST_TYPED = 300
MADE = frozenset({"misconception", "kept", "claude"})

_QUESTION_WORDS = re.compile(
    r"\b(?:what|why|how|which|when|where|who|explain|understand|confused|help|stuck|mean|means)\b"
    r"|(?<![\u0980-\u09ff])(?:কী|কি|কেন|কীভাবে|কিভাবে|কেমন|কোন|কোনটি|কোথায়|কোথায়|কখন|কে|কত|মানে"
    r"|বুঝিনি|বুঝি না|বুঝলাম না|বুঝতে|বুঝিয়ে|বুঝিয়ে|বোঝাও|সাহায্য)(?![\u0980-\u09ff])",
    re.IGNORECASE,
)
# Not a word of a question in answers: "5 কি.মি.", "how" alone.
_SHORTEST_QUESTION = 2
_MOST_WORDS_REUSED = 4
_LONGEST_REUSED = 40


@dataclass(frozen=True, slots=True)
class Switches:
    """What the operator allows.

    Attributes:
        kept: Hints that a model made earlier may be shown.
        model: A model may be asked, for pupils who accepted it.
    """

    kept: bool = False
    model: bool = False


OFF = Switches()


@dataclass(frozen=True, slots=True)
class Ask:
    """A hint that is to be made for one pupil.

    Attributes:
        step: 1..3: what the ladder would give next; more than that after it.
        typed: The wrong answer, or the question; None where nothing was typed.
        is_question: Whether it is a question of the pupil's own.
    """

    step: int
    typed: str | None = None
    is_question: bool = False

    @property
    def is_wrong_answer(self) -> bool:
        """Whether the grader found what was typed wrong."""
        return self.typed is not None and not self.is_question


@dataclass(frozen=True, slots=True)
class Seen:
    """What a pupil did with the problem so far.

    Attributes:
        attempts: Wrong answers.
        hints_used: Steps of the ladder.
        hints_viewed: Every hint: step, source, and the attempt that it was for.
    """

    attempts: int
    hints_used: int
    hints_viewed: Sequence[Mapping[str, Any]]

    @property
    def has_hint_for_attempt(self) -> bool:
        """Whether a hint was made for the last wrong answer already."""
        return any(
            hint.get("source") in MADE and hint.get("attempt") == self.attempts
            for hint in self.hints_viewed
        )

    @property
    def beyond(self) -> int:
        """How many hints came after the ladder."""
        return sum(hint.get("step", 0) > LADDER for hint in self.hints_viewed)


def next_ask(seen: Seen, wrong_answer: str | None) -> Ask | None:
    """Decide whether the next hint is made for the pupil; None: it is the ladder's turn.

    One is made for every wrong answer. After that comes the ladder, and after the ladder they are
    made again, up to a limit.

    Args:
        seen: What was done so far.
        wrong_answer: The last one, if there is one.
    """
    if seen.hints_used >= LADDER:
        step = LADDER + 1 + seen.beyond
        return Ask(step, wrong_answer) if step <= LAST_STEP else None
    if wrong_answer is not None and not seen.has_hint_for_attempt:
        return Ask(seen.hints_used + 1, wrong_answer)
    return None


def looks_like_question(text: str) -> bool:
    """Return whether a text may be a question: cheap, asked of every typed answer."""
    return text.rstrip().endswith(("?", "？")) or _QUESTION_WORDS.search(text) is not None


def is_question(text: str, outcome: Outcome, answer_type: str) -> bool:
    """Return whether a typed text is a question of the pupil's own and not an answer.

    Only what the grader could not read can be one; where every word is an answer, only a whole
    sentence with a question mark.

    Args:
        text: What was typed.
        outcome: What the grader says to it.
        answer_type: The type of the answer that is wanted.
    """
    if len(text.split()) < _SHORTEST_QUESTION or not looks_like_question(text):
        return False
    if outcome is Outcome.UNREADABLE:
        return True
    asks = text.rstrip().endswith(("?", "？")) and _QUESTION_WORDS.search(text) is not None
    return answer_type == "text" and outcome is Outcome.WRONG and asks and len(text.split()) > 2


def is_reusable(typed: str, masked: str, key: str | None) -> bool:
    """Return whether the hint for a wrong answer may be shown to others who typed the same.

    Args:
        typed: The answer.
        masked: The same without what could name a person.
        key: Its canonical form; None where the grader cannot read it.
    """
    return (
        key is not None
        and len(key) <= LONGEST_KEY
        and typed == masked
        and len(typed) <= _LONGEST_REUSED
        and len(typed.split()) <= _MOST_WORDS_REUSED
    )


class Fingerprinted(Protocol):
    """The words of a problem."""

    @property
    def question_en(self) -> str:
        """The question in English."""

    @property
    def question_bn(self) -> str:
        """The question in Bangla."""

    @property
    def answer(self) -> str:
        """The right answer."""

    @property
    def choices(self) -> Mapping[str, Sequence[str]] | None:
        """The texts to choose from, by language."""

    @property
    def figure(self) -> Mapping[str, Any] | None:
        """The picture as data, if there is one."""

    @property
    def hints(self) -> Sequence[Mapping[str, str]]:
        """The ladder."""


def fingerprint(problem: Fingerprinted) -> str:
    """Return 32 hex digits that change with the question, its picture, the answer or the ladder."""
    choices = sorted((problem.choices or {}).items())
    ladder = [[hint["en"], hint["bn"]] for hint in problem.hints]
    words = [problem.question_en, problem.question_bn, problem.answer, choices, ladder]
    if problem.figure is not None:
        words.append(sorted(problem.figure.items()))
    return blake2b(repr(words).encode(), digest_size=16).hexdigest()
