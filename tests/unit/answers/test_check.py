"""`solution_check` holds for right keys and names the fault of wrong ones."""

import pytest

from src.answers.check.solution import check_solution
from tests.unit.answers.problems import PlainProblem

CHOICES = {"en": ["12", "15 cm", "x + 1"], "bn": ["১২", "১৫ সেমি", "x + ১"]}
PAIR = PlainProblem("(2,3)", "tuple", answer_options={"vars": ["x", "y"]})
ANY_ORDER = PlainProblem("3, 2", "list", answer_options={"ordered": False})

HOLDS = [
    ("value: 2/5 + 1/4", PlainProblem("13/20")),
    ("verify: (ans - 2) + ans = 46", PlainProblem("24")),
    ("verify: 2x + 3 = 13", PlainProblem("5", answer_options={"var": "x"})),
    ("value: (12*138 - 1440)/1440", PlainProblem("15%", "percent")),
    ("value: 15/100", PlainProblem("15", "percent")),
    ("verify: (800 - ans)/800 = 15/100", PlainProblem("680", "money")),
    ("value: 1000(1 + 5/100)^2", PlainProblem("1102.50", "money")),
    ("verify: (ans/40)^2 + 40^2 = 50^2", PlainProblem("1200 m²", "quantity")),
    ("value: 5/2", PlainProblem("2.5 h", "quantity")),
    ("value: 1.5", PlainProblem("1.5 m", "quantity")),
    ("value: 2*pi*7", PlainProblem("14π cm", "quantity")),
    ("value: 12:16", PlainProblem("3:4", "ratio")),
    ("value: 3/4", PlainProblem("3:4", "ratio")),
    ("verify: ans1/ans2 = 3/4", PlainProblem("3:4", "ratio")),
    ("value: 2:3:4", PlainProblem("4:6:8", "ratio")),
    ("verify: ans = x^2 + 7x + 12", PlainProblem("(x+3)(x+4)", "expression")),
    ("value: 2sqrt(3)", PlainProblem("2√3", "expression")),
    ("value: x > 3", PlainProblem("x>3", "inequality")),
    ("verify: 2x + y = 7; verify: x - y = -1", PAIR),
    ("value: [2, 3]; value: (2, 3)", PAIR),
    ("verify: ans1 + ans2 = 5", PAIR),
    ("value: {1, 2, 3}", PlainProblem("{3,2,1}", "set")),
    ("value: union({1, 2}, {2, 3})", PlainProblem("{1,2,3}", "set")),
    ("value: intersect({1, 2}, {2, 3})", PlainProblem("{2}", "set")),
    ("value: minus({1, 2}, {2, 3})", PlainProblem("{1}", "set")),
    ("value: {a, b}", PlainProblem("{b,a}", "set")),
    ("value: {}", PlainProblem("{}", "set")),
    ("value: divisors(12)", PlainProblem("1, 2, 3, 4, 6, 12", "list")),
    ("value: primefactors(12)", PlainProblem("2, 3", "list")),
    ("value: digits(305)", PlainProblem("3, 0, 5", "list")),
    ("value: [2, 3]; value: {2, 3}", ANY_ORDER),
    ("value: 12", PlainProblem("A", "choice", choices=CHOICES)),
    ("value: 15", PlainProblem("B", "choice", choices=CHOICES)),
    ("value: x + 1", PlainProblem("C", "choice", choices=CHOICES)),
    ("truth: isprime(7)", PlainProblem("true", "boolean")),
    ("truth: 7 < 5", PlainProblem("false", "boolean")),
    ("fact: two equal sides", PlainProblem("isosceles", "text")),
    ("verify: 180 - 70 - 70 = 40; verify: 70 != 40", PlainProblem("isosceles", "text")),
    ("which: 5 < 4 | 5^2 < 30 < 6^2 | 1 = 2", PlainProblem("B", "choice", choices=CHOICES)),
    ("slip: 2(x + 3) = 2x + 6 | 2 + 6 = 9", PlainProblem("B", "choice", choices=CHOICES)),
    ("slip: 1 + 1 = 2 | 2 + 2 = 4", PlainProblem("C", "choice", choices=CHOICES)),
    ("value: gcd(12, 18) + lcm(2, 3)", PlainProblem("12")),
    ("value: sqrt(144) + cbrt(27) + abs(-2)", PlainProblem("17")),
    ("value: min(3, 5) + max([3, 5]) + sum(1, 2)", PlainProblem("11")),
    ("value: mean([1, 2, 6]) + median(3, 1, 2, 9) + mode(1, 2, 2)", PlainProblem("7.5")),
    ("value: count({1, 2}) + floor(2.5) + ceil(2.5)", PlainProblem("7")),
    ("value: round(sqrt(2), 2)", PlainProblem("1.41")),
    ("value: round(14pi, 2)", PlainProblem("43.98")),
    ("verify: mod(ans, 7) = 2; verify: 1 < ans < 10; verify: ans != 3", PlainProblem("9")),
]
FAILS = [
    ("value: 5", PlainProblem("4"), "value: 5 is 5, but the answer is 4"),
    ("verify: 2ans = 9", PlainProblem("4"), "does not hold"),
    ("value: 2.5*3600", PlainProblem("2.5 h", "quantity"), "is 9000"),
    ("value: 3:4", PlainProblem("4:3", "ratio"), "another ratio"),
    ("value: [3, 2]", PAIR, "[3, 2]"),
    ("value: {1}", PlainProblem("{1,2}", "set"), "another set"),
    ("value: x", PlainProblem("x+1", "expression"), "another expression"),
    ("truth: 7 > 5", PlainProblem("false", "boolean"), "is true"),
    ("truth: 1 = 1", PlainProblem("4"), "for boolean answers only"),
    ("fact: obvious", PlainProblem("4"), "write value: or verify:"),
    ("verify: 70 = 40", PlainProblem("isosceles", "text"), "does not hold"),
    ("verify: ans = 40", PlainProblem("isosceles", "text"), "has no value"),
    ("which: 1 = 2 | 1 = 1 | 2 = 2", PlainProblem("B", "choice", choices=CHOICES), "for B, C"),
    ("which: 1 = 2 | 1 = 3 | 2 = 1", PlainProblem("B", "choice", choices=CHOICES), "for none"),
    ("which: 1 = 1 | 1 = 3 | 2 = 1", PlainProblem("B", "choice", choices=CHOICES), "for A"),
    ("which: 1 = 2 | 1 = 1", PlainProblem("B", "choice", choices=CHOICES), "for 3 choices"),
    ("which: 1 = 1", PlainProblem("4"), "for choices only"),
    ("slip: 1 = 2 | 1 = 1", PlainProblem("B", "choice", choices=CHOICES), "does not hold is A"),
    ("slip: 1 = 1 | 1 = 1", PlainProblem("B", "choice", choices=CHOICES), "does not hold is C"),
    ("slip: 1 = 1", PlainProblem("B", "choice", choices=CHOICES), "a relation for each step"),
    ("slip: 1 = 1", PlainProblem("4"), "a relation for each step"),
    ("value: 1", PlainProblem("true", "boolean"), "has no value"),
    ("value: 1", PlainProblem("isosceles", "text"), "has no value"),
    ("", PlainProblem("4"), "empty"),
    ("proof: 4", PlainProblem("4"), "is no clause"),
    ("value:", PlainProblem("4"), "is no clause"),
    ("value: 2 +", PlainProblem("4"), "cannot be evaluated"),
    ("value: 1/0", PlainProblem("4"), "division_by_zero"),
    ("value: mod(4, 0)", PlainProblem("4"), "division by zero"),
    ("value: frobnicate(4)", PlainProblem("4"), "unknown function"),
    ("value: sqrt(1, 2)", PlainProblem("4"), "does not take"),
    ("value: divisors(10^12)", PlainProblem("4"), "whole number"),
    ("verify: ans3 = 1", PAIR, "has no ans3"),
    ("verify: 4", PlainProblem("4"), "is no relation"),
    ("value: 9^9^9", PlainProblem("4"), "cannot be evaluated"),
    ("value: 4", PlainProblem("four"), "is not a number"),
    ("value: 4", PlainProblem("4", "numeral"), "numeral"),
    ("value: 4" + " + 0" * 400, PlainProblem("4"), "longer than"),
]


@pytest.mark.parametrize(("check", "problem"), HOLDS, ids=[check for check, _ in HOLDS])
def test_a_right_key_holds(check: str, problem: PlainProblem) -> None:
    assert check_solution(check, problem) == []


@pytest.mark.parametrize(
    ("check", "problem", "fault"), FAILS, ids=[check[:40] for check, _, _ in FAILS]
)
def test_a_wrong_key_is_named(check: str, problem: PlainProblem, fault: str) -> None:
    assert fault in " ".join(check_solution(check, problem))


def test_every_failing_clause_is_listed() -> None:
    assert len(check_solution("value: 5; verify: ans = 6", PlainProblem("4"))) == 2
