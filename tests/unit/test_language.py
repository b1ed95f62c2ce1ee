"""One rule for the language of a stranger, and pairs of texts."""

import pytest

from src.language import Bilingual, Language, language_of


@pytest.mark.parametrize("code", ["en", "en-GB", "EN-us", "en_US"])
def test_an_app_in_english_is_spoken_to_in_english(code: str) -> None:
    assert language_of(code) is Language.EN


@pytest.mark.parametrize("code", ["bn", "bn-BD", "BN-in", "hi", "eno", "", None])
def test_everybody_else_is_spoken_to_in_bangla(code: str | None) -> None:
    assert language_of(code) is Language.BN


def test_a_pair_of_texts_is_read_in_a_language() -> None:
    pair = Bilingual("yes", "হ্যাঁ")
    assert (pair.in_(Language.EN), pair.in_(Language.BN)) == ("yes", "হ্যাঁ")
