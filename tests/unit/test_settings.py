"""Where the settings come from, and how a wrong one is told."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from src.errors import SettingsError
from src.settings import Settings, known_variables, load_settings


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty working directory of a process that was given no setting."""
    for name in os.environ.keys() & known_variables().keys():
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_not_set_has_its_default(folder: Path) -> None:
    assert load_settings() == Settings()


def test_the_environment_goes_before_the_file_but_not_with_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text("DARS_DB_POOL_SIZE=7\nDARS_WEBHOOK_PORT=81\nDARS_MODEL_EN=\n")
    monkeypatch.setenv("DARS_DB_POOL_SIZE", "")
    monkeypatch.setenv("dars_webhook_port", "82")
    settings = load_settings()
    assert (settings.database.pool_size, settings.webhook.port) == (7, 82)
    assert settings.model.en == "claude-haiku-5-5"


@pytest.mark.parametrize("name", ["PORT", "HOST", "URL", "TOKEN", "SECRET", "ENV", "LOG_LEVEL"])
def test_a_variable_of_another_program_is_left_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "7")
    monkeypatch.setenv(name.lower(), "7")
    assert load_settings() == Settings()


def test_each_variable_belongs_to_one_setting() -> None:
    groups = [type(group).model_fields for _, group in Settings()]
    assert len(known_variables()) == sum(map(len, groups))
    assert all(name.isupper() and field.description for name, field in known_variables().items())


def test_values_of_several_parts_are_read() -> None:
    settings = load_settings(
        {"DARS_OPERATORS": "1, 2", "DARS_MODEL_PRICES": '{"m": {"input": 0.1, "output": "3"}}'}
    )
    assert settings.operators.ids == (1, 2)
    assert settings.costs.prices["m"].input == Decimal("0.1")


def test_all_that_is_wrong_is_told_at_once_whatever_its_group() -> None:
    wrong = {
        "DARS_DB_POOL_SIZE": "0",
        "DARS_WEBHOOK_SECRET": "sesame",
        "DARS_MODEL_PRICES": "sesame",
        "DARS_JOB_HEARTBEAT": "soon",
    }
    with pytest.raises(SettingsError) as caught:
        load_settings(wrong)
    said = str(caught.value)
    assert [name for name in wrong if f"{name}: " not in said] == []
    assert "DARS_MODEL_PRICES: expected JSON" in said
    assert "sesame" not in said


def test_the_secrets_of_all_groups_are_known_and_never_shown() -> None:
    values = {
        "DATABASE_URL": "postgresql://dars:hunter22@db/dars",
        "TELEGRAM_BOT_TOKEN": "a-token",
        "DARS_WEBHOOK_SECRET": "a-secret-of-a-webhook",
        "ANTHROPIC_API_KEY": "a-key",
    }
    settings = load_settings(values)
    assert sorted(settings.secrets) == sorted(values.values())
    assert not any(value in repr(settings) for value in values.values())


def test_a_variable_that_is_no_setting_stops_the_start_with_the_nearest() -> None:
    misspelt = {"DARS_BUDGETDAY": "3", "DARS_NUDGE_PER_SECOND": "1", "DARS_DB_POOL_SIZE": "0"}
    with pytest.raises(SettingsError) as caught:
        load_settings(misspelt)
    said = str(caught.value)
    assert "DARS_BUDGETDAY: there is no such setting; is it DARS_BUDGET_DAY_USD?" in said
    assert "DARS_NUDGE_PER_SECOND: there is no such setting; is it DARS_NUDGES_PER_SECOND?" in said
    assert "DARS_DB_POOL_SIZE: " in said


def test_what_only_compose_reads_stops_nothing() -> None:
    given = {"DARS_DOMAIN": "dars.example", "DARS_IMAGE": "dars", "DARS_MODEL_EN_OLD": ""}
    assert load_settings(given) == Settings()
