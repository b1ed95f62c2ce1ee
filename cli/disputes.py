"""``dars content disputes``: answers that pupils think were right, and how they end."""

import asyncio
import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.connected import connected
from cli.output import Output, OutputFormat, print_json, say
from src import clock, database
from src.answers import AnswerKeyError, grade_problem
from src.errors import InvalidReport
from src.models import DisputeDecision
from src.practice import service as practice
from src.practice.results import DefendedAnswer

OPERATOR = "operator"
# As in tests/corpus/answers.csv: a row can be put there as it is.
COLUMNS = (
    *("id", "category", "answer_type", "options", "stored", "typed_json", "verdict", "reason"),
    *("should_match", "adversarial", "contested", "note"),
)

app = typer.Typer(no_args_is_help=True, help="Answers that pupils think were right.")
Ids = Annotated[list[int], typer.Argument(min=1, help="Numbers of disputes.")]


@app.command("list")
def list_command(
    most: Annotated[int, typer.Option(min=1, help="The latest so many.")] = 50,
    settled: Annotated[
        bool, typer.Option("--settled", help="Also those that are decided.")
    ] = False,
    output: Output = OutputFormat.TABLE,
) -> None:
    """List the answers that pupils think were right, the latest first; not who gave them."""
    found = asyncio.run(_read(most, settled=settled))
    if output is OutputFormat.JSON:
        print_json([_plain(one) for one in found])
    elif not found:
        say("No answers wait to be looked at.")
    else:
        say("\n\n".join(map(_in_words, found)))


@app.command()
def accept(
    ids: Ids,
    export: Annotated[
        Path | None, typer.Option(help="Add each to this file as a case for the grader.")
    ] = None,
) -> None:
    """Count answers as right, and have their pupils told."""
    known = set[str]() if export is None else cases_in(export)
    settled = asyncio.run(_settle(ids, accepted=True))
    if export is not None:
        right = [one for one in settled if one.decision is DisputeDecision.ACCEPTED]
        say(f"{_export(export, right, known)} cases added to {export}")


@app.command()
def decline(ids: Ids) -> None:
    """Let the verdict stand, and have the pupils told kindly, with the solution."""
    asyncio.run(_settle(ids, accepted=False))


async def _read(most: int, *, settled: bool) -> list[DefendedAnswer]:
    async with connected(), database.read_scope() as db:
        return await practice.defended_answers(db, most=most, settled=settled)


async def _settle(ids: Sequence[int], *, accepted: bool) -> list[DefendedAnswer]:
    """Settle disputes, each in a transaction of its own, and return them as they are then.

    Each is printed when it is done: one that is not there stops those behind it.
    """
    done = list[DefendedAnswer]()
    async with connected():
        for one in ids:
            async with database.session_scope() as db:
                await practice.settle_dispute(
                    db, one, accepted=accepted, actor=OPERATOR, at=clock.now()
                )
                [settled] = await practice.defended_answers(db, most=1, settled=True, only=one)
            say(f"{settled.id} {settled.problem}: {settled.decision}")
            done.append(settled)
    return done


def _plain(one: DefendedAnswer) -> dict[str, Any]:
    card = one.card
    return {
        "id": one.id,
        "problem": one.problem,
        "question_en": card.question_en,
        "question_bn": card.question_bn,
        "answer_type": card.answer_type,
        "answer_options": dict(card.answer_options),
        "stored": card.answer,
        "typed": one.typed,
        "grader_now": _verdict_now(one),
        "raised_at": one.raised_at.isoformat(timespec="seconds"),
        "decision": one.decision,
    }


def _in_words(one: DefendedAnswer) -> str:
    card, when = one.card, f"{one.raised_at:%Y-%m-%d %H:%M} UTC"
    return "\n".join(
        [
            f"{one.id}  {one.problem}  {when}  {one.decision or 'open'}",
            f"   {card.question_en}",
            f"   {card.question_bn}",
            f"   stored: {card.answer} ({card.answer_type})",
            *(f"   typed:  {line}" for line in one.typed.splitlines()),
            f"   the grader says now: {_verdict_now(one)}",
        ]
    )


def _verdict_now(one: DefendedAnswer) -> str:
    """Return what the grader of today says; it may have learnt."""
    try:
        verdict = grade_problem(one.typed, one.card)
    except AnswerKeyError:
        return "the stored answer cannot be read"
    return " ".join(filter(None, (verdict.outcome, verdict.reason)))


def cases_in(path: Path) -> set[str]:
    """Return the cases that are in a file already: before anything is decided.

    Raises:
        InvalidReport: Nothing can be added to it.
    """
    try:
        with path.open("a+", encoding="utf-8", newline="") as file:
            file.seek(0)
            rows = csv.DictReader(file)
            if rows.fieldnames and tuple(rows.fieldnames) != COLUMNS:
                raise InvalidReport(f"{path} holds other columns than cases for the grader")
            return {row["id"] for row in rows}
    except OSError as error:
        raise InvalidReport(f"{path}: {error.strerror}") from None
    except (csv.Error, UnicodeDecodeError):
        raise InvalidReport(f"{path} is no CSV file in UTF-8") from None


def _export(path: Path, accepted: Sequence[DefendedAnswer], known: set[str]) -> int:
    """Add cases for the grader to a file, but for those that are in it; return how many."""
    new = [case for case in map(_case, accepted) if case["id"] not in known]
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        if not known and not file.tell():
            writer.writeheader()
        writer.writerows(new)
    return len(new)


def _case(one: DefendedAnswer) -> dict[str, Any]:
    asked = dict(one.card.answer_options)
    if one.card.choices:
        asked["choices"] = [list(row) for row in zip(*one.card.choices.values(), strict=False)]
    options = json.dumps(asked, ensure_ascii=False)
    return {
        "id": f"dispute-{one.id}",
        "category": "dispute",
        "answer_type": one.card.answer_type,
        "options": options,
        "stored": one.card.answer,
        "typed_json": json.dumps(one.typed, ensure_ascii=False),
        "verdict": "correct",
        "reason": "a person found it right",
        "should_match": 1,
        "adversarial": 0,
        "contested": 0,
        "note": one.problem,
    }
