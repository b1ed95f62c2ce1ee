"""The only reader of the environment."""

import os
import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import from_json

from src.errors import SettingsError

# 32 bytes in base64 for addresses.
_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
# Only deploy/compose.yaml reads them; they stand in the same file as the settings.
_OF_COMPOSE = {"DARS_DOMAIN", "DARS_IMAGE"}


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


class _Group(BaseModel):
    """Settings that one part of Dars needs; the alias of each is its environment variable."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class ProcessSettings(_Group):
    """How a process runs and logs."""

    env: Environment = Field(
        Environment.DEVELOPMENT,
        validation_alias="DARS_ENV",
        description="development, testing, staging or production: log format, strictness of "
        "settings. Staging is production with a verbose log.",
    )
    log_level: str | None = Field(
        None,
        validation_alias="DARS_LOG_LEVEL",
        pattern="^(DEBUG|INFO|WARNING|ERROR)$",
        description="Least severe level that is logged: DEBUG, INFO, WARNING or ERROR; "
        "INFO if it is not set, in staging DEBUG.",
    )
    clock_shift_seconds: int = Field(
        0,
        validation_alias="DARS_CLOCK_SHIFT_SECONDS",
        description="Rehearsals only: moves the clock of the process by so many seconds.",
    )

    @property
    def clock_shift(self) -> timedelta:
        """By how much the clock is moved."""
        return timedelta(seconds=self.clock_shift_seconds)

    @property
    def level(self) -> str:
        """The least severe level that is logged."""
        return self.log_level or ("DEBUG" if self.env is Environment.STAGING else "INFO")

    @property
    def is_public(self) -> bool:
        """Whether strangers are served, so that nothing leads them to this machine."""
        return self.env in {Environment.STAGING, Environment.PRODUCTION}

    @property
    def logs_json(self) -> bool:
        """Whether lines are for programs, not for people."""
        return self.is_public


class DatabaseSettings(_Group):
    """Where everything is kept, and the connections to it."""

    url: SecretStr = Field(
        SecretStr("sqlite+aiosqlite:///.dars/dars.db"),
        validation_alias="DATABASE_URL",
        description="SQLite file or PostgreSQL server; postgres:// and ?sslmode= are understood.",
    )
    pool_size: int = Field(
        5,
        validation_alias="DARS_DB_POOL_SIZE",
        ge=1,
        le=100,
        description="PostgreSQL connections kept open.",
    )
    max_overflow: int = Field(
        10,
        validation_alias="DARS_DB_MAX_OVERFLOW",
        ge=0,
        le=200,
        description="More of them under load.",
    )
    pool_timeout_seconds: float = Field(
        30,
        validation_alias="DARS_DB_POOL_TIMEOUT",
        gt=0,
        description="Wait for a free connection, seconds.",
    )
    pool_recycle_seconds: int = Field(
        3600,
        validation_alias="DARS_DB_POOL_RECYCLE",
        ge=1,
        description="Age in seconds at which a connection is replaced before its next use.",
    )
    pre_ping: bool = Field(
        False,
        validation_alias="DARS_DB_PRE_PING",
        description="true: each connection is asked before its use whether it lives. "
        "An update that meets a dead one is tried again anyway.",
    )
    pgbouncer: bool = Field(
        False,
        validation_alias="DARS_DB_PGBOUNCER",
        description="true when PgBouncer in transaction mode stands before PostgreSQL.",
    )


class TelegramSettings(_Group):
    """The bot at Telegram."""

    token: SecretStr | None = Field(
        None,
        validation_alias="TELEGRAM_BOT_TOKEN",
        description="The token that @BotFather gave for the bot.",
    )
    api_url: str = Field(
        "https://api.telegram.org",
        validation_alias="DARS_TELEGRAM_API_URL",
        pattern=r"^https?://\S+$",
        description="Base address of the Bot API; the sandbox or a local Bot API server.",
    )


class WebhookSettings(_Group):
    """The webhook: updates that Telegram delivers by itself."""

    url: str | None = Field(
        None,
        validation_alias="DARS_WEBHOOK_URL",
        pattern=r"^https?://[^/\s]+(/\S*)?$",
        description="Public address that Telegram calls, https; its path is the one served.",
    )
    secret: SecretStr | None = Field(
        None,
        validation_alias="DARS_WEBHOOK_SECRET",
        description="Proves that a call is Telegram's: 16 to 256 letters, digits, - and _.",
    )
    host: str = Field(
        "127.0.0.1",
        validation_alias="DARS_WEBHOOK_HOST",
        description="Address to listen on for the webhook, behind the proxy.",
    )
    port: int = Field(
        8090,
        validation_alias="DARS_WEBHOOK_PORT",
        ge=0,
        le=65535,
        description="Port for the webhook; 0 any.",
    )
    connections: int = Field(
        40,
        validation_alias="DARS_WEBHOOK_CONNECTIONS",
        ge=1,
        le=100,
        description="Most updates that Telegram may deliver at once, over all processes.",
    )

    @field_validator("secret")
    @classmethod
    def _check_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("expected 16 to 256 letters, digits, - and _")
        return value


class OperatorSettings(_Group):
    """The operators, and the port that only they reach."""

    ids: tuple[int, ...] = Field(
        (),
        validation_alias="DARS_OPERATORS",
        description="Telegram ids of the operators, separated by commas.",
    )
    host: str = Field(
        "127.0.0.1",
        validation_alias="DARS_METRICS_HOST",
        description="Address to listen on for operators only: never a public one.",
    )
    port: int | None = Field(
        None,
        validation_alias="DARS_METRICS_PORT",
        ge=0,
        le=65535,
        description="Port of /healthz, /readyz and /metrics; empty is none, 0 any free one.",
    )
    queue_age_limit_seconds: float = Field(
        600.0,
        validation_alias="DARS_QUEUE_AGE_LIMIT",
        gt=0,
        description="A job that has been waiting for longer makes /readyz and `dars health` fail.",
    )
    worker_silence_limit_seconds: float = Field(
        120.0,
        validation_alias="DARS_WORKER_SILENCE_LIMIT",
        gt=0,
        description="When no worker was seen for so long, /readyz and `dars health` fail.",
    )

    daily_ids: tuple[int, ...] = Field(
        (),
        validation_alias="DARS_DAILY_FIGURES_TO",
        description="Telegram ids of those who are told each morning how the day before went.",
    )

    @field_validator("ids", "daily_ids", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Read "1, 2" as two numbers."""
        return value.replace(",", " ").split() if isinstance(value, str) else value


