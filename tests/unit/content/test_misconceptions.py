"""The misconceptions behind the typical mistakes, and which mistake shows which."""

import csv
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from src.content import script
from src.content.rows import ProblemRow
from tests.unit.content.good import CONTENT, library

SLIP = "slip"
MOST = 120
LONGEST = 320
TEXTS = ("name", "lesson")

Entries = list[dict[str, Any]]


@pytest.fixture(scope="module")
def misconceptions() -> Entries:
    data = tomllib.loads((CONTENT / "misconceptions.toml").read_text(encoding="utf-8"))
    entries: Entries = data["misconception"]
    return entries


@pytest.fixture(scope="module")
def mapped() -> list[tuple[str, str, str]]:
    with (CONTENT / "misconception-map.csv").open(encoding="utf-8", newline="") as file:
        return [
            (row["external_id"], row["name"], row["misconception"]) for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def problems() -> list[ProblemRow]:
    return library()


def text_of(entry: dict[str, Any], kind: str, language: str) -> str:
    found = entry["name"][language] if kind == "name" else entry[f"lesson_{language}"]
    assert isinstance(found, str)
    return found


def texts(entry: dict[str, Any], language: str) -> Iterator[str]:
    yield from (text_of(entry, kind, language) for kind in TEXTS)


def sentences(text: str) -> int:
    return len([part for part in re.split(r"(?<=[.?!।])\s+", text) if part])


def test_there_are_few_and_each_has_its_own_id(misconceptions: Entries) -> None:
    ids = [entry["id"] for entry in misconceptions]

    assert len(ids) <= MOST
    assert len({*ids, SLIP}) == len(ids) + 1
    assert [name for name in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []
    assert [entry["id"] for entry in misconceptions if not entry["topic"].strip()] == []


def test_each_is_told_in_both_languages(misconceptions: Entries) -> None:
    for entry in misconceptions:
        for kind in TEXTS:
            english, bangla = (text_of(entry, kind, language) for language in ("en", "bn"))
            assert english.strip(), entry["id"]
            assert not script.has_bangla(english), entry["id"]
            assert not script.has_latin_digits(bangla), entry["id"]
            assert script.bangla_share(bangla) >= 0.85, entry["id"]


def test_a_lesson_has_two_short_sentences_that_accuse_nobody(misconceptions: Entries) -> None:
    for entry in misconceptions:
        for language in ("en", "bn"):
            lesson = text_of(entry, "lesson", language)
            assert sentences(lesson) == 2, entry["id"]
            assert len(lesson) <= LONGEST, entry["id"]
            assert not lesson.startswith(("You ", "তুমি ")), entry["id"]


def test_no_two_say_the_same(misconceptions: Entries) -> None:
    for language in ("en", "bn"):
        said = [text for entry in misconceptions for text in texts(entry, language)]
        assert len({script.fold_text(text) for text in said}) == len(said)


def test_every_mistake_of_the_library_is_mapped_once_and_nothing_else(
    mapped: list[tuple[str, str, str]], problems: list[ProblemRow]
) -> None:
    there = {
        (problem.external_id, mistake["name"])
        for problem in problems
        for mistake in problem.misconceptions
    }
    keys = [(external_id, name) for external_id, name, _ in mapped]

    assert len(keys) == len(set(keys))
    assert set(keys) == there


def test_every_misconception_is_known_and_used(
    mapped: list[tuple[str, str, str]], misconceptions: Entries
) -> None:
    used = {misconception for _, _, misconception in mapped} - {SLIP}

    assert used == {entry["id"] for entry in misconceptions}


def test_nine_mistakes_in_ten_have_a_misconception(
    mapped: list[tuple[str, str, str]], problems: list[ProblemRow]
) -> None:
    behind = {(external_id, name): found for external_id, name, found in mapped}
    entries = [
        behind[problem.external_id, mistake["name"]]
        for problem in problems
        for mistake in problem.misconceptions
    ]

    assert sum(found != SLIP for found in entries) >= 0.9 * len(entries)


def test_each_misconception_shows_in_more_than_one_problem(
    mapped: list[tuple[str, str, str]], misconceptions: Entries
) -> None:
    places: dict[str, set[str]] = {entry["id"]: set() for entry in misconceptions}
    for external_id, _, found in mapped:
        if found != SLIP:
            places[found].add(external_id)

    assert [name for name, where in places.items() if len(where) < 2] == []
