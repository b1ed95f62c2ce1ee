"""The Messages API without a network: how a request is written and how an answer is read."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from src.clients.calls import (
    Completion,
    ModelCutOff,
    ModelError,
    ModelRefused,
    ModelUnavailable,
    Prompt,
    Usage,
)
from src.clients.counting import Counting, part_of

# Each family of models turns thinking off in its own way; some cannot.
_NEVER_THINKS_LESS = ("claude-opus-5-5", "claude-fable", "claude-mythos")
_THINKS_BETWEEN_TOOLS = ("claude-sonnet-5-5",)
_KNOWS_EFFORT = ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5")

# Tokens have three to four bytes of text on average, in English and in Bangla: with more than these
# for each that was allowed, an answer is longer than it was allowed to be.
_BYTES_IN_TOKEN = 4
_NOT_ANSWERED = ("errored", "canceled", "expired")
_PARTS = {"text_delta": "text", "thinking_delta": "thinking", "input_json_delta": "partial_json"}
# The width of the ledger's column.
_LONGEST_NAME = 100


def parameters(prompt: Prompt) -> dict[str, Any]:
    """Return the body of a request."""
    system: dict[str, Any] = {"type": "text", "text": prompt.system}
    values: dict[str, Any] = {
        "model": prompt.model,
        "max_tokens": prompt.max_tokens,
        "messages": [{"role": part.role, "content": part.text} for part in prompt.messages],
    }
    if prompt.model.startswith("claude-"):
        # Other models behind a gateway may not know these.
        system["cache_control"] = {"type": "ephemeral"}
        values |= _think_little(prompt.model)
    return values | ({"system": [system]} if prompt.system else {})


def _think_little(model: str) -> dict[str, Any]:
    effort = {"output_config": {"effort": "low"}} if model.startswith(_KNOWS_EFFORT) else {}
    if model.startswith(_NEVER_THINKS_LESS):
        return effort
    how = "between_tools" if model.startswith(_THINKS_BETWEEN_TOOLS) else "disabled"
    return {"thinking": {"type": how}, **effort}


@dataclass(slots=True)
class PartialAnswer:
    """What has arrived of an answer so far.

    Attributes:
        prompt: What was asked, where it is at hand.
        request_id: The provider's name for the call.
        counting: What was counted, as far as it was told.
        stop_reason: Why the answer ended; None while it has not.
        model: The model as the provider names it.
        text: The parts of the answer.
        size: Bytes of all that was written, thinking too.
        begun: When the call began, by the clock that only goes forward.
    """

    prompt: Prompt | None = None
    request_id: str | None = None
    counting: Counting = field(default_factory=Counting)
    stop_reason: str | None = None
    model: str = ""
    text: list[str] = field(default_factory=list)
    size: int = 0
    begun: float = field(default_factory=time.perf_counter)

    @property
    def latency_ms(self) -> int:
        """How long it has taken, milliseconds."""
        return round((time.perf_counter() - self.begun) * 1000)

    @property
    def _runs_on(self) -> bool:
        """Whether more has come than was allowed; what is told with the end cannot be cut off."""
        if self.prompt is None:
            return False
        allowed, told = self.prompt.max_tokens, self.counting.output_tokens
        is_told = told > allowed and self.stop_reason is None
        return is_told or self.size > allowed * _BYTES_IN_TOKEN

    def take(self, event: Any) -> None:
        """Take in one event of the stream; unknown kinds are ignored.

        Args:
            event: As it came, whatever JSON that is: the SDK's own types make 1 of ``true``.

        Raises:
            ModelUnavailable: The answer is longer than was allowed: nobody should write on.
            Exception: The event is malformed.
        """
        match event["type"]:
            case "message_start":
                self._begin(event["message"])
            case "content_block_delta":
                self._add(event["delta"]["type"], event["delta"])
            case "message_delta":
                self._end(event["delta"], event.get("usage"))
            case "error":
                kind = read_name(part_of(event.get("error"), "type"))
                raise ModelUnavailable(f"the provider broke off: {kind}", **self.told())
        self.check_length()

    def check_length(self) -> None:
        """Give up where nobody should write on.

        Raises:
            ModelUnavailable: The answer is longer than was allowed.
        """
        if self._runs_on:
            raise ModelUnavailable("the answer is longer than was allowed", **self.told())

    def take_whole(self, message: Any) -> None:
        """Take in an answer that came at once.

        Raises:
            Exception: It is malformed.
        """
        self.request_id = read_name(message["id"])
        self._begin(message)
        self._end(message, message.get("usage"))
        for block in message["content"]:
            self._add(f"{block['type']}_delta", block)

    def _begin(self, message: Any) -> None:
        self.counting.take(message.get("usage"), is_begin=True)
        self.model = read_name(message["model"]) or ""

    def _add(self, kind: str, part: Any) -> None:
        if kind not in _PARTS:
            return
        text = part[_PARTS[kind]]
        # Half of a surrogate pair is valid JSON and no text.
        self.size += len(text.encode())
        if kind == "text_delta":
            self.text.append(text)

    def _end(self, part: Any, usage: Any) -> None:
        reason = part.get("stop_reason")
        if not isinstance(reason, str | None):
            raise TypeError("a reason is a word")
        self.counting.take(usage, is_end=bool(reason))
        self.stop_reason = self.stop_reason or reason or None

    @property
    def usage(self) -> Usage | None:
        """What was used: exact, or the most that it can be; None if nobody can say."""
        return self.counting.usage(self.prompt, self.size, runs_on=self._runs_on)

    def told(self) -> dict[str, Any]:
        """Return what an error carries."""
        return {
            "usage": None if self.counting.is_empty else self.usage,
            "request_id": self.request_id,
            "latency_ms": self.latency_ms,
        }

    def finish(self) -> Completion:
        """Return the answer.

        Raises:
            ModelError: There is no usable answer.
        """
        if self.stop_reason is None:
            # The SDK ends such a stream as if nothing had happened.
            raise ModelUnavailable("the answer broke off", **self.told())
        if self.stop_reason == "refusal":
            raise ModelRefused("the model declined", **self.told())
        if self.stop_reason not in {"end_turn", "stop_sequence"}:
            raise ModelCutOff(f"the answer was cut off: {self.stop_reason}", **self.told())
        return Completion(
            text="".join(self.text),
            usage=self.usage,
            model=self.model or (self.prompt.model if self.prompt else ""),
            request_id=self.request_id,
            latency_ms=self.latency_ms,
        )


def read_json(text: str) -> Any:
    """Return JSON in which a name may stand twice: of two counts the larger one is meant.

    Raises:
        ValueError: It is no JSON.
        RecursionError: It is nested too deep.
    """
    return json.loads(text, object_pairs_hook=_one_of_each)


def _one_of_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        found[name] = _larger(found[name], value) if name in found else value
    return found


def _larger(first: Any, second: Any) -> Any:
    if isinstance(first, dict) and isinstance(second, dict):
        return _one_of_each([*first.items(), *second.items()])
    are_counts = all(isinstance(one, int | float) for one in (first, second))
    return max(first, second) if are_counts else second


def read_name(value: Any) -> str | None:
    """Return the provider's name for a call, as far as the ledger has room for it."""
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        return None
    return value[:_LONGEST_NAME] or None


def read_result(result: Any) -> Completion | ModelError:
    """Read one result of a batch; those that were not answered are not paid for."""
    answer = PartialAnswer()
    try:
        if result["type"] in _NOT_ANSWERED:
            reason = f"not answered in the batch: {result['type']}"
            return ModelUnavailable(reason, reached=False)
        answer.take_whole(result["message"])
        return answer.finish()
    except ModelError as error:
        return error
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the others are to be read
        reason = f"the result cannot be read: {type(error).__name__}"
        return ModelUnavailable(reason, **answer.told())
