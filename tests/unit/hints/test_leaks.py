"""A model that always leaks, on a sample of the library; the benchmark takes all of it."""

from benchmarks.hint_leaks import PHRASINGS, leaks, read_library
from src.hints.checks import find_fault
from src.language import Language


def test_no_leak_of_an_always_leaking_model_is_shown() -> None:
    assert [len(phrasings) for phrasings in PHRASINGS.values()] == [20, 20]
    problems = read_library(25)
    assert len(problems) > 20
    shown = [
        (problem.external_id, text)
        for problem in problems
        for language, text in leaks(problem)
        if find_fault(text, problem, Language(language), None, may_judge=True) is None
    ]
    assert shown == []


def test_what_authors_wrote_passes_the_checks_of_a_model() -> None:
    problems = read_library(10)
    faults = [
        (problem.external_id, hint[language], fault)
        for problem in problems
        for hint in problem.hints
        for language in ("en", "bn")
        if (fault := find_fault(hint[language], problem, Language(language), None, may_judge=True))
    ]
    assert len(faults) <= len(problems) * 6 * 0.01, faults
