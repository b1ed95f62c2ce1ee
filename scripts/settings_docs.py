"""The example of a ``.env`` file, from the settings."""

from collections.abc import Iterator
from enum import Enum
from textwrap import wrap

from pydantic import BaseModel, SecretStr

from src.settings import Settings

HEADING = "Copy to .env and change what you need. Generated from src/settings.py by make fmt."


def render_env_example(_present: str) -> str:
    """List every setting with its default, commented out, in groups."""
    blocks = [f"# {HEADING}"]
    for name, group in Settings():
        blocks += [f"# [{name}] {group.__doc__}", *_settings_of(type(group))]
    return "\n\n".join(blocks) + "\n"


def _settings_of(group: type[BaseModel]) -> Iterator[str]:
    for field in group.model_fields.values():
        words = "\n".join(f"# {line}" for line in wrap(field.description or "", 96))
        yield f"{words}\n#{field.validation_alias}={_print(field.default)}"


def _print(default: object) -> str:
    if default is None:
        return ""
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    if isinstance(default, tuple):
        return ",".join(map(str, default))
    if isinstance(default, Enum):
        return str(default.value)
    return str(default).lower() if isinstance(default, bool) else str(default)
