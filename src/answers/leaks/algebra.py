"""Leaks of answers that are algebra: an expression or an inequality that stands in the text."""

import re
from collections.abc import Iterator
from functools import lru_cache

from src.answers.grade import grade
from src.answers.leaks.asserting import is_asserted, restates
from src.answers.leaks.mentions import Token, fold_text, tokenise
from src.answers.leaks.scene import Scene, compact
from src.answers.reading.spoken import write_out
from src.answers.verdicts import AnswerKeyError, Outcome

_OPERATORS = frozenset("+-*/^√∛")
_RELATIONS = frozenset({"<", ">", "≤", "≥", "="})
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")
MAX_CANDIDATES = 12
_MAX_RUN = 80  # tokens; no answer is longer
_SPELLED = (
    (re.compile(r"·"), "*"),
    (re.compile(r"(?<=[\da-z)]) (?:plus|যোগ) (?=[\da-z(])"), " + "),
    (re.compile(r"(?<=[\da-z)]) (?:minus|বিয়োগ) (?=[\da-z(])"), " - "),
    (re.compile(r"(?<=[\da-z)]) (?:times|গুণ) (?=[\da-z(])"), " * "),
    (re.compile(r"\) ?(?:and|ও|এবং|আর|,|&|times) ?\("), ")("),
    (re.compile(r"<="), "≤"),
    (re.compile(r">="), "≥"),
)
_IN_WORDS = (
    (re.compile(r"is (?:greater|more|bigger) than or equal to|is at least|is not less than"), "≥"),
    (re.compile(r"is (?:less|smaller) than or equal to|is at most|is not more than"), "≤"),
    (re.compile(r"(?:is|must be|are) (?:strictly )?(?:greater|more|bigger|larger) than"), ">"),
    (re.compile(r"(?:is|must be|are) (?:strictly )?(?:less|smaller|fewer) than"), "<"),
    (
        re.compile(
            r"(?P<x>[a-z]),? (?:এর মান )?(?P<n>-?[\d./]+) ?-?(?:এর|র|টির)? (?:চেয়ে|থেকে) (?:বড়|বেশি)"
        ),
        r"\g<x> > \g<n> ",
    ),
    (
        re.compile(
            r"(?P<x>[a-z]),? (?:এর মান )?(?P<n>-?[\d./]+) ?-?(?:এর|র|টির)? (?:চেয়ে|থেকে) (?:ছোট|কম)"
        ),
        r"\g<x> < \g<n> ",
    ),
)


def is_right(scene: Scene, candidate: str) -> bool:
    """Return whether the grader would accept this piece of text."""
    return _verdict(scene, candidate) is Outcome.CORRECT


def _verdict(scene: Scene, candidate: str) -> Outcome | None:
    options = {name: getattr(scene.options, name) for name in ("form", "var", "ordered")}
    raw = {name: value for name, value in options.items() if value is not None}
    if scene.options.vars:
        raw["vars"] = list(scene.options.vars)
    try:
        return grade(candidate, scene.stored, scene.answer_type, raw).outcome
    except AnswerKeyError:
        return None


def leaks_expression(scene: Scene) -> bool:
    """Return whether the text holds an expression equal to the answer and no longer than it."""
    text = _spell(scene.folded)
    said = _said(text, scene.stored)
    return _holds_expression(scene, text) or (said != text and _holds_expression(scene, said))


def _said(text: str, stored: str) -> str:
    """Return the text with its words of maths in signs: x square plus five x."""
    letters = "".join(sorted(_letters(stored)))
    return "\n".join(write_out(line, letters=letters) or line for line in text.splitlines())


