"""/mistakes as a pupil sees it. Pure and synchronous."""

from collections.abc import Sequence

from bot.callbacks import Action, encode
from bot.replies import Button, Keyboard, Reply, Say
from bot.views import practice
from bot.views.common import topic_name
from bot.words import Words
from src.practice.results import MissedProblem, Question, TriedAgain

# A line or two on a phone: enough to know a problem again.
LONGEST_SHOWN = 90


def mistakes(t: Words, missed: Sequence[MissedProblem], keyboard: Keyboard) -> Say:
    """Return what was missed, with a button for each."""
    if not missed:
        return Say(t("mistakes-none"), keyboard)
    lines = [
        t(
            "mistakes-one",
            number=number,
            topic=topic_name(t, one.problem.topic),
            text=_short(one.problem.question(t.language)),
        )
        for number, one in enumerate(missed, start=1)
    ]
    buttons = [
        Button(t("button-try-again", number=number), encode(Action.MISSED, one.problem.id))
        for number, one in enumerate(missed, start=1)
    ]
    rows = [buttons[start : start + 2] for start in range(0, len(buttons), 2)]
    return Say("\n\n".join([t("mistakes-heading"), *lines]), rows)


def tried_again(
    t: Words, asked: Question | None, when: TriedAgain, keyboard: Keyboard
) -> list[Reply]:
    """Return the variant, or say when it comes."""
    if asked is not None:
        return [Say(t("mistakes-now")), practice.question(t, asked)]
    return [Say(t(f"mistakes-{when.value}"), keyboard)]


def _short(question: str) -> str:
    """Return the beginning of a question, cut between words."""
    text = " ".join(question.split())
    if len(text) <= LONGEST_SHOWN:
        return text
    return text[:LONGEST_SHOWN].rpartition(" ")[0].rstrip(",;:।.") + " …"
