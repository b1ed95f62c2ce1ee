"""What `deploy/` and `docs/operations.md` speak of exists."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from typer.main import get_command

import src.metrics  # noqa: F401 - registers the figures of a process
from cli.main import app
from src.operations.figures import figures
from src.operations.health import Readings
from src.settings import known_variables

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs/operations.md"
ALARMS = ROOT / "deploy/prometheus/alerts.yaml"
FILES = [GUIDE, *(path for path in (ROOT / "deploy").rglob("*") if path.is_file())]
# Of the compose file itself.
NOT_OURS = {"DARS_DOMAIN", "DARS_IMAGE"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_variable_is_a_setting(path: Path) -> None:
    used = set(
        re.findall(r"\b(?:DARS_[A-Z_]+|DATABASE_URL|TELEGRAM_BOT_TOKEN)\b", path.read_text())
    )
    assert used - NOT_OURS <= set(known_variables())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_command_exists(path: Path) -> None:
    commands = get_command(app)
    for words in re.findall(r"(?:`|/|&& |exec bot )dars ((?:[a-z]+ ?)+)", path.read_text()):
        command = commands
        for word in words.split():
            if not hasattr(command, "get_command"):
                break
            command = command.get_command(None, word)
            assert command is not None, f"{path.name}: dars {words}"


def test_the_image_is_made_of_what_exists_and_runs_without_rights() -> None:
    text = (ROOT / "deploy/Dockerfile").read_text()
    sources = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
        for source in line.split()
    ]
    assert {"bot", "cli", "src", "alembic", "content"} <= set(sources)
    assert [source for source in sources if not (ROOT / source).exists()] == []
    ignored = (ROOT / "deploy/Dockerfile.dockerignore").read_text().splitlines()
    assert [source for source in sources if f"!{source}" not in ignored] == []
    assert text.rindex("\nUSER dars") > text.rindex("\nFROM")


def test_compose_hands_on_every_setting_and_only_fixes_what_it_must() -> None:
    text = (ROOT / "deploy/compose.yaml").read_text()
    [shared] = re.findall(r"^x-dars:.*?(?=^\S)", text, re.MULTILINE | re.DOTALL)[:1]
    assert "env_file: ../dars.env" in shared
    assert "DARS_BUDGET" not in shared
    assert not re.search(r"\$\{\w+:-", shared.replace("DARS_IMAGE:-", ""))


def documented_metrics() -> set[str]:
    readings = Readings(
        open_sessions=0,
        dollars_spent_today=Decimal(0),
        dollars_reserved=Decimal(0),
        messages_today={("nudge", "sent"): 0.0},
        late_seconds={"nudge": 0.0},
        queue_jobs=0,
        queue_age_seconds=0.0,
        workers=0,
        worker_silent_seconds=0.0,
        backup_seconds={"backup": 0.0},
        failed_backups={"backup": 0.0},
    )
    database = figures(readings)
    ours = {family.name for family in REGISTRY.collect() if family.name.startswith("dars_")}
    return ours | {family.name for family in database} | {"dars_database_up"}


def test_the_guide_names_every_figure_and_no_other() -> None:
    named = {
        re.sub(r"_(total|bucket)$", "", name)
        for name in re.findall(r"`(dars_[a-z_]+)", GUIDE.read_text())
    }
    assert named == documented_metrics()


def test_the_dashboard_shows_figures_that_exist_and_none_is_forgotten() -> None:
    board = json.loads((ROOT / "deploy/grafana/dars.json").read_text())
    asked = " ".join(target["expr"] for panel in board["panels"] for target in panel["targets"])
    shown = {re.sub(r"_(total|bucket)$", "", n) for n in re.findall(r"\bdars_[a-z_]+", asked)}
    assert shown == documented_metrics()
    places = [tuple(panel["gridPos"].values()) for panel in board["panels"]]
    assert len(set(places)) == len(places)


def test_every_alarm_says_what_it_is_and_where_to_read_on() -> None:
    text = ALARMS.read_text()
    assert text.count("alert:") == text.count("summary:") == text.count("runbook_url:")
    for link in re.findall(r'runbook_url: "([^"]+)"', text):
        path, _, heading = link.partition("#")
        assert f"\n## {heading.capitalize()}\n" in (ROOT / path).read_text()


def test_the_scrape_example_names_the_job_that_the_alarms_ask_for() -> None:
    text = (ROOT / "deploy/prometheus/prometheus.yaml").read_text()
    [job] = re.findall(r"job_name: (\w+)", text)
    assert f'up{{job="{job}"}}' in ALARMS.read_text()
    assert (ROOT / "deploy/prometheus" / re.findall(r"- (\S+\.yaml)", text)[0]).is_file()


def test_every_alarm_is_explained_and_asks_for_figures_that_exist() -> None:
    text = ALARMS.read_text()
    alarms = set(re.findall(r"alert: (\w+)", text))
    explained = set(re.findall(r"^\| (Dars\w+) \|", GUIDE.read_text(), re.MULTILINE))
    assert alarms == explained
    asked = {re.sub(r"_(total|bucket)$", "", n) for n in re.findall(r"\bdars_[a-z_]+", text)}
    assert asked <= documented_metrics()
