"""Insights in words: each from a text of both languages, with the numbers that were counted."""

from src.insights.practice import Insight
from src.words import Words


def say(t: Words, insight: Insight) -> str:
    """Return an insight as a sentence, its topic by its name."""
    values = {
        name: t.topic(value) if name == "topic" and isinstance(value, str) else value
        for name, value in insight.values.items()
    }
    return t(insight.key, **values)
