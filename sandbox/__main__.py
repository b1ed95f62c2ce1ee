"""`python -m sandbox`: a local stand-in for the Telegram Bot API, with a web chat."""

import argparse
import sys
from pathlib import Path

from sandbox.config import SandboxConfig
from sandbox.journal import StateInUseError
from sandbox.run import serve


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    default = SandboxConfig()
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default=default.host)
    parser.add_argument("--port", type=int, default=default.port, help="0 picks a free one")
    parser.add_argument("--state", type=Path, help="file that keeps the chats over a restart")
    parser.add_argument("--token", default=default.token, help="the bot token that is let in")
    parser.add_argument("--name", default=default.bot_name, help="first name of the bot")
    parser.add_argument("--rate", type=int, help="messages a second before 429")
    parser.add_argument("--chat-rate", type=int, help="messages a second in one chat before 429")
    parser.add_argument(
        "--privacy", action="store_true", help="in groups the bot hears what is meant for it"
    )
    parser.add_argument(
        "--test-periods",
        action="store_true",
        help="subscriptions of 60 or 300 seconds, as on Telegram's test servers",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name by which it may be called besides localhost, such as that of a container",
    )
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Serves until interrupted; 1 when it cannot start."""
    given = _arguments(argv)
    config = SandboxConfig(
        host=given.host,
        port=given.port,
        state=given.state,
        token=given.token,
        bot_name=given.name,
        rate_limit=given.rate,
        chat_rate_limit=given.chat_rate,
        hear_groups=not given.privacy,
        subscription_periods=(60, 300) if given.test_periods else (2_592_000,),
        allowed_hosts=tuple(given.allow_host),
    )
    try:
        serve(config)
    except (OSError, ValueError, StateInUseError) as error:
        print(f"sandbox: {error}", file=sys.stderr)  # noqa: T201  # a command's own complaint
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
