"""Draws what it reads: a line of JSON in, a line of Base64 (PNG) out; see `Artist.draw`."""

import base64
import json
import os
import sys

from src.figures.drawing import draw_png, draw_svg
from src.figures.kinds import read_figure
from src.figures.practice_sheet import draw_sheet, read_sheet
from src.language import Language


def main() -> None:
    """Draw until the input ends, after everything that is more urgent."""
    if hasattr(os, "nice"):
        os.nice(10)
    for line in sys.stdin:
        wanted = json.loads(line)
        if "sheet" in wanted:
            svg = draw_sheet(read_sheet(wanted["sheet"]))
        else:
            svg = draw_svg(read_figure(wanted["figure"]), Language(wanted["language"]))
        sys.stdout.write(base64.b64encode(draw_png(svg)).decode() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
