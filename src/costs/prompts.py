"""What is sent to a model and what comes back: plain values, whoever the provider is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from src.costs.usage import Usage

# The provider frames every prompt and every message with tokens of its own; far more than is seen.
_PROMPT_OVERHEAD = 600
_MESSAGE_OVERHEAD = 40


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request to a model.

    Attributes:
        model: The provider's name of the model.
        system: The standing instructions; the same text again is read from the provider's cache.
        messages: The conversation, ending with the user.
        max_tokens: Most tokens that the answer may have, thinking included.
    """

    model: str
    system: str
    messages: Sequence[Message]
    max_tokens: int

    @property
    def most_input_tokens(self) -> int:
        """No tokenizer makes more tokens of this prompt: each is a byte of UTF-8 at least."""
        texts = [self.system, *(message.text for message in self.messages)]
        written = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
        return written + _PROMPT_OVERHEAD + _MESSAGE_OVERHEAD * len(texts)


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer.

    Attributes:
        text: What the model said, without its thinking.
        usage: What it used.
        model: The model as the provider names it.
        request_id: The provider's name for the call.
        latency_ms: How long it took, milliseconds.
    """

    text: str
    usage: Usage
    model: str
    request_id: str | None
    latency_ms: int
