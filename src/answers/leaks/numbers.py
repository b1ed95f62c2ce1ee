"""Leaks of an answer that is one number: bare, percent, money or a quantity with its unit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from src.answers.leaks.asserting import is_claimed_by_words, restates
from src.answers.leaks.mentions import Form, Mention, Token
from src.answers.leaks.scene import Reading, Scene
from src.answers.reading.units import Unit, parse_unit
from src.answers.verdicts import AnswerType

# From here on, digits and words are two renderings: "write two lakh fifty thousand in digits".
_WRITTEN_OUT = 100
_PER_HUNDRED = re.compile(r"(?:every|each|per|out of|in|প্রতি) ?(?:100|hundred|একশ)")
_PAIRED = frozenset({AnswerType.QUANTITY, AnswerType.MONEY})


@dataclass(frozen=True, slots=True)
class Key:
    """The stored answer: its value, and its unit where it has one."""

    value: Fraction
    unit: Unit | None
    answer_type: AnswerType
    reduced_only: bool
    tol: Fraction
    decimals: int | None

    def matches(self, mention: Mention) -> bool:
        """Return whether a number in a text is worth the answer, in whatever form."""
        if self.answer_type is AnswerType.PERCENT:
            return self._matches_percent(mention)
        if self.answer_type in _PAIRED:
            return self._matches_measure(mention)
        return self._near(mention.value)

    def _near(self, value: Fraction) -> bool:
        if self.decimals is not None and value.denominator > 1:
            return round(value, self.decimals) == self.value
        return abs(value - self.value) <= self.tol

    def _matches_percent(self, mention: Mention) -> bool:
        if mention.form is Form.PERCENT or self.value == 1:
            return mention.form is Form.PERCENT and self._near(mention.value)
        if mention.unit is not None:
            return False
        return mention.value == self.value or mention.value == self.value * 100

    def _matches_measure(self, mention: Mention) -> bool:
        if mention.form is Form.PERCENT:
            return False
        if mention.unit is None or self.unit is None:
            return self._near(mention.value)
        if mention.unit.dimensions != self.unit.dimensions:
            return False
        return self._near(mention.value * mention.unit.factor / self.unit.factor)

    def is_left_to_do(self, mention: Mention) -> bool:
        """Return whether a fraction is arithmetic and no form of the answer: 24/2, 216/1440."""
        if mention.form is not Form.FRACTION:
            return False
        reduced = mention.denominator == (mention.value % 1).denominator
        if reduced:
            return False
        if self.answer_type is AnswerType.PERCENT:
            return mention.denominator != 100
        return self.reduced_only or self.value.denominator == 1


@lru_cache(maxsize=512)
def _stored_reading(stored: str) -> Reading:
    return Reading.of(stored)


def leaks_number(scene: Scene) -> bool:
    """Return whether a text gives away an answer that is one number."""
    key = _key(scene)
    if key is None:
        return False
    mentions = _joined(scene.text)
    if key.answer_type is AnswerType.PERCENT and _PER_HUNDRED.search(scene.folded):
        mentions = [replace(mention, unit=None) for mention in mentions]
    shown = {_rendering(mention) for mention in _joined(scene.shown) if not mention.weak}
    return any(
        _gives_away(scene, key, mention, shown)
        for mention in mentions
        if not mention.embedded and key.matches(mention)
    )


def _gives_away(scene: Scene, key: Key, mention: Mention, shown: set[tuple[object, ...]]) -> bool:
    start, end = scene.span(mention)
    if key.is_left_to_do(mention):
        return is_claimed_by_words(scene.folded, start, end)
    if not mention.weak and _rendering(mention) not in shown:
        return True
    return scene.is_asserted(start, end) and not restates(
        scene.folded, start, scene.question_compact
    )


def _key(scene: Scene) -> Key | None:
    stored = [m for m in _joined(_stored_reading(scene.stored)) if not m.embedded]
    if not stored:
        return None
    number, options = stored[0], scene.options
    value = number.value
    if scene.answer_type is AnswerType.PERCENT and number.form is not Form.PERCENT:
        value /= 100
    unit = number.unit or (parse_unit(options.unit) if options.unit else None)
    if scene.answer_type is AnswerType.MONEY:
        unit = unit or parse_unit("taka")
    return Key(
        value=value,
        unit=unit if scene.answer_type in _PAIRED else None,
        answer_type=scene.answer_type,
        reduced_only=options.form == "lowest_terms",
        tol=(options.tol or Fraction(0)) / (100 if scene.answer_type is AnswerType.PERCENT else 1),
        decimals=options.decimals if options.accept_more_precise else None,
    )


def _rendering(mention: Mention) -> tuple[object, ...]:
    """Return what makes two mentions look the same to a reader; 3/4 and 0.75 do not."""
    in_words = mention.form is Form.WORD and mention.value < _WRITTEN_OUT
    kind = Form.PLAIN if in_words else mention.form
    return kind, mention.value, mention.denominator if kind is Form.FRACTION else 1


def _joined(reading: Reading) -> list[Mention]:
    """Return the mentions, and 2 h 30 min as one beside its parts."""
    mentions = list(reading.mentions)
    compound = [
        _add(big, small)
        for big, small in pairwise(m for m in mentions if not m.embedded)
        if _belongs(big, small, reading.tokens)
    ]
    return [*compound, *mentions]


def _belongs(big: Mention, small: Mention, tokens: Sequence[Token]) -> bool:
    if big.unit is None or small.unit is None or big.unit.dimensions != small.unit.dimensions:
        return False
    between = [token.text for token in tokens[big.last : small.first]]
    return between in ([], ["and"], ["ও"], [","]) and big.unit.factor > small.unit.factor


def _add(big: Mention, small: Mention) -> Mention:
    assert big.unit is not None
    assert small.unit is not None
    total = big.value + small.value * small.unit.factor / big.unit.factor
    return replace(big, value=total, last=small.last, form=Form.PLAIN, denominator=1)
