"""Bring a database to the newest schema, or write a new migration from changed models.

``python -m scripts.init_migrations --env development`` is ``dars db upgrade``, then ``dars db
check``.
With ``--message "what changes"`` a migration is written first, from the difference between the
database and the models: read it before it is applied.
"""

import argparse
from collections.abc import Iterable

from alembic import command

from cli.main import main as dars
from scripts.environments import parse
from src.storage.schema import get_config


def main(arguments: Iterable[str] | None = None) -> None:
    """Upgrade and check, or write a migration."""
    parser = argparse.ArgumentParser(prog="python -m scripts.init_migrations", description=__doc__)
    parser.add_argument("--message", help="write a new migration with this title")
    found = parse(parser, arguments)
    for words in (["db", "upgrade"], ["db", "check"]):
        _run(words)
    if found.message:
        command.revision(get_config(), message=found.message, autogenerate=True)


def _run(words: list[str]) -> None:
    """Run a command of ``dars``; one that fails ends the script with its status."""
    try:
        dars(words)
    except SystemExit as end:
        if end.code:
            raise


if __name__ == "__main__":
    main()
