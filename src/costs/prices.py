"""What tokens cost: from a price list that comes with the code, or from settings. No network."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from src.clients.calls import Prompt, Usage
from src.errors import SettingsError
from src.models.types import to_money
from src.settings import ModelPrices

_MILLION = Decimal(1_000_000)
_BATCH = Decimal("0.5")
# The price list does not know that calls which are kept in the US cost a tenth more.
_US_ONLY = Decimal("1.1")


@dataclass(frozen=True, slots=True)
class Price:
    """What a call costs.

    Attributes:
        usd: US dollars; what is finer than 1e-10 is rounded up.
        rates: Where the prices are from, and US dollars per million tokens, for the ledger.
    """

    usd: Decimal
    rates: Mapping[str, str]


class PriceList:
    """The prices of all models that may be called."""

    def __init__(self, given: Mapping[str, ModelPrices] | None = None) -> None:
        """Use the packaged list, and the given prices before it."""
        self._given = given or {}

    def require(self, models: Iterable[str]) -> None:
        """Refuse models without a price.

        Raises:
            SettingsError: There is one; the message names it.
        """
        for model in models:
            self.price(model, Usage(input_tokens=1, output_tokens=1))

    def price(self, model: str, usage: Usage, *, batch: bool = False) -> Price:
        """Return what a call costs; an estimate at the dearest that it can be.

        Args:
            model: The name by which it was asked for.
            usage: What the provider counted.
            batch: Whether it came through the Message Batches API, at half the price.

        Raises:
            SettingsError: Nobody knows the prices of the model.
        """
        if not usage.is_estimate:
            return self._price(model, usage, batch=batch)
        # Nobody knows how much of the input was written to the cache, which costs more.
        written = replace(
            usage,
            input_tokens=0,
            cache_write_tokens=usage.cache_write_tokens + usage.input_tokens,
        )
        prices = (self._price(model, each, batch=batch) for each in (usage, written))
        return max(prices, key=lambda price: price.usd)

    def _price(self, model: str, usage: Usage, *, batch: bool) -> Price:
        given = self._given.get(model)
        if given is not None:
            return _price_as_given(given, usage, batch=batch)
        price = _price_from_list(model, usage, batch=batch)
        if not usage.in_us_only:
            return price
        return Price(to_money(price.usd * _US_ONLY), {**price.rates, "us_only": str(_US_ONLY)})

    def upper_bound(self, prompt: Prompt, *, batch: bool = False) -> Price:
        """Return the most that an answer to a prompt can cost; needs no tokenizer and no network.

        Raises:
            SettingsError: Nobody knows the prices of the model.
        """
        most = Usage(prompt.most_input_tokens, prompt.max_tokens, in_us_only=True, is_estimate=True)
        return self.price(prompt.model, most, batch=batch)


def _price_as_given(given: ModelPrices, usage: Usage, *, batch: bool) -> Price:
    share = _BATCH if batch else Decimal(1)
    rates = {
        "input": given.input,
        "output": given.output,
        "cache_read": given.input if given.cache_read is None else given.cache_read,
        "cache_write": given.input if given.cache_write is None else given.cache_write,
        "cache_write_1h": given.input if given.cache_write_1h is None else given.cache_write_1h,
    }
    dollars = sum(rates[name] * getattr(usage, f"{name}_tokens") for name in rates) * share
    stored = {name: str(rate * share) for name, rate in rates.items()}
    return Price(to_money(Decimal(dollars) / _MILLION), {"source": "settings", **stored})


def _price_from_list(model: str, usage: Usage, *, batch: bool) -> Price:
    # Half a second of CPU: spared where no model is called.
    import genai_prices  # noqa: PLC0415

    response = {"model": model, "usage": _as_reported(usage)}
    try:
        call = genai_prices.extract_usage(response, provider_id="anthropic").calc_price(
            price_context={"processing": "batch"} if batch else None
        )
    except LookupError:
        raise SettingsError(
            f"nobody knows what the model {model!r} costs: name another one "
            "(DARS_MODEL_EN, DARS_MODEL_BN) or give its prices in DARS_MODEL_PRICES"
        ) from None
    rates = _rates_of(call.model_price, usage.all_input_tokens)
    source = {"source": f"genai-prices {genai_prices.__version__}"}
    return Price(to_money(call.total_price), source | rates)


def _as_reported(usage: Usage) -> dict[str, Any]:
    """Return the usage as the Messages API reports it, which the price list knows how to read."""
    return {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cache_read_input_tokens": usage.cache_read_tokens,
        "cache_creation_input_tokens": usage.cache_write_tokens + usage.cache_write_1h_tokens,
        "cache_creation": {
            "ephemeral_5m_input_tokens": usage.cache_write_tokens,
            "ephemeral_1h_input_tokens": usage.cache_write_1h_tokens,
        },
        "output_tokens_details": {"thinking_tokens": usage.thinking_tokens},
    }


def _rates_of(prices: Any, input_tokens: int) -> dict[str, str]:
    """Return the prices per million tokens that hold for a prompt of a given length."""
    rates = {}
    for name in ("input", "output", "cache_read", "cache_write", "cache_write_1h"):
        rate = getattr(prices, f"{name}_mtok", None)
        for tier in getattr(rate, "tiers", ()):
            if input_tokens > tier.start:
                rates[name] = str(tier.price)
        if rate is not None and name not in rates:
            rates[name] = str(getattr(rate, "base", rate))
    return rates
