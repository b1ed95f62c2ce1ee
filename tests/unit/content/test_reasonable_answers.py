"""Answers that pupils give and teachers accept, typed into the library's own problems."""

import pytest

from src.answers import Outcome, diagnose, grade_problem
from src.content.rows import ProblemRow
from tests.unit.content.good import library


@pytest.fixture(scope="module")
def problems() -> dict[str, ProblemRow]:
    return {problem.external_id: problem for problem in library()}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("G6-NUM-HCFLCM-002", "1 hour"),
        ("G6-FRAC-OPS-002", "300 ml"),
        ("G6-FRAC-OPS-002", "৩/১০ লিটার"),
        ("G6-FRAC-OPS-006", "১/৮ মিটার"),
        ("G6-DEC-OPS-001", "2150 m"),
        ("G6-DEC-OPS-002", "720 g"),
        ("G6-DEC-OPS-002", "৭২০ গ্রাম"),
        ("G6-DEC-OPS-004", "255 cm"),
        ("G6-DEC-OPS-004", "2 m 55 cm"),
        ("G6-INT-ADD-002", "-0.42 m"),
        ("G6-DATA-AVG-001", "1.7 cm"),
        ("G7-ROOT-FD-002", "24 cm"),
        ("G7-ROOT-FD-003", "720 cm"),
        ("G8-DAT-AVG-001", "17 min 48 s"),
        ("G8-DAT-AVG-002", "48000 g"),
        ("G6-NUM-PLACE-003", "১০ লক্ষের ঘরে"),
        ("G6-NUM-PLACE-003", "nijut"),
        ("G6-GEO-SHAPE-001", "সমদিবাহু"),
        ("G6-GEO-SHAPE-001", "somodibahu"),
        ("G7-TRI-002", "সমদিবাহু ত্রিভুজ"),
        ("G6-GEO-ANGLE-002", "স্থূলকোণী"),
        ("G6-GEO-ANGLE-002", "sthulokon"),
        ("G8-QUA-ANG-002", "আয়তাকার"),
        ("G8-QUA-ANG-002", "আয়াত"),
        ("G8-QUA-ANG-002", "ayotokhetro"),
    ],
)
def test_a_reasonable_answer_is_right(
    name: str, typed: str, problems: dict[str, ProblemRow]
) -> None:
    assert grade_problem(typed, problems[name]).outcome is Outcome.CORRECT


@pytest.mark.parametrize(
    ("name", "typed", "mistake"),
    [
        ("G6-NUM-PLACE-002", "7005040", "one_zero_too_many"),
        ("G6-NUM-PLACE-003", "অযুত", "confused_two_place_names"),
        ("G6-NUM-PRIME-002", "23, 29, 31, 37, 39", "kept_last_multiple_of_three"),
        ("G6-PCT-001", "117.6", "divided_the_wrong_way"),
        ("G6-GEO-ANGLE-002", "সমকোণ", "took_it_as_right_angle"),
        ("G7-TWS-002", "45.65", "minutes_as_decimal_of_hour"),
        ("G7-EQN-SOLVE-005", "23.4", "multiplied_first_term_only"),
        ("G7-VOL-002", "3200", "divided_by_fraction"),
        ("G8-MEA-LEN-003", "164.592", "inches_as_decimal_of_foot"),
        ("G8-SEQ-SOLVE-005", "(14/11, 23/11)", "right_side_not_multiplied"),
        ("G8-DAT-PIE-001", "23.3", "per_cent_as_degrees"),
    ],
)
def test_a_classic_mistake_is_named(
    name: str, typed: str, mistake: str, problems: dict[str, ProblemRow]
) -> None:
    problem = problems[name]

    assert grade_problem(typed, problem).outcome is Outcome.WRONG
    found = diagnose(typed, problem)
    assert found is not None
    assert found.name == mistake
