"""The one place where an error becomes words: DarsError -> text key."""

from collections.abc import Mapping

from bot.callbacks import Action, encode
from bot.replies import Button, Reply, Say, Toast
from bot.words import Words, in_both, words
from src.accounts.pupil import Pupil
from src.errors import (
    ClassFull,
    DarsError,
    DoneAlready,
    NoProblems,
    NoSuchClass,
    NotRegistered,
    StaleAction,
    TooManyCodes,
)

TEXT_KEYS: Mapping[type[DarsError], str] = {
    StaleAction: "stale",
    NotRegistered: "not-registered",
    NoProblems: "no-problems",
    NoSuchClass: "class-gone",
    ClassFull: "class-full",
    TooManyCodes: "class-too-many",
}


def explain(error: DarsError, pupil: Pupil | None, *, tapped: bool) -> list[Reply]:
    """Return what a pupil is told about an expected error, with the way back.

    Args:
        error: What was raised.
        pupil: Whom to tell; None where not even that is known.
        tapped: Whether a button was tapped: a notice over the chat is then enough.
    """
    if isinstance(error, DoneAlready):
        return [Toast()]
    t = words(pupil.language if pupil else "bn")
    key = TEXT_KEYS.get(type(error), "apology")
    if tapped and key == "stale":
        return [Toast(t(f"{key}-notice")), _way_back(t, key)]
    return [_way_back(t, key)]


def apology(t: Words) -> list[Reply]:
    """Return what a pupil is told when their update failed for good, with the way back.

    In both languages: the pupil's own may be what could not be read.
    """
    button = Button(t("button-go-on"), encode(Action.GO))
    return [Say(in_both("apology"), [[button]])]


def _way_back(t: Words, key: str) -> Say:
    return Say(t(key), [[Button(t("button-go-on"), encode(Action.GO))]])
