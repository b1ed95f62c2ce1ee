"""A picture of what was spent day by day. Pure: numbers in, PNG out."""

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

_INK, _BAR, _FULL = "#333333", "#3b7dd8", "#c0392b"


def draw_days(days: Sequence[tuple[date, Decimal]], limit: Decimal) -> bytes:
    """Draw a bar for each day, and the daily budget where the bars come near it.

    The first picture in a process takes seconds, to import matplotlib: call it in a thread.

    Args:
        days: Each day and what was spent on it, US dollars.
        limit: The budget of a day, US dollars.

    Returns:
        A PNG.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - as said above
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.ticker import FuncFormatter  # noqa: PLC0415

    figure = Figure(figsize=(8, 4), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    spent = [float(usd) for _, usd in days]
    axes.bar(range(len(days)), spent, color=_BAR, width=0.8)
    most = max(spent, default=0.0)
    # A line far above the bars would press them flat.
    if limit and most >= float(limit) / 4:
        axes.axhline(float(limit), color=_FULL, linestyle="--", linewidth=1.2, label="budget")
        axes.legend(frameon=False, loc="upper left")
    axes.set_ylim(0, max(most, float(limit) if most >= float(limit) / 4 else 0) * 1.15 or 1)
    step = max(1, -(-len(days) // 10))
    axes.set_xticks(range(0, len(days), step), [f"{day:%d %b}" for day, _ in days[::step]])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda usd, _: f"${usd:,.4g}"))
    axes.set_title("Spent on the language model, by day (UTC)", color=_INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", alpha=0.3)
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()
