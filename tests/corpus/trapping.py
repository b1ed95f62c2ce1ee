"""What the families of traps share: the trap itself, and how a pupil may type a number."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

BANGLA = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")


@dataclass(frozen=True, slots=True)
class Trap:
    """A typed answer that a fair teacher never accepts for the stored one."""

    kind: str
    answer_type: str
    stored: str
    typed: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, ...]:
        return (self.answer_type, self.stored, json.dumps(self.options), self.typed)


def in_some_script(rng: random.Random, text: str) -> str:
    """Type the digits in Latin, in Bangla, or in both mixed."""
    style = rng.randrange(3)
    if style == 0:
        return text
    if style == 1:
        return text.translate(BANGLA)
    return "".join(c.translate(BANGLA) if rng.random() < 0.5 else c for c in text)


def misread(rng: random.Random, digits: str) -> dict[str, str]:
    """Return slips of the finger in a run of digits, by kind; some may leave the value as it is."""
    at = rng.randrange(len(digits))
    swap = rng.randrange(len(digits) - 1) if len(digits) > 1 else 0
    other = rng.choice([d for d in "0123456789" if d != digits[at]])
    return {
        "digit changed": digits[:at] + other + digits[at + 1 :],
        "digit dropped": digits[:at] + digits[at + 1 :],
        "digit doubled": digits[:at] + digits[at] + digits[at:],
        "digits swapped": digits[:swap] + digits[swap : swap + 2][::-1] + digits[swap + 2 :],
        "zero added": digits + "0",
        "reversed": digits[::-1],
    }
