"""Codes, secrets and terms of classes. Pure."""

import hashlib
import re
import secrets
from datetime import timedelta

# Changes with the words of `class-ask-join` in the bot's texts.
CONSENT_VERSION = "class-2026-11-29.1"
TEACHER_CONSENT_VERSION = "teacher-2026-11-29.1"
CODE_LENGTH = 6
# Without those that look like others: 0 and O, 1 and I.
CODE_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_DAYS = timedelta(days=90)
INVITE_DAYS = timedelta(days=14)
MOST_WRONG_CODES = 5
WRONG_CODES_WITHIN = timedelta(hours=1)
LINK_TIME = timedelta(minutes=10)
SESSION_TIME = timedelta(hours=12)
FRESH_TIME = timedelta(minutes=15)
TOPIC_DAYS = timedelta(days=7)
MOST_CLASSES = 30
MOST_MEMBERS = 100
LONGEST_CLASS_NAME = 60
LONGEST_NOTE = 1000
JOIN, TEACH = "c_", "t_"
"""How payloads of deep links begin: to join a class, to become a teacher."""
# Bangla is written with these two; they join letters and move nothing.
_JOINERS = "\u200c\u200d"
_BANGLA_DIGITS = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")


def make_code() -> str:
    """Return a code for a class: 6 signs of 32, so one in a thousand million."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


def read_code(typed: str) -> str | None:
    """Return the code that somebody typed, in any case, with spaces or a hyphen; None if none."""
    plain = typed.removeprefix(JOIN).translate(_BANGLA_DIGITS)
    plain = re.sub(r"[\s-]", "", plain).upper()
    return plain if len(plain) == CODE_LENGTH and set(plain) <= set(CODE_SIGNS) else None


def make_secret() -> str:
    """Return a secret of 256 bits that fits a link, a cookie and the payload of a deep link."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """Return what is stored of a secret; it is random, so that one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def form_token(secret: str) -> str:
    """Return what every form of a session carries, which nobody can make without its cookie."""
    return hash_of(f"form:{secret}")


def tidy_name(typed: str) -> str:
    """Return the name of a class as it is kept: one line, not too long; empty where it is none."""
    line = " ".join(typed.split())
    return "".join(s for s in line if s.isprintable() or s in _JOINERS)[:LONGEST_CLASS_NAME]
