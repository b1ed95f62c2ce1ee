"""`python -m sandbox.canvas`: a stand-in school that speaks Canvas' REST API."""

import argparse
import sys
from pathlib import Path

from sandbox.canvas.config import SchoolConfig
from sandbox.canvas.lock import StateInUseError
from sandbox.canvas.run import serve


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    default = SchoolConfig()
    parser = argparse.ArgumentParser(prog="python -m sandbox.canvas", description=__doc__)
    parser.add_argument("--host", default=default.host)
    parser.add_argument("--port", type=int, default=default.port, help="0 picks a free one")
    parser.add_argument("--state", type=Path, help="JSON file that keeps the school over a restart")
    parser.add_argument(
        "--seed", type=int, default=default.seed, help="chooses a new school's marks"
    )
    parser.add_argument(
        "--throttle-status",
        type=int,
        choices=(429, 403),
        default=default.throttle_status,
        help="how a full rate bucket refuses; older hosts say 403",
    )
    parser.add_argument(
        "--no-right-status",
        type=int,
        choices=(401, 403),
        default=default.no_right_status,
        help="how a missing right is refused",
    )
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Serves until interrupted; 1 when it cannot start."""
    given = _arguments(argv)
    config = SchoolConfig(
        host=given.host,
        port=given.port,
        state=given.state,
        seed=given.seed,
        throttle_status=given.throttle_status,
        no_right_status=given.no_right_status,
    )
    try:
        serve(config)
    except (OSError, ValueError, StateInUseError) as error:
        print(f"school: {error}", file=sys.stderr)  # noqa: T201  # a command's own complaint
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
