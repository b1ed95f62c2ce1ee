"""Documents that are generated from the code."""

from pathlib import Path

import pytest

from scripts.docs import DOCUMENTS, ROOT, find_stale


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
