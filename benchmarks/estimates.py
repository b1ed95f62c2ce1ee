"""What the estimate of mastery, the 80 % range and the flag "stuck" are worth on simulated pupils.

Next to baselines in the same run: plain Elo with the constants usual in the field, each pupil's own
mean, and the rule "more than 3 wrong of 7". Figures from simulation say how rules compare; on real
pupils precision follows the base rate. ``dars insights evaluate FILE`` says it of any log.
"""

import math
from collections import defaultdict

from benchmarks.learners import KINDS, as_csv
from src.insights.answer_log import LoggedAnswer, read_log
from src.insights.evaluate import evaluate
from src.insights.scores import Prediction, PredictionScore, score_predictions

SEED = 3


def plain_elo(log: list[LoggedAnswer]) -> PredictionScore:
    """Score Elo rating of pupil, skill and problem with a step of 1 / (1 + 0.05 n)."""
    value: dict[tuple[str, ...], float] = defaultdict(float)
    seen: dict[tuple[str, ...], int] = defaultdict(int)
    predictions = []
    for answer in log:
        keys = ((answer.pupil,), (answer.pupil, answer.skill), ("", "", answer.skill))
        logit = value[keys[0]] + value[keys[1]] - value[keys[2]]
        chance = 1 / (1 + math.exp(-logit))
        predictions.append(Prediction(min(max(chance, 0.01), 0.99), answer.is_correct))
        for key, sign in zip(keys, (1, 1, -1), strict=True):
            value[key] += sign * (answer.is_correct - chance) / (1 + 0.05 * seen[key])
            seen[key] += 1
    return score_predictions(predictions)


def main() -> None:
    """Print the scores on each kind of simulated pupils."""
    for kind, generate in KINDS.items():
        log = read_log("".join(as_csv(generate(SEED))))
        found = evaluate(log)
        print(f"{kind}: {len(log)} answers of {found.pupils} pupils")
        rows = (("Dars", found.estimate), ("plain Elo", plain_elo(log)))
        for name, score in (*rows, ("pupil's mean", found.pupil_mean)):
            print(
                f"  {name:14} AUC {score.auc:.3f}  log loss {score.log_loss:.3f}"
                f"  calibration error {score.calibration_error:.3f}"
            )
        covered = found.next_answers
        print(f"  80 % ranges held {covered.coverage:.1%}, +-{covered.half_width:.3f}")
        for name, flag in (("stuck", found.stuck), ("> 3 wrong of 7", found.kolibri)):
            print(f"  {name:14} precision {flag.precision:.2f}  recall {flag.recall:.2f}", end="")
            print(f"  base rate {flag.base_rate:.2f}")


if __name__ == "__main__":
    main()
