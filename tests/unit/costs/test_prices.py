"""What calls cost, and that no call can cost more than was reserved for it."""

import json
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.clients.calls import Message, Prompt, Usage
from src.costs.prices import PriceList
from src.errors import SettingsError
from src.settings import ModelPrices
from tests.fixtures import messages_api

PRICES = PriceList()
HAIKU = "claude-haiku-5-5"


def test_the_worked_example() -> None:
    usage = Usage(input_tokens=120, output_tokens=90, cache_read_tokens=4200)
    assert PRICES.price(HAIKU, usage).usd == Decimal("0.000099")


@pytest.mark.parametrize(
    ("usage", "usd"),
    [
        (Usage(1_000, 0), "0.0001"),
        (Usage(0, 1_000), "0.0005"),
        (Usage(0, 1_000, thinking_tokens=900), "0.0005"),
        (Usage(0, 0, cache_read_tokens=1_000), "0.00001"),
        (Usage(0, 0, cache_write_tokens=1_000), "0.000125"),
        (Usage(0, 0, cache_write_1h_tokens=1_000), "0.0002"),
        (Usage(1_000, 0, in_us_only=True), "0.00011"),
        (Usage(100_000, 0), "0.01"),
        (Usage(100_001, 0), "0.0500005"),
        (Usage(1, 0, cache_read_tokens=100_000), "0.0050005"),
    ],
)
def test_each_kind_of_token_has_its_price(usage: Usage, usd: str) -> None:
    assert PRICES.price(HAIKU, usage).usd == Decimal(usd)


@pytest.mark.parametrize("model", sorted(messages_api.PRICES))
def test_the_list_agrees_with_a_second_one(model: str) -> None:
    usage = Usage(1_001, 203, cache_read_tokens=77, cache_write_tokens=501)
    told = {
        "input_tokens": 1_001,
        "output_tokens": 203,
        "cache_read_input_tokens": 77,
        "cache_creation_input_tokens": 501,
        "inference_geo": "not_available",
    }
    for batch in (False, True):
        usd = PRICES.price(model, usage, batch=batch).usd
        assert 0 <= usd - messages_api.price(model, told, batch=batch) < Decimal("1e-10")


def test_prices_of_long_prompts_are_kept_as_they_were() -> None:
    rates = PRICES.price(HAIKU, Usage(150_000, 1)).rates
    assert (rates["input"], rates["output"], rates["cache_write_1h"]) == ("0.5", "2.5", "1")


def test_given_prices_come_first_and_know_the_cache() -> None:
    given_prices = ModelPrices.model_validate(
        {"input": "0.2", "output": "0.8", "cache_read": "0.02"}
    )
    prices = PriceList({HAIKU: given_prices, "own": given_prices})
    usage = Usage(1_000_000, 1_000_000, 1_000_000, 1_000_000, 1_000_000)
    for model in (HAIKU, "own"):
        price = prices.price(model, usage)
        assert price.usd == Decimal("0.2") + Decimal("0.8") + Decimal("0.02") + Decimal("0.4")
        assert price.rates["source"] == "settings"
    assert prices.price("own", usage, batch=True).usd == Decimal("0.71")


@pytest.mark.parametrize("model", ["gpt-oss", "claude-haiku-55", ""])
def test_a_model_without_a_price_is_refused_by_name(model: str) -> None:
    with pytest.raises(SettingsError, match="DARS_MODEL_PRICES") as raised:
        PRICES.require([HAIKU, model])
    assert repr(model) in str(raised.value)


TEXT = st.text(max_size=200) | st.text(alphabet="০১২ক্ষ্ম😀é", max_size=200)


@given(TEXT, TEXT, st.integers(1, 4096), st.data())
def test_no_call_costs_more_than_was_reserved(
    system: str, said: str, max_tokens: int, data: st.DataObject
) -> None:
    """Whatever the tokenizer and the cache do: a token is at least one byte."""
    prompt = Prompt(HAIKU, system, [Message("user", said)], max_tokens)
    tokens = data.draw(st.integers(0, len((system + said).encode()) + 600))
    written = data.draw(st.integers(0, tokens))
    read = data.draw(st.integers(0, tokens - written))
    usage = Usage(
        input_tokens=tokens - written - read,
        output_tokens=data.draw(st.integers(0, max_tokens)),
        cache_read_tokens=read,
        cache_write_tokens=written,
        in_us_only=data.draw(st.booleans()),
    )
    for batch in (False, True):
        worst = PRICES.upper_bound(prompt, batch=batch)
        assert PRICES.price(HAIKU, usage, batch=batch).usd <= worst.usd


def test_a_prompt_past_the_tier_is_reserved_at_its_prices() -> None:
    prompt = Prompt(HAIKU, "x" * 120_000, [], 100)
    assert PRICES.upper_bound(prompt).rates["output"] == "2.5"


def test_prices_need_no_network_and_are_not_loaded_before_they_are_asked() -> None:
    """In a process of its own, in which every socket fails."""
    code = """
import json, socket, sys
import src.costs.meter, src.clients.claude, cli.costs
early = [name for name in ("anthropic", "genai_prices", "PIL", "resvg_py") if name in sys.modules]
def refuse(*args, **kwargs):
    raise OSError("no network")
socket.socket = refuse
from src.costs.prices import PriceList
from src.clients.calls import Usage
print(json.dumps([early, str(PriceList().price("claude-haiku-5-5", Usage(10, 10)).usd)]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [[], "0.0000060000"]