class ModelSettings(_Group):
    """The language model that makes hints."""

    api_key: SecretStr | None = Field(
        None,
        validation_alias="ANTHROPIC_API_KEY",
        description="Key of the Messages API; without one every hint is an authored one.",
    )
    base_url: str = Field(
        "https://api.anthropic.com",
        validation_alias="ANTHROPIC_BASE_URL",
        pattern=r"^https?://\S+$",
        description="Base address of the Messages API; a gateway or a local server.",
    )
    makes_hints: bool = Field(
        False,
        validation_alias="DARS_MODEL_HINTS",
        description="true: hints may be made by a model for pupils who accepted it. Read "
        "docs/hints.md first: the provider's terms for minors, and what a hint costs.",
    )
    en: str = Field(
        "claude-haiku-5-5",
        validation_alias="DARS_MODEL_EN",
        pattern=_MODEL,
        description="Model of hints in English.",
    )
    bn: str = Field(
        "claude-haiku-5-5",
        validation_alias="DARS_MODEL_BN",
        pattern=_MODEL,
        description="Model of hints in Bangla.",
    )

    @property
    def by_language(self) -> dict[str, str]:
        """Which model makes hints in a language."""
        return {"en": self.en, "bn": self.bn}


class CostSettings(_Group):
    """What calls of a model cost, and what they may cost."""

    prices: dict[str, ModelPrices] = Field(
        {},
        validation_alias="DARS_MODEL_PRICES",
        description="Prices of models that the price list does not know, as JSON, in US dollars "
        'per million tokens: {"my-model": {"input": "0.2", "output": "0.8"}}; cache_read, '
        "cache_write and cache_write_1h; one that is missing is that of input.",
    )
    day_usd: Decimal = Field(
        Decimal(5),
        validation_alias="DARS_BUDGET_DAY_USD",
        ge=0,
        description="Most that all calls of a model may cost in a day (UTC), US dollars.",
    )
    pupil_day_usd: Decimal = Field(
        Decimal("0.05"),
        validation_alias="DARS_BUDGET_PUPIL_DAY_USD",
        ge=0,
        description="Most that the calls for one pupil may cost in a day (UTC), US dollars.",
    )
    pupil_day_requests: int = Field(
        60,
        validation_alias="DARS_REQUESTS_PUPIL_DAY",
        ge=0,
        description="Most calls of a model for one pupil in a day (UTC), whatever they cost.",
    )
    month_usd: Decimal = Field(
        Decimal(50),
        validation_alias="DARS_BUDGET_MONTH_USD",
        ge=0,
        description="Most that all calls of a model may cost in a month (UTC), US dollars.",
    )

    @field_validator("prices", mode="before")
    @classmethod
    def _read(cls, value: object) -> object:
        """Read JSON; what is wrong with it is not repeated, as that would quote it."""
        try:
            return from_json(value) if isinstance(value, str) else value
        except ValueError:
            raise ValueError("expected JSON") from None


