import gc
import json
import time
from collections import Counter
from pathlib import Path

import pytest

from src.answers import AnswerType, Outcome, grade
from src.answers.score import ScoreReport, judge, read_cases
from tests.corpus.trapping import Trap
from tests.corpus.traps import FAMILIES, traps

# Thousands of answers: each line that they run is measured elsewhere, by few.
pytestmark = pytest.mark.no_cover
CORPUS = Path(__file__).parents[2] / "corpus" / "answers.csv"
SEED, COUNT = 20_261_121, 6_000


@pytest.fixture(scope="module")
def report() -> ScoreReport:
    cases = read_cases(CORPUS.read_text(encoding="utf-8"))
    gc.disable()  # a full collection with a whole test run in memory takes longer than any answer
    try:
        return judge(cases, time.process_time_ns)
    finally:
        gc.enable()


@pytest.fixture(scope="module")
def generated() -> list[Trap]:
    return traps(SEED, COUNT)


def test_the_corpus_has_2000_different_pairs_of_every_type_and_verdict(report: ScoreReport) -> None:
    cases = [row.case for row in report.judged]
    pairs = {(c.answer_type, json.dumps(c.options), c.stored, c.typed) for c in cases}
    assert len(pairs) == len(cases) >= 2_000
    assert len({case.id for case in cases}) == len(cases)
    assert {case.answer_type for case in cases} == set(AnswerType)
    assert {case.verdict for case in cases} == set(Outcome)


def test_should_match_says_the_same_as_the_verdict(report: ScoreReport) -> None:
    for row in report.judged:
        assert row.case.should_match == (row.case.verdict is Outcome.CORRECT), row.case.id


def test_every_right_answer_is_accepted_and_no_wrong_one(report: ScoreReport) -> None:
    total = report.total
    print(total.as_dict())
    assert total.wrong_accepted == 0
    assert total.right_accepted >= 0.995 * total.right


def test_every_uncontested_pair_gets_its_verdict(report: ScoreReport) -> None:
    assert report.as_dict()["failing"] == []


def test_no_answer_of_the_corpus_takes_long_whatever_its_size(report: ScoreReport) -> None:
    assert report.cpu_ms(1.0) < 100


def test_every_stored_answer_is_right_against_itself(report: ScoreReport) -> None:
    keys = {
        (c.answer_type, c.stored, json.dumps(c.options)): c for c in (r.case for r in report.judged)
    }
    for case in keys.values():
        verdict = grade(case.stored, case.stored, case.answer_type, case.options)
        asked_in_another_form = case.options.get("form") == "scientific"
        assert verdict.outcome is Outcome.CORRECT or asked_in_another_form, case


def test_no_trap_is_accepted(generated: list[Trap]) -> None:
    accepted = [
        trap
        for trap in generated
        if grade(trap.typed, trap.stored, trap.answer_type, trap.options).outcome is Outcome.CORRECT
    ]
    assert accepted == []


def test_the_answer_that_a_trap_misses_is_itself_accepted(generated: list[Trap]) -> None:
    for trap in generated[:: len(generated) // 500]:
        verdict = grade(trap.stored, trap.stored, trap.answer_type, trap.options)
        asked_in_another_form = trap.options.get("form") == "scientific"
        assert verdict.outcome is Outcome.CORRECT or asked_in_another_form, trap


def test_traps_are_many_different_and_of_every_type(generated: list[Trap]) -> None:
    assert len({trap.key for trap in generated}) == COUNT
    assert {trap.answer_type for trap in generated} == {str(kind) for kind in AnswerType}
    kinds = Counter(trap.kind for trap in generated)
    assert len(kinds) > 100
    assert max(kinds.values()) < COUNT / 10


def test_the_same_seed_gives_the_same_traps() -> None:
    assert traps(7, 500) == traps(7, 500)
    assert traps(7, 500) != traps(8, 500)
    assert len(FAMILIES) > 20
