"""Hints as a pupil sees them. Pure and synchronous."""

from dataclasses import replace

from bot.callbacks import Action, encode
from bot.replies import Button, Reply, Say, Thinking, Toast
from bot.views import practice
from bot.views.common import go_button
from bot.words import Words
from src.hints.maker import ReadyHint
from src.hints.service import Hinted, HintMade, HintPending
from src.practice.results import HintShown


def hinted(t: Words, result: Hinted, *, offers: bool = False) -> list[Reply]:
    """Return a hint, or that one is being made.

    Args:
        t: The texts.
        result: What was given.
        offers: Whether to offer hints from a model too.
    """
    match result:
        case HintShown():
            said = practice.hint(t, result)
            offer = [Button(t("button-set-hints"), encode(Action.SETTINGS, "hints"))]
            return [replace(said, keyboard=[*said.keyboard, offer]) if offers else said]
        case HintMade(question, text):
            return [Say(t("hint-made", text=text), practice.question_keyboard(t, question))]
        case HintPending():
            return [Toast(t("hint-thinking")), Thinking()]


def question_heard(t: Words, result: Hinted) -> list[Reply]:
    """Return a hint for a question of the pupil's own: it costs no attempt."""
    return _introduced(t, "question-heard", result)


def given_to_the_stuck(t: Words, result: Hinted) -> list[Reply]:
    """Return a hint for a pupil who says that they cannot go on."""
    return _introduced(t, "stuck-heard", result)


def _introduced(t: Words, key: str, result: Hinted) -> list[Reply]:
    """Return a hint behind a kind line, in one message."""
    if isinstance(result, HintPending):
        return [Thinking()]
    first, *rest = hinted(t, result)
    assert isinstance(first, Say)
    return [replace(first, text=t(key) + "\n\n" + first.text), *rest]


def ready(t: Words, hint: ReadyHint) -> list[Reply]:
    """Return a hint that was made, or what there is instead."""
    text = _ready_text(t, hint)
    if hint.has_no_budget:
        text = t("hint-no-budget") + "\n\n" + text
    return [Say(text, practice.question_keyboard(t, hint.question))]


def _ready_text(t: Words, hint: ReadyHint) -> str:
    if hint.step is not None:
        total = len(hint.question.problem.hints)
        return t("hint", step=hint.step, total=total, text=hint.text)
    if not hint.text:
        return t("no-more-hints")
    return t("hint-for-question" if hint.is_answer else "hint-made", text=hint.text)


def ask_model_hints(t: Words, *, accepted: bool) -> Say:
    """Say what a model is told for a hint, and ask whether the pupil wants that."""
    word = "n" if accepted else "y"
    key = "button-model-hints-no" if accepted else "button-model-hints-yes"
    choice = Button(t(key), encode(Action.MODEL_HINTS, word))
    state = t("model-hints-on" if accepted else "model-hints-off")
    return Say(t("ask-model-hints") + "\n\n" + state, [[choice], [go_button(t)]])