def _holds_expression(scene: Scene, text: str) -> bool:
    limit = max(_size(scene.stored), 1)
    shown = scene.question_compact + compact(_said(scene.question, scene.stored))
    letters = _letters(scene.stored)
    candidates = dict.fromkeys(
        c
        for c in _runs(text, _OPERATORS, letters)
        if _letters(c) == letters and (1 < _size(c) <= limit or _size(c) == limit)
    )
    for candidate in list(candidates)[:MAX_CANDIDATES]:
        seen = compact(candidate) in shown or _size(candidate) == 1
        if (not seen or _claims(scene, text, candidate)) and is_right(scene, candidate):
            return True
    return False


def _claims(scene: Scene, text: str, candidate: str) -> bool:
    places = (match.span() for match in re.finditer(re.escape(candidate), text))
    return any(
        is_asserted(text, start, end) and not restates(text, start, scene.question_compact)
        for start, end in places
    )


def _spell(folded: str) -> str:
    for pattern, plain in _SPELLED:
        folded = pattern.sub(plain, folded)
    return folded


@lru_cache(maxsize=2048)
def _size(expression: str) -> int:
    """Count numbers, letters and signs; not products, a first sign and brackets around a power."""
    plain = re.sub(r"\^\((\d+)\)", r"^\1", fold_text(expression).replace("**", "^"))
    return len(re.findall(r"\d+(?:\.\d+)?|[^\d\s*]", plain.lstrip("+- ")))


def _letters(expression: str) -> frozenset[str]:
    return frozenset(c for c in expression.lower() if c.isalpha() and c != "π")


def _runs(text: str, operators: frozenset[str], letters: frozenset[str]) -> Iterator[str]:
    """Yield the longest pieces of a text that are algebra; a blank between two terms parts them."""
    run: list[Token] = []
    for token in tokenise(text):
        if run and not _continues(run[-1], token, operators, letters):
            yield from _cut(text, run)
            run = []
        opens = _is_term(token, letters) or token.text in operators or token.text in _OPEN
        if opens or (run and token.text in _CLOSE):
            run.append(token)
    yield from _cut(text, run)


def _is_term(token: Token, letters: frozenset[str]) -> bool:
    if token.is_digits or token.text == "π":
        return True
    return token.text.isalpha() and (len(token.text) == 1 or letters.issuperset(token.text))


def _continues(
    last: Token, token: Token, operators: frozenset[str], letters: frozenset[str]
) -> bool:
    term = _is_term(token, letters)
    if token.text in operators or last.text in operators:
        return token.text in operators or term or token.text in _OPEN
    if last.text in _OPEN or token.text in _CLOSE:
        return term or token.text in _CLOSE or token.text in _OPEN
    if not (term or token.text in _OPEN):
        return False
    return not token.spaced or (last.text in _CLOSE and token.text in _OPEN)


def _cut(text: str, run: list[Token]) -> Iterator[str]:
    """Take off signs that hang at either end and brackets without a partner."""
    run = list(run) if len(run) <= _MAX_RUN else []
    while run:
        depth = sum(t.text in _OPEN for t in run) - sum(t.text in _CLOSE for t in run)
        if run[-1].text in "+-*/^(<>≤≥=[{√" or (depth < 0 and run[-1].text in _CLOSE):
            run.pop()
        elif run[0].text in "+*/^)<>≤≥=]}" or (depth > 0 and run[0].text in _OPEN):
            run.pop(0)
        elif depth > 0:
            run.pop()
        else:
            break
    if run:
        yield text[run[0].start : run[-1].end]


def leaks_inequality(scene: Scene) -> bool:
    """Return whether a text states the inequality that is the answer, in signs or in words."""
    spelled = _relate(_spell(scene.folded))
    candidates = [
        c
        for text in (spelled, _said(spelled, scene.stored))
        for c in _runs(text, _OPERATORS | _RELATIONS, _letters(scene.stored))
        if _RELATIONS & set(c)
    ]
    return any(
        compact(candidate) not in scene.question_compact and is_right(scene, candidate)
        for candidate in candidates[:MAX_CANDIDATES]
    )


def _relate(text: str) -> str:
    for pattern, plain in _IN_WORDS:
        text = pattern.sub(plain, text)
    return text
