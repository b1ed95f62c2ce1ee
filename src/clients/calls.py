"""A call to a language model: prompt, completion, usage, errors. Plain values, whoever answers.

ModelError               a call gave nothing to use
├── ModelUnavailable      the provider did not answer, or not to the end
├── ModelRejected         the provider does not accept the request or the key
├── ModelRefused          the model declined
└── ModelCutOff           the answer was longer than was allowed
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from src.errors import DarsError

# The provider frames every prompt and message with tokens of its own: an ample allowance for them.
_PROMPT_OVERHEAD = 600
_MESSAGE_OVERHEAD = 40


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens of one call, each counted once.

    Attributes:
        input_tokens: Neither read from the cache nor written to it.
        output_tokens: All that is billed as output, thinking included.
        cache_read_tokens: Input read from the cache.
        cache_write_tokens: Input written to the cache for five minutes.
        cache_write_1h_tokens: Input written to the cache for an hour.
        thinking_tokens: How many of the output tokens were thinking.
        in_us_only: Whether the provider says that it kept the call in the US, which costs more.
        is_estimate: Whether a number is the most that it can be, because the true one never came.
    """

    input_tokens: int
    output_tokens: int
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    cache_write_1h_tokens: int = 0
    thinking_tokens: int = 0
    in_us_only: bool = False
    is_estimate: bool = False

    @property
    def all_input_tokens(self) -> int:
        """The whole prompt: its length decides which tier of prices holds."""
        return (
            self.input_tokens
            + self.cache_read_tokens
            + self.cache_write_tokens
            + self.cache_write_1h_tokens
        )


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
        """The most tokens that this prompt can have: each is at least one byte of UTF-8."""
        texts = [self.system, *(message.text for message in self.messages)]
        written = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
        return written + _PROMPT_OVERHEAD + _MESSAGE_OVERHEAD * len(texts)


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer.

    Attributes:
        text: What the model said, without its thinking.
        usage: What it used; None: nobody can say, so it counts with the most that it can cost.
        model: The model as the provider names it.
        request_id: The provider's name for the call.
        latency_ms: How long it took, milliseconds.
    """

    text: str
    usage: Usage | None
    model: str
    request_id: str | None
    latency_ms: int


class ModelError(DarsError):
    """A call to the language model gave nothing to use.

    Attributes:
        usage: What the provider counted, where it said so.
        reached: Whether the provider may have worked, and so may charge.
        request_id: The provider's name for the call, where one is known.
        latency_ms: How long it took, milliseconds.
    """

    def __init__(
        self,
        reason: str,
        *,
        usage: Usage | None = None,
        reached: bool = True,
        request_id: str | None = None,
        latency_ms: int | None = None,
    ) -> None:
        super().__init__(reason)
        self.usage, self.reached = usage, reached
        self.request_id, self.latency_ms = request_id, latency_ms


class ModelUnavailable(ModelError):  # noqa: N818 - names a state
    """The provider did not answer, is overloaded, or stopped in the middle; later may be better."""


class ModelRejected(ModelError):  # noqa: N818 - names a state
    """The provider does not accept the request or the key; an operator has to look."""


class ModelRefused(ModelError):  # noqa: N818 - names a state
    """The model declined to answer; it was paid for."""


class ModelCutOff(ModelError):  # noqa: N818 - names a state
    """The answer did not end within the tokens allowed; it was paid for."""
