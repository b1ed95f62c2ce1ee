"""Makes the sandbox as unkind as a bad day of the real service, on request."""

import random
from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sandbox.errors import ApiError, Json, bad_request, too_many

_ERRORS = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}
_ONCE = {"drop", "drop_reply", "error", "retry_after"}
# Telegram's update numbers lie below this one; a jump is wide enough to be no step of a queue.
_END_OF_NUMBERS = 2_000_000_000
_JUMP = 1_000


@dataclass(slots=True)
class Switches:
    """The switches of `POST /sandbox/faults`; rates are probabilities from 0 to 1.

    Attributes:
        latency_ms: Wait before each call is handled, milliseconds.
        jitter_ms: Up to this much more, at random.
        error_rate: Calls answered with a 5xx, unhandled.
        error_status: Which 5xx.
        drop_rate: Connections cut before the call is handled.
        drop_reply_rate: Connections cut after it: done, but the client cannot know.
        duplicate_rate: Updates delivered once more, even after they were acknowledged.
        reorder_rate: Deliveries of updates out of order.
        methods: Calls that the first six apply to; all when empty.
        once: Faults for the next matching calls, each used up by one call, in this order.
        renumber: The next update gets a random number, smaller than before when true or "smaller",
            else "larger"; or this very number. Done once, at once.
        seed: Makes a run repeatable.
    """

    latency_ms: float = 0.0
    jitter_ms: float = 0.0
    error_rate: float = 0.0
    error_status: int = 502
    drop_rate: float = 0.0
    drop_reply_rate: float = 0.0
    duplicate_rate: float = 0.0
    reorder_rate: float = 0.0
    methods: list[str] = field(default_factory=list)
    once: list[Json] = field(default_factory=list)
    renumber: bool | int | str | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one call."""

    delay: float = 0.0
    drop: bool = False
    drop_reply: bool = False
    error: ApiError | None = None


_NONE = Fault()


class Faults:
    """Draws the fault of each call from the switches."""

    def __init__(self) -> None:
        self.switches = Switches()
        self.counts: Counter[str] = Counter()
        self._active = False
        self._random = random.Random()  # noqa: S311  # chance, not secrecy

    def set(self, wanted: Json) -> None:
        """Replaces the switches; those not named go back to off.

        Raises:
            ApiError: A name or a value is not one of the switches'.
        """
        _check(wanted)
        self.switches = Switches(**wanted)
        self.counts.clear()
        calm = Switches(seed=self.switches.seed, renumber=self.switches.renumber)
        self._active = self.switches != calm
        if self.switches.seed is not None:
            self._random.seed(self.switches.seed)

    def report(self) -> Json:
        """The switches as they stand, and how often each fault struck since they were set."""
        return {**asdict(self.switches), "struck": dict(self.counts)}

    def draw(self, method: str) -> Fault:
        """The fault of one call."""
        if not self._active:
            return _NONE
        planned = self._planned(method)
        if planned is not None:
            return planned
        switches = self.switches
        if switches.methods and method.lower() not in map(str.lower, switches.methods):
            return _NONE
        delay = (switches.latency_ms + switches.jitter_ms * self._random.random()) / 1000
        if self.chance("drop", switches.drop_rate):
            return Fault(delay, drop=True)
        if self.chance("error", switches.error_rate):
            return Fault(delay, error=_server_error(switches.error_status))
        return Fault(delay, drop_reply=self.chance("drop_reply", switches.drop_reply_rate))

    def chance(self, name: str, rate: float) -> bool:
        """Throws the dice, and counts what strikes."""
        if rate <= 0 or self._random.random() >= rate:
            return False
        self.counts[name] += 1
        return True

    def duplicate(self) -> bool:
        """Whether this update comes once more."""
        return self.chance("duplicate", self.switches.duplicate_rate)

    def shuffle(self, updates: list[Json]) -> None:
        """Puts a batch out of order, when the dice say so."""
        if len(updates) > 1 and self.chance("reorder", self.switches.reorder_rate):
            first = updates[0]
            self._random.shuffle(updates)
            if updates[0] is first:
                updates.append(updates.pop(0))

    def new_number(self, following: int) -> int | None:
        """Return the number at which update numbers start over, if they are to; it is given once.

        Args:
            following: The number that the next update would have had.
        """
        wish, self.switches.renumber = self.switches.renumber, None
        if wish is None or wish is False:
            return None
        self.counts["renumber"] += 1
        if isinstance(wish, int) and wish is not True:
            return wish
        if wish == "larger":
            lowest = min(following + _JUMP, _END_OF_NUMBERS - 1)
            return self._random.randrange(lowest, _END_OF_NUMBERS)
        return self._random.randrange(1, max(following - _JUMP, 2))

    def _planned(self, method: str) -> Fault | None:
        for index, plan in enumerate(self.switches.once):
            if plan.get("method", method).lower() != method.lower():
                continue
            del self.switches.once[index]
            kind = plan["fault"]
            self.counts[kind] += 1
            if kind == "error":
                return Fault(error=_server_error(int(plan.get("status", 502))))
            if kind == "retry_after":
                return Fault(error=too_many(int(plan.get("seconds", 1))))
            return Fault(drop=kind == "drop", drop_reply=kind == "drop_reply")
        return None


def _server_error(status: int) -> ApiError:
    return ApiError(status, _ERRORS.get(status, "Internal Server Error"))


def _check(wanted: Json) -> None:
    kinds: dict[str, Any] = {entry.name: entry.type for entry in fields(Switches)}
    for name, value in wanted.items():
        if name not in kinds:
            raise bad_request(f"unknown fault {name}; known: {', '.join(kinds)}")
        if name == "methods":
            fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
        elif name == "once":
            fits = isinstance(value, list) and all(_is_plan(item) for item in value)
        elif name == "renumber":
            fits = _is_renumbering(value)
        elif name == "seed":
            fits = value is None or isinstance(value, int)
        else:
            fits = isinstance(value, int | float) and value >= 0
        if not fits:
            raise bad_request(f"fault {name} can't be {value!r}")


def _is_plan(item: object) -> bool:
    return isinstance(item, dict) and item.get("fault") in _ONCE


def _is_renumbering(value: object) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        return 0 < value < _END_OF_NUMBERS
    return value is None or isinstance(value, bool) or value in ("smaller", "larger")
