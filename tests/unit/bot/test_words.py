"""The texts: both languages say the same things, in safe HTML, in their own digits."""

import re
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from bot.app import COMMANDS, TAPS
from bot.callbacks import Action
from bot.gateway.profile import commands
from bot.words import LANGUAGES, TEXTS, in_both, words
from sandbox.html import parse_html
from src.language import Language

ROOT = Path(__file__).resolve().parents[3]


class Variables(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:
        self.names.add(node.id.name)


def messages(language: str) -> dict[str, ast.Message]:
    resource = FluentParser().parse((TEXTS / f"{language}.ftl").read_text(encoding="utf-8"))
    assert not [entry for entry in resource.body if isinstance(entry, ast.Junk)]
    found = [entry for entry in resource.body if isinstance(entry, ast.Message)]
    assert len({m.id.name for m in found}) == len(found), f"a key stands twice in {language}.ftl"
    return {m.id.name: m for m in found}


def variables(message: ast.Message) -> set[str]:
    visitor = Variables()
    visitor.visit(message)
    return visitor.names


def test_both_languages_have_the_same_keys_in_the_same_order() -> None:
    assert list(messages("bn")) == list(messages("en"))


def test_each_text_uses_the_same_variables_in_both_languages() -> None:
    bn, en = messages("bn"), messages("en")
    assert {k: variables(bn[k]) for k in bn} == {k: variables(en[k]) for k in en}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_is_html_that_telegram_takes(language: str) -> None:
    t = words(language)
    for key, message in messages(language).items():
        text = t(key, **dict.fromkeys(variables(message), "<&>"))
        plain, _ = parse_html(text)
        assert plain.strip()


def test_bangla_texts_hold_no_latin_digits() -> None:
    for key, message in messages("bn").items():
        text = words("bn")(key, **dict.fromkeys(variables(message), "x"))
        assert not re.search(r"\d", re.sub(r"[০-৯]|3/4|/\w+", "", text)), key


def test_every_key_in_the_code_exists() -> None:
    known = set(messages("en"))
    used: set[str] = set()
    for path in (ROOT / "bot").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        used |= set(
            re.findall(r'(?:\bt|words|in_both|_say_or_register)\(\s*"([a-z0-9-]+)"', source)
        )
        used |= set(re.findall(r'turn\.words\("([a-z0-9-]+)"', source))
    assert used - known - set(LANGUAGES) == set()
    assert len(used) > 50


def test_numbers_are_written_in_the_digits_of_the_language() -> None:
    assert "৩" in words("bn")("tries-left", left=3)
    assert "3" in words("en")("tries-left", left=3)
    assert words("bn").number(1205) == "১২০৫"


def test_text_arguments_are_escaped() -> None:
    assert words("en")("question-text", text="x < 5 & y > 3") == "x &lt; 5 &amp; y &gt; 3"


def test_an_unknown_key_or_a_missing_variable_is_an_error() -> None:
    with pytest.raises(LookupError):
        words("en")("no-such-key")
    with pytest.raises(LookupError):
        words("en")("tries-left")


def test_a_text_for_somebody_unknown_stands_in_both_languages() -> None:
    text = in_both("database-away")
    assert words("en")("database-away") in text
    assert words("bn")("database-away") in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_of_the_menu_has_its_words(language: Language) -> None:
    menu = dict(commands(language))
    assert set(menu) == set(COMMANDS) - {"start"}
    assert [name for name, said in menu.items() if not 1 <= len(said) <= 256] == []


def test_every_button_has_its_handler() -> None:
    assert set(TAPS) == set(Action)
