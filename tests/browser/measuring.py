"""What is measured on a page: contrast of its words, size of what a finger may press."""

from pathlib import Path
from typing import Any, Literal

from playwright.async_api import Page

LEAST_CONTRAST = 4.5
LEAST_TARGET = 44
PHONE, DESK = 320, 1280
_SCRIPT = (Path(__file__).parent / "measuring.js").read_text(encoding="utf-8")
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


async def find_faults(page: Page) -> list[tuple[object, ...]]:
    """Measure a page in light and dark, on a phone and a desk.

    Returns:
        Words that stand out too little, with their contrast; what is smaller than a finger, with
        width and height; by how many pixels the page is wider than its window.
    """
    wrong: list[tuple[object, ...]] = []
    for width in (PHONE, DESK):
        await page.set_viewport_size({"width": width, "height": 720})
        for scheme in _SCHEMES:
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found: dict[str, Any] = await page.evaluate(_SCRIPT)
            assert found["words"], "no words were found"
            assert found["targets"], "nothing to press was found"
            place = (width, scheme)
            wrong += [(*place, *one) for one in found["words"] if one[1] < LEAST_CONTRAST]
            wrong += [
                (*place, *one) for one in found["targets"] if min(one[1:]) < LEAST_TARGET - 0.1
            ]
            if found["sideways"] > 0:
                wrong.append((*place, "sideways", found["sideways"]))
    return wrong
