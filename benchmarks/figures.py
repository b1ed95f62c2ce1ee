"""How long a figure takes to draw against a blank sheet with the same font, and how large it is.

Reads the figures of the library, bases only, in both languages; prints medians.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from src.content.reader import ParsedRow, read_file
from src.figures.canvas import Canvas
from src.figures.drawing import draw_png, draw_svg, lay_out, rasterise
from src.figures.kinds import Figure, read_figure
from src.language import Language

LIBRARY = Path(__file__).parent.parent / "content"


def read_library() -> list[Figure]:
    """Return every figure of the library."""
    return [
        read_figure(item.problem.figure)
        for path in sorted(LIBRARY.glob("problems-grade-*.csv"))
        for item in read_file(path)
        if isinstance(item, ParsedRow) and item.problem.figure
    ]


def spend(step: Callable[..., object], *arguments: object) -> float:
    """Return the milliseconds of processor time that a step takes."""
    begun = time.process_time()
    step(*arguments)
    return (time.process_time() - begun) * 1000


def blank(figure: Figure, language: Language, *, line: bool = False) -> str:
    """Return a sheet of the same height with one text, and a line from corner to corner or none.

    PNG packs white in no time; one line across shows what packing any picture costs.
    """
    canvas = Canvas(lay_out(figure, language).height)
    if line:
        canvas.line((0, 0), (360, canvas.height))
    canvas.text("A" if language is Language.EN else "ক", 180, 50)
    return canvas.svg("")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--figures", type=int, default=1000, help="at most so many")
    most: int = parser.parse_args().figures
    pairs = [(figure, language) for figure in read_library()[:most] for language in Language]
    svg = [draw_svg(figure, language) for figure, language in pairs]
    empty = [blank(figure, language) for figure, language in pairs]
    laid = median(spend(draw_svg, *pair) for pair in pairs)
    drawn = [spend(rasterise, one) for one in svg]
    blanks = [spend(rasterise, one) for one in empty]
    whole = [spend(draw_png, one) for one in svg]
    sizes = [len(draw_png(one)) for one in svg]
    ratio = median(one / other for one, other in zip(drawn, blanks, strict=True))
    print(f"{len(pairs)} pictures")
    print(f"SVG {laid:.1f} ms, raster {median(drawn):.1f} ms, blank {median(blanks):.1f} ms")
    lined = [blank(figure, language, line=True) for figure, language in pairs]
    lines = [spend(rasterise, one) for one in lined]
    least = median(one / other for one, other in zip(drawn, lines, strict=True))
    print(f"raster / blank: {ratio:.2f}; / blank with one line: {least:.2f}")
    print(f"packed in few colours {median(whole):.1f} ms")
    print(f"PNG: median {median(sizes):.0f}, largest {max(sizes)} bytes")


if __name__ == "__main__":
    main()
