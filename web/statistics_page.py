"""How it is going, as a page for operators: each table with its picture, in both themes.

Nothing is loaded from elsewhere and nothing can be changed on it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import Any

from src.errors import InvalidReport
from src.operations.statistics import Rows, Span, SumBy, Topic

DAYS = 30
MOST_BARS = 60
# What is drawn of a topic, of rows that have a period.
DRAWN = {
    Topic.ACTIVITY: "pupils",
    Topic.NUDGES: "sent",
    Topic.SESSIONS: "begun",
    Topic.FEATURES: "times",
    Topic.COSTS: "calls",
    Topic.TOPICS: "asked",
}
_WIDTH, _HEIGHT = 720, 140
_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #d0d7de; --bar: #0b6bcb; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --paper: #0d1117; --line: #30363d; --bar: #58a6ff; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 60rem; margin: 0 auto; padding: 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: right; }
th:first-child, td:first-child { text-align: left; white-space: nowrap; }
svg { width: 100%; height: auto; display: block; } rect { fill: var(--bar); }
.ends { display: flex; justify-content: space-between; margin: 0 0 1rem; font-size: .85rem; }
nav a, form { margin-right: 1rem; } a { color: var(--bar); }
h2 { margin-top: 2.5rem; }
"""


def read_span(given: Mapping[str, str], today: date) -> Span:
    """Return which days are asked for.

    Args:
        given: ``from``, ``to`` and ``by`` of the address; each may be missing.
        today: In UTC.

    Raises:
        InvalidReport: One is no date or period, or they are the wrong way round.
    """
    try:
        until = date.fromisoformat(given["to"]) if given.get("to") else today
        first = given.get("from")
        since = date.fromisoformat(first) if first else until - timedelta(days=DAYS - 1)
        by = SumBy(given.get("by") or SumBy.DAY)
    except ValueError:
        raise InvalidReport(
            "write from and to as 2026-03-31, and by as day, week or month"
        ) from None
    if since > until:
        raise InvalidReport(f"from {since} is after to {until}")
    return Span(since, until, by)


def render(found: Mapping[Topic, Rows], span: Span) -> str:
    """Return the page."""
    links = "".join(f'<a href="#{topic}">{topic}</a>' for topic in found)
    periods = "".join(
        f'<a href="?from={span.since}&amp;to={span.until}&amp;by={by}">by {by}</a>' for by in SumBy
    )
    parts = "".join(_section(topic, rows) for topic, rows in found.items())
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Dars: how it is going</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>How it is going</h1><p>{span.since} to {span.until}; days are the pupils' own. "
        f"Nobody is named.</p><nav>{links}</nav><nav>{periods}</nav>{parts}</main></body></html>"
    )


def _section(topic: Topic, rows: Rows) -> str:
    body = _picture(topic, rows) + _table(rows) if rows else "<p>Nothing.</p>"
    return f'<section id="{topic}"><h2>{topic}</h2>{body}</section>'


def _table(rows: Rows) -> str:
    names = "".join(f'<th scope="col">{escape(name.replace("_", " "))}</th>' for name in rows[0])
    lines = "".join(f"<tr>{''.join(map(_cell, row.values()))}</tr>" for row in rows)
    head = f"<thead><tr>{names}</tr></thead>"
    return f'<div class="wide"><table>{head}<tbody>{lines}</tbody></table></div>'


def _cell(value: Any) -> str:
    return f"<td>{'–' if value is None else escape(str(value))}</td>"


def _picture(topic: Topic, rows: Rows) -> str:
    """Return bars of the sums of a figure by the first column; the table says the same."""
    name = DRAWN.get(topic)
    if name is None:
        return ""
    key, sums = next(iter(rows[0])), dict[str, float]()
    for row in rows:
        label = str(row[key])
        sums[label] = sums.get(label, 0.0) + float(row[name] or 0)
    return _bars(f"{topic}: {name}", list(sums.items())[-MOST_BARS:])


def _bars(title: str, sums: Sequence[tuple[str, float]]) -> str:
    top = max((value for _, value in sums), default=0.0) or 1.0
    step = _WIDTH / len(sums)
    bars = "".join(
        f'<rect x="{place * step:.1f}" y="{_HEIGHT * (1 - value / top):.1f}" '
        f'width="{max(step - 2, 1):.1f}" height="{_HEIGHT * value / top:.1f}">'
        f"<title>{escape(label)}: {value:g}</title></rect>"
        for place, (label, value) in enumerate(sums)
    )
    ends = "".join(f"<span>{escape(label)}</span>" for label, _ in {sums[0]: 0, sums[-1]: 0})
    return (
        f'<svg role="img" viewBox="0 0 {_WIDTH} {_HEIGHT}"><title>{escape(title)}, '
        f'at most {top:g}</title>{bars}</svg><p class="ends">{ends}</p>'
    )
