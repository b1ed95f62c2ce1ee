"""``dars content reports`` as an operator runs it."""

import asyncio
import json

import pytest
from typer.testing import CliRunner

from cli.main import app
from src import clock, database
from tests.fixtures.factories import make_problem, make_response, make_session, make_student


async def add_report(typed: str) -> None:
    async with database.session_scope() as db:
        problems = [make_problem() for _ in range(5)]
        student = make_student()
        db.add_all([*problems, student])
        await db.flush()
        session = make_session(student_id=student.id, problem_ids=[p.id for p in problems])
        db.add(session)
        await db.flush()
        db.add(
            make_response(
                session_id=session.id,
                problem_id=problems[0].id,
                disputed=True,
                disputed_at=clock.now(),
                disputed_answer=typed,
            )
        )


async def run(*args: str) -> tuple[int, str]:
    """Run a command in a thread: it starts a loop of its own."""
    await database.dispose()
    result = await asyncio.to_thread(CliRunner().invoke, app, list(args))
    return result.exit_code, result.output


async def test_what_a_pupil_defends_is_listed_without_the_pupil(database_url: str) -> None:
    await add_report("0.75 [bold]cm[/bold]")
    code, output = await run("content", "reports")
    assert code == 0
    assert "0.75" in output
    assert "3/4" in output
    code, output = await run("content", "reports", "--format", "json")
    [report] = json.loads(output)
    assert report["typed"] == "0.75 [bold]cm[/bold]"
    assert "student" not in output


async def test_what_a_pupil_defends_moves_no_cursor(sqlite_url: str) -> None:
    await add_report("4\x1b]0;PWNED\x07\x1b[2J\x9b1m")
    for output_format in ("table", "json"):
        _, output = await run("content", "reports", "--format", output_format)
        assert "\\u001b]0;PWNED\\u0007" in output.replace("\n", "")
        assert not set("\x1b\x07\x9b") & set(output)


@pytest.mark.parametrize("arguments", [(), ("--format", "table")])
async def test_without_reports_it_says_so(sqlite_url: str, arguments: tuple[str, ...]) -> None:
    code, output = await run("content", "reports", *arguments)
    assert (code, output) == (0, "No answers have been reported.\n")
