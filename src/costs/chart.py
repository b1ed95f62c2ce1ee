"""A picture of what was spent day by day. Pure: numbers in, PNG out."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from math import ceil, log10

from src.figures.canvas import COLOURS, PALE, SMALL, WIDTH, Canvas
from src.figures.drawing import draw_png
from src.figures.writing import width_of

_TOP, _HIGH, _HEIGHT = 44.0, 130.0, 204.0
_FULL = "#c0392b"
_TICKS = 4


def draw_days(days: Sequence[tuple[date, Decimal]], limit: Decimal) -> bytes:
    """Draw a bar for each day, and the daily budget where the bars come near it.

    It holds the interpreter lock for some milliseconds.

    Args:
        days: Each day and what was spent on it, US dollars.
        limit: The budget of a day, US dollars.

    Returns:
        A PNG.
    """
    most = float(max((usd for _, usd in days), default=Decimal()))
    # A line far above the bars would press them flat.
    budget = float(limit) if limit and most >= float(limit) / 4 else 0.0
    step = _round_up(max(most, budget) / _TICKS)
    canvas, left = Canvas(_HEIGHT), _scale_width(step)
    canvas.text("Spent on the language model, by day (UTC)", WIDTH / 2, 18, SMALL)
    for tick in range(_TICKS + 1):
        y = _y(tick / _TICKS)
        canvas.line((left, y), (WIDTH - 8, y), colour=PALE, width=1)
        canvas.text(
            _dollars(step * tick), left - 6 - width_of(_dollars(step * tick), 12) / 2, y, 12
        )
    wide = (WIDTH - 8 - left) / max(len(days), 1)
    for place, (_, usd) in enumerate(days):
        x, y = left + wide * (place + 0.1), _y(float(usd) / (step * _TICKS))
        corners = [(x, _y(0)), (x, y), (x + wide * 0.8, y), (x + wide * 0.8, _y(0))]
        canvas.path(corners, closed=True, fill=COLOURS[0], width=0)
    _name_days(canvas, days, left, wide)
    if budget:
        y = _y(budget / (step * _TICKS))
        canvas.line((left, y), (WIDTH - 8, y), colour=_FULL, dashed=True)
        text = f"budget: {_dollars(budget)}"
        canvas.text(text, WIDTH - 8 - width_of(text, 12) / 2, _TOP - 9, 12)
    return draw_png(canvas.svg("Spent on the language model, by day"))


def _scale_width(step: float) -> float:
    return max(width_of(_dollars(step * tick), 12) for tick in range(_TICKS + 1)) + 14


def _y(share: float) -> float:
    return _TOP + _HIGH * (1 - share)


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 2.5, 5 times a power of ten, for the numbers of an axis."""
    if value <= 0:
        return 0.25
    power = 10.0 ** (ceil(log10(value)) - 1)
    return next(power * part for part in (1, 2, 2.5, 5, 10) if power * part >= value * 0.9999)


def _dollars(usd: float) -> str:
    return f"${usd:,.4g}"


def _name_days(
    canvas: Canvas, days: Sequence[tuple[date, Decimal]], left: float, wide: float
) -> None:
    every = max(1, -(-len(days) // 6))
    for place, (day, _) in enumerate(days):
        if place % every == 0:
            x = left + wide * (place + 0.5)
            canvas.text(f"{day:%d %b}", max(x, 20), _y(0) + 14, 12)
