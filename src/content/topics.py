"""The topics that pupils know by name, as ``content/plan.csv`` has them."""

from difflib import get_close_matches

TOPICS = frozenset(
    {
        "algebra-multiply-divide",
        "algebraic-expressions",
        "algebraic-formulae",
        "algebraic-fractions",
        "circle",
        "congruence-similarity",
        "data",
        "geometry-basics",
        "integers",
        "measurement",
        "natural-numbers-fractions",
        "parallel-lines",
        "patterns",
        "practical-geometry",
        "profits",
        "proportion-profit-loss",
        "pythagoras",
        "quadrilaterals",
        "ratio-percentage",
        "rational-irrational",
        "sets",
        "simple-equations",
        "simultaneous-equations",
        "triangles",
    }
)
"""A new one needs its name in both languages first: ``topic-…`` in ``bot/texts``."""


def suggest_topic(topic: str) -> str:
    """Return what to write instead of a topic that nobody knows."""
    near = get_close_matches(topic, sorted(TOPICS), n=1)
    return f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(TOPICS))}"
