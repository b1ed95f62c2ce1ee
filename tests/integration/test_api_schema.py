"""The API against its own description: schemathesis asks a running server over PostgreSQL."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from src import database
from src.canvas.sync import full_canvas_sync
from src.models import CanvasConnection
from src.teaching import service
from src.teaching.tokens import OF_OPERATORS, ApiScope
from tests.fixtures.schools import MONDAY, bundle, new_target
from tests.integration.test_api import NOW, add_pupils, add_teacher, join, token_for

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def serving(url: str) -> Iterator[str]:
    """Run ``dars web`` on a free port, and return its address."""
    environment = os.environ | {
        "DATABASE_URL": url,
        "PYTHONPATH": str(ROOT),
        "DARS_API_CALLS_PER_MINUTE": "1000000",
    }
    program = "from cli.main import main; main()"
    command = [sys.executable, "-u", "-c", program, "web", "--port", "0"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if found := re.search(r"http://\S+", line):
                    yield found[0]
                    break
        finally:
            process.terminate()


async def seed_teacher() -> str:
    """Save a class with pupils and a note beside a mirrored school; return the teacher's token."""
    teacher = await add_teacher()
    pupils = await add_pupils(3)
    await mirror_school(teacher.person_id)
    async with database.session_scope() as db:
        made = await service.make_class(db, teacher, "7 A", 7, NOW)
    for pupil in pupils:
        await join(made.id, pupil, NOW - timedelta(days=9))
    async with database.session_scope() as db:
        await service.write_note(db, teacher.id, made.id, pupils[0], "asks good questions")
    scopes = [scope for scope in ApiScope if scope not in OF_OPERATORS]
    return await token_for(*scopes, teacher_id=teacher.id)


async def mirror_school(person_id: int) -> None:
    """Mirror a school that a teacher is connected with."""
    target = await new_target()
    async with database.session_scope() as db:
        await db.execute(update(CanvasConnection).values(person_id=person_id, label=None))
    await full_canvas_sync(bundle(), target, MONDAY)


async def ask(url: str, folder: Path, *options: str) -> None:
    """Have a running server asked what its description says, with all checks."""
    token = await seed_teacher()
    with serving(url) as address:
        schema = f"{address}/api/v1/openapi.json"
        command = [sys.executable, "-m", "schemathesis.cli", "run", schema, "--checks", "all"]
        command += ["--header", f"Authorization: Bearer {token}", "--workers", "2"]
        command += ["--seed", "16", "--generation-database", "none", *options]
        process = await asyncio.create_subprocess_exec(
            *command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()[-6000:]


async def test_every_answer_is_as_described(postgres_url: str, tmp_path: Path) -> None:
    phases = ("--phases", "fuzzing,stateful", "--max-examples", "6")
    await ask(postgres_url, tmp_path, *phases)


@pytest.mark.soak
async def test_every_limit_of_every_parameter_is_as_described(
    postgres_url: str, tmp_path: Path
) -> None:
    await ask(postgres_url, tmp_path, "--max-examples", "15")
