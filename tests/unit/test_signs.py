"""Signs as a reader counts them, and keyboards that fit a phone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.replies import Button, laid_out
from src.bangla import count_signs

LONG, SHORT = Button("Rather not say at all", "l"), Button("Yes", "s")


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("", 0),
        ("Skip", 4),
        ("মোটামুটি নিশ্চিত", 8),
        ("ক্ষ্ম", 1),
        ("র‍্যালি", 3),
        ("স্ত্রী", 1),
        ("উৎ", 2),
        ("▶️ Go", 4),
        ("🇧🇩 বাংলাদেশ", 6),
        ("👨‍👩‍👧", 1),
        ("a\nb", 3),
    ],
)
def test_signs_are_what_a_reader_sees(text: str, signs: int) -> None:
    assert count_signs(text) == signs


@given(st.text())
def test_there_are_never_more_signs_than_characters(text: str) -> None:
    assert bool(text) <= count_signs(text) <= len(text)


def test_three_in_a_row_are_short() -> None:
    assert laid_out([[SHORT] * 3]) == [[SHORT] * 3]
    assert laid_out([[LONG] * 2, [SHORT]]) == [[LONG] * 2, [SHORT]]
    assert laid_out([[SHORT, LONG, SHORT], [SHORT] * 4]) == [
        [SHORT, LONG],
        [SHORT],
        [SHORT] * 4,
    ]
    assert laid_out([[Button("মোটামুটি নিশ্চিত", "b")] * 3]) == [[Button("মোটামুটি নিশ্চিত", "b")] * 3]
