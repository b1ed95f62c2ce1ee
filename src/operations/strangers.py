"""Finds what runs by itself in a backup and was not made by our migrations.

The triggers and views of a restored database act whenever the bot writes or reads. So each must be
what the migrations up to the backup's revision make, by its name and its text.
"""

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from src.operations.programs import run_program
from src.storage import schema
from src.storage.triggers import EXPECTED

_ACTING = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"
# What pg_restore lists and does not act by itself; functions and triggers are looked at.
_STILL = {
    *("TABLE", "TABLE DATA", "SEQUENCE", "SEQUENCE OWNED BY", "SEQUENCE SET", "DEFAULT"),
    *("CONSTRAINT", "CHECK CONSTRAINT", "FK CONSTRAINT", "INDEX", "TYPE", "SCHEMA", "STATISTICS"),
    *("COMMENT", "EXTENSION", "ACL", "DEFAULT ACL"),
}
_ENTRY = re.compile(r"^\d+; \d+ \d+ (?P<kind>[A-Z]+(?: [A-Z]+)*) (?P<what>.+)$", re.MULTILINE)
_BODY = re.compile(r"\$(\w*)\$(.*?)\$\1\$", re.DOTALL)
_MADE = re.compile(r"\b(CREATE|DROP) TRIGGER (?:IF EXISTS )?(\w+)")
_ASLEEP = re.compile(r"\b(?:DISABLE|ENABLE REPLICA) TRIGGER (\w+)")
_FUNCTION = re.compile(
    r"^CREATE FUNCTION ([\w.]+)\(\) RETURNS trigger\n +LANGUAGE plpgsql\n"
    r" +AS \$(\w*)\$(.*?)\$\2\$;$",
    re.MULTILINE | re.DOTALL,
)
_TRIGGER = re.compile(
    r"^CREATE TRIGGER (\w+) [^;]*? ON [\w.]+ [^;]*?EXECUTE FUNCTION ([\w.]+)\(\);$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Acting:
    """What acts by itself in a backup.

    Attributes:
        strange: What is not ours.
        missing: What of ours is not there, or does not act.
    """

    strange: list[str]
    missing: list[str]


def in_copy(file: Path, revision: str) -> Acting:
    """Name what is not ours in a copy of a SQLite database, and what of ours is not there."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        found = {tuple(map(_plain, row)) for row in copy.execute(_ACTING)}
    ours = {tuple(map(_plain, row)) for row in schema.rows_after_migrations(revision, _ACTING)}
    names = {(kind, name) for kind, name, *_ in found}
    missing = [f"{kind} {name}" for kind, name, *_ in ours if (kind, name) not in names]
    return Acting(sorted(f"{kind} {name}" for kind, name, *_ in found - ours), sorted(missing))


def in_dump(file: Path, revision: str) -> Acting:
    """Name what is not ours in a dump of PostgreSQL, and what of ours is not there."""
    listed = run_program("pg_restore", "--list", str(file))
    entries = [(entry["kind"], entry["what"].split()) for entry in _ENTRY.finditer(listed)]
    text = run_program("pg_restore", "--schema-only", "--file=-", str(file))
    migrations = schema.sql_of_migrations(revision)
    ours = _ours_in(text, migrations)
    strange = [
        f"{kind.lower()} {' '.join(words[:-1])}"
        for kind, words in entries
        if kind not in _STILL and (kind, words[-2]) not in ours
    ]
    there = {words[-2] for kind, words in entries if kind == "TRIGGER"}
    missing = _left(migrations) - (there - set(_ASLEEP.findall(text)))
    return Acting(sorted(strange), [f"trigger {name}" for name in sorted(missing)])


def _left(migrations: str) -> set[str]:
    """Return the triggers that we rely on and that migrations have made by then."""
    last = dict(reversed(pair) for pair in _MADE.findall(migrations))
    return {name for name in EXPECTED if last.get(name) == "CREATE"}


def _ours_in(text: str, migrations: str) -> set[tuple[str, str]]:
    """Return the functions and triggers of a dump that are as migrations make them."""
    bodies = {_plain(body) for _, body in _BODY.findall(migrations)}
    functions = {name for name, _, body in _FUNCTION.findall(text) if _plain(body) in bodies}
    made = set(re.findall(r"CREATE TRIGGER (\w+)", migrations))
    triggers = {
        name for name, called in _TRIGGER.findall(text) if name in made and called in functions
    }
    short = {f"{name.rpartition('.')[2]}()" for name in functions}
    return {("FUNCTION", name) for name in short} | {("TRIGGER", name) for name in triggers}


def _plain(text: object) -> str:
    return " ".join(str(text).split())
