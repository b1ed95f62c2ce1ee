"""Runs the bot: ``python -m bot``, or ``dars bot``."""

from cli.main import main

if __name__ == "__main__":
    main(["bot"])
