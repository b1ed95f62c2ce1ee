"""Make the font of the figures anew, from Noto Sans, Noto Sans Bengali and Noto Sans Math.

``python -m scripts.font FOLDER``: the folder holds ``NotoSans-Regular.ttf``,
``NotoSansBengali-Regular.ttf`` and ``NotoSansMath-Regular.ttf`` (Debian: fonts-noto-core). It needs
fonttools, which Dars does not: ``pip install fonttools``. Nobody but this script writes
``src/figures/font``; a sign that a figure lacks is added to ``_SIGNS``.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import merge, subset
from fontTools.ttLib import TTFont

OUT = Path(__file__).resolve().parent.parent / "src" / "figures" / "font"
_SIGNS = "°±²³·×÷¼½¾–—‘’“”…′−√πθαβ∠△≠≤≥≈≅∩∪∈∥⊥∕←↑→↓\u00a0"
_LATIN = [*range(0x20, 0x7F), *map(ord, _SIGNS)]
_BANGLA = [*range(0x980, 0xA00), 0x964, 0x965, 0x200C, 0x200D, 0x25CC]
_NAMES = {1: "Dars Sans", 16: "Dars Sans", 4: "Dars Sans Regular", 6: "DarsSans-Regular"}
_MARK = 3


def _cut(source: Path, signs: list[int], features: list[str], target: Path) -> set[int]:
    options = subset.Options()
    options.layout_features, options.hinting = features, False
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=signs)
    subsetter.subset(font)
    subset.save_font(font, str(target), options)
    return set(TTFont(target).getBestCmap())


def make(folder: Path) -> None:
    """Write the font and the widths of its signs."""
    with TemporaryDirectory() as scratch:
        parts = [Path(scratch) / name for name in ("latin.ttf", "bangla.ttf", "signs.ttf")]
        kept = ["kern", "mark", "mkmk", "ccmp"]
        have = _cut(folder / "NotoSans-Regular.ttf", _LATIN, kept, parts[0])
        have |= _cut(folder / "NotoSansBengali-Regular.ttf", _BANGLA, ["*"], parts[1])
        rest = [sign for sign in _LATIN if sign not in have]
        _cut(folder / "NotoSansMath-Regular.ttf", rest, [], parts[2])
        font = merge.Merger().merge([str(part) for part in parts])
    for record in font["name"].names:
        record.string = _NAMES.get(record.nameID, record.string)
    font.save(OUT / "dars-sans.ttf")
    classes, widths = font["GDEF"].table.GlyphClassDef.classDefs, font["hmtx"]
    advances = {
        chr(sign): 0 if classes.get(glyph) == _MARK else widths[glyph][0]
        for sign, glyph in sorted(font.getBestCmap().items())
    }
    text = json.dumps(advances, ensure_ascii=False, separators=(",", ":"))
    (OUT / "advances.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
