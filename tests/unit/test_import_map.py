"""The map of docs: doors open on the core, the core knows no door, each part keeps to itself."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("bot", "cli", "sandbox", "src", "web")
DOORS = ("bot", "web", "cli")
# `queries`, and those of a part such as `dispute_queries`.
QUERIES = re.compile(r"(?P<feature>src\.\w+\.)(?:\w+_)?queries\b")
# A part imports only what stands before it. What is planned stands here already.
ORDER = (
    *("clock", "errors", "language", "words", "texts", "bangla", "settings", "logs", "metrics"),
    "milestones",
    *("models", "storage", "database"),
    *("queue", "clients", "answers"),
    *("inbox", "outbox", "audit"),
    *("figures", "content", "costs"),
    *("streaks", "mastery"),
    "nudges",
    *("accounts", "premium"),
    *("practice", "canvas"),
    *("hints", "deadlines"),
    *("insights", "teaching"),
    *("privacy", "operations"),
    "jobs",
    *DOORS,
)


@cache
def nodes_of(path: Path) -> list[ast.AST]:
    """Return every node of a file."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imported_by(path: Path) -> set[str]:
    """Return the full names of all modules that a file imports, at any depth of its code."""
    names: set[str] = set()
    for node in nodes_of(path):
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


def part_of(name: str) -> str | None:
    """Return the part to which a module belongs; None where it is not ours or is the root."""
    first, *rest = name.removesuffix(".py").split(".")
    if first in DOORS:
        return first
    return rest[0] if first == "src" and rest and rest[0] != "__init__" else None


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_a_part_imports_only_what_stands_before_it() -> None:
    found = []
    for path in files_of("src", *DOORS):
        part = part_of(module_of(path))
        for name in imported_by(path):
            other = part_of(name)
            if path.name == "__main__.py":
                continue
            if part and other and other != part and ORDER.index(other) > ORDER.index(part):
                found.append(f"{path.relative_to(ROOT)} imports {name}")
    assert found == []


def test_every_part_has_its_place() -> None:
    folders = {path.stem for path in (ROOT / "src").iterdir() if path.suffix in {"", ".py"}}
    assert folders - {"__init__", "__pycache__", "py"} <= set(ORDER)


def test_doors_do_not_import_each_other() -> None:
    assert offenders(files_of("bot"), "web", "cli", "sandbox") == [
        "bot/__main__.py imports cli.main.main"
    ]
    assert offenders(files_of("web"), "bot", "cli", "sandbox") == []


def test_queries_are_private_to_their_feature() -> None:
    found = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files_of("src", *DOORS)
        for name in imported_by(path)
        if (private := QUERIES.match(name)) and not module_of(path).startswith(private["feature"])
    ]
    assert found == []


def test_no_two_classes_of_the_core_have_one_name() -> None:
    homes: dict[str, list[str]] = {}
    for path in files_of("src"):
        for node in ast.iter_child_nodes(nodes_of(path)[0]):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def test_the_sandbox_imports_nothing_else_of_ours() -> None:
    assert offenders(files_of("sandbox"), "bot", "cli", "src", "web") == []


def test_the_school_and_the_chat_do_not_know_each_other() -> None:
    school = files_of("sandbox/canvas")
    names = {name for path in school for name in imported_by(path) if name.startswith("sandbox.")}
    assert {name for name in names if not name.startswith("sandbox.canvas.")} == set()
    chat = [path for path in files_of("sandbox") if path not in school]
    assert offenders(chat, "sandbox.canvas") == []


def test_only_the_bot_imports_telegram() -> None:
    assert offenders(files_of("src", "cli", "sandbox", "web"), "telegram") == []


def test_only_the_web_imports_its_framework() -> None:
    assert offenders(files_of("src", "bot", "cli", "sandbox"), "fastapi", "jinja2") == []


def test_only_edges_import_the_database() -> None:
    paths = [path for path in files_of("src") if path != ROOT / "src/database.py"]
    assert offenders(paths, "src.database") == []


def test_handlers_and_views_know_no_sql() -> None:
    assert offenders(files_of("bot/handlers", "bot/views"), "sqlalchemy") == []


def test_views_are_pure() -> None:
    assert (
        offenders(files_of("bot/views"), "src.database", "src.clock", "asyncio", "telegram") == []
    )


PURE = ("practice", "streaks", "hints", "costs", "content", "nudges", "mastery")


@pytest.mark.parametrize("folder", PURE)
def test_rules_are_pure(folder: str) -> None:
    rules = [path for path in files_of(f"src/{folder}") if path.name == "rules.py"]
    assert offenders(rules, "sqlalchemy", "src.models", "src.database", "asyncio") == []
    assert not any("src.clock.now" in imported_by(path) for path in rules)


def test_the_grader_is_pure() -> None:
    allowed = ("src.answers", "src.bangla.", "src.language.")
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


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        # The model's client meets its errors and cuts its bodies.
        ("httpx2", [f"src/clients/{one}.py" for one in ("bounded", "canvas_network", "claude")]),
        ("httpcore2", ["src/clients/canvas_network.py"]),
        ("cryptography", ["src/storage/keyring.py"]),
    ],
)
def test_only_one_file_asks_schools_and_only_one_opens_secrets(
    library: str, homes: list[str]
) -> None:
    paths = [path for path in files_of(*OURS) if str(path.relative_to(ROOT)) not in homes]
    assert offenders(paths, library) == []


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for path in files_of(*OURS)
        if path != ROOT / "src/settings.py"
        for node in nodes_of(path)
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
        for path in files_of("bot", "cli", "src", "web")
        if path != ROOT / "src/clock.py"
        for node in nodes_of(path)
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
        for node in nodes_of(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"commit", "rollback"}
    ]
    assert committers == []


def test_only_one_package_imports_the_job_engine() -> None:
    paths = [path for path in files_of(*OURS) if path.parent != ROOT / "src/queue"]
    assert offenders(paths, "pgqueuer") == []
