"""What a sandbox needs to know before it starts."""

from dataclasses import dataclass
from pathlib import Path

DEFAULT_TOKEN = "1000000001:sandbox-token-that-opens-nothing-else"  # noqa: S105  # public on purpose


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """Settings of one sandbox; every field has a default that works.

    Attributes:
        token: The only bot token that is let in; the part before the colon is the bot's user id.
        host: Address to listen on.
        port: Port to listen on; 0 picks a free one.
        state: Journal file that keeps chats and numbers over a restart; None keeps nothing.
        bot_name: First name of the bot as pupils see it.
        bot_username: Username of the bot, without the at sign.
        rate_limit: Messages a second over all chats before 429; None for no limit.
        chat_rate_limit: Messages a second in one chat before 429; None for no limit.
        callback_lifetime: Seconds in which a tap can be answered.
        webhook_backoff: Seconds before the first redelivery to a webhook; doubles each time.
        history_limit: Messages kept in one chat; older ones are forgotten.
        hear_groups: Whether the bot hears every message of a group, or only those meant for it,
            until `POST /sandbox/privacy` changes it.
        subscription_periods: Which periods a subscription may have, seconds; Telegram's test
            servers take 60 and 300.
        checkout_patience: Seconds in which the bot has to agree to a payment.
        allowed_hosts: Names by which it may be called besides addresses, `host` and `localhost`.
    """

    token: str = DEFAULT_TOKEN
    host: str = "127.0.0.1"
    port: int = 8081
    state: Path | None = None
    bot_name: str = "Dars"
    bot_username: str = "dars_sandbox_bot"
    rate_limit: int | None = None
    chat_rate_limit: int | None = None
    callback_lifetime: float = 150.0
    webhook_backoff: float = 1.0
    history_limit: int = 2000
    hear_groups: bool = True
    subscription_periods: tuple[int, ...] = (2_592_000,)
    checkout_patience: float = 10.0
    allowed_hosts: tuple[str, ...] = ()

    @property
    def bot_id(self) -> int:
        """The bot's user id: the digits before the colon of the token.

        Raises:
            ValueError: The token does not look like `digits:letters`.
        """
        left, colon, right = self.token.partition(":")
        if not (left.isascii() and left.isdigit() and colon and right):
            raise ValueError("token: expected digits, a colon and letters, like 123456:abc")
        return int(left)
