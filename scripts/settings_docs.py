"""The example of a ``.env`` file, from the settings."""

from enum import Enum
from textwrap import wrap

from pydantic import SecretStr

from src.settings import Settings

HEADING = "Copy to .env and change what you need. Generated from src/settings.py by make fmt."


def render_env_example(_present: str) -> str:
    """List every setting with its default, commented out."""
    blocks = [f"# {HEADING}"]
    for field in Settings.model_fields.values():
        words = "\n".join(f"# {line}" for line in wrap(field.description or "", 96))
        blocks.append(f"{words}\n#{field.alias}={_print(field.default)}")
    return "\n\n".join(blocks) + "\n"


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
