"""Finds a Chromium for the browser tests, or installs one: `python -m tests.browser.install`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_START_SECONDS = 60
_INSTALL_SECONDS = 420
ADVICE = """No Chromium was found and none could be installed.
Install one and run the tests again, for example:
  Debian, Ubuntu:  sudo apt-get install chromium
  Fedora:          sudo dnf install chromium
  macOS:           brew install --cask chromium
  elsewhere:       python -m playwright install --with-deps chromium"""


def chromium_path() -> str | None:
    """Return the path of a Chromium that starts, the system's first; None without one."""
    system = [found for name in NAMES if (found := shutil.which(name))]
    return next((path for path in [*system, *_downloaded()] if _starts(path)), None)


def launch_flags() -> list[str]:
    """Return the flags that the tests start Chromium with."""
    return [*FLAGS, *(["--no-sandbox"] if _is_root() else [])]


def install() -> str | None:
    """Try to install a Chromium; return its path, or None when nothing worked."""
    if _is_root() and shutil.which("apt-get"):
        _run(["apt-get", "update", "-q"])
        _run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"])
        if found := chromium_path():
            return found
    libraries = ["--with-deps"] if _is_root() and shutil.which("apt-get") else []
    _run([sys.executable, "-m", "playwright", "install", *libraries, "chromium"])
    return chromium_path()


def main() -> int:
    """Print where Chromium is; 1 and advice when there is none."""
    path = chromium_path() or install()
    print(path or ADVICE)
    return 0 if path else 1


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _downloaded() -> list[str]:
    caches = (Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright")
    return [
        str(path)
        for cache in caches
        for pattern in ("chromium-*/*/chrome", "chromium-*/*/*.app/Contents/MacOS/*")
        for path in sorted(cache.glob(pattern), reverse=True)
    ]


def _starts(path: str) -> bool:
    # Being there is not enough: Ubuntu's chromium-browser is a stub, a download may lack libraries.
    blank = [path, "--headless", *launch_flags(), "--dump-dom", "about:blank"]
    return _run(blank, seconds=_START_SECONDS, quiet=True)


def _run(command: Sequence[str], *, seconds: int = _INSTALL_SECONDS, quiet: bool = False) -> bool:
    try:
        done = subprocess.run(command, capture_output=quiet, timeout=seconds, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"{command[0]}: {error}", file=sys.stderr)
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
