"""The Messages API without a network: how a request is written and how an answer is read."""

import time
from dataclasses import dataclass, field, replace
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

# Each family of models turns thinking off in its own way; some cannot.
_NEVER_THINKS_LESS = ("claude-opus-5-5", "claude-fable", "claude-mythos")
_THINKS_BETWEEN_TOOLS = ("claude-sonnet-5-5",)
_KNOWS_EFFORT = ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5")


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
        max_tokens: What the answer was allowed.
        request_id: The provider's name for the call.
        usage: What was counted, as far as it was told.
        stop_reason: Why the answer ended; None while it has not.
        model: The model as the provider names it.
        text: The parts of the answer.
        begun: When the call began, by the clock that only goes forward.
    """

    max_tokens: int = 0
    request_id: str | None = None
    usage: Usage | None = None
    stop_reason: str | None = None
    model: str = ""
    text: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.perf_counter)

    @property
    def latency_ms(self) -> int:
        """How long it has taken, milliseconds."""
        return round((time.perf_counter() - self.begun) * 1000)

    @property
    def usage_so_far(self) -> Usage | None:
        """What is known; where an answer broke off, all of ``max_tokens`` may have been written."""
        if self.usage is None or self.stop_reason is not None:
            return self.usage
        return replace(self.usage, output_tokens=self.max_tokens, is_estimate=True)

    def take(self, event: Any) -> None:
        """Take in one event of the stream; unknown kinds are ignored."""
        match event.type:
            case "message_start":
                self.usage, self.model = _read_usage(event.message.usage), event.message.model
            case "content_block_delta" if event.delta.type == "text_delta":
                self.text.append(event.delta.text)
            case "message_delta":
                self.stop_reason = event.delta.stop_reason
                self.usage = _merge(self.usage, event.usage)

    def told(self) -> dict[str, Any]:
        """Return what an error carries."""
        return {
            "usage": self.usage_so_far,
            "request_id": self.request_id,
            "latency_ms": self.latency_ms,
        }

    def finish(self, prompt: Prompt) -> Completion:
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
        most = Usage(prompt.most_input_tokens, prompt.max_tokens, is_estimate=True)
        return Completion(
            text="".join(self.text),
            usage=self.usage or most,
            model=self.model or prompt.model,
            request_id=self.request_id,
            latency_ms=self.latency_ms,
        )


def _read_usage(usage: Any) -> Usage | None:
    """Count each token once: cache writes are reported as a sum and again by lifetime."""
    if usage is None:
        return None
    written = _count(usage, "cache_creation_input_tokens")
    for_an_hour = _count(getattr(usage, "cache_creation", None), "ephemeral_1h_input_tokens")
    return Usage(
        input_tokens=_count(usage, "input_tokens"),
        output_tokens=_count(usage, "output_tokens"),
        cache_read_tokens=_count(usage, "cache_read_input_tokens"),
        cache_write_tokens=max(written - for_an_hour, 0),
        cache_write_1h_tokens=for_an_hour,
        thinking_tokens=_count(getattr(usage, "output_tokens_details", None), "thinking_tokens"),
        in_us_only=getattr(usage, "inference_geo", None) == "us",
    )


def _count(counts: Any, name: str) -> int:
    # Gateways leave out what they do not know.
    return max(getattr(counts, name, None) or 0, 0)


def _merge(first: Usage | None, last: Any) -> Usage | None:
    """Correct the first report by the last: always its output, its input only where it is more."""
    told = _read_usage(last)
    if first is None or told is None:
        return told or first
    return replace(
        first,
        input_tokens=max(first.input_tokens, told.input_tokens),
        output_tokens=told.output_tokens,
        cache_read_tokens=max(first.cache_read_tokens, told.cache_read_tokens),
        cache_write_tokens=max(
            first.cache_write_tokens, told.cache_write_tokens - first.cache_write_1h_tokens
        ),
        thinking_tokens=told.thinking_tokens,
    )


def read_result(result: Any) -> Completion | ModelError:
    """Read one result of a batch; only those that succeeded are paid for."""
    if result.type != "succeeded":
        return ModelUnavailable(f"not answered in the batch: {result.type}", reached=False)
    message = result.message
    texts = [block.text for block in message.content if block.type == "text"]
    progress = PartialAnswer(
        request_id=message.id,
        usage=_read_usage(message.usage),
        stop_reason=message.stop_reason,
        model=message.model,
        text=texts,
    )
    try:
        return progress.finish(Prompt(message.model, "", (), 0))
    except ModelError as error:
        return error
