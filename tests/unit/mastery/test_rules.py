"""The estimate of what a pupil can do."""

from hypothesis import given
from hypothesis import strategies as st

from src.mastery.rules import Rating, Ratings, after_first_try, chance_of_right

values = st.floats(-6, 6)
variances = st.floats(0.001, 4)
ratings = st.builds(Ratings, *[st.builds(Rating, values, variances)] * 3)


@given(ratings)
def test_a_right_answer_raises_the_chance_of_another_and_more_than_a_wrong_one(
    before: Ratings,
) -> None:
    right = after_first_try(before, is_correct=True)
    wrong = after_first_try(before, is_correct=False)
    assert right.advantage > before.advantage
    assert right.advantage > wrong.advantage
    assert chance_of_right(right) >= chance_of_right(wrong)


@given(ratings, st.booleans())
def test_a_pupil_and_a_problem_move_apart(before: Ratings, is_correct: bool) -> None:
    after = after_first_try(before, is_correct=is_correct)
    assert (after.pupil.value >= before.pupil.value) == is_correct
    assert (after.problem.value <= before.problem.value) == is_correct


@given(st.lists(st.booleans(), max_size=200), ratings)
def test_doubt_stays_positive_and_chances_stay_chances(tries: list[bool], start: Ratings) -> None:
    for is_correct in tries:
        start = after_first_try(start, is_correct=is_correct)
        assert min(r.variance for r in (start.pupil, start.skill, start.problem)) > 0
        assert 0.01 <= chance_of_right(start) <= 0.99


def test_what_is_known_moves_less_than_what_is_new() -> None:
    known = Ratings(Rating(0, 0.05), Rating(0, 0.05), Rating(0, 0.05))
    new = Ratings(Rating(0, 0.5), Rating(0, 0.5), Rating(0, 0.5))
    moved = [after_first_try(r, is_correct=True).advantage for r in (known, new)]
    assert moved[0] < moved[1]


def test_doubt_draws_the_chance_towards_one_half() -> None:
    sure = Ratings(Rating(2, 0.01), Rating(0, 0.01), Rating(0, 0.01))
    unsure = Ratings(Rating(2, 2), Rating(0, 2), Rating(0, 2))
    assert 0.5 < chance_of_right(unsure) < chance_of_right(sure)


def test_practice_on_one_skill_leaves_little_doubt_of_it() -> None:
    now = Ratings()
    for _ in range(10):
        now = after_first_try(now, is_correct=True)
    assert chance_of_right(now) > 0.85
    assert now.skill.variance < Ratings().skill.variance
