"""The map of docs: doors open on the core, the core knows no door, each part keeps to itself."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("bot", "cli", "sandbox", "src")


def imported_by(path: Path) -> set[str]:
    """Return the full names of all modules that a file imports, at any depth of its code."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def files_of(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def offenders(paths: list[Path], *forbidden: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in paths
        for name in imported_by(path)
        if any(name == bad or name.startswith(f"{bad}.") for bad in forbidden)
    ]


def test_the_core_imports_no_door() -> None:
    assert offenders(files_of("src"), "bot", "cli", "sandbox") == []


def test_the_sandbox_imports_nothing_else_of_ours() -> None:
    assert offenders(files_of("sandbox"), "bot", "cli", "src") == []


def test_the_bot_imports_no_other_door_but_its_own_command() -> None:
    paths = [path for path in files_of("bot") if path != ROOT / "bot/__main__.py"]
    assert offenders(paths, "cli", "sandbox") == []


def test_only_the_bot_imports_telegram() -> None:
    assert offenders(files_of("src", "cli", "sandbox"), "telegram") == []


def test_only_edges_import_the_database() -> None:
    paths = [path for path in files_of("src") if path != ROOT / "src/database.py"]
    assert offenders(paths, "src.database") == []


def test_handlers_and_views_know_no_sql() -> None:
    assert offenders(files_of("bot/handlers", "bot/views"), "sqlalchemy") == []


def test_views_are_pure() -> None:
    assert (
        offenders(files_of("bot/views"), "src.database", "src.clock", "asyncio", "telegram") == []
    )


@pytest.mark.parametrize("folder", ["practice", "streaks", "hints", "costs", "content", "nudges"])
def test_rules_are_pure(folder: str) -> None:
    rules = [path for path in files_of(f"src/{folder}") if path.name == "rules.py"]
    assert offenders(rules, "sqlalchemy", "src.models", "src.database", "asyncio") == []
    assert not any("src.clock.now" in imported_by(path) for path in rules)


def test_the_grader_is_pure() -> None:
    allowed = ("src.answers",)
    found = [
        name
        for path in files_of("src/answers")
        for name in imported_by(path)
        if name.startswith("src.") and not name.startswith(allowed)
    ]
    assert found == []
    assert offenders(files_of("src/answers"), "sqlalchemy", "asyncio", "os", "sympy", "pint") == []


def test_only_one_file_imports_the_model_client() -> None:
    paths = [path for path in files_of(*OURS) if path != ROOT / "src/clients/claude.py"]
    assert offenders(paths, "anthropic") == []


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for path in files_of(*OURS)
        if path != ROOT / "src/settings.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        and node.attr in {"environ", "getenv"}
    ]
    # bot/__init__.py sets a switch of the chat library; it reads nothing.
    assert readers == ["bot/__init__.py"]


def test_only_the_clock_tells_the_time() -> None:
    tellers = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files_of("bot", "cli", "src")
        if path != ROOT / "src/clock.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "utcnow", "today"}
        and not (isinstance(node.func.value, ast.Name) and node.func.value.id == "clock")
    ]
    assert tellers == []


def test_services_never_commit() -> None:
    committers = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files_of("src")
        # The home of transactions, which only edges import.
        if path != ROOT / "src/database.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"commit", "rollback"}
    ]
    assert committers == []


def test_only_one_package_imports_the_job_engine() -> None:
    paths = [path for path in files_of(*OURS) if path.parent != ROOT / "src/engine"]
    assert offenders(paths, "pgqueuer") == []
