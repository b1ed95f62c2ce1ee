"""A text beside the problem that it speaks of, both read once for all detectors of leaks."""

import re
from dataclasses import dataclass
from functools import lru_cache

from src.answers.leaks.asserting import is_asserted
from src.answers.leaks.mentions import Mention, Token, find_mentions, fold_text, tokenise
from src.answers.options import Options, read_options
from src.answers.verdicts import AnswerType, GradableProblem


@dataclass(frozen=True, slots=True)
class Reading:
    """A folded text, its tokens and the numbers that it mentions."""

    folded: str
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]

    @classmethod
    def of(cls, text: str) -> "Reading":
        """Read a text."""
        folded = fold_text(text)
        tokens = tokenise(folded)
        return cls(folded, tuple(tokens), tuple(find_mentions(tokens)))


@lru_cache(maxsize=512)
def _read(text: str) -> Reading:
    return Reading.of(text)


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that a detector looks at."""

    text: Reading
    shown: Reading  # the question in both languages
    stored: str
    answer_type: AnswerType
    options: Options

    @property
    def folded(self) -> str:
        """The folded text."""
        return self.text.folded

    @property
    def question(self) -> str:
        """The folded question, both languages."""
        return self.shown.folded

    @property
    def question_compact(self) -> str:
        """The question without blanks and multiplication signs."""
        return compact(self.shown.folded)

    def span(self, mention: Mention) -> tuple[int, int]:
        """Return where a mention begins and ends in the folded text; its sign belongs to it."""
        first = mention.first
        if mention.value < 0 and first and self.text.tokens[first - 1].text in {"-", "minus"}:
            first -= 1
        return self.text.tokens[first].start, self.text.tokens[mention.last - 1].end

    def is_asserted(self, start: int, end: int) -> bool:
        """Return whether what stands there is claimed to be the answer."""
        return is_asserted(self.folded, start, end)


def read_scene(text: str, problem: GradableProblem) -> Scene:
    """Read a text and the problem that it speaks of."""
    return Scene(
        text=_read(text),
        shown=_read(f"{problem.question_en}\n{problem.question_bn}"),
        stored=problem.answer,
        answer_type=AnswerType(problem.answer_type),
        options=read_options(dict(problem.answer_options)),
    )


def compact(folded: str) -> str:
    """Return a folded text without blanks and multiplication signs."""
    return re.sub(r"[\s*]", "", folded)
