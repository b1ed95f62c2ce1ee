"""What looks like a token or a secret address, wherever it is pasted, and what does not."""

import csv
from pathlib import Path

import pytest

from src.canvas.secrets_typed import find_secret, holds_secret
from src.models import ConnectionKind

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
TOKEN = "7~" + "Ab3" * 21
BARE = "a1" * 32
FEED = "https://canvas.school.example/feeds/calendars/user_Xy9FeedThatOpensNothing.ics"


@pytest.mark.parametrize(
    ("text", "kind", "secret"),
    [
        (TOKEN, ConnectionKind.TOKEN, TOKEN),
        (f"here it is: {TOKEN}, ok?", ConnectionKind.TOKEN, TOKEN),
        (f"আমার চাবি {TOKEN}", ConnectionKind.TOKEN, TOKEN),
        (f"/add {TOKEN} friday", ConnectionKind.TOKEN, TOKEN),
        (BARE, ConnectionKind.TOKEN, BARE),
        (FEED, ConnectionKind.FEED, FEED),
        (f"<{FEED.replace('https', 'webcal')}>", ConnectionKind.FEED, None),
    ],
)
def test_what_is_pasted(text: str, kind: ConnectionKind, secret: str | None) -> None:
    assert holds_secret(text)
    found = find_secret(text)
    assert found is not None
    assert found.kind is kind
    if secret is not None:
        assert found.secret.get_secret_value() == secret
    assert TOKEN not in repr(found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3/4",
        "history essay friday 5pm",
        "https://canvas.school.example/courses/12/assignments/9",
        "12345678901234567890123456789012345678901234567890",
        "ভগ্নাংশের যোগ বিয়োগ গুণ ভাগ",
        "x~y",
        "7~8",
    ],
)
def test_what_is_none(text: str) -> None:
    assert not holds_secret(text)
    assert find_secret(text) is None


@pytest.mark.parametrize("name", ["answers.csv", "sayings.csv", "leaks.csv"])
def test_no_answer_or_saying_of_the_corpus_looks_like_one(name: str) -> None:
    with (CORPUS / name).open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if holds_secret(cell)] == []
