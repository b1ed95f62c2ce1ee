"""From a figure to a picture: SVG by a pure function, PNG by resvg."""

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from typing import Any

from src.figures import charts, geometry, kinds, plane, sets
from src.figures.canvas import Canvas
from src.figures.describe import describe
from src.figures.writing import FONT
from src.language import Language

# Grows when the same figure is drawn in another way: pictures that bots have uploaded are stale.
STYLE = 2
PIXELS = 640
_COLOURS = 32
_DRAWERS: dict[str, Callable[[Any, Language], Canvas]] = {
    "geometry": geometry.draw_geometry,
    "number_line": plane.draw_number_line,
    "bar": charts.draw_bars,
    "line": charts.draw_lines,
    "histogram": charts.draw_histogram,
    "pie": charts.draw_pie,
    "grid": plane.draw_grid,
    "venn": sets.draw_venn,
    "table": sets.draw_table,
    "pattern": sets.draw_pattern,
    "protractor": plane.draw_protractor,
}


def lay_out(figure: kinds.Figure, language: Language) -> Canvas:
    """Return the sheet with all that a figure draws: what the checks look at."""
    return _DRAWERS[figure.kind](figure, language)


def draw_svg(figure: kinds.Figure, language: Language) -> str:
    """Return a figure as SVG."""
    return lay_out(figure, language).svg(describe(figure, language))


def rasterise(svg: str, width: int = PIXELS) -> bytes:
    """Return an SVG as PNG in full colour. It holds the interpreter lock.

    Args:
        svg: Its texts are in the bundled font.
        width: Of the picture, pixels.
    """
    import resvg_py  # noqa: PLC0415 - a process that draws nothing does without

    return resvg_py.svg_to_bytes(
        svg_string=svg, width=width, skip_system_fonts=True, font_files=[str(FONT)]
    )


def draw_png(svg: str) -> bytes:
    """Return an SVG as a PNG of few colours, less than half as large: never while a pupil waits."""
    from PIL import Image  # noqa: PLC0415 - as above

    with Image.open(io.BytesIO(rasterise(svg))) as full:
        # A height that is no whole number leaves the last row half open: that would be dark.
        white = Image.new("RGB", full.size, "white")
        white.paste(full, mask=full.convert("RGBA").getchannel("A"))
        few = white.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE)
    out = io.BytesIO()
    few.save(out, "png", optimize=True)
    return out.getvalue()


def digest(figure: Mapping[str, Any]) -> str:
    """Return a name for what a figure looks like: 32 hexadecimal digits."""
    text = json.dumps([STYLE, figure], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
