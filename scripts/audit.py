"""Ask what is known against the pinned packages: ``make audit``.

pip-audit asks a service for each pin. Where it cannot, it says "no known vulnerabilities" all the
same, so what it skipped is counted here: what nobody was asked about is not called safe.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# The pins of the tests hold those of the bot; rivals have versions of their own.
PINS = ("dev.txt", "rivals.txt")
OPTIONS = ("--disable-pip", "--require-hashes", "--progress-spinner=off", "--format=json")
SAFE, FOUND, NOT_ASKED = 0, 1, 2
SECONDS = 300


def main(command: Sequence[str] | None = None) -> int:
    """Audit the pins; return 0 if nothing is known, 1 if something is, 2 if not all is asked.

    Args:
        command: How to run pip-audit; None looks for it.
    """
    command = find_program() if command is None else command
    if command is None:
        return _not_asked("pip-audit is not here: pip install pip-audit, or install pipx")
    try:
        told = [each for name in PINS for each in _run(command, name)]
    except (OSError, subprocess.TimeoutExpired) as error:
        return _not_asked(f"pip-audit cannot run ({type(error).__name__})")
    except ValueError as error:
        return _not_asked(str(error)[:200])
    return _report(told)


def find_program() -> list[str] | None:
    """Return how pip-audit is run on this machine; None where it is not."""
    if find_spec("pip_audit") is not None:
        return [sys.executable, "-m", "pip_audit"]
    if program := shutil.which("pip-audit"):
        return [program]
    pipx = shutil.which("pipx")
    return [pipx, "run", "pip-audit"] if pipx else None


def _run(command: Sequence[str], name: str) -> list[dict[str, Any]]:
    """Return what pip-audit tells of each pin of a file.

    Raises:
        ValueError: It gives no answer; the text is its last word.
    """
    file = f"--requirement={ROOT / 'requirements' / name}"
    done = subprocess.run(
        [*command, file, *OPTIONS], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    try:
        told: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        words = done.stderr.strip().splitlines() or ["pip-audit gave no answer"]
        raise ValueError(words[-1]) from None
    return told


def _report(told: list[dict[str, Any]]) -> int:
    # A pin may be in both files.
    told = list({(each["name"], each.get("version")): each for each in told}.values())
    skipped = [each for each in told if "skip_reason" in each]
    bad = [each for each in told if each.get("vulns")]
    for each in bad:
        for fault in each["vulns"]:
            better = ", ".join(fault.get("fix_versions", [])) or "no version"
            print(f"{each['name']} {each['version']}: {fault['id']}, mended in {better}")
    if bad:
        print(f"Known against {len(bad)} of {len(told)} packages.")
        return FOUND
    if skipped or not told:
        return _not_asked(
            f"the service could not be asked about {len(skipped)} of {len(told)} packages"
        )
    print(f"Nothing is known against the {len(told)} packages that are pinned.")
    return SAFE


def _not_asked(reason: str) -> int:
    print(f"Not audited: {reason}.", file=sys.stderr)
    return NOT_ASKED


if __name__ == "__main__":
    sys.exit(main())
