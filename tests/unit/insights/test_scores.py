"""Scores of predictions and flags."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.insights.scores import (
    FlagScore,
    Prediction,
    PredictionScore,
    score_flags,
    score_predictions,
)

predictions = st.lists(
    st.builds(Prediction, st.sampled_from([0.1, 0.2, 0.35, 0.5, 0.9]), st.booleans()), min_size=1
)


@given(predictions)
def test_auc_is_the_share_of_pairs_in_the_right_order(found: list[Prediction]) -> None:
    right = [p.chance for p in found if p.is_correct]
    wrong = [p.chance for p in found if not p.is_correct]
    pairs = [(r > w) + (r == w) / 2 for r, w in product(right, wrong)]
    auc = score_predictions(found).auc
    if not pairs:
        assert auc is None
    else:
        assert auc == pytest.approx(sum(pairs) / len(pairs))


def test_log_loss_and_calibration_by_hand() -> None:
    score = score_predictions([Prediction(0.8, True), Prediction(0.8, False)])
    assert score.log_loss == pytest.approx(-(math.log(0.8) + math.log(0.2)) / 2)
    assert score.calibration_error == pytest.approx(0.3)


def test_nothing_predicted_is_nothing_said() -> None:
    assert score_predictions([]) == PredictionScore(0, None, None, None)
    assert score_flags([]) == FlagScore(0, None, None, None)


def test_flags_by_hand() -> None:
    cases = [(True, True), (True, False), (True, True), (False, True), (False, False)]
    assert score_flags(cases) == FlagScore(5, 3 / 5, 2 / 3, 2 / 3)
    assert score_flags([(False, False)]) == FlagScore(1, 0.0, None, None)
