"""Which five problems a session brings, and why."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from src.mastery.memory import MissedBefore, NextSession
from src.practice.choosing import Pick, Slot, as_columns, choose
from src.practice.rules import Candidate, PastAnswer

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def library(size: int = 90, topics: int = 9) -> list[Candidate]:
    return [
        Candidate(n, f"F{n}", f"t{n % topics}", f"s{n % (topics * 2)}", 1 + (n // topics) % 3)
        for n in range(1, size + 1)
    ]


def past(problem: Candidate, *, right: bool, days_ago: float, session: int = 0) -> PastAnswer:
    at = NOW - timedelta(days=days_ago)
    return PastAnswer(problem.id, problem.family, problem.difficulty, right, at, session, right)


def ids(problems: list[Candidate], answers: list[PastAnswer], *, seed: int) -> list[int]:
    return [pick.problem.id for pick in picked(problems, answers, seed=seed)]


def picked(
    problems: list[Candidate],
    answers: list[PastAnswer],
    wanted: NextSession = NextSession(),  # noqa: B008 - frozen
    *,
    seed: int = 1,
) -> list[Pick]:
    picks = choose(problems, answers, now=NOW, seed=seed, wanted=wanted)
    assert len({pick.problem.id for pick in picks}) == 5
    return picks


def slots(picks: list[Pick]) -> dict[Slot, list[Candidate]]:
    found: dict[Slot, list[Candidate]] = {}
    for pick in picks:
        found.setdefault(pick.slot, []).append(pick.problem)
    return found


def with_stems(count: int = 2) -> list[Candidate]:
    parts = [
        Candidate(900 + 10 * n + part, f"S{n}-{part}", f"t{n}", "s0", part, f"S{n}", part)
        for n in range(1, count + 1)
        for part in (1, 2, 3)
    ]
    return [*library(), *parts]


def parts_in(picks: list[Pick]) -> list[str]:
    return [pick.problem.family for pick in picks if pick.slot is Slot.STEM]


SEASONED = [past(problem, right=True, days_ago=20) for problem in library()[:10]]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from([1, 2, 3]), st.booleans())
def test_the_parts_of_a_stem_come_one_after_another_and_not_first(
    seed: int, stems: int, missed: bool
) -> None:
    due = MissedBefore("F50", 50) if missed else None
    wanted = NextSession(missed=(due,) if due else ())
    picks = picked(with_stems(stems), SEASONED, wanted, seed=seed)
    stem = picks[1].problem.stem
    assert [p.problem.family for p in picks[1:4]] == [f"{stem}-{part}" for part in (1, 2, 3)]
    assert picks[0].problem.stem is None
    assert [p.slot for p in picks].count(Slot.STEM) == 3
    assert (Slot.MISSED in slots(picks)) == missed


def test_a_stem_that_was_broken_off_goes_on_first() -> None:
    problems = with_stems()
    begun = [past(c, right=True, days_ago=2) for c in problems if c.family == "S2-1"]
    assert parts_in(picked(problems, [*begun, *SEASONED])) == ["S2-2", "S2-3"]
    # Also for a beginner: the stem is begun.
    assert parts_in(picked(problems, begun)) == ["S2-2", "S2-3"]


def test_a_stem_comes_once_a_week_and_the_same_not_within_a_month() -> None:
    problems = with_stems()
    done = [c for c in problems if c.stem == "S1"]

    def after(days: float) -> list[str]:
        answers = [past(c, right=True, days_ago=days) for c in reversed(done)]
        return parts_in(picked(problems, [*answers, *SEASONED]))

    assert after(3) == []
    assert after(8) == ["S2-1", "S2-2", "S2-3"]
    one = [c for c in problems if c.stem != "S2"]
    for days, comes in ((8, 0), (29, 0), (31, 3)):
        answers = [past(c, right=True, days_ago=days) for c in reversed(done)]
        assert len(parts_in(picked(one, [*SEASONED, *answers]))) == comes


def test_no_stem_for_a_beginner_nor_for_who_struggles() -> None:
    assert parts_in(picked(with_stems(), [])) == []
    low = [past(c, right=False, days_ago=20, session=c.id // 6) for c in library()[:12]]
    assert parts_in(picked(with_stems(), low)) == []


def test_a_wish_brings_only_stems_of_its_topic() -> None:
    assert parts_in(picked(with_stems(), SEASONED, NextSession(wish="t1"))) == [
        *("S1-1", "S1-2", "S1-3")
    ]
    assert parts_in(picked(with_stems(), SEASONED, NextSession(wish="t5"))) == []


def test_parts_do_not_come_alone_unless_they_were_missed() -> None:
    problems = with_stems()
    for seed in range(30):
        assert not [p for p in picked(problems, [], seed=seed) if p.problem.stem]
    wanted = NextSession(missed=(MissedBefore("S1-2", 912),))
    found = slots(picked(problems, [], wanted))
    assert [c.family for c in found[Slot.MISSED]] == ["S1-2"]


def test_a_library_of_nothing_but_stems_can_be_practised() -> None:
    only = [c for c in with_stems() if c.stem]
    assert len(picked(only, [])) == 5


def test_what_was_missed_comes_again_in_another_scene() -> None:
    problems = [
        *library(),
        Candidate(500, "F1", "t1", "s1", 1),
        Candidate(501, "F1", "t1", "s1", 1, scene="market"),
    ]
    wanted = NextSession(missed=(MissedBefore("F1", 500),))
    for seed in range(10):
        found = slots(picked(problems, [], wanted, seed=seed))
        assert [c.id for c in found[Slot.MISSED]] == [501]


def test_a_variant_solved_lately_does_not_come_for_the_one_that_was_missed() -> None:
    other = Candidate(500, "F1", "t1", "s1", 1)
    problems = [*library(), other]
    wanted = NextSession(missed=(MissedBefore("F1", 1),))
    for days, comes in ((3, 1), (31, 500)):
        answers = [past(other, right=True, days_ago=days)]
        for seed in range(5):
            found = slots(picked(problems, answers, wanted, seed=seed))
            assert [c.id for c in found[Slot.MISSED]] == [comes]


def test_the_same_seed_chooses_the_same_five() -> None:
    first = ids(library(), [], seed=7)
    again = ids(list(reversed(library())), [], seed=7)
    assert first == again
    assert len(set(first)) == 5


def test_topics_are_spread() -> None:
    by_id = {c.id: c for c in library()}
    for seed in range(50):
        topics = {by_id[i].topic for i in ids(library(), [], seed=seed)}
        assert len(topics) == 5


def test_an_easy_problem_opens() -> None:
    by_id = {c.id: c for c in library()}
    for seed in range(30):
        chosen = [by_id[i].difficulty for i in ids(library(), [], seed=seed)]
        assert chosen[0] == min(chosen)


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(1, 90), max_size=85), st.integers(0, 2**31))
def test_nothing_solved_lately_is_asked_while_others_remain(solved: set[int], seed: int) -> None:
    problems = library()
    answers = [past(problems[i - 1], right=True, days_ago=3) for i in solved]
    chosen = ids(problems, answers, seed=seed)
    assert not set(chosen) & solved
    assert len(set(chosen)) == 5


def test_a_variant_of_a_problem_solved_lately_rests_too() -> None:
    problems = [*library(), Candidate(500, "F1", "t1", "s1", 1)]
    answers = [past(problems[0], right=True, days_ago=1)]
    for seed in range(40):
        assert 500 not in ids(problems, answers, seed=seed)


def test_after_a_month_a_problem_may_come_again() -> None:
    problems = library(10, 5)
    answers = [past(p, right=p.id % 2 == 0, days_ago=20 + (p.id < 6) * 11) for p in problems]
    assert sorted(ids(problems, answers, seed=1)) == [1, 2, 3, 4, 5]


def test_when_all_were_asked_those_asked_longest_ago_come_first() -> None:
    problems = library(20, 5)
    answers = [past(p, right=True, days_ago=13 - p.id / 10) for p in problems]
    assert sorted(ids(problems, answers, seed=1)) == [1, 2, 3, 4, 5]


def test_difficulty_follows_recent_accuracy() -> None:
    problems = library()
    by_id = {c.id: c for c in problems}

    def mean(right: bool) -> float:
        answers = [past(p, right=right, days_ago=40) for p in problems[:30]]
        chosen = ids(problems, answers, seed=3)
        return sum(by_id[i].difficulty for i in chosen) / 5

    assert mean(right=True) > mean(right=False)


def test_who_fails_gets_easier_problems_until_all_are_easy() -> None:
    problems, answers = library(), list[PastAnswer]()
    by_id = {c.id: c for c in problems}
    asked = []
    for seed in range(4):
        chosen = [by_id[i] for i in ids(problems, answers, seed=seed)]
        asked.append(sum(c.difficulty for c in chosen))
        answers = [past(c, right=False, days_ago=0) for c in chosen] + answers
    assert asked == sorted(asked, reverse=True)
    assert asked[0] > asked[1] == asked[2] == asked[3] == 5


def test_missed_families_come_first_two_at_most_as_another_variant() -> None:
    problems = [
        *library(),
        Candidate(500, "F1", "t1", "s1", 1),
        Candidate(501, "F2", "t2", "s2", 3),
    ]
    answers = [past(p, right=False, days_ago=1) for p in problems[:3]]
    missed = tuple(MissedBefore(f"F{n}", n) for n in (1, 2, 3))
    for seed in range(20):
        picks = picked(problems, answers, NextSession(missed), seed=seed)
        # The variant of F2 is harder than what was missed.
        assert {p.id for p in slots(picks)[Slot.MISSED]} == {500, 2}
        over = {pick.passed_over for pick in picks if pick.slot is Slot.MISSED}
        assert over == {("F3",)}


def test_a_missed_family_that_is_asked_no_more_is_passed_over() -> None:
    wanted = NextSession((MissedBefore("gone", 900), MissedBefore("F5", 5)))
    assert [p.id for p in slots(picked(library(), [], wanted))[Slot.MISSED]] == [5]


def test_one_sub_topic_that_is_due_is_looked_at_again() -> None:
    due = (("t9", "none"), ("t3", "s3"), ("t4", "s4"))
    picks = picked(library(), [], NextSession(due=due))
    [review] = slots(picks)[Slot.REVIEW]
    assert (review.topic, review.subtopic) == ("t3", "s3")
    assert [p.passed_over for p in picks if p.slot is Slot.REVIEW] == [("t4: s4",)]


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(1, 90), max_size=60), st.integers(0, 2**31))
def test_a_wish_brings_all_five_from_its_topic(solved: set[int], seed: int) -> None:
    problems = library()
    answers = [past(problems[i - 1], right=True, days_ago=2) for i in solved]
    wanted = NextSession((MissedBefore("F4", 4), MissedBefore("F3", 3)), (("t5", "s5"),), "t3")
    picks = picked(problems, answers, wanted, seed=seed)
    assert {pick.problem.topic for pick in picks} == {"t3"}
    assert [p.id for p in slots(picks)[Slot.MISSED]] == [3]


def test_a_wish_for_a_small_topic_is_filled_up() -> None:
    small = [*library(), Candidate(200, "S", "small", "small", 1)]
    assert Slot.WISH not in slots(picked(small, [], NextSession(wish="small")))


def test_two_low_sessions_bring_an_easy_first_problem_of_what_goes_well() -> None:
    problems = library()
    right = past(problems[1], right=True, days_ago=3)
    low = [past(p, right=False, days_ago=1, session=2) for p in problems[20:24]]
    lower = [past(p, right=False, days_ago=2, session=1) for p in problems[30:34]]
    answers = [*low, *lower, right]
    picks = picked(problems, answers)
    assert picks[0].slot is Slot.WARM_UP
    assert (picks[0].problem.difficulty, picks[0].problem.topic) == (1, problems[1].topic)
    one_low = [*low, *(past(p, right=True, days_ago=2, session=1) for p in problems[30:34])]
    assert Slot.WARM_UP not in slots(picked(problems, one_low))


def test_five_in_a_row_bring_one_stretch_problem_which_is_marked() -> None:
    problems = library()
    answers = [past(p, right=True, days_ago=1, session=1) for p in problems[:5]]
    picks = picked(problems, answers)
    [stretch] = slots(picks)[Slot.STRETCH]
    assert stretch.difficulty == max(pick.problem.difficulty for pick in picks)
    columns = as_columns(picks)
    assert columns["stretch_index"] == [pick.slot for pick in picks].index(Slot.STRETCH)
    assert as_columns(picked(problems, answers[1:]))["stretch_index"] is None


def test_a_family_never_met_comes_before_a_topic_seldom_practised() -> None:
    problems = [Candidate(n, f"F{n}", "big", f"s{n}", 1) for n in range(1, 31)]
    problems += [Candidate(100 + n, "small", f"tiny{n}", "tiny", 1) for n in range(5)]
    answers = [past(p, right=True, days_ago=40) for p in problems[:20]]
    answers += [past(problems[-1], right=True, days_ago=40)]
    families = {p.problem.family for p in picked(problems, answers)}
    assert len(families & {f"F{n}" for n in range(21, 31)}) >= 4
