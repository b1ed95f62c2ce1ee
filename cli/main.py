"""The ``dars`` command: the operators' door. Each error becomes one line; no traceback.

A command is a line in `COMMANDS`: its module is imported when it is run.
"""

import sys

from cli.lazy import Entry, lazy_app
from src.errors import DarsError

COMMANDS = {
    "announce": Entry("cli.announce:app", "Tell pupils something, in both languages."),
    "answers": Entry("cli.answers:app", "Look at how answers are judged."),
    "api": Entry("cli.api:app", "The HTTP API."),
    "audit": Entry(
        "cli.students:show_audit",
        "List who looked at, connected, fixed, retired, settled or erased what, the latest first.",
    ),
    "bot": Entry("cli.processes:bot", "Run the bot; needs TELEGRAM_BOT_TOKEN."),
    "canvas": Entry("cli.schools:app", "Look after schools at Canvas."),
    "content": Entry("cli.content:app", "Check, import, count and vary problems."),
    "costs": Entry("cli.costs:app", "What the language model costs."),
    "db": Entry("cli.db:app", "The schema of the database, and backups of it."),
    "demo": Entry(
        "cli.processes:demo",
        "Run Dars with a web chat in the browser: no token, no key, no server.",
    ),
    "health": Entry(
        "cli.health:show_health",
        "Look at the database, its schema, queue and workers; exit with 1 if anything is wrong.",
    ),
    "hints": Entry("cli.hints:app", "Hints that a model makes."),
    "insights": Entry("cli.insights:app", "Look at what estimates and flags are worth."),
    "mastery": Entry("cli.mastery:app", "Look after what is known of pupils."),
    "nudges": Entry("cli.nudges:app", "Look at the nudges."),
    "outbox": Entry("cli.outbox:app", "Look at what Dars writes first."),
    "practice": Entry("cli.practice:app", "Look into the practice of pupils."),
    "premium": Entry("cli.premium:app", "Who has premium, what is given, what goes back."),
    "secrets": Entry("cli.secrets:app", "Look after the keys of other people's tokens."),
    "stats": Entry(
        "cli.stats:show_stats",
        "Pupils, sessions, topics, problems, nudges, costs over some days; nobody is named.",
    ),
    "streaks": Entry("cli.streaks:app", "Look after the streaks of pupils."),
    "students": Entry("cli.students:app", "One pupil, by Telegram id."),
    "teachers": Entry("cli.teachers:app", "Who may have classes."),
    "telegram": Entry(
        "cli.telegram:app",
        "Tell Telegram the webhook, the commands and the descriptions, or look at them.",
    ),
    "web": Entry("cli.processes:web", "Serve the pages for teachers and the HTTP API."),
    "worker": Entry(
        "cli.processes:worker",
        "Run background jobs; needs PostgreSQL and TELEGRAM_BOT_TOKEN.",
    ),
}

app = lazy_app("Dars: a practice tutor inside Telegram.", COMMANDS)


def main(args: list[str] | None = None) -> None:
    """Run a command; print an expected error with its causes as one line and exit with 1."""
    words = sys.argv[1:] if args is None else args
    try:
        # Help needs no settings, and not the time to read them.
        if words and "--help" not in words:
            _configure()
        app(args)
    except DarsError as error:
        _say(f"dars: {_with_causes(error)}")
        sys.exit(1)


def _configure() -> None:
    """Read the settings, and set up what all commands share."""
    from src import clock, logs  # noqa: PLC0415 - spares the help their imports
    from src.settings import get_settings  # noqa: PLC0415 - same

    settings = get_settings()
    logs.configure(settings.process, settings.secrets)
    clock.shift(settings.process.clock_shift)


def _say(text: str) -> None:
    from cli.output import say  # noqa: PLC0415 - same

    say(text, to_errors=True)


def _with_causes(error: BaseException) -> str:
    causes = [str(error) or type(error).__name__]
    while error.__cause__ is not None:
        error = error.__cause__
        causes.append(str(error) or type(error).__name__)
    return ": ".join(causes)
