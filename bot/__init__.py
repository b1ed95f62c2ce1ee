"""The pupils' door: the Telegram front end."""

import os

# python-telegram-bot then gives durations as timedelta; without it each one warns.
os.environ.setdefault("PTB_TIMEDELTA", "1")
