"""Commands whose modules are imported when they are run: `dars --help` needs none of them."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar, NamedTuple

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group


class Entry(NamedTuple):
    """A command.

    Attributes:
        place: Module and name of its function, or of the `typer.Typer` of a group.
        help: Its line in the list: as in its own help, which a test compares.
    """

    place: str
    help: str


def lazy_app(words: str, entries: Mapping[str, Entry]) -> typer.Typer:
    """Return an application of commands.

    Args:
        words: What it says of itself.
        entries: Its commands by name, in the order of the list.
    """
    group = type("Commands", (_Commands,), {"entries": dict(entries)})
    # Rich would cost half of what the help takes.
    app = typer.Typer(
        cls=group,
        help=words,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    # Without one, typer takes a single command to be the whole application.
    app.callback()(_nothing)
    return app


def load(name: str, entry: Entry) -> Any:
    """Import a command."""
    module, _, attribute = entry.place.partition(":")
    found = getattr(import_module(module), attribute)
    if isinstance(found, typer.Typer):
        return get_group(found)
    single = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    single.command(name)(found)
    return get_command(single)


class _Commands(TyperGroup):
    """Knows its commands by name and help."""

    entries: ClassVar[dict[str, Entry]] = {}

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names."""
        return list(self.entries)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import one; None where there is none of that name."""
        entry = self.entries.get(cmd_name)
        return None if entry is None else load(cmd_name, entry)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in self.entries.items()])


def _nothing() -> None:
    """Do nothing before a command."""
