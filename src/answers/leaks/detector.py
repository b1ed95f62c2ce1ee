"""Does a text give the answer of a problem away?

A leak is the answer as a literal, as words or in an equivalent form that the question does not
show; where the question shows it, and for true or false and choices, a leak is a text that asserts
it. Arithmetic that is left to do (800 - 120) is no leak.
"""

import re
from collections.abc import Callable

from src.answers.leaks.algebra import leaks_expression, leaks_inequality
from src.answers.leaks.asserting import restates
from src.answers.leaks.choosing import claimed_truth, is_chosen
from src.answers.leaks.mentions import fold_text
from src.answers.leaks.numbers import leaks_number
from src.answers.leaks.scene import Scene, read_scene
from src.answers.leaks.shapes import leaks_list, leaks_ratio, leaks_set, leaks_tuple
from src.answers.reading.romanised import spellings
from src.answers.verdicts import AnswerType, GradableProblem
from src.language import Language

_BANGLA_LETTERS = "কখগঘঙচ"
_LETTERS = "abcdef"
_SHORTEST_NAME = 5  # of a Bangla name that is sought in Latin letters too
_ENDINGS = "টি|টা|টির|টার|টিকে|ের|র|কে|তে|ে|য়|য়ের|ই|ও|গুলো|গুলোর|টিই|টাই"
# Words so common that only an assertion gives them away.
_COMMON = frozenset(
    {"right", "left", "mean", "one", "even", "odd", "equal", "same", "true", "false", "yes", "no"}
)


def contains_answer(text: str, problem: GradableProblem, language: Language) -> bool:
    """Return whether a text gives the answer of a problem away, in either language.

    Args:
        text: A hint, a reply or any other running text; only its first 2,000 characters are read.
        problem: The problem with its answer and its question.
        language: The language that the text is meant to be in; leaks in the other are found too.
    """
    scene = read_scene(text, problem)
    if not scene.folded.strip():
        return False
    if scene.answer_type is AnswerType.CHOICE:
        return _leaks_choice(scene, problem)
    return _DETECTORS[scene.answer_type](scene)


def _leaks_boolean(scene: Scene) -> bool:
    truth = next(iter(claimed_truth(f"= {fold_text(scene.stored)}")), None)
    return truth is not None and truth in claimed_truth(scene.folded)


def _leaks_choice(scene: Scene, problem: GradableProblem) -> bool:
    at = _LETTERS.find(scene.stored.strip().lower()[:1])
    labels = [_LETTERS[at], _BANGLA_LETTERS[at]]
    if any(is_chosen(scene.folded, label) for label in labels):
        return True
    wordings = (problem.choices or {}).values()
    texts = {fold_text(choices[at]).strip() for choices in wordings if at < len(choices)}
    return any(_leaks_wording(scene, text) for text in texts if text)


def _leaks_wording(scene: Scene, wording: str) -> bool:
    if is_chosen(scene.folded, wording, by_description=True):
        return True
    places = _places(scene.folded, wording)
    return any(
        scene.is_asserted(start, end) and not restates(scene.folded, start, scene.question_compact)
        for start, end in places
    )


def _leaks_text(scene: Scene) -> bool:
    words = {fold_text(word).strip() for word in (scene.stored, *scene.options.accept)}
    if any(_leaks_word(scene, word) for word in words if word):
        return True
    names = (word for word in words if len(word) >= _SHORTEST_NAME and not word.isascii())
    return any(_is_spelt_in_latin(scene.folded, name) for name in names)


def _is_spelt_in_latin(folded: str, name: str) -> bool:
    """Return whether a Bangla name stands there in Latin letters: somodibahu."""
    if re.fullmatch("[ঀ-৥ ]+", name) is None:
        return False
    return re.search(rf"(?<![a-z])(?:{spellings(name).pattern})(?![a-z])", folded) is not None


def _leaks_word(scene: Scene, word: str) -> bool:
    if word in _COMMON or _places(scene.question, word):
        return _leaks_wording(scene, word)
    return bool(_places(scene.folded, word))


def _places(folded: str, word: str) -> list[tuple[int, int]]:
    """Return where a word stands on its own, also with a case ending or as a plural."""
    ending = r"(?:s|es)?(?![a-z])" if word.isascii() else rf"(?:{_ENDINGS})?(?![ঀ-৥])"
    pattern = rf"(?<![a-zঀ-৥]){re.escape(word)}{ending}"
    return [match.span() for match in re.finditer(pattern, folded)]


_DETECTORS: dict[AnswerType, Callable[[Scene], bool]] = {
    AnswerType.NUMBER: leaks_number,
    AnswerType.PERCENT: leaks_number,
    AnswerType.MONEY: leaks_number,
    AnswerType.QUANTITY: leaks_number,
    AnswerType.RATIO: leaks_ratio,
    AnswerType.EXPRESSION: leaks_expression,
    AnswerType.INEQUALITY: leaks_inequality,
    AnswerType.TUPLE: leaks_tuple,
    AnswerType.SET: leaks_set,
    AnswerType.LIST: leaks_list,
    AnswerType.BOOLEAN: _leaks_boolean,
    AnswerType.TEXT: _leaks_text,
}
