"""Callback data: what a button carries and what forged data leads to."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.callbacks import Action, Tap, decode, encode, pattern
from bot.replies import Button, DropKeyboard, Reply, Rewrite, Say, Toast, pack, unpack
from src.errors import StaleAction

words = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/_", max_size=20)


@given(st.sampled_from(Action), st.lists(st.integers(0, 10**18 - 1).map(str) | words, max_size=2))
def test_what_is_packed_is_unpacked(action: Action, args: list[str]) -> None:
    assert decode(encode(action, *args)) == Tap(action, tuple(args))


@given(st.text(max_size=70))
def test_any_other_data_is_stale_or_a_tap(data: str) -> None:
    try:
        tap = decode(data)
    except StaleAction:
        return
    assert tap.action in Action


@pytest.mark.parametrize("data", ["", "1", "1:", "1:?", "0:p", "2:p", ":p", "p", "1:P"])
def test_data_of_another_version_is_stale(data: str) -> None:
    with pytest.raises(StaleAction):
        decode(data)


@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", "৩", "²", "1" * 19, " 1"])
def test_an_argument_that_is_no_number_is_stale(text: str) -> None:
    with pytest.raises(StaleAction):
        Tap(Action.HINT, (text,)).number(0)


def test_a_missing_argument_is_stale_as_a_number_and_empty_as_a_word() -> None:
    with pytest.raises(StaleAction):
        Tap(Action.HINT).number(0)
    assert Tap(Action.HINT).word(3) == ""


def test_more_than_64_bytes_is_an_error() -> None:
    with pytest.raises(ValueError, match="too long"):
        encode(Action.TIMEZONE, "ঢ" * 21)


def test_a_pattern_matches_its_actions_only() -> None:
    assert re.match(pattern(Action.HINT, Action.SKIP), encode(Action.HINT, 1, 2))
    assert re.match(pattern(Action.GO), encode(Action.GO))
    assert not re.match(pattern(Action.HINT), encode(Action.SKIP, 1, 2))


def test_replies_survive_the_database() -> None:
    replies: list[Reply] = [
        Say("<b>x</b>", [[Button("a", "1:p")], [Button("b", "1:h:1:2"), Button("c", "1:s:1:2")]]),
        Toast("t"),
        DropKeyboard(5),
        Rewrite(6, "y"),
    ]
    assert unpack(pack(replies)) == [replies[0], Toast("t"), DropKeyboard(5), Rewrite(6, "y", [])]
