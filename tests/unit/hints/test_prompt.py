"""What a model is told of a problem with a picture."""

from src.hints import prompt as prompts
from src.hints.rules import Ask
from src.language import Language
from tests.fixtures.factories import make_problem
from tests.unit.figures.samples import sample


def test_a_model_is_told_what_the_picture_shows() -> None:
    problem = make_problem(figure=sample("bar"))
    [english] = prompts.build(problem, Language.EN, Ask(1, None, False), "m").messages
    [bangla] = prompts.build(problem, Language.BN, Ask(1, None, False), "m").messages
    assert "Picture: bar chart; Books read; axes: Books; Mitu 12, Rafi 20" in english.text
    assert "ছবি: স্তম্ভলেখ; পড়া বই" in bangla.text


def test_without_a_picture_nothing_is_said_of_one() -> None:
    [message] = prompts.build(make_problem(), Language.EN, Ask(1, None, False), "m").messages
    assert "Picture" not in message.text
