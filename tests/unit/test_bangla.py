import pytest

from src.accounts.timezones import find_timezone
from src.accounts.typed import read_grade, read_language
from src.answers import Outcome, grade
from src.answers.hearing.ear import Want, hear
from src.answers.leaks.mentions import fold_text
from src.bangla import one_spelling
from src.content.script import hidden_characters

ALIKE = {
    "broken o": ("\u0995\u09be\u09c7\u09a3", "কোণ"),
    "o of two signs": ("\u0995\u09c7\u09be\u09a3", "কোণ"),
    "broken au": ("\u09ae\u09d7\u09c7", "মৌ"),
    "long a of two signs": ("\u0985\u09be\u09df\u09a4", "আয়ত"),
    "ya with a dot": ("\u0985\u09be\u09af\u09bc\u09a4", "\u0986\u09df\u09a4"),
    "a dot behind the vowel": ("\u09aa\u09be\u0993\u09af\u09be\u09bc", "পাওয়া"),
    "ra with a dot": ("\u09ac\u09bc\u09ae\u09cd\u09ac\u09b8", "রম্বস"),
    "khanda ta with a joiner": ("\u09ac\u09c3\u09b9\u09a4\u09cd\u200d", "বৃহৎ"),
    "khanda ta in a word": ("\u0989\u09a4\u09cd\u200d\u09b8\u09ac", "উৎসব"),
    "khanda ta bare": ("\u09ac\u09c3\u09b9\u09a4\u09cd", "বৃহৎ"),
    "joiner": ("\u09b0\u200d\u09cd\u09af\u09be\u09b2\u09bf", "র্যালি"),
    "no joiner": ("\u0995\u09cd\u200c\u09b7\u09c7\u09a4\u09cd\u09b0", "ক্ষেত্র"),
    "chandrabindu first": ("\u09aa\u0981\u09be\u099a", "পাঁচ"),
    "vowel twice": ("\u0995\u09cb\u09cb\u09a3", "কোণ"),
    "danda of Windows": ("বর্গ\u09f7", "বর্গ।"),
}


@pytest.mark.parametrize(("typed", "plain"), ALIKE.values(), ids=ALIKE)
def test_what_looks_the_same_is_the_same(typed: str, plain: str) -> None:
    assert one_spelling(typed) == one_spelling(plain)
    assert grade(typed, plain, "text").outcome is Outcome.CORRECT
    assert grade(plain, typed, "text").outcome is Outcome.CORRECT
    assert fold_text(typed) == fold_text(plain)


@pytest.mark.parametrize("word", ["বর্ত্ম", "সত্তা", "উত্তর", "মত", "কৌণিক", "ব", "বড়", "ঔষধ", "ওই"])
def test_what_is_spelt_as_it_should_be_stays(word: str) -> None:
    assert one_spelling(word) == one_spelling(one_spelling(word))
    assert len(one_spelling(word)) == len(one_spelling(word).encode("utf-8")) / 3


def test_words_that_look_alike_to_nobody_stay_apart() -> None:
    assert one_spelling("মত") != one_spelling("মৎ")
    assert one_spelling("বর") != one_spelling("রব")


def test_the_danda_of_windows_ends_commands_places_and_classes() -> None:
    assert hear("জানি না\u09f7") is Want.STUCK
    assert find_timezone("ঢাকায়\u09f7") == "Asia/Dhaka"
    assert find_timezone("ময়মনসিংহ\u09f7") == "Asia/Dhaka"
    assert read_grade("ক্লাস ৭\u09f7") == 7
    assert read_language("বাংলা\u09f7") == "bn"


def test_joiners_in_bangla_words_are_no_hidden_characters() -> None:
    assert [*hidden_characters("র\u200d্যালি ও ক্\u200cষ", line_breaks=False)] == []
    assert [*hidden_characters("উত্\u200dসব, হঠাত্\u200d", line_breaks=False)] == []
    assert [*hidden_characters("a\u200db \u200d", line_breaks=False)] == ["U+200D"]
    assert [*hidden_characters("র\u200b্যালি", line_breaks=False)] == ["U+200B"]
