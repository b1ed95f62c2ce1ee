"""What pupils type when they write something down, in English, Bangla and Bangla in Latin."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.deadlines.typed import TypedDue, read_due, read_task

DHAKA = "Asia/Dhaka"


def at(text: str) -> datetime:
    """Read local Dhaka time, such as "2026-03-01 18:00", as an instant."""
    return datetime.fromisoformat(f"{text}+06:00").astimezone(UTC)


# A Wednesday.
NOW = at("2026-03-04 12:00")
CASES = {
    "history essay friday 5pm": ("history essay", "2026-03-06 17:00"),
    "history essay on Friday at 5 pm": ("history essay", "2026-03-06 17:00"),
    "friday 5pm history essay": ("history essay", "2026-03-06 17:00"),
    "Poster tomorrow": ("Poster", "2026-03-05"),
    "Poster tomorrow 8:30 am": ("Poster", "2026-03-05 08:30"),
    "Poster by 12 March": ("Poster", "2026-03-12"),
    "Poster March 12th 3pm": ("Poster", "2026-03-12 15:00"),
    "Poster due 12/3": ("Poster", "2026-03-12"),
    "Poster 2026-03-12": ("Poster", "2026-03-12"),
    "Poster in 3 days": ("Poster", "2026-03-07"),
    "Poster next week": ("Poster", "2026-03-11"),
    "Poster next wednesday": ("Poster", "2026-03-11"),
    "Poster wednesday": ("Poster", "2026-03-04"),
    "Poster today 11:59 pm": ("Poster", "2026-03-04 23:59"),
    "Poster 5pm": ("Poster", "2026-03-04 17:00"),
    "Poster 9am": ("Poster", "2026-03-05 09:00"),
    "Poster 17:30": ("Poster", "2026-03-04 17:30"),
    "Poster january 2": ("Poster", "2027-01-02"),
    "ইতিহাস রচনা শুক্রবার বিকেল ৫টা": ("ইতিহাস রচনা", "2026-03-06 17:00"),
    "ইতিহাস রচনা আগামীকাল সকাল ৮টায়": ("ইতিহাস রচনা", "2026-03-05 08:00"),
    "বিজ্ঞান প্রজেক্ট পরশু": ("বিজ্ঞান প্রজেক্ট", "2026-03-06"),
    "বিজ্ঞান প্রজেক্ট ১২ মার্চ": ("বিজ্ঞান প্রজেক্ট", "2026-03-12"),
    "বিজ্ঞান প্রজেক্ট ১২ তারিখে": ("বিজ্ঞান প্রজেক্ট", "2026-03-12"),
    "বিজ্ঞান প্রজেক্ট ৩ দিন পরে": ("বিজ্ঞান প্রজেক্ট", "2026-03-07"),
    "বাংলা বই আজ রাত ৯টা": ("বাংলা বই", "2026-03-04 21:00"),
    "বাংলা বই কাল দুপুর ২টায়": ("বাংলা বই", "2026-03-05 14:00"),
    "বাংলা বই সোমবার": ("বাংলা বই", "2026-03-09"),
    "বাংলা বই আগামী বুধবার": ("বাংলা বই", "2026-03-11"),
    "itihash rochona shukrobar bikel 5ta": ("itihash rochona", "2026-03-06 17:00"),
    "project kal sokal 9ta": ("project", "2026-03-05 09:00"),
}
UNDATED = [
    "history essay",
    "Chapter 5",
    "Read pages 10 12",
    "May project",
    "বই পড়া",
    "friday",
    "Poster yesterday",
    "Solve exercise 3.2",
]


@pytest.mark.parametrize(("text", "expected"), CASES.items(), ids=list(CASES))
def test_what_and_when(text: str, expected: tuple[str, str]) -> None:
    title, when = expected
    due = TypedDue(at(when)) if " " in when else TypedDue(due_on=date.fromisoformat(when))
    assert read_task(text, NOW, DHAKA) == (title, due)


@pytest.mark.parametrize("text", UNDATED)
def test_what_names_no_date_is_all_title(text: str) -> None:
    assert read_task(text, NOW, DHAKA) == (text, None)


def test_a_date_alone() -> None:
    assert read_due("friday 5pm", NOW, DHAKA) == TypedDue(at("2026-03-06 17:00"))
    assert read_due("শুক্রবার", NOW, DHAKA) == TypedDue(due_on=date(2026, 3, 6))
    assert read_due("I do not know", NOW, DHAKA) is None
    assert read_due("", NOW, DHAKA) is None


def test_what_is_over_is_none() -> None:
    assert read_due("today 9am", NOW, DHAKA) is None
    assert read_due("2020-03-12", NOW, DHAKA) is None


@given(st.text(max_size=60))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    title, due = read_task(text, NOW, DHAKA)
    assert len(title) <= 200
    assert due is None or due.due_on is not None or (due.due_at is not None and due.due_at > NOW)
