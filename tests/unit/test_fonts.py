"""The sandbox's own fonts: they draw what Dars writes, stay small, and come with their licence."""

import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from scripts.fonts import EMOJI, FONTS, PAGES, ROOT

MOST_BYTES = 1_000_000
# Signs, not pictures: they are drawn like letters wherever they stand.
SIGNS = frozenset("©®™★")


def drawn(name: str) -> set[str]:
    return {chr(code) for code in TTFont(FONTS / name).getBestCmap()}


def written(*patterns: str) -> Iterable[tuple[Path, str]]:
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            yield path, path.read_text(encoding="utf-8")


def is_picture(sign: str) -> bool:
    # Symbols of the emoji blocks; arrows and letters of mathematics lie elsewhere.
    in_blocks = sign >= "\U0001f1e6" or "\u2600" <= sign <= "\u27bf" or sign in "⌨⏭⏳▶"
    return in_blocks and unicodedata.category(sign) == "So"


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_every_letter_of_bangla_is_drawn(weight: str) -> None:
    texts = written("*/texts/**/*.ftl", "content/*.csv", "sandbox/**/*.js", "sandbox/**/*.py")
    letters = {sign for _, text in texts for sign in text if "\u0980" <= sign <= "\u09ff"}

    name = f"NotoSansBengali-{weight}.woff"
    assert (FONTS / name).read_bytes() == (PAGES / name).read_bytes()
    assert len(letters) > 50
    assert letters <= drawn(f"NotoSansBengali-{weight}.woff")


def test_every_emoji_that_is_written_is_drawn() -> None:
    emoji = drawn("NotoColorEmoji.woff")
    texts = written("bot/**/*.ftl", "bot/**/*.py", "sandbox/**/*.js", "sandbox/**/*.py")
    missing = {
        (path.name, sign)
        for path, text in texts
        for sign in text
        if is_picture(sign) and sign not in emoji | SIGNS
    }

    assert missing == set(), "add them to EMOJI and run python -m scripts.fonts"
    assert set(EMOJI) <= emoji


def test_the_fonts_are_small_and_free() -> None:
    assert sum(path.stat().st_size for path in FONTS.glob("*.woff")) < MOST_BYTES
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    for path in FONTS.glob("*.woff"):
        assert "Open Font License" in str(TTFont(path)["name"].getDebugName(13))