class NudgeSettings(_Group):
    """Nudges."""

    per_second: float = Field(
        25.0,
        validation_alias="DARS_NUDGES_PER_SECOND",
        ge=1,
        le=1000,
        description="Most nudges a second, over all workers; Telegram allows 30 messages in all.",
    )


class JobSettings(_Group):
    """Jobs in the background."""

    heartbeat_seconds: float = Field(
        30.0,
        validation_alias="DARS_JOB_HEARTBEAT",
        ge=1,
        description="A job of a worker that was silent for so long is taken over by another.",
    )


class KeepSettings(_Group):
    """For how long what is kept; `dars db prune` and a job each hour delete what is older."""

    updates_hours: int = Field(
        72,
        validation_alias="DARS_KEEP_UPDATES_HOURS",
        ge=25,
        description="Hours for which handled updates are known; Telegram sends again for 24.",
    )
    messages_days: int = Field(
        60,
        validation_alias="DARS_KEEP_MESSAGES_DAYS",
        ge=35,
        description="Days for which it is known what Dars wrote first; nudges look 35 back.",
    )
    silent_days: int = Field(
        30,
        validation_alias="DARS_KEEP_SILENT_DAYS",
        ge=1,
        description="Silent days after which somebody is forgotten who never agreed.",
    )
    hint_requests_hours: int = Field(
        1,
        validation_alias="DARS_KEEP_HINT_REQUESTS_HOURS",
        ge=1,
        description="Hours for which a hint that was sent is known.",
    )
    sync_runs_days: int = Field(
        30,
        validation_alias="DARS_KEEP_SYNC_RUNS_DAYS",
        ge=1,
        description="Days for which it is known when schools were read.",
    )
    exports_days: int = Field(
        30,
        validation_alias="DARS_KEEP_EXPORTS_DAYS",
        ge=1,
        description="Days for which it is known that somebody asked for their data.",
    )
    timings_days: int = Field(
        14,
        validation_alias="DARS_KEEP_TIMINGS_DAYS",
        ge=1,
        description="Days for which timings of statements are kept.",
    )
    job_log_days: int = Field(
        7,
        validation_alias="DARS_KEEP_JOB_LOG_DAYS",
        ge=1,
        description="Days for which the job engine's own records are kept.",
    )
    workers_days: int = Field(
        1,
        validation_alias="DARS_KEEP_WORKERS_DAYS",
        ge=1,
        description="Days for which a worker is known that was not seen again.",
    )
    backups_days: int = Field(
        14,
        validation_alias="DARS_KEEP_BACKUPS_DAYS",
        ge=0,
        description="Days for which you keep backups and archived logs of the database: "
        "/privacy says it. The timer in deploy/systemd keeps 14; set both alike.",
    )


