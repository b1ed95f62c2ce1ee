"""Look at the database and write what was found; exit with 1 if anything is wrong.

``python -m scripts.db_health_check --env production --output health_report.json`` is
``dars db report --output FILE``; a report that is there already gives the growth.
"""

import argparse
from collections.abc import Iterable

from cli.main import main as dars
from scripts.environments import parse


def main(arguments: Iterable[str] | None = None) -> None:
    """Write the report."""
    parser = argparse.ArgumentParser(prog="python -m scripts.db_health_check", description=__doc__)
    parser.add_argument("--output", help="the file to write; without it a table is printed")
    output = parse(parser, arguments).output
    dars(["db", "report", *(["--output", output] if output else [])])


if __name__ == "__main__":
    main()
