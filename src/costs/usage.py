"""What a call of a language model used: plain numbers, whoever the provider is."""

from dataclasses import dataclass


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