class CanvasSettings(_Group):
    """Schools at Canvas: how politely and how patiently they are read."""

    requests_per_host: int = Field(
        20,
        validation_alias="DARS_CANVAS_REQUESTS_PER_HOST",
        ge=1,
        le=100,
        description="Most requests to one school at once, by one process; of one token it is one.",
    )
    request_seconds: float = Field(
        30.0,
        validation_alias="DARS_CANVAS_REQUEST_SECONDS",
        gt=0,
        description="Longest wait for one answer of a school, seconds.",
    )
    sync_seconds: float = Field(
        1800.0,
        validation_alias="DARS_CANVAS_SYNC_SECONDS",
        gt=0,
        description="Longest time in which one connection is read, seconds.",
    )
    retries: int = Field(
        5,
        validation_alias="DARS_CANVAS_RETRIES",
        ge=0,
        le=10,
        description="How often a request is made again that was cut, throttled or answered 5xx.",
    )
    pause_seconds: float = Field(
        0.5,
        validation_alias="DARS_CANVAS_PAUSE_SECONDS",
        gt=0,
        le=60,
        description="Pause before the first of those, seconds; each further one is twice as long.",
    )
    most_pages: int = Field(
        2000,
        validation_alias="DARS_CANVAS_MOST_PAGES",
        ge=1,
        description="A list of a school with more pages is an error, never cut short in silence.",
    )
    refresh_minutes: int = Field(
        60,
        validation_alias="DARS_CANVAS_REFRESH_MINUTES",
        ge=5,
        description="After how many minutes a school is read again in the background.",
    )
    refresh_requests_per_hour: int = Field(
        100,
        validation_alias="DARS_CANVAS_REFRESH_REQUESTS",
        ge=1,
        description="Most requests an hour in the background over one connection.",
    )
    refresh_whole_hours: int = Field(
        24,
        validation_alias="DARS_CANVAS_REFRESH_WHOLE_HOURS",
        ge=1,
        description="After how many hours all of a pupil's courses are read again; in between "
        "only those of which their planner says that something has changed.",
    )
    contact: str | None = Field(
        None,
        validation_alias="DARS_CANVAS_CONTACT",
        pattern=r"^[\x21-\x7e]{3,200}$",
        description="Address at which a school can reach you: it stands in the User-Agent.",
    )

    @property
    def agent(self) -> str:
        """How Dars names itself to a school."""
        return f"Dars/{version('dars')}" + (f" (+{self.contact})" if self.contact else "")


