"""The wheel: it declares what it needs, and runs where no folder of the project is."""

import os
import re
import subprocess
import sys
import sysconfig
import venv
from email import message_from_string
from pathlib import Path
from shutil import copytree, ignore_patterns
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("bot", "cli", "sandbox", "src", "web", "requirements")
FILES = ("pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of a copy of the project: what is built in between belongs to nobody."""
    copy = tmp_path_factory.mktemp("project")
    for part in PARTS:
        copytree(ROOT / part, copy / part, ignore=ignore_patterns("__pycache__"))
    for name in FILES:
        (copy / name).write_bytes((ROOT / name).read_bytes())
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", str(copy / "dist"), str(copy)], check=True)
    [built] = (copy / "dist").glob("*.whl")
    return built


def test_it_declares_what_it_needs(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        [name] = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        declared = message_from_string(archive.read(name).decode()).get_all("Requires-Dist") or []
    lines = (ROOT / "requirements/base.in").read_text().splitlines()
    wanted = [line.partition("#")[0].strip() for line in lines]
    assert sorted(map(_plain, declared)) == sorted(_plain(line) for line in wanted if line)


def _plain(requirement: str) -> str:
    return re.sub(r"[\s\"']", "", requirement).casefold()


def test_the_command_runs_from_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv/bin/python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True)
    [packages] = (tmp_path / "venv/lib").glob("python*/site-packages")
    # The libraries are those of the tests, without the line that leads to this checkout.
    (packages / "libraries.pth").write_text(f"{tmp_path}/libraries")
    _link_libraries(tmp_path / "libraries")
    found = _run(tmp_path, str(python), "-c", "import src; print(src.__file__)")
    assert found.stdout.startswith(str(tmp_path)), found
    said = _run(tmp_path, str(tmp_path / "venv/bin/dars"), "--help")
    assert said.returncode == 0, said.stderr
    assert {"bot", "demo", "worker", "content"} <= set(re.findall(r"[a-z]+", said.stdout))


def _run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    # Somebody's PYTHONPATH would lead back to a checkout.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def _link_libraries(folder: Path) -> None:
    folder.mkdir()
    for name in ("purelib", "platlib"):
        for path in Path(sysconfig.get_path(name)).iterdir():
            target = folder / path.name
            ours = path.suffix == ".pth" or path.name.startswith("__editable__")
            if not ours and not target.exists():
                target.symlink_to(path)
