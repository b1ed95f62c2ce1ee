"""Makes the school as unkind as a bad day of a real one, on request."""

import random
from collections import Counter
from dataclasses import asdict, dataclass, field, fields

from sandbox.canvas.errors import Json, bad_request

KINDS = ("drop", "drop_reply", "cut_body", "error", "html", "throttle")
_RATES = tuple(f"{kind}_rate" for kind in KINDS)


@dataclass(slots=True)
class Switches:
    """The switches of `POST /school/faults`; rates are probabilities from 0 to 1.

    Attributes:
        latency_ms: How long an answer takes at least, milliseconds.
        jitter_ms: Up to this much more, at random.
        drop_rate: Connections cut before the call is handled.
        drop_reply_rate: Connections cut after it: done, but the client cannot know.
        cut_body_rate: Answers that end in the middle.
        error_rate: Calls answered with a 5xx, unhandled.
        error_status: Which 5xx.
        html_rate: Calls answered 200 with a page for people instead of JSON.
        throttle_rate: Calls refused as if the bucket were full.
        throttle_status: 429 or 403; the setting of the school when 0.
        retry_after: Seconds that a refusal names in Retry-After; 0 names none, as Canvas does.
        empty_pages: Whether every list begins with an empty page that has a next one.
        paths: Beginnings of the paths that all this applies to; all when empty.
        once: Faults for the next matching calls, each used up by one call, in this order.
        seed: Makes a run repeatable.
    """

    latency_ms: float = 0.0
    jitter_ms: float = 0.0
    drop_rate: float = 0.0
    drop_reply_rate: float = 0.0
    cut_body_rate: float = 0.0
    error_rate: float = 0.0
    error_status: int = 502
    html_rate: float = 0.0
    throttle_rate: float = 0.0
    throttle_status: int = 0
    retry_after: int = 0
    empty_pages: bool = False
    paths: list[str] = field(default_factory=list)
    once: list[Json] = field(default_factory=list)
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one call.

    Attributes:
        kind: One of `KINDS`, or empty.
        delay: Seconds to wait first.
        status: The status of an error or of a refusal; 0 for the usual one.
    """

    kind: str = ""
    delay: float = 0.0
    status: int = 0


class Faults:
    """Draws the fault of each call from the switches."""

    def __init__(self) -> None:
        self.switches = Switches()
        self.struck: Counter[str] = Counter()
        self._random = random.Random()  # noqa: S311  # chance, not secrecy

    def set(self, wanted: Json) -> None:
        """Replaces the switches; those not named go back to off.

        Raises:
            CanvasError: A name or a value is not one of the switches'.
        """
        _check(wanted)
        self.switches = Switches(**wanted)
        self.struck.clear()
        if self.switches.seed is not None:
            self._random.seed(self.switches.seed)

    def report(self) -> Json:
        """The switches as they stand, and how often each fault struck since they were set."""
        return {**asdict(self.switches), "struck": dict(self.struck)}

    def draw(self, method: str, path: str) -> Fault:
        """The fault of one call."""
        switches = self.switches
        if planned := self._planned(method, path):
            return planned
        if switches.paths and not path.startswith(tuple(switches.paths)):
            return Fault()
        delay = (switches.latency_ms + switches.jitter_ms * self._random.random()) / 1000
        kind = next((kind for kind in KINDS if self._chance(kind)), "")
        status = {"error": switches.error_status, "throttle": switches.throttle_status}
        return Fault(kind, delay, status.get(kind, 0))

    def _chance(self, kind: str) -> bool:
        rate = getattr(self.switches, f"{kind}_rate")
        struck: bool = rate > 0 and self._random.random() < rate
        self.struck[kind] += struck
        return struck

    def _planned(self, method: str, path: str) -> Fault | None:
        for place, plan in enumerate(self.switches.once):
            if plan.get("method", method) == method and path.startswith(plan.get("path", "/")):
                del self.switches.once[place]
                self.struck[plan["fault"]] += 1
                return Fault(plan["fault"], status=plan.get("status", 0))
        return None


def _check(wanted: Json) -> None:
    calm = Switches()
    kinds = {one.name: type(getattr(calm, one.name)) for one in fields(calm)}
    for name, value in wanted.items():
        if name not in kinds:
            raise bad_request(f"there is no switch {name}")
        if name == "seed" or kinds[name] is float:
            right = isinstance(value, int | float | None) and not isinstance(value, bool)
        else:
            right = isinstance(value, kinds[name])
        if not right or (name in _RATES and not 0 <= value <= 1):
            raise bad_request(f"{name} has a value that is none of its own")
    for plan in wanted.get("once", []):
        if not isinstance(plan, dict) or plan.get("fault") not in KINDS:
            raise bad_request(f"a fault of once is one of {', '.join(KINDS)}")
