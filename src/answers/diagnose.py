"""Names the mistake behind a wrong answer, and gives wrong answers a canonical form."""

from dataclasses import dataclass, replace

from src.answers.grade import asked_of, judge, judge_as_read, type_of
from src.answers.keys import key_of
from src.answers.verdicts import GradableProblem, Outcome, UnreadableError


@dataclass(frozen=True, slots=True)
class Mistake:
    """A typical wrong answer, the name of the mistake, and what to say about it.

    `id` is that of the misconception behind it, where one is known.
    """

    answer: str
    name: str
    en: str
    bn: str
    id: str | None = None


_SAME_VALUE = frozenset({Outcome.CORRECT, Outcome.WRONG_FORM})


def diagnose(typed: str, problem: GradableProblem) -> Mistake | None:
    """Return the stored mistake that a wrong answer equals, by the grader's own equality.

    Raises:
        AnswerKeyError: the stored answer or a stored mistake cannot be read.
    """
    answer_type, asked = type_of(problem.answer_type), asked_of(problem)
    if judge(typed, answer_type, asked).outcome is not Outcome.WRONG:
        return None
    for known in problem.misconceptions:
        mistake = replace(asked, stored=known["answer"])
        if judge(typed, answer_type, mistake).outcome in _SAME_VALUE:
            texts = (known["answer"], known["name"], known["en"], known["bn"])
            return Mistake(*texts, known.get("id"))
    return None


def normalise_key(typed: str, problem: GradableProblem) -> str | None:
    """Return a text that is equal for equal answers (৩/৪ and 0.75); None where it is unreadable.

    Raises:
        AnswerKeyError: the stored answer cannot be read.
    """
    answer_type, asked = type_of(problem.answer_type), asked_of(problem)
    verdict, text = judge_as_read(typed, answer_type, asked)
    if verdict.outcome is Outcome.UNREADABLE:
        return None
    try:
        return f"{answer_type}:{key_of(text, answer_type, asked)}"
    except UnreadableError:
        return None
