"""Documents that are generated from the code."""

import re
from pathlib import Path

import pytest

from scripts.docs import DOCUMENTS, ROOT, find_stale
from scripts.licence_docs import render_licences


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with the present documents."""
    for name in DOCUMENTS:
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("DATABASE_SCHEMA.md", "| `seed` | bigint |", "| `seed` | integer |"),
        (
            "docs/licences.md",
            "| aiosqlite | 0.22.1 | running | MIT |",
            "| aiosqlite | 1 |  | GPL |",
        ),
        (".env.example", "#DARS_DB_POOL_SIZE=5", "#DARS_DB_POOL_SIZE=6"),
    ],
)
def test_a_document_that_says_something_else_is_found_and_repaired(
    copy: Path, name: str, old: str, new: str
) -> None:
    right = (copy / name).read_text(encoding="utf-8")
    assert old in right
    (copy / name).write_text(right.replace(old, new), encoding="utf-8")
    assert find_stale(copy)[copy / name] == right


def test_an_index_without_a_reason_is_found(copy: Path) -> None:
    page = copy / "DATABASE_SCHEMA.md"
    text = page.read_text(encoding="utf-8").replace("| `idx_streaks_current` |", "| it |")
    page.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="idx_streaks_current"):
        find_stale(copy)


def test_a_page_without_its_section_is_found(copy: Path) -> None:
    page = copy / "DATABASE_SCHEMA.md"
    page.write_text(page.read_text(encoding="utf-8").replace("<!-- end: tables -->", ""))
    with pytest.raises(ValueError, match="end: tables"):
        find_stale(copy)


def test_the_page_of_licences_has_every_pin_and_nothing_else() -> None:
    page = (ROOT / "docs/licences.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| ([\w.-]+) \| (\d\S*) \|", page, re.MULTILINE)
    pins = set()
    for file in (ROOT / "requirements").glob("*.txt"):
        for line in file.read_text(encoding="utf-8").splitlines():
            name, equals, rest = line.partition("==")
            if equals and not name.startswith((" ", "#")):
                pins.add((name.partition("[")[0], rest.split()[0]))
    assert set(listed) == pins
    assert len(pins) > 100


def test_no_licence_is_unknown_but_of_what_dars_cannot_run_on() -> None:
    page = (ROOT / "docs/licences.md").read_text(encoding="utf-8")
    unknown = re.findall(r"^\| ([\w.-]+) \|.*not known", page, re.MULTILINE)
    pins = (ROOT / "requirements/base.txt").read_text(encoding="utf-8")
    for name in unknown:
        [line] = re.findall(rf"^{name}==.*", pins, re.MULTILINE)
        assert "emscripten" in line


def test_a_pin_that_is_not_installed_here_keeps_its_licence() -> None:
    page = (ROOT / "docs/licences.md").read_text(encoding="utf-8")
    kept = re.sub(r"(\| httpx2-jsfetch \|.*\| )not known.* \|", r"\1Odd-1.0 |", page)
    assert kept != page
    assert "| Odd-1.0 |" in render_licences(kept)
