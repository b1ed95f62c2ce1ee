"""Every figure on one page, for authors to look at."""

import base64
from collections.abc import Iterable, Iterator
from html import escape

from src.content.rows import LANGUAGES, ProblemRow
from src.figures.describe import describe
from src.figures.drawing import draw_png, draw_svg
from src.figures.kinds import read_figure

_HEAD = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Figures</title>
<style>
body { font: 15px/1.4 system-ui, sans-serif; margin: 1rem; background: #17212b; color: #eee; }
section { display: flex; flex-wrap: wrap; gap: .75rem; margin-bottom: 1.5rem; }
h2 { flex: 100%; font-size: 1rem; margin: 0; }
figure { margin: 0; width: 320px; background: #2b5278; border-radius: 12px; overflow: hidden; }
img { width: 100%; display: block; }
figcaption { padding: .4rem .6rem; }
small { display: block; opacity: .8; }
</style>
"""


def write_sheet(problems: Iterable[ProblemRow]) -> Iterator[str]:
    """Yield the page piece by piece: each figure as a pupil gets it, and its description.

    Args:
        problems: Those that have no figure are left out.
    """
    yield _HEAD
    for problem in problems:
        if problem.figure is not None:
            yield f"<section><h2>{problem.external_id}</h2>"
            yield from _show(problem)
            yield f"<p>{escape(problem.answer)}</p></section>\n"


def _show(problem: ProblemRow) -> Iterator[str]:
    assert problem.figure is not None
    figure = read_figure(problem.figure)
    for language in LANGUAGES:
        png = base64.b64encode(draw_png(draw_svg(figure, language))).decode()
        question = problem.texts(language)[f"question_{language}"]
        told = escape(describe(figure, language))
        yield f'<figure lang="{language}"><img alt="{told}" src="data:image/png;base64,{png}">'
        yield f"<figcaption>{escape(question)}<small>{told}</small></figcaption></figure>"
