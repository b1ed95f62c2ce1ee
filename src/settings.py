"""The only reader of the environment."""

import os
import re
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableValue

from src.errors import SettingsError

_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


class Environment(StrEnum):
    """Where a process runs: decides the log format and the strictness of the settings."""

    DEVELOPMENT = "development"
    TESTING = "testing"
    STAGING = "staging"
    PRODUCTION = "production"


# The width of the ledger's column.
_MODEL = r"^\S{1,100}$"

_Price = Annotated[Decimal, Field(ge=0, le=10_000, allow_inf_nan=False)]


class ModelPrices(BaseModel):
    """US dollars per million tokens; where a price of the cache is missing, it is the input's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: _Price
    output: _Price
    cache_read: _Price | None = None
    cache_write: _Price | None = None
    cache_write_1h: _Price | None = None


class Settings(BaseSettings):
    """Every setting, with the environment variable that sets it as the alias."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", populate_by_name=True, frozen=True, env_ignore_empty=True
    )

    env: Environment = Field(
        Environment.DEVELOPMENT,
        alias="DARS_ENV",
        description="development, testing, staging or production: log format, strictness of "
        "settings. Staging is production with a verbose log.",
    )
    log_level: str | None = Field(
        None,
        alias="DARS_LOG_LEVEL",
        pattern="^(DEBUG|INFO|WARNING|ERROR)$",
        description="Least severe level that is logged: DEBUG, INFO, WARNING or ERROR; "
        "INFO if it is not set, in staging DEBUG.",
    )
    clock_shift_seconds: int = Field(
        0,
        alias="DARS_CLOCK_SHIFT_SECONDS",
        description="Rehearsals only: moves the clock of the process by so many seconds.",
    )
    database_url: SecretStr = Field(
        SecretStr("sqlite+aiosqlite:///.dars/dars.db"),
        alias="DATABASE_URL",
        description="SQLite file or PostgreSQL server; postgres:// and ?sslmode= are understood.",
    )
    db_pool_size: int = Field(
        5, alias="DARS_DB_POOL_SIZE", ge=1, le=100, description="PostgreSQL connections kept open."
    )
    db_max_overflow: int = Field(
        10, alias="DARS_DB_MAX_OVERFLOW", ge=0, le=200, description="More of them under load."
    )
    db_pool_timeout_seconds: float = Field(
        30, alias="DARS_DB_POOL_TIMEOUT", gt=0, description="Wait for a free connection, seconds."
    )
    db_pool_recycle_seconds: int = Field(
        3600,
        alias="DARS_DB_POOL_RECYCLE",
        ge=1,
        description="Age in seconds at which a connection is replaced before its next use.",
    )
    db_pre_ping: bool = Field(
        False,
        alias="DARS_DB_PRE_PING",
        description="true: each connection is asked before its use whether it lives. "
        "An update that meets a dead one is tried again anyway.",
    )
    db_pgbouncer: bool = Field(
        False,
        alias="DARS_DB_PGBOUNCER",
        description="true when PgBouncer in transaction mode stands before PostgreSQL.",
    )
    telegram_bot_token: SecretStr | None = Field(
        None,
        alias="TELEGRAM_BOT_TOKEN",
        description="The token that @BotFather gave for the bot.",
    )
    telegram_api_url: str = Field(
        "https://api.telegram.org",
        alias="DARS_TELEGRAM_API_URL",
        pattern=r"^https?://\S+$",
        description="Base address of the Bot API; the sandbox or a local Bot API server.",
    )
    webhook_url: str | None = Field(
        None,
        alias="DARS_WEBHOOK_URL",
        pattern=r"^https?://[^/\s]+(/\S*)?$",
        description="Public address that Telegram calls, https; its path is the one served.",
    )
    webhook_secret: SecretStr | None = Field(
        None,
        alias="DARS_WEBHOOK_SECRET",
        description="Proves that a call is Telegram's: 16 to 256 letters, digits, - and _.",
    )
    webhook_host: str = Field(
        "127.0.0.1",
        alias="DARS_WEBHOOK_HOST",
        description="Address to listen on for the webhook, behind the proxy.",
    )
    webhook_port: int = Field(
        8090, alias="DARS_WEBHOOK_PORT", ge=0, le=65535, description="Port for the webhook; 0 any."
    )
    webhook_connections: int = Field(
        40,
        alias="DARS_WEBHOOK_CONNECTIONS",
        ge=1,
        le=100,
        description="Most updates that Telegram may deliver at once, over all processes.",
    )
    metrics_host: str = Field(
        "127.0.0.1",
        alias="DARS_METRICS_HOST",
        description="Address to listen on for operators only: never a public one.",
    )
    metrics_port: int | None = Field(
        None,
        alias="DARS_METRICS_PORT",
        ge=0,
        le=65535,
        description="Port of /healthz, /readyz and /metrics; empty is none, 0 any free one.",
    )
    queue_age_limit_seconds: float = Field(
        600.0,
        alias="DARS_QUEUE_AGE_LIMIT",
        gt=0,
        description="A job that has been waiting for longer makes /readyz and `dars health` fail.",
    )
    anthropic_api_key: SecretStr | None = Field(
        None,
        alias="ANTHROPIC_API_KEY",
        description="Key of the Messages API; without one every hint is an authored one.",
    )
    anthropic_base_url: str = Field(
        "https://api.anthropic.com",
        alias="ANTHROPIC_BASE_URL",
        pattern=r"^https?://\S+$",
        description="Base address of the Messages API; a gateway or a local server.",
    )
    model_hints: bool = Field(
        False,
        alias="DARS_MODEL_HINTS",
        description="true: hints may be made by a model for pupils who accepted it. Read "
        "docs/hints.md first: the provider's terms for minors, and what a hint costs.",
    )
    model_en: str = Field(
        "claude-haiku-5-5",
        alias="DARS_MODEL_EN",
        pattern=_MODEL,
        description="Model of hints in English.",
    )
    model_bn: str = Field(
        "claude-haiku-5-5",
        alias="DARS_MODEL_BN",
        pattern=_MODEL,
        description="Model of hints in Bangla.",
    )
    model_prices: dict[str, ModelPrices] = Field(
        {},
        alias="DARS_MODEL_PRICES",
        description="Prices of models that the price list does not know, as JSON, in US dollars "
        'per million tokens: {"my-model": {"input": "0.2", "output": "0.8"}}; cache_read, '
        "cache_write and cache_write_1h where they differ from input.",
    )
    budget_day_usd: Decimal = Field(
        Decimal(5),
        alias="DARS_BUDGET_DAY_USD",
        ge=0,
        description="Most that all calls of a model may cost in a day (UTC), US dollars.",
    )
    budget_pupil_day_usd: Decimal = Field(
        Decimal("0.05"),
        alias="DARS_BUDGET_PUPIL_DAY_USD",
        ge=0,
        description="Most that the calls for one pupil may cost in a day (UTC), US dollars.",
    )
    budget_month_usd: Decimal = Field(
        Decimal(50),
        alias="DARS_BUDGET_MONTH_USD",
        ge=0,
        description="Most that all calls of a model may cost in a month (UTC), US dollars.",
    )
    operators: Annotated[tuple[int, ...], NoDecode] = Field(
        (),
        alias="DARS_OPERATORS",
        description="Telegram ids of the operators, separated by commas.",
    )
    nudges_per_second: float = Field(
        25.0,
        alias="DARS_NUDGES_PER_SECOND",
        ge=1,
        le=1000,
        description="Most nudges a second, over all workers; Telegram allows 30 messages in all.",
    )
    job_heartbeat_seconds: float = Field(
        30.0,
        alias="DARS_JOB_HEARTBEAT",
        ge=1,
        description="A job of a worker that was silent for so long is taken over by another.",
    )
    data_dir: Path = Field(
        Path(".dars"), alias="DARS_DATA_DIR", description="Folder for local files of the demo."
    )

    @property
    def level(self) -> str:
        """The least severe level that is logged."""
        return self.log_level or ("DEBUG" if self.env is Environment.STAGING else "INFO")

    @property
    def logs_json(self) -> bool:
        """Whether lines are for programs, not for people."""
        return self.env in {Environment.STAGING, Environment.PRODUCTION}

    @field_validator("webhook_secret")
    @classmethod
    def _check_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("expected 16 to 256 letters, digits, - and _")
        return value

    @field_validator("operators", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Read "1, 2" as two numbers."""
        return value.replace(",", " ").split() if isinstance(value, str) else value


@cache
def get_settings() -> Settings:
    """Read the settings once.

    Raises:
        SettingsError: A variable is missing or wrong; the message names each and what is expected.
    """
    return load_settings()


def hand_down(name: str, value: str) -> None:
    """Set a variable for the processes that this one starts from now on."""
    os.environ[name] = value


def load_settings() -> Settings:
    """Read the settings from the environment and ``.env``.

    Raises:
        SettingsError: A variable is missing or wrong; the message names each and what is expected.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None
    except UnreadableValue as error:
        # A value that should be JSON and is not; the message names the field, not the variable.
        field = next((name for name in Settings.model_fields if f'"{name}"' in str(error)), "")
        alias = Settings.model_fields[field].alias if field else None
        raise SettingsError(f"{alias or 'a setting'}: expected JSON") from None


def _explain(error: ValidationError) -> str:
    """Name each wrong variable and what is expected, without its value: it may be a secret."""
    lines = []
    for fault in error.errors(include_input=False, include_url=False):
        name = str(fault["loc"][0]) if fault["loc"] else "settings"
        expected = next(
            (f.description for f in Settings.model_fields.values() if f.alias == name), None
        )
        lines.append(f"{name}: {fault['msg']}" + (f" ({expected})" if expected else ""))
    return "; ".join(lines)
