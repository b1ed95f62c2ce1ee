"""Fixtures for everyone: a fresh, migrated database on each of the two."""

import shutil
from collections.abc import AsyncGenerator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock, database
from src.settings import get_settings
from src.storage import schema
from tests.fixtures.postgres import Databases, provide_server, run

# A slow machine makes examples slow: that is no fault of what is tried with them.
settings.register_profile("dars", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dars")
# For the same tests once more, on another date: `tests.on_dates`.
settings.register_profile("few", settings.get_profile("dars"), max_examples=5)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure the coverage of what runs once: to be traced costs as much as all the rest.

    Not again on the second database, and not for hundreds of examples.
    """
    for item in items:
        if isinstance(item, pytest.Function) and _is_repetition(item):
            item.add_marker("no_cover")


def _is_repetition(item: pytest.Function) -> bool:
    case = getattr(item, "callspec", None)
    second = case is not None and case.params.get("database_url") == "postgresql"
    return second or is_hypothesis_test(item.obj)


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The last noon in UTC, the evening in Dhaka: no day ends while a test looks at it.

    For this process and for those that it starts. Never the next noon: of a message's date and
    the present, the bot believes the earlier one.
    """
    now = clock.now()
    shift = now.replace(hour=12, minute=0, second=0) - now
    shift -= timedelta(days=shift > timedelta())
    monkeypatch.setenv("DARS_CLOCK_SHIFT_SECONDS", str(shift // timedelta(seconds=1)))
    get_settings.cache_clear()
    clock.shift(shift)
    yield
    clock.shift(timedelta())
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server."""
    with provide_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: str) -> Iterator[Databases]:
    """Makes fresh databases on the server."""
    databases = Databases(postgres_server)
    run(databases.prepare())
    yield databases
    run(databases.close())


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that is copied, never used."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    run(_migrate_template(path))
    return path


async def _migrate_template(path: Path) -> None:
    engine = database.create_engine(f"sqlite:///{path}")
    await schema.upgrade(engine)
    await engine.dispose()


@pytest.fixture
async def sqlite_url(sqlite_template: Path, tmp_path: Path) -> AsyncGenerator[str]:
    """The address of a fresh migrated SQLite file, which ``src.database`` uses meanwhile."""
    path = tmp_path / "dars.db"
    shutil.copyfile(sqlite_template, path)
    url = f"sqlite:///{path}"
    database.configure(url)
    yield url
    await database.dispose()
    database.configure()


@pytest.fixture
async def postgres_url(postgres_databases: Databases) -> AsyncGenerator[str]:
    """The address of a fresh migrated PostgreSQL database, used by ``src.database`` meanwhile."""
    url = await postgres_databases.create()
    database.configure(url)
    yield url
    await database.dispose()
    database.configure()
    await postgres_databases.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database: the test runs once on each kind."""
    name = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
async def db(database_url: str) -> AsyncGenerator[AsyncSession]:
    """A session on a fresh database; what the test does not commit is rolled back."""
    async with AsyncSession(database.get_engine(), expire_on_commit=False) as session:
        yield session
