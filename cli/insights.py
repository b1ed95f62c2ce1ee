"""``dars insights``: what estimates, predictions and flags are worth on a log of answers."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.output import Output, OutputFormat, Report, print_json, print_table
from src.errors import InvalidReport
from src.insights.answer_log import read_log
from src.insights.evaluate import Evaluation, evaluate
from src.insights.scores import FlagScore, PredictionScore

app = typer.Typer(no_args_is_help=True, help="Look at what estimates and flags are worth.")


@app.callback()
def _group() -> None:
    """Keep ``evaluate`` a command of a group although it is the only one."""


@app.command("evaluate")
def evaluate_log(
    file: Annotated[
        Path, typer.Argument(help="A CSV file with the columns pupil, skill, order, correct.")
    ],
    output: Output = OutputFormat.TABLE,
) -> None:
    """Run mastery, prediction and flags over any log of answers, next to simple baselines.

    Each answer is predicted before it is seen; nothing is fitted beforehand.
    """
    found = evaluate(read_log(_text_of(file)))
    if output is OutputFormat.JSON:
        print_json(_as_dict(found))
    else:
        _print_tables(found)


def _text_of(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidReport(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InvalidReport(f"{file}: not UTF-8 at byte {error.start}") from None


def _as_dict(found: Evaluation) -> dict[str, Any]:
    return {
        "pupils": found.pupils,
        "skills": found.skills,
        **asdict(found.estimate),
        "interval_coverage": found.next_answers.coverage,
        "interval_half_width": found.next_answers.half_width,
        "intervals": found.next_answers.intervals,
        "later_half_of_pupils": asdict(found.later_half),
        "flags": asdict(found.stuck),
        "baselines": {
            "pupil_mean": asdict(found.pupil_mean),
            "more_than_3_wrong_of_7": asdict(found.kolibri),
        },
    }


def _print_tables(found: Evaluation) -> None:
    chances = Report("chance of a right answer", title=f"{found.pupils} pupils")
    for name in ("answers", "AUC", "log loss", "calibration error"):
        chances.add_column(name, justify="right")
    chances.add_row("Dars", *_of_predictions(found.estimate))
    chances.add_row("Dars, the later half of the pupils", *_of_predictions(found.later_half))
    chances.add_row("each pupil's own mean", *_of_predictions(found.pupil_mean))
    print_table(chances)
    ranges = Report("80 % range for the next 35 answers", "stated", "held", "half width")
    covered = found.next_answers
    ranges.add_row(
        "", str(covered.intervals), _number(covered.coverage), _number(covered.half_width)
    )
    print_table(ranges)
    flags = Report("no three right in a row within ten")
    for name in ("cases", "base rate", "precision", "recall"):
        flags.add_column(name, justify="right")
    flags.add_row("Dars: stuck", *_of_flags(found.stuck))
    flags.add_row("more than 3 wrong of 7", *_of_flags(found.kolibri))
    print_table(flags)


def _of_predictions(score: PredictionScore) -> tuple[str, ...]:
    figures = (score.auc, score.log_loss, score.calibration_error)
    return (str(score.answers), *map(_number, figures))


def _of_flags(score: FlagScore) -> tuple[str, ...]:
    return (str(score.cases), *map(_number, (score.base_rate, score.precision, score.recall)))


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
