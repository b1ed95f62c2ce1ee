"""``dars db`` as an operator runs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.db import app
from src import database
from src.errors import SchemaMismatch
from src.storage import schema
from tests.fixtures.postgres import Databases, run

HEAD = schema.get_head()


def dars_db(*words: str) -> str:
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_databases: Databases
) -> object:
    """An empty database, as on a first deployment."""
    on_server = request.param == "postgresql"
    url = f"sqlite:///{tmp_path}/new.db"
    if on_server:
        url = run(postgres_databases.create(migrated=False))
    database.configure(url)
    yield
    database.configure()
    if on_server:
        run(postgres_databases.drop(url))


@pytest.mark.usefixtures("new_database")
def test_a_first_deployment_and_a_step_back() -> None:
    assert dars_db("current").startswith("base (empty;")
    assert dars_db("upgrade") == f"The database is at {HEAD}.\n"
    assert dars_db("current").startswith(f"{HEAD} (current;")
    assert "The database is current." in dars_db("check")
    assert f"at {HEAD}" not in dars_db("downgrade", "-1")
    assert dars_db("upgrade", "+1") == f"The database is at {HEAD}.\n"


def test_check_without_a_database_compares_the_migrations_only(tmp_path: Path) -> None:
    database.configure(f"sqlite:///{tmp_path}/mistyped/none.db")
    assert "There is no database yet" in dars_db("check")
    assert list(tmp_path.iterdir()) == []
    database.configure()


def test_check_fails_for_a_server_that_is_behind(postgres_databases: Databases) -> None:
    url = run(postgres_databases.create(migrated=False))
    database.configure(url)
    with pytest.raises(SchemaMismatch, match="dars db upgrade"):
        dars_db("check")
    database.configure()
    run(postgres_databases.drop(url))


def test_it_works_from_any_folder_without_settings_for_a_bot(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "from cli.db import app; app()", "upgrade"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": "sqlite:///here.db"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, f"The database is at {HEAD}.\n"), done.stderr
    assert (tmp_path / "here.db").exists()
