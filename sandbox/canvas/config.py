"""What a stand-in school needs to know before it starts."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SchoolConfig:
    """Settings of one school; every field has a default that works.

    Attributes:
        host: Address to listen on.
        port: Port to listen on; 0 picks a free one.
        state: JSON file that keeps the school over a restart; None keeps nothing.
        seed: Chooses the marks and submissions that a new school begins with.
        max_per_page: The most rows of one page, whatever is asked for.
        bucket_size: What the rate bucket of a token holds before requests are refused.
        leak_per_second: How fast it empties.
        base_cost: What each request costs besides its own seconds.
        throttle_status: How a full bucket refuses: 429, or 403 as older hosts do.
        no_right_status: How a missing right is refused: 401 without a challenge, or 403.
        needs_user_agent: Whether a request without a User-Agent is refused.
    """

    host: str = "127.0.0.1"
    port: int = 8082
    state: Path | None = None
    seed: int = 1
    max_per_page: int = 100
    bucket_size: float = 600.0
    leak_per_second: float = 10.0
    base_cost: float = 0.02
    throttle_status: int = 429
    no_right_status: int = 401
    needs_user_agent: bool = True
