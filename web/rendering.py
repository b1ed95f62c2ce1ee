"""Pages from templates: what is missing is an error, what people wrote is escaped."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from src.language import Language, language_of
from src.teaching.wording import flag_name, flag_numbers
from web.words import Words, words

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "Language": Language,
        "flag_name": flag_name,
        "flag_numbers": flag_numbers,
    }
    return environment


def page(name: str, t: Words, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page.

    Args:
        name: Of the template, without its ending.
        t: The texts.
        status: Of HTTP.
        values: What the template shows.
    """
    template = _environment().get_template(f"{name}.html")
    return HTMLResponse(template.render(t=t, **values), status)


def preferred(header: str | None) -> Words:
    """Return the texts in the language that a browser prefers: the first of ``Accept-Language``."""
    first = (header or "").split(",")[0].split(";")[0].strip()
    return words(language_of(first or None))
