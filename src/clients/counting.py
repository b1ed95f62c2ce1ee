"""What a provider tells of the tokens it counted, from reports that may be odd in any way."""

import math
from dataclasses import dataclass, field, replace
from typing import Any

from src.clients.calls import Prompt, Usage

# No model reads or writes so much in one call: a number above it is no count.
MOST_BELIEVED = 1_000_000
# Of a token of usual text, and how many times the price of input that of output may be.
_LEAST_BYTES = 3
_OUTPUT_IS_DEARER = 8

_READ, _WRITTEN = "cache_read_input_tokens", "cache_creation_input_tokens"
_FOR_MINUTES, _FOR_AN_HOUR = "ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"
_INPUT, _OUTPUT, _THINKING = "input_tokens", "output_tokens", "thinking_tokens"


@dataclass(slots=True)
class Counting:
    """Every number at the most that any report said; what was told once is not taken back.

    Attributes:
        counts: By the names of the Messages API.
        odd: Names under which something stood that is no count.
        in_us_only: Whether a report said that the call was kept in the US.
        has_begun: Whether the report came with which an answer begins.
        has_output: Whether the output was told with the end of the answer; before it, and with
            the begin, stands only what was written by then.
    """

    counts: dict[str, int] = field(default_factory=dict)
    odd: set[str] = field(default_factory=set)
    in_us_only: bool = False
    has_begun: bool = False
    has_output: bool = False

    @property
    def output_tokens(self) -> int:
        """The most output that was told, with the thinking of who counts it apart."""
        output, thinking = self._told(_OUTPUT), self._told(_THINKING)
        return output + (thinking if thinking > output else 0)

    @property
    def is_empty(self) -> bool:
        """Whether no report said anything."""
        return not any(self.counts.values())

    @property
    def _is_whole(self) -> bool:
        is_apart = self._told(_THINKING) > self._told(_OUTPUT)
        return self.has_begun and self._has_input and self.has_output and not is_apart

    @property
    def _has_input(self) -> bool:
        """No prompt has no tokens of its own: zero is what gateways say while they do not know."""
        spoilt = {name for name in self.odd if not self._told(name)}
        return self._told(_INPUT) > 0 and not spoilt & {_INPUT, _READ, _WRITTEN, _FOR_AN_HOUR}

    def take(self, usage: Any, *, is_begin: bool = False, is_end: bool = False) -> None:
        """Take in one report.

        Args:
            usage: As it came; None and other things that are no report tell nothing.
            is_begin: Whether it came with the begin of the answer.
            is_end: Whether it came with its end.
        """
        self.has_begun |= is_begin
        for name in (_INPUT, _OUTPUT, _READ, _WRITTEN):
            told = self._note(name, usage)
            self.has_output |= is_end and name == _OUTPUT and told > 0
        for name in (_FOR_MINUTES, _FOR_AN_HOUR):
            self._note(name, part_of(usage, "cache_creation"))
        self._note(_THINKING, part_of(usage, "output_tokens_details"))
        self.in_us_only |= part_of(usage, "inference_geo") == "us"

    def _note(self, name: str, report: Any) -> int:
        value = part_of(report, name)
        count = _as_count(value)
        if count is None and value is not None:
            self.odd.add(name)
        self.counts[name] = max(self._told(name), count or 0)
        return count or 0

    def _told(self, name: str) -> int:
        return self.counts.get(name, 0)

    def usage(self, prompt: Prompt | None, size: int = 0, *, runs_on: bool = False) -> Usage | None:
        """Return the exact usage; where a number was not told, the most that it can be.

        Args:
            prompt: What was asked; None where it is not at hand, and then there is no estimate.
            size: Bytes of the answer that arrived.
            runs_on: Whether the provider did not keep to ``max_tokens``.
        """
        if self._is_whole and not runs_on:
            return self._as_usage(self._told(_OUTPUT))
        if prompt is None:
            return None
        all_input = sum(self._told(name) for name in (_INPUT, _READ, _WRITTEN))
        if not self._has_input:
            all_input = max(all_input, prompt.most_input_tokens)
        written = size if runs_on else _likely_output(prompt, all_input, size)
        output = max(self.output_tokens, prompt.max_tokens, written)
        if not self._has_input:
            return Usage(all_input, output, in_us_only=True, is_estimate=True)
        return replace(self._as_usage(output), in_us_only=True, is_estimate=True)

    def _as_usage(self, output: int) -> Usage:
        """Count each token once: cache writes are reported as a sum and again by lifetime."""
        for_an_hour = self._told(_FOR_AN_HOUR)
        return Usage(
            input_tokens=self._told(_INPUT),
            output_tokens=output,
            cache_read_tokens=self._told(_READ),
            cache_write_tokens=max(self._told(_WRITTEN) - for_an_hour, self._told(_FOR_MINUTES)),
            cache_write_1h_tokens=for_an_hour,
            thinking_tokens=min(self._told(_THINKING), output),
            in_us_only=self.in_us_only,
        )


def _likely_output(prompt: Prompt, all_input: int, size: int) -> int:
    """Return how much there was of an answer that may be a little longer than was allowed.

    A budget must not be passed on a suspicion. But a prompt is reserved with a token for each byte,
    and what it did not use of that has room for some output, which is dearer.
    """
    room = max(prompt.most_input_tokens - all_input, 0) // _OUTPUT_IS_DEARER
    return min(math.ceil(size / _LEAST_BYTES), prompt.max_tokens + room)


def part_of(report: Any, name: str) -> Any:
    """Return what an object of JSON has under a name; None if it has nothing or is no object."""
    return report.get(name) if isinstance(report, dict) else None


def _as_count(value: Any) -> int | None:
    """Return a whole number that a count can be; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 <= value <= MOST_BELIEVED or value != math.floor(value):
        return None
    return int(value)
