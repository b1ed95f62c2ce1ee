"""Insights in the words of both languages."""

from collections.abc import Sequence
from functools import cache

from src.insights.practice import Insight
from src.insights.sentences import say
from src.language import Language
from src.words import Words
from web.api.forms import SentenceOut


@cache
def _words(language: Language) -> Words:
    return Words(language, [])


def in_words(insights: Sequence[Insight]) -> list[SentenceOut]:
    """Return insights with their sentences."""
    return [
        SentenceOut(
            key=one.key,
            values=dict(one.values),
            en=say(_words(Language.EN), one),
            bn=say(_words(Language.BN), one),
        )
        for one in insights
    ]
