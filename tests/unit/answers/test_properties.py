"""Properties of the grader over generated answers."""

import time
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from benchmarks.answers_fuzz import STORED
from src.answers import Outcome, grade, normalise_key
from tests.unit.answers.problems import PlainProblem
from tests.unit.answers.renderings import (
    canonical,
    decimal,
    in_script,
    numbers,
    terminates,
    written,
)

RELAXED = settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
LENGTHS = {
    "mm": 1,
    "cm": 10,
    "সেমি": 10,
    "সে.মি.": 10,
    "m": 1000,
    "মিটার": 1000,
    "km": 10**6,
    "কিমি": 10**6,
}
MASSES = {"g": 1, "গ্রাম": 1, "kg": 1000, "কেজি": 1000, "kilograms": 1000, "quintal": 10**5}
TIMES = {
    "s": 1,
    "min": 60,
    "মিনিট": 60,
    "h": 3600,
    "hours": 3600,
    "ঘণ্টা": 3600,
    "ঘন্টা": 3600,
    "days": 86400,
}


@RELAXED
@given(st.data())
def test_every_rendering_of_a_number_is_accepted(data: st.DataObject) -> None:
    value = data.draw(numbers())
    typed = data.draw(written(value))
    assert grade(typed, canonical(value), "number").outcome is Outcome.CORRECT, typed


@RELAXED
@given(st.data())
def test_two_different_numbers_never_accept_each_other(data: st.DataObject) -> None:
    value = data.draw(numbers())
    nudge = data.draw(st.sampled_from([Fraction(n) for n in ("-1", "1", "10", "1/7", "0.1")]))
    other = data.draw(st.sampled_from((value + nudge, -value, value * 10, value / 10, 1 - value)))
    assume(other != value)
    typed = data.draw(written(value))
    assert grade(typed, canonical(other), "number").outcome is not Outcome.CORRECT, (typed, other)


@RELAXED
@given(st.data())
def test_every_rendering_has_the_same_key(data: st.DataObject) -> None:
    value = data.draw(numbers())
    problem = PlainProblem("7/11")
    keys = {normalise_key(data.draw(written(value)), problem) for _ in range(3)}
    assert keys == {f"number:{value}"}


@RELAXED
@given(st.data())
def test_a_quantity_is_accepted_in_every_unit_of_its_dimension(data: st.DataObject) -> None:
    units = data.draw(st.sampled_from((LENGTHS, MASSES, TIMES)))
    stored_unit, typed_unit = (data.draw(st.sampled_from(sorted(units))) for _ in range(2))
    value = Fraction(data.draw(st.integers(1, 9999)), 10 ** data.draw(st.integers(0, 2)))
    converted = value * units[stored_unit] / units[typed_unit]
    number = decimal(converted) if terminates(converted) else str(converted)
    script = data.draw(st.sampled_from(("0123456789", "০১২৩৪৫৬৭৮৯")))
    gap = data.draw(st.sampled_from((" ", ""))) if "/" not in number else " "
    typed = in_script(number, script) + gap + typed_unit
    stored = f"{decimal(value)} {stored_unit}"
    assert grade(typed, stored, "quantity").outcome is Outcome.CORRECT, (typed, stored)
    longer = f"{decimal(value + 1)} {stored_unit}"
    assert grade(typed, longer, "quantity").outcome is Outcome.WRONG, (typed, longer)


@RELAXED
@given(st.data())
def test_a_compound_quantity_is_the_sum_of_its_parts(data: st.DataObject) -> None:
    hours, minutes = data.draw(st.integers(1, 99)), data.draw(st.integers(1, 59))
    written_as = data.draw(
        st.sampled_from(("{} hours {} minutes", "{}h{}m", "{} ঘণ্টা {} মিনিট", "{} hr and {} min"))
    )
    typed = written_as.format(hours, minutes)
    assert grade(typed, f"{60 * hours + minutes} min", "quantity").outcome is Outcome.CORRECT
    assert grade(typed, f"{60 * hours + minutes + 1} min", "quantity").outcome is Outcome.WRONG


@RELAXED
@given(
    st.lists(st.integers(1, 60), min_size=2, max_size=4), st.integers(1, 12), st.sampled_from(":ঃ∶")
)
def test_a_ratio_is_accepted_in_every_multiple(parts: list[int], times: int, colon: str) -> None:
    stored = ":".join(map(str, parts))
    typed = f" {colon} ".join(str(part * times) for part in parts)
    assert grade(typed, stored, "ratio").outcome is Outcome.CORRECT
    bigger = ":".join(map(str, [parts[0] + 1, *parts[1:]]))
    assert grade(typed, bigger, "ratio").outcome is Outcome.WRONG


@RELAXED
@given(st.data())
def test_sets_ignore_order_and_lists_do_not(data: st.DataObject) -> None:
    values = data.draw(st.lists(st.integers(-50, 50), min_size=2, max_size=6, unique=True))
    shuffled = data.draw(st.permutations(values))
    stored, typed = (", ".join(map(str, v)) for v in (values, shuffled))
    assert grade(f"{{{typed}}}", f"{{{stored}}}", "set").outcome is Outcome.CORRECT
    same = Outcome.CORRECT if shuffled == values else Outcome.WRONG
    assert grade(typed, stored, "list").outcome is same
    assert grade(typed, stored, "list", {"ordered": False}).outcome is Outcome.CORRECT
    assert grade(f"{typed}, 99", stored, "list", {"ordered": False}).outcome is Outcome.WRONG


@RELAXED
@given(st.data())
def test_a_sum_is_the_same_in_any_order_and_expansion(data: st.DataObject) -> None:
    a, b = (data.draw(st.integers(1, 9)) * data.draw(st.sampled_from((-1, 1))) for _ in "ab")
    factored = f"(x{a:+d})(x{b:+d})"
    terms = ["x^2", f"{a + b:+d}x", f"{a * b:+d}"]
    typed = "".join(data.draw(st.permutations(terms))).replace("+x^2", "x^2")
    typed = typed.replace("x^2", "+x^2").lstrip("+")
    assert grade(typed, factored, "expression").outcome is Outcome.CORRECT, (typed, factored)
    assert grade(f"{typed}+1", factored, "expression").outcome is Outcome.WRONG
    assert grade(factored, factored, "expression", {"form": "factored"}).outcome is Outcome.CORRECT
    assert grade(typed, factored, "expression", {"form": "factored"}).outcome is Outcome.WRONG_FORM


ODD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("0123456789০৫+-*/^=(){}[]<>≤.,:;%√π°²½×÷ xyঃ।\n\x00\u200d\u202e\ud800"),
    ),
    max_size=140,
)


@settings(RELAXED, max_examples=600)
@given(ODD, st.sampled_from(STORED))
def test_no_text_raises_or_takes_long(
    typed: str, stored: tuple[str, str, dict[str, object]]
) -> None:
    answer_type, answer, options = stored
    start = time.process_time()
    verdict = grade(typed, answer, answer_type, options)
    assert time.process_time() - start < 1.0
    assert (verdict.reason is not None) == (
        verdict.outcome in {Outcome.UNREADABLE, Outcome.WRONG_FORM}
    )
