"""The option ``--env`` of the scripts."""

import argparse
from collections.abc import Iterable

from src.settings import Environment, get_settings, hand_down


def parse(parser: argparse.ArgumentParser, arguments: Iterable[str] | None) -> argparse.Namespace:
    """Read the arguments; ``--env`` sets ``DARS_ENV`` for this process and those it starts."""
    parser.add_argument("--env", choices=[str(name) for name in Environment], help="DARS_ENV")
    found = parser.parse_args(None if arguments is None else list(arguments))
    if found.env:
        hand_down("DARS_ENV", found.env)
        get_settings.cache_clear()
    return found