class SecretSettings(_Group):
    """The keys with which other people's tokens are encrypted."""

    keys: tuple[SecretStr, ...] = Field(
        (),
        validation_alias="DARS_SECRET_KEYS",
        description="Keys that encrypt tokens of Canvas, the newest first, separated by commas; "
        "`dars secrets key` makes one. Without one nobody can connect a school.",
    )

    @field_validator("keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Read "new, old" as two keys."""
        return value.replace(",", " ").split() if isinstance(value, str) else value

    @field_validator("keys")
    @classmethod
    def _check_keys(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if not all(_KEY.fullmatch(key.get_secret_value()) for key in value):
            raise ValueError("expected keys of 44 letters, digits, - and _, each ending in =")
        return value


class PremiumSettings(_Group):
    """Premium, which an adult may pay in Telegram Stars."""

    stars: int = Field(
        0,
        validation_alias="DARS_PREMIUM_STARS",
        ge=0,
        le=10_000,
        description="Price of 30 days of premium, in Telegram Stars; 0: nothing is sold, and "
        "everybody has all of it. Read docs/premium.md before selling.",
    )
    support: str | None = Field(
        None,
        validation_alias="DARS_PREMIUM_SUPPORT",
        validate_default=True,
        pattern=r"^[\x21-\x7e]{2,100}$",
        description="Who answers about payments, as /paysupport says it: a name with its @, or an "
        "address of mail. Needed where a price is set.",
    )
    period_seconds: int = Field(
        2_592_000,
        validation_alias="DARS_PREMIUM_PERIOD_SECONDS",
        ge=10,
        description="What is paid for, seconds: 30 days, the only period that Telegram takes; "
        "its test servers take 60 or 300.",
    )

    @field_validator("support")
    @classmethod
    def _check_support(cls, value: str | None, others: ValidationInfo) -> str | None:
        if value is None and others.data.get("stars"):
            raise ValueError("missing: who pays must be able to ask somebody")
        return value


class WebSettings(_Group):
    """The pages for teachers and the HTTP API."""

    url: str | None = Field(
        None,
        validation_alias="DARS_WEB_URL",
        pattern=r"^https?://[^/\s?#]+$",
        description="Public address of the pages, https, without a path; without it the bot "
        "offers no page to teachers.",
    )
    host: str = Field(
        "127.0.0.1",
        validation_alias="DARS_WEB_HOST",
        description="Address to listen on for pages and API, behind the proxy.",
    )
    port: int = Field(
        8091,
        validation_alias="DARS_WEB_PORT",
        ge=0,
        le=65535,
        description="Port for pages and API; 0 any.",
    )

    calls_per_minute: int = Field(
        600,
        validation_alias="DARS_API_CALLS_PER_MINUTE",
        ge=1,
        description="Most calls of the HTTP API a minute with one token, in each process.",
    )

    @property
    def is_secure(self) -> bool:
        """Whether browsers come by https."""
        return self.url is not None and self.url.startswith("https://")


class DemoSettings(_Group):
    """The demo."""

    data_dir: Path = Field(
        Path(".dars"),
        validation_alias="DARS_DATA_DIR",
        description="Folder for local files of the demo.",
    )


class Settings(BaseModel):
    """Every setting; each part of Dars is handed its own group."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    process: ProcessSettings = ProcessSettings()
    database: DatabaseSettings = DatabaseSettings()
    telegram: TelegramSettings = TelegramSettings()
    webhook: WebhookSettings = WebhookSettings()
    operators: OperatorSettings = OperatorSettings()
    model: ModelSettings = ModelSettings()
    costs: CostSettings = CostSettings()
    nudges: NudgeSettings = NudgeSettings()
    jobs: JobSettings = JobSettings()
    keep: KeepSettings = KeepSettings()
    canvas: CanvasSettings = CanvasSettings()
    encryption: SecretSettings = SecretSettings()
    premium: PremiumSettings = PremiumSettings()
    web: WebSettings = WebSettings()
    demo: DemoSettings = DemoSettings()

    @property
    def secrets(self) -> list[str]:
        """What must never be shown, of all groups."""
        given = (value for _, group in self for _, value in group)
        values = (one for value in given for one in (value if type(value) is tuple else (value,)))
        return [value.get_secret_value() for value in values if isinstance(value, SecretStr)]


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


def load_settings(variables: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Args:
        variables: Values by the name of the variable; None reads the environment and ``.env``.

    Raises:
        SettingsError: A variable is missing, wrong or unknown; the message names each and what is
            expected.
    """
    sources: tuple[Mapping[str, str | None], ...] = (dotenv_values(".env"), os.environ)
    if variables is not None:
        sources = (variables,)
    # The later source wins, but empty is not set; each group takes the variables that it knows.
    given = {name.upper(): value for each in sources for name, value in each.items() if value}
    unknown = _explain_unknown(given)
    try:
        settings = Settings.model_validate(dict.fromkeys(Settings.model_fields, given))
    except ValidationError as error:
        raise SettingsError("; ".join([*unknown, *_explain(error)])) from None
    if unknown:
        raise SettingsError("; ".join(unknown))
    return settings


def _explain_unknown(given: Iterable[str]) -> list[str]:
    """Name each variable that looks like a setting and is none, with the nearest that is one."""
    known = known_variables()
    unknown = {name for name in given if name.startswith("DARS_")} - known.keys() - _OF_COMPOSE
    nearest = {name: get_close_matches(name, known, n=1, cutoff=0) for name in sorted(unknown)}
    return [f"{name}: there is no such setting; is it {best}?" for name, [best] in nearest.items()]


def known_variables() -> dict[str, FieldInfo]:
    """Return every setting by the variable that sets it."""
    fields = (field for _, group in Settings() for field in type(group).model_fields.values())
    return {str(field.validation_alias): field for field in fields}


def _explain(error: ValidationError) -> list[str]:
    """Name each wrong variable and what is expected, without its value: it may be a secret."""
    known, lines = known_variables(), []
    for fault in error.errors(include_input=False, include_url=False):
        group, name, *_ = map(str, fault["loc"])
        if name not in known:  # one that was not given is named by its field
            fields = type(getattr(Settings(), group)).model_fields
            name = str(fields[name].validation_alias)
        reason = fault["msg"].removeprefix("Value error, ")
        lines.append(f"{name}: {reason} ({known[name].description})")
    return lines
